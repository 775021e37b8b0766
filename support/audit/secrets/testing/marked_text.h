// Texts with marks for what is filled in when a test runs: [[+hex32]] is a secret made by the maker
// of that name, [[+=word]] a secret as it stands, [[hex32]] a value of the same kind that is none.
#pragma once

#include <string_view>
#include <vector>

#include "support/audit/secrets/testing/random_text.h"
#include "support/audit/secrets/testing/whole_files.h"

namespace proving_ground {

struct MarkedFile {
  std::string_view name;
  std::string_view text;
};

// Throws std::logic_error for a mark that nothing is known of.
std::vector<WholeFile> FillAll(const std::vector<MarkedFile>& files, RandomText& random);

}  // namespace proving_ground
