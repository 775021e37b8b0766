// Client of a stack during an exercise; see recovery_probe.h and probe_lines.h.
//
//   probe CONFIGURATION
//
// Runs as PID 1 of a container: without a handler of its own SIGTERM would not reach it.
#include <signal.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/base/interrupt.h"
#include "support/faults/probe/probe_lines.h"
#include "support/faults/probe/probe_run.h"

namespace proving_ground {
namespace {

ProbeConfig ReadConfig(int argc, char** argv) {
  if (argc != 2) throw UsageError("the probe takes one argument", "give it its configuration");
  // What the parser has to say about a mistake quotes the file, and with it the token.
  const auto document = nlohmann::json::parse(ReadFile(argv[1]), nullptr, false);
  return ProbeConfigFromJson(document);
}

void Run(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  ProbeRun run(ReadConfig(argc, argv), DnsLookup, STDOUT_FILENO);
  run.Execute(InterruptDescriptor());
}

}  // namespace
}  // namespace proving_ground

int main(int argc, char** argv) {
  proving_ground::InstallInterruptHandlers();
  try {
    proving_ground::Run(argc, argv);
    return 0;
  } catch (const std::exception& error) {
    const std::string line = Format(proving_ground::ProbeTrouble{error.what()}) + "\n";
    const ssize_t written = ::write(STDOUT_FILENO, line.data(), line.size());
    static_cast<void>(written);
    return proving_ground::ExitStatus(error);
  }
}
