#include "support/engine/testing/sleeper_image.h"

#include <unistd.h>

#include <atomic>
#include <filesystem>

#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/compose/command.h"
#include "support/engine/engine.h"

namespace proving_ground {
namespace {

std::string RunChecked(const std::vector<std::string>& arguments) {
  CommandResult result = RunCommand({.arguments = arguments}, Within(std::chrono::seconds(60)));
  if (result.exit_code != 0) {
    throw EnvironmentError(
        arguments.at(0) + " " + arguments.at(1) + " failed: " + result.standard_error,
        "see what it says");
  }
  std::string text = std::move(result.standard_output);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

std::string UniqueTestName(const std::string& purpose) {
  static std::atomic<int> count{0};
  return "pg-test-" + purpose + "-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
}

std::string WhyNoEngine() {
  try {
    Engine::Connect();
  } catch (const TransportError& error) {
    return error.what();
  } catch (const EngineError&) {
    return "";  // it answers, but not as it should
  } catch (const EnvironmentError& error) {
    return error.what();  // no socket at all
  }
  return "";
}

std::string Docker(const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {"docker"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return RunChecked(command);
}

SleeperImage::SleeperImage() : name_(UniqueTestName("sleeper") + ":1") {
  const TemporaryFolder folder("sleeper");
  const std::string archive = (folder.path() / "image.tar").string();
  const std::filesystem::path program = SLEEPER_PROGRAM;
  RunChecked({"tar", "--create", "--file", archive, "--directory", program.parent_path().string(),
              program.filename().string()});
  Docker({"import", "--change", R"(ENTRYPOINT ["/sleeper"])", archive, name_});
}

SleeperImage::~SleeperImage() {
  try {
    Docker({"image", "rm", "--force", name_});
  } catch (const std::exception&) {
    // The engine went away during the test, which then failed for that reason already.
  }
}

}  // namespace proving_ground
