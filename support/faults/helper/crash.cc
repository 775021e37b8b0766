#include <elf.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "support/base/errors.h"
#include "support/faults/helper/commands.h"
#include "support/faults/helper/report.h"

namespace proving_ground {
namespace {

constexpr pid_t kFirstProcess = 1;

void Check(long result, const std::string& doing) {
  if (result == 0) return;
  throw SystemError(doing + " process 1 of this namespace", errno);
}

// Moves the instruction pointer to address 0, where nothing is: a segmentation fault. A system call
// that was interrupted must not be repeated, since the kernel would move the pointer back for it.
void PointNowhere() {
#if defined(__x86_64__)
  user_regs_struct registers = {};
  iovec content = {&registers, sizeof(registers)};
  Check(ptrace(PTRACE_GETREGSET, kFirstProcess, NT_PRSTATUS, &content), "read the registers of");
  registers.rip = 0;
  registers.orig_rax = static_cast<unsigned long long>(-1);
  Check(ptrace(PTRACE_SETREGSET, kFirstProcess, NT_PRSTATUS, &content), "set the registers of");
#elif defined(__aarch64__)
  int no_call = -1;
  iovec call = {&no_call, sizeof(no_call)};
  Check(ptrace(PTRACE_SETREGSET, kFirstProcess, NT_ARM_SYSTEM_CALL, &call), "set the call of");
  user_regs_struct registers = {};
  iovec content = {&registers, sizeof(registers)};
  Check(ptrace(PTRACE_GETREGSET, kFirstProcess, NT_PRSTATUS, &content), "read the registers of");
  registers.pc = 0;
  Check(ptrace(PTRACE_SETREGSET, kFirstProcess, NT_PRSTATUS, &content), "set the registers of");
#else
#error "fault-helper crash knows the registers of x86_64 and aarch64 only"
#endif
}

// A handler of the process's own could hang on a lock that the interrupted code holds, as Redis's
// report of its crash does now and then. Where the signal is blocked the kernel runs no handler:
// the process ends at once.
void BlockHandlers() {
  std::uint64_t blocked = 0;  // the kernel's own set: a bit a signal
  auto* const size = reinterpret_cast<void*>(sizeof(blocked));
  Check(ptrace(PTRACE_GETSIGMASK, kFirstProcess, size, &blocked), "read the blocked signals of");
  blocked |= std::uint64_t{1} << (SIGSEGV - 1);
  Check(ptrace(PTRACE_SETSIGMASK, kFirstProcess, size, &blocked), "block a signal of");
}

}  // namespace

void Crash(Deadline end) {
  // A process that cannot be stopped must not keep this program; when it ends, tracing does.
  alarm(static_cast<unsigned>(std::chrono::ceil<std::chrono::seconds>(end.Remaining()).count()) +
        1);
  Check(ptrace(PTRACE_SEIZE, kFirstProcess, nullptr, nullptr), "trace");
  Check(ptrace(PTRACE_INTERRUPT, kFirstProcess, nullptr, nullptr), "stop");
  int status = 0;
  if (waitpid(kFirstProcess, &status, __WALL) != kFirstProcess) {
    throw SystemError("wait for process 1 of this namespace", errno);
  }
  BlockHandlers();
  PointNowhere();
  Report({{"crashed", true}});
  Check(ptrace(PTRACE_DETACH, kFirstProcess, nullptr, nullptr), "let go of");
}

}  // namespace proving_ground
