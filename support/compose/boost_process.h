// Boost.Process, first version of its interface, wherever this release of Boost keeps it.
// Boost 1.86 moved it to boost/process/v1 and made the new interface the default.
#pragma once

#include <boost/version.hpp>

#if BOOST_VERSION >= 108600
#include <boost/process/v1/args.hpp>
#include <boost/process/v1/child.hpp>
#include <boost/process/v1/env.hpp>
#include <boost/process/v1/environment.hpp>
#include <boost/process/v1/exe.hpp>
#include <boost/process/v1/group.hpp>
#include <boost/process/v1/posix.hpp>
#include <boost/process/v1/search_path.hpp>
#include <boost/process/v1/start_dir.hpp>
#else
#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/env.hpp>
#include <boost/process/environment.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/group.hpp>
#include <boost/process/posix.hpp>
#include <boost/process/search_path.hpp>
#include <boost/process/start_dir.hpp>
#endif

namespace proving_ground {

#if BOOST_VERSION >= 108600
namespace process = boost::process::v1;
#else
namespace process = boost::process;
#endif

}  // namespace proving_ground
