// reaper SETTINGS: waits at its standard input until the harness has said farewell, or is gone;
// then takes back what the journal holds open. See support/faults/reaper.h.
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>

#include "support/compose/compose_stack.h"
#include "support/faults/journal.h"
#include "support/faults/leftovers.h"
#include "support/faults/reaper_settings.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;

// The harness's lock may end a moment after its end of the pipe.
constexpr auto kLockTime = 10s;
constexpr auto kEngineTime = 60s;

// Standard output is the log.
void Log(const std::string& sentence) {
  const std::time_t now = std::time(nullptr);
  std::tm fields = {};
  gmtime_r(&now, &fields);
  std::array<char, 32> time;
  std::strftime(time.data(), time.size(), "%Y-%m-%dT%H:%M:%SZ ", &fields);
  std::cout << time.data() << sentence << std::endl;
}

// Leaves nothing of the harness but standard input and the log: neither pipes on whose end others
// wait nor signals that are meant for it.
void Detach() {
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  for (const int signal_number : {SIGHUP, SIGINT, SIGTERM}) {
    ::signal(signal_number, [](int) {});  // not ignored: Compose would inherit that
  }
  std::filesystem::current_path("/");
}

// Whether the harness said farewell before the pipe closed.
bool AwaitFarewell() {
  std::array<char, 16> message;
  for (;;) {
    const ssize_t size = ::read(STDIN_FILENO, message.data(), message.size());
    if (size < 0 && errno == EINTR) continue;
    return size > 0;
  }
}

// An engine that restarts takes the harness's helpers down, but comes back.
Engine ConnectTo(const std::string& address) {
  return Await("the engine to answer", Within(kEngineTime),
               [&](std::string& seen) -> std::optional<Engine> {
                 try {
                   return Engine::Connect(ParseEngineAddress(address));
                 } catch (const TransportError& error) {
                   seen = error.what();
                   return std::nullopt;
                 }
               });
}

void Mend(const ReaperSettings& settings) {
  Journal journal(settings.journal, settings.compose.project, kLockTime);
  if (journal.OpenFaults().empty()) return;
  Log("the harness ended in the middle of a fault");
  const Engine engine = ConnectTo(settings.compose.docker_host);
  const Compose compose(settings.compose);
  ComposeStack stack(compose, engine);
  const FaultContext context{engine, compose, stack, settings.redis_operator};
  for (const std::string& sentence : HealLeftovers(context, journal)) Log(sentence);
}

}  // namespace
}  // namespace proving_ground

int main(int argc, char** argv) {
  using namespace proving_ground;
  try {
    Detach();
    if (argc != 2) throw UsageError("usage: reaper SETTINGS", "the harness starts it");
    const ReaperSettings settings = ReadReaperSettings(argv[1]);
    if (!AwaitFarewell()) Mend(settings);
    return 0;
  } catch (const std::exception& error) {
    Log(error.what());
    return ExitStatus(error);
  }
}
