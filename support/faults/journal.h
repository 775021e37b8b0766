// The undo journal: what is broken at present and how to mend it, on disk before it is broken.
//
// One file per stack, in $PROVING_GROUND_STATE, else $XDG_STATE_HOME/proving-ground, else
// ~/.local/state/proving-ground. One JSON line per record, each with a checksum, flushed to the
// disk (fsync of file and folder) before Open returns. While one lives it holds a lock: two
// harnesses cannot break the same stack at once.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/base/errors.h"
#include "support/faults/undo.h"

namespace proving_ground {

// A record of the journal is not what was written.
class DamagedJournal : public EnvironmentError {
 public:
  using EnvironmentError::EnvironmentError;
};

struct OpenFault {
  std::string id;
  std::string name;  // of the fault
  std::string target;
  std::vector<UndoStep> undo;  // undo and rescue, in the order of execution
};

// May be used from several threads at once.
class Journal {
 public:
  // Where the journal of a project is.
  static std::filesystem::path PathFor(const std::string& project);
  // Whether a process has it open at this moment. Throws EnvironmentError.
  static bool Held(const std::filesystem::path& path);

  // Opens or makes it. Throws UsageError when another process holds it (and still does after
  // `patience`: a reaper needs some seconds to mend what a harness left), EnvironmentError for a
  // file that cannot be written, and DamagedJournal (an EnvironmentError that names file, line and
  // remedy) when a record fails its checksum: a damaged journal is reported, never obeyed. A last
  // line that was cut short by a crash is no damage: its fault was not injected.
  Journal(std::filesystem::path path, std::string project,
          std::chrono::milliseconds patience = std::chrono::milliseconds(0));
  ~Journal();
  Journal(Journal&&) noexcept;
  Journal& operator=(Journal&&) = delete;

  // Records a fault about to be injected. Returns its id once that is on disk.
  std::string Open(const std::string& name, const std::string& target,
                   const std::vector<UndoStep>& undo);
  // Records that it was undone. The file shrinks to nothing when none is open.
  void Close(const std::string& id);
  std::vector<OpenFault> OpenFaults() const;
  const std::filesystem::path& path() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace proving_ground
