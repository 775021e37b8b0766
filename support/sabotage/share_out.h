// Which of several small stacks each sabotage is tried on, and when, so that all of them end at
// about the same time.
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

// The catalogue in the order in which it is tried, each stack its share. Most of a failover or a
// load is waiting, and what looks for holes keeps a processor busy: stacks with odd numbers begin
// with the latter and ones with even numbers with load, so that two seldom do the same. Where the
// same services are changed one after the other, there is least to mend in between.
std::vector<Sabotage> InOrder(std::vector<Sabotage> catalogue,
                              const std::map<std::string, int>& shares);

}  // namespace proving_ground
