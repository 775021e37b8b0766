// Looks and pushes from inside a stack. See commands.h.
#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "support/attacks/scout/commands.h"
#include "support/base/errors.h"
#include "support/base/interrupt.h"

namespace proving_ground {
namespace {

int Run(int argc, char** argv) {
  CLI::App app("Looks and pushes from inside a stack");
  app.require_subcommand(1);
  std::string plan;
  CLI::App* command = app.add_subcommand("survey", "tries who reaches whom");
  command->add_option("plan", plan, "file that says what to try")->required();
  command->callback([&] { Survey(plan); });

  ExhaustOptions exhaust;
  command = app.add_subcommand("exhaust", "starts processes and writes to memory");
  command->add_option("--bytes", exhaust.bytes, "of memory")->check(CLI::NonNegativeNumber);
  command->add_option("--spawns", exhaust.spawns, "processes")->check(CLI::Range(0, 100'000));
  command->callback([&] { Exhaust(exhaust); });
  try {
    app.parse(argc, argv);
    return static_cast<int>(ExitCode::kProven);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
  } catch (const std::exception& error) {
    nlohmann::json line = nlohmann::json::object();
    line["error"] = error.what();
    std::cout << line.dump() << std::endl;
    return ExitStatus(error);
  }
}

}  // namespace
}  // namespace proving_ground

int main(int argc, char** argv) {
  proving_ground::InstallInterruptHandlers();
  return proving_ground::Run(argc, argv);
}
