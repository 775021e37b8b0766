// Transport over libcurl: HTTP/1.1 on a unix socket or TCP, connections kept and reused.
#pragma once

#include <memory>

#include "support/engine/engine_address.h"
#include "support/engine/transport.h"

namespace proving_ground {

std::unique_ptr<Transport> MakeCurlTransport(const EngineAddress& address);

}  // namespace proving_ground
