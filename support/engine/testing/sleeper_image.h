// The image that the tests against a real engine run: one static binary, no registry needed.
#pragma once

#include <string>
#include <vector>

namespace proving_ground {

// A name for what one test makes in the engine: "pg-test-<purpose>-<process>-<count>".
std::string UniqueTestName(const std::string& purpose);

// Why tests against an engine cannot run here: "no container engine answers: …". Empty when one
// answers; then whatever goes wrong is a failure.
std::string WhyNoEngine();

// Image made of the program `sleeper`; removed at the end.
class SleeperImage {
 public:
  SleeperImage();
  ~SleeperImage();
  SleeperImage(const SleeperImage&) = delete;
  SleeperImage& operator=(const SleeperImage&) = delete;
  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

// Runs `docker` with these arguments and returns what it wrote, without the last line end. Throws
// EnvironmentError when it fails.
std::string Docker(const std::vector<std::string>& arguments);

}  // namespace proving_ground
