// What runs in the containers of the harness's own tests: a static binary, so that its image needs
// nothing else.
//   sleeper                  writes a line to each output, then waits for SIGTERM and ends with 0
//   sleeper exit CODE        writes a line and ends with CODE at once
//   sleeper stubborn         like the first, but SIGTERM does not end it
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  // Process 1 gets no signal it does not ask for: block it and wait for it.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  std::fputs("to output\n", stdout);
  std::fflush(stdout);
  std::fputs("to error\n", stderr);
  if (mode == "exit") return argc > 2 ? std::atoi(argv[2]) : 0;
  int received = 0;
  do {
    sigwait(&signals, &received);
  } while (mode == "stubborn");
  return 0;
}
