#include "support/faults/chaos.h"

#include <numeric>
#include <random>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kShortestHold{200};
constexpr milliseconds kLongestHold{2'000};
constexpr milliseconds kShortestPause{300};
constexpr milliseconds kLongestPause{1'500};

// The library's distributions differ between implementations; a seed must mean the same everywhere.
std::uint64_t Below(std::mt19937_64& random, std::uint64_t bound) { return random() % bound; }

milliseconds Between(std::mt19937_64& random, milliseconds low, milliseconds high) {
  return low + milliseconds(Below(random, (high - low).count() + 1));
}

void Shuffle(std::vector<std::size_t>& deck, std::mt19937_64& random) {
  for (std::size_t i = deck.size(); i > 1; --i) std::swap(deck[i - 1], deck[Below(random, i)]);
}

}  // namespace

std::vector<ChaosStep> ChaosSchedule(std::uint64_t seed, std::size_t faults,
                                     milliseconds duration) {
  if (faults == 0) throw UsageError("there is no fault to compose", "name at least one");
  std::mt19937_64 random(seed);
  std::vector<std::size_t> deck;
  std::vector<ChaosStep> steps;
  for (milliseconds planned{0}; planned < duration;) {
    if (deck.empty()) {
      deck.resize(faults);
      std::iota(deck.begin(), deck.end(), std::size_t{0});
      Shuffle(deck, random);
    }
    ChaosStep step;
    step.fault = deck.back();
    deck.pop_back();
    step.hold = Between(random, kShortestHold, kLongestHold);
    step.pause = Between(random, kShortestPause, kLongestPause);
    planned += step.hold + step.pause;
    steps.push_back(step);
  }
  return steps;
}

}  // namespace proving_ground
