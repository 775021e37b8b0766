// Does the same for several things at once.
#pragma once

#include <future>
#include <type_traits>
#include <utility>
#include <vector>

namespace proving_ground {

// Calls `work(element)` for every element of a range, each on a thread of its own, waits for all of
// them, and returns what they returned, in the range's order. Throws what the first of them that
// failed has thrown, after all have ended. For a handful of things that wait, not for computing.
template <typename Range, typename Work>
auto AtOnce(Range& range, const Work& work) {
  using Result = std::invoke_result_t<const Work&, decltype(*std::begin(range))>;
  std::vector<std::future<Result>> futures;
  for (auto& element : range) {
    futures.push_back(std::async(std::launch::async, [&work, &element] { return work(element); }));
  }
  for (auto& future : futures) future.wait();
  if constexpr (std::is_void_v<Result>) {
    for (auto& future : futures) future.get();
  } else {
    std::vector<Result> results;
    for (auto& future : futures) results.push_back(future.get());
    return results;
  }
}

}  // namespace proving_ground
