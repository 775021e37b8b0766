#include "support/report/run_folder.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <nlohmann/json.hpp>

#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/base/utc.h"

namespace proving_ground {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string UtcNow(const char* format) {
  return fmt::format(fmt::runtime(format), fmt::gmtime(std::time(nullptr)));
}

json ReadJson(const fs::path& path) {
  json parsed = json::parse(ReadFile(path), nullptr, false);
  if (parsed.is_discarded()) {
    throw EnvironmentError(path.string() + " is not JSON", "the run folder is damaged; run again");
  }
  return parsed;
}

std::string Dump(const json& value) {
  return value.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace

RunFolder::RunFolder(fs::path path) : path_(fs::absolute(path)) { MakeFolder(path_); }

RunFolder RunFolder::CreateIn(const fs::path& parent) {
  const std::string name = fmt::format("{}-{}", UtcNow("{:%Y%m%dT%H%M%SZ}"), ::getpid());
  RunFolder folder(parent / name);
  std::error_code ignored;  // the pointer is a convenience; a run without it is complete
  fs::remove(parent / "latest", ignored);
  fs::create_directory_symlink(name, parent / "latest", ignored);
  return folder;
}

void RunFolder::AppendEvent(std::string_view event, const json& fields) const {
  json line = {
      {"at", UtcText(std::chrono::system_clock::now())}, {"event", event}, {"pid", ::getpid()}};
  line.update(fields);
  const std::string text = line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  const fs::path file = Events();
  const int fd = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) throw SystemError("opening " + file.string(), errno);
  const ssize_t written = ::write(fd, text.data(), text.size());  // one call: lines stay whole
  const int error = written < 0 ? errno : ENOSPC;
  ::close(fd);
  if (written != static_cast<ssize_t>(text.size())) {
    throw SystemError("writing to " + file.string(), error);
  }
}

std::vector<json> RunFolder::ReadEvents() const {
  std::vector<json> events;
  if (!fs::exists(Events())) return events;
  const std::string text = ReadFile(Events());
  for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end + 1) {
    end = text.find('\n', begin);
    if (end == std::string::npos) break;  // whoever wrote it was killed in the middle
    json event = json::parse(text.begin() + static_cast<std::ptrdiff_t>(begin),
                             text.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
    if (event.is_object()) events.push_back(std::move(event));
  }
  return events;
}

json RunFolder::ReadFacts() const {
  if (!fs::exists(Facts())) return json::object();
  json facts = ReadJson(Facts());
  return facts.is_object() ? facts : json::object();
}

void RunFolder::WriteFacts(const json& facts) const {
  json all = ReadFacts();
  all.update(facts);
  WriteFileAtomically(Facts(), Dump(all));
}

void RunFolder::WriteVerdict(const Verdict& verdict) const {
  MakeFolder(path_ / "verdicts");
  const std::string name =
      verdict.team.empty() ? verdict.criterion : verdict.criterion + "." + verdict.team;
  WriteFileAtomically(path_ / "verdicts" / (name + ".json"), Dump(ToJson(verdict)));
  AppendEvent("verdict", ToJson(verdict));
}

void RunFolder::WriteError(std::string_view part, int exit_status,
                           const std::string& message) const {
  const json error = {{"part", part}, {"exit_status", exit_status}, {"message", message}};
  MakeFolder(path_ / "errors");
  WriteFileAtomically(path_ / "errors" / (std::string(part) + ".json"), Dump(error));
  AppendEvent("error", error);
}

std::vector<fs::path> RunFolder::JsonFilesIn(const std::string& subfolder) const {
  const fs::path folder = path_ / subfolder;
  std::vector<fs::path> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void RunFolder::WriteResidue(const std::string& text) const {
  WriteFileAtomically(path_ / "residue.txt", text + "\n");
}

std::string RunFolder::ReadResidue() const {
  const fs::path file = path_ / "residue.txt";
  if (!fs::exists(file)) return "";
  std::string text = ReadFile(file);
  if (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::vector<Verdict> RunFolder::ReadVerdicts(std::vector<std::string>& damaged) const {
  std::vector<Verdict> verdicts;
  for (const fs::path& file : JsonFilesIn("verdicts")) {
    try {
      verdicts.push_back(VerdictFromJson(ReadJson(file)));
    } catch (const EnvironmentError& error) {
      damaged.push_back("verdicts/" + file.filename().string() + ": " + error.what());
    }
  }
  return verdicts;
}

std::vector<Verdict> RunFolder::ReadVerdicts() const {
  std::vector<std::string> damaged;
  std::vector<Verdict> verdicts = ReadVerdicts(damaged);
  if (!damaged.empty()) throw EnvironmentError(damaged.front(), "run again");
  return verdicts;
}

std::vector<RunFolder::HarnessError> RunFolder::ReadErrors() const {
  std::vector<HarnessError> errors;
  for (const fs::path& file : JsonFilesIn("errors")) {
    const json error = ReadJson(file);
    errors.push_back({error.value("part", "?"), error.value("exit_status", 5),
                      error.value("message", "the error file is damaged")});
  }
  return errors;
}

}  // namespace proving_ground
