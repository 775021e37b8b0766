#include "support/report/criteria.h"

#include <algorithm>

namespace proving_ground {

const std::vector<Criterion>& Criteria() {
  static const std::vector<Criterion> criteria = {
      {"L-1", "load",
       "nine workers in ten register, finish every task they get and leave gracefully"},
      {"L-2", "load", "in every team four workers in five do so", true},
      {"L-3", "load", "the run ends in time, from spawning the workers to cleaning up"},
      {"L-4", "load", "Redis answers throughout the run"},
      {"L-5", "load", "the work of every finished task was really done"},
      {"L-6", "load", "no accepted task is lost and none finishes twice"},
      {"L-7", "load", "cleaning up leaves no key, container, network or process behind"},
      {"L-8", "load", "memory and keys do not grow without bound"},
      {"L-9", "load", "no team starves"},
  };
  return criteria;
}

const Criterion* FindCriterion(std::string_view id) {
  const auto& all = Criteria();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Criterion& c) { return c.id == id; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace proving_ground
