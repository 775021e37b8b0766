// Which of several small stacks each sabotage is tried on, so that all of them end at about the
// same time.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/sabotage/catalogue.h"
#include "support/sabotage/record.h"

namespace proving_ground {

// A number from 1 to `stacks` for each sabotage, by name: the longest first, each to the stack that
// has least to do. The fast subset is shared out first and so evenly by itself. How long each takes
// is what the record tells; one that is not on record counts as a typical one. Throws UsageError
// for less than one stack.
std::map<std::string, int> ShareOut(const std::vector<Sabotage>& catalogue,
                                    const SabotageRecord& record, int stacks);

}  // namespace proving_ground
