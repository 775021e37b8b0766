// Where in the compose files a field of the resolved model comes from.
//
//   const ComposeLines lines(input.compose_files);
//   lines.Find("services.redis.ports[0]")   // {"compose/compose.yaml", 91}
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/audit/audit_input.h"

namespace proving_ground::audit {

struct ComposeLine {
  std::string file;
  int line = 0;  // from 1; 0: not found
};

// The last file that has a field wins, as overlays do; entries of lists are counted through all
// files, as Compose appends them. Anchors and merge keys are followed. A field that stands in no
// file (a missing limit) is given the line of what would hold it. A file that is no YAML is left
// out.
class ComposeLines {
 public:
  explicit ComposeLines(const std::vector<ComposeText>& files);
  ~ComposeLines();
  ComposeLines(const ComposeLines&) = delete;
  ComposeLines& operator=(const ComposeLines&) = delete;

  ComposeLine Find(std::string_view field) const;

 private:
  struct File;
  struct Reach;
  // Sets `best` to the deepest place found; true when that is the field itself.
  bool FindExactly(std::string_view field, ComposeLine& best) const;

  std::vector<std::unique_ptr<File>> files_;
};

}  // namespace proving_ground::audit
