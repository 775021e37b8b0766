// SIGINT and SIGTERM, turned into something a wait can notice.
//
//   int main() {
//     InstallInterruptHandlers();
//     …                                  // Await throws Interrupted, PauseUntil returns false
//   }
//   Stack::~Stack() { InterruptShield shield; … }   // clean-up may still wait
//
// The first signal asks the process to end in good order; the same signal again ends it at once.
#pragma once

namespace proving_ground {

// Call once, early in main(), before threads are started.
void InstallInterruptHandlers();

// Number of the signal that arrived; 0 while none did, and inside an InterruptShield.
int InterruptSignal();

// File descriptor that becomes readable, and stays so, once a signal arrived; for poll(2). Inside
// an InterruptShield, and while no handlers are installed, -1, which poll(2) ignores.
int InterruptDescriptor();

// While one lives, the current thread behaves as if no signal had arrived: for clean-up that must
// wait although the run was interrupted.
class [[nodiscard]] InterruptShield {
 public:
  InterruptShield();
  ~InterruptShield();
  InterruptShield(const InterruptShield&) = delete;
  InterruptShield& operator=(const InterruptShield&) = delete;
};

}  // namespace proving_ground
