#include "support/faults/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "support/base/file_descriptor.h"
#include "support/base/files.h"
#include "support/base/poll.h"
#include "support/faults/sha256.h"

namespace proving_ground {
namespace {

using nlohmann::json;

constexpr size_t kSumLength = 16;  // hexadecimal digits: enough against accidents
constexpr mode_t kOwnerOnly = 0600;

std::string SumOf(const json& record) { return Sha256(record.dump()).substr(0, kSumLength); }

// The record in a line; null when the line is not what was written.
json RecordIn(const std::string& line) {
  json document = json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object() || !document.contains("record") || !document.contains("sum") ||
      document["sum"] != SumOf(document["record"])) {
    return nullptr;
  }
  return std::move(document["record"]);
}

json OpenRecord(const OpenFault& fault, const std::string& project) {
  json undo = json::array();
  for (const UndoStep& step : fault.undo) undo.push_back(ToJson(step));
  return json{{"open", fault.id},
              {"project", project},
              {"name", fault.name},
              {"target", fault.target},
              {"undo", std::move(undo)}};
}

OpenFault OpenFaultIn(const json& record) {
  OpenFault fault;
  record.at("open").get_to(fault.id);
  record.at("name").get_to(fault.name);
  record.at("target").get_to(fault.target);
  for (const json& step : record.at("undo")) fault.undo.push_back(UndoStepFromJson(step));
  return fault;
}

FileDescriptor OpenLocked(const std::filesystem::path& path, std::chrono::milliseconds patience) {
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly));
  if (!file.valid()) throw SystemError("opening the undo journal " + path.string(), errno);
  const auto lock = [&] {
    if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) return true;
    if (errno == EWOULDBLOCK || errno == EINTR) return false;
    throw SystemError("locking the undo journal " + path.string(), errno);
  };
  try {
    Await("the undo journal", Within(patience), lock);
  } catch (const DeadlineExceeded&) {
    throw UsageError("another process holds the undo journal " + path.string() +
                         ": it is breaking, or mending, the same stack",
                     "wait until it has ended, or use a stack of another name");
  }
  return file;
}

void Flush(int descriptor, const std::filesystem::path& path) {
  if (::fsync(descriptor) != 0) throw SystemError("writing " + path.string(), errno);
}

void FlushFolder(const std::filesystem::path& folder) {
  const FileDescriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.valid()) throw SystemError("opening " + folder.string(), errno);
  Flush(descriptor.get(), folder);
}

}  // namespace

class Journal::State {
 public:
  State(std::filesystem::path path, std::string project, std::chrono::milliseconds patience)
      : path_(std::filesystem::absolute(path)), project_(std::move(project)) {
    MakeFolder(path_.parent_path());
    file_ = OpenLocked(path_, patience);
    Read();
    FlushFolder(path_.parent_path());
  }

  std::string Open(const std::string& name, const std::string& target,
                   const std::vector<UndoStep>& undo) {
    const std::lock_guard lock(mutex_);
    const OpenFault fault = {std::to_string(++last_id_), name, target, undo};
    Append(OpenRecord(fault, project_));
    open_.push_back(fault);
    return fault.id;
  }

  void Close(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const auto closed = std::find_if(open_.begin(), open_.end(),
                                     [&](const OpenFault& fault) { return fault.id == id; });
    if (closed == open_.end()) return;
    if (open_.size() == 1) {
      Shrink(0);
    } else {
      Append(json{{"close", id}});
    }
    open_.erase(closed);
  }

  std::vector<OpenFault> OpenFaults() const {
    const std::lock_guard lock(mutex_);
    return open_;
  }

  const std::filesystem::path& path() const { return path_; }

 private:
  void Read() {
    const std::string content = ReadFile(path_);
    int number = 0;
    size_t start = 0;
    for (size_t end = content.find('\n'); end != std::string::npos;
         end = content.find('\n', start)) {
      Take(content.substr(start, end - start), ++number);
      start = end + 1;
    }
    size_ = static_cast<off_t>(start);
    // What follows the last line end was cut short: as if it had not been written. With nothing
    // open the file may go back to nothing, which a crash between the two kept it from.
    if (start < content.size() || (open_.empty() && size_ > 0)) Shrink(open_.empty() ? 0 : size_);
  }

  void Take(const std::string& line, int number) {
    const json record = RecordIn(line);
    if (record.is_null()) throw Damage(number, "fails its checksum");
    if (record.contains("open") && record.value("project", "") != project_) {
      throw Damage(number, "is about another project");
    }
    try {
      Apply(record);
    } catch (const std::exception& error) {  // of the parser, or a step of a later version
      throw Damage(number, "cannot be read (" + std::string(error.what()) + ")");
    }
  }

  void Apply(const json& record) {
    if (record.contains("close")) {
      const auto id = record["close"].get<std::string>();
      std::erase_if(open_, [&](const OpenFault& fault) { return fault.id == id; });
      return;
    }
    open_.push_back(OpenFaultIn(record));
    last_id_ = std::max(last_id_, std::stoll(open_.back().id));
  }

  DamagedJournal Damage(int line, const std::string& why) const {
    return DamagedJournal(
        "line " + std::to_string(line) + " of the undo journal " + path_.string() + " " + why +
            ": none of it was obeyed",
        "take the stack " + project_ + " down and bring it up again, then remove the file");
  }

  void Append(const json& record) {
    const std::string line = json{{"record", record}, {"sum", SumOf(record)}}.dump() + "\n";
    // An unlinked file would take the record and forget it.
    struct stat status = {};
    if (::fstat(file_.get(), &status) != 0 || status.st_nlink == 0) {
      throw EnvironmentError("the undo journal " + path_.string() + " was removed meanwhile",
                             "leave it alone while a run lasts, and start the run again");
    }
    try {
      Write(line);
      Flush(file_.get(), path_);
    } catch (...) {
      [[maybe_unused]] const int kept = ::ftruncate(file_.get(), size_);
      throw;
    }
    size_ += static_cast<off_t>(line.size());
  }

  void Write(const std::string& line) {
    for (size_t done = 0; done < line.size();) {
      const ssize_t written = ::pwrite(file_.get(), line.data() + done, line.size() - done,
                                       size_ + static_cast<off_t>(done));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw SystemError("writing " + path_.string(), errno);
      done += static_cast<size_t>(written);
    }
  }

  void Shrink(off_t size) {
    if (::ftruncate(file_.get(), size) != 0) throw SystemError("writing " + path_.string(), errno);
    Flush(file_.get(), path_);
    size_ = size;
  }

  std::filesystem::path path_;
  std::string project_;
  FileDescriptor file_;
  off_t size_ = 0;  // of the records; what lies behind does not count
  long long last_id_ = 0;
  std::vector<OpenFault> open_;
  mutable std::mutex mutex_;
};

bool Journal::Held(const std::filesystem::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!file.valid() && errno == ENOENT) return false;
  if (!file.valid()) throw SystemError("opening the undo journal " + path.string(), errno);
  if (::flock(file.get(), LOCK_SH | LOCK_NB) == 0) return false;
  if (errno == EWOULDBLOCK) return true;
  throw SystemError("looking at the lock of " + path.string(), errno);
}

std::filesystem::path Journal::PathFor(const std::string& project) {
  const auto variable = [](const char* name) -> std::filesystem::path {
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  if (project.empty() || project.find('/') != std::string::npos) {
    throw UsageError("'" + project + "' is no name of a compose project",
                     "name the project of the stack");
  }
  std::filesystem::path folder = variable("PROVING_GROUND_STATE");
  if (folder.empty() && !variable("XDG_STATE_HOME").empty()) {
    folder = variable("XDG_STATE_HOME") / "proving-ground";
  }
  if (folder.empty()) {
    const std::filesystem::path home = variable("HOME");
    if (home.empty()) {
      throw UsageError("there is no folder for the undo journal: HOME is not set",
                       "set PROVING_GROUND_STATE to a folder that outlives the run");
    }
    folder = home / ".local" / "state" / "proving-ground";
  }
  return folder / (project + ".journal");
}

Journal::Journal(std::filesystem::path path, std::string project,
                 std::chrono::milliseconds patience)
    : state_(std::make_unique<State>(std::move(path), std::move(project), patience)) {}
Journal::~Journal() = default;
Journal::Journal(Journal&&) noexcept = default;

std::string Journal::Open(const std::string& name, const std::string& target,
                          const std::vector<UndoStep>& undo) {
  return state_->Open(name, target, undo);
}
void Journal::Close(const std::string& id) { state_->Close(id); }
std::vector<OpenFault> Journal::OpenFaults() const { return state_->OpenFaults(); }
const std::filesystem::path& Journal::path() const { return state_->path(); }

}  // namespace proving_ground
