#include "support/report/testing/sample_run.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "support/base/files.h"
#include "support/base/utc.h"
#include "support/load/hand_made_recording.h"
#include "support/report/criteria.h"
#include "support/report/events.h"
#include "support/report/results.h"

namespace proving_ground {

// Shaped like a token of a code host; it opens nothing.
const char* const kSampleSecret = "ghp_x7Kq2mN9vR4tB8wL3zY6cF1jH5dS0aGpQeUi";

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::int64_t kBegin = 1'767'225'600'000;  // 2026-01-01T00:00:00Z
constexpr int kPid = 4711;

const std::vector<std::string> kTeams = {"marketing", "sales"};
const std::map<std::string, std::string> kServices = {{"redis", ""},
                                                      {"gateway", ""},
                                                      {"marketing-coordinator", "marketing"},
                                                      {"marketing-worker", "marketing"},
                                                      {"sales-coordinator", "sales"},
                                                      {"sales-worker", "sales"}};

class Sample {
 public:
  explicit Sample(const fs::path& folder) : folder_(folder) { WriteFacts(); }

  RunFolder Good() {
    for (const Criterion& criterion : Criteria()) {
      for (const std::string& subject : SubjectsOf(criterion)) Judge(criterion, subject);
    }
    Step("stack.down", 0);
    Event("stack.down", json::object({{"residue", "nothing"}}));
    return folder_;
  }

  RunFolder Broken() {
    for (const Criterion& criterion : Criteria()) {
      for (const std::string& subject : SubjectsOf(criterion)) {
        if (criterion.id == "F-2" && subject == "sales") {
          Start(criterion, subject);
          Event(kFaultInjected, {{"fault", "crash"}, {"target", "sales-coordinator"}});
          WriteLogs();
          return folder_;
        }
        Judge(criterion, subject);
      }
    }
    return folder_;
  }

  void MakeBad() { bad_ = true; }

 private:
  static std::vector<std::string> SubjectsOf(const Criterion& criterion) {
    if (criterion.suite == "chaos") return {};
    if (criterion.scope == Scope::kStack) return {""};
    if (criterion.scope == Scope::kEachTeam) return kTeams;
    if (criterion.scope == Scope::kOneTeam) return {kTeams.front()};
    std::vector<std::string> services;
    for (const auto& [service, team] : kServices) services.push_back(service);
    if (criterion.scope == Scope::kEachServiceAndStack) services.emplace_back();
    return services;
  }

  void WriteFacts() {
    folder_.WriteFacts(
        {{"project", "pg-sample"},
         {"teams", kTeams},
         {"services", json::array()},
         {"service_teams", kServices},
         {"suites", std::vector<std::string>{"load", "failover", "security"}},
         {"profile", "quick"},
         {"engine", "20.10.24"},
         {"compose", "2.26.1"},
         {"operating_system", "Debian GNU/Linux 12"},
         {"kernel", "6.1.0"},
         {"host", "ci-1"},
         {"cores", 2},
         {"memory_bytes", 8'000'000'000},
         {"harness_version", "0.1.0"},
         {"commit", "0123456789abcdef0123456789abcdef01234567"},
         {"seed", 42U},
         {"compose_files", std::vector<std::string>{"compose/compose.yaml"}},
         {"compose_hash", std::string(64, 'a')},
         {"images", json::array({json::object({{"service", "redis"},
                                               {"image", "proving-ground/redis:0.1.0"},
                                               {"digest", "sha256:" + std::string(64, 'b')}})})}});
    Step("stack.up", 14'000);
    Step("load.run", 22'000);
    SaveRecording(HandMadeRecording(), folder_.LoadRecording());
  }

  void Event(const char* name, json fields) {
    fields["at"] = UtcText(FromUnixMilliseconds(kBegin + now_));
    fields["pid"] = kPid;
    folder_.AppendEvent(name, fields);
  }

  void Step(const std::string& name, int milliseconds) {
    Event(kStepStart, json::object({{"step", name}}));
    now_ += milliseconds;
    Event(kStepEnd, {{"step", name}, {"duration_ms", milliseconds}, {"exit_status", 0}});
  }

  static std::string CaseName(const Criterion& criterion, const std::string& subject) {
    if (subject.empty()) return std::string(criterion.test);
    return fmt::format("Teams/{}/{}", criterion.test, CaseParameter(subject));
  }

  void Start(const Criterion& criterion, const std::string& subject) {
    Event(kCaseStart, {{"case", CaseName(criterion, subject)},
                       {"test", criterion.test},
                       {"subject", CaseParameter(subject)},
                       {"file", fmt::format("suites/{}/{}", criterion.suite, criterion.file)},
                       {"line", 17}});
    now_ += 1'500;
  }

  void Judge(const Criterion& criterion, const std::string& subject) {
    Start(criterion, subject);
    Verdict verdict = VerdictOf(criterion, subject);
    folder_.WriteVerdict(verdict);
    json failures = json::array();
    if (verdict.outcome == Outcome::kFailed) {
      failures.push_back("suites/failover/coordinator_outage_test.cc:27: not proven\n" +
                         verdict.summary);
    }
    const bool good = verdict.outcome == Outcome::kPassed;
    Event(kCaseEnd, {{"case", CaseName(criterion, subject)},
                     {"result", good                                   ? "passed"
                                : verdict.outcome == Outcome::kSkipped ? "skipped"
                                                                       : "failed"},
                     {"duration_ms", 1'500},
                     {"failures", failures}});
    if (criterion.suite == "failover") WriteExercise(std::string(criterion.id), subject);
    if (criterion.id == "S-2") WriteCrossTeam(subject);
  }

  Verdict VerdictOf(const Criterion& criterion, const std::string& subject) const {
    Verdict verdict{.criterion = std::string(criterion.id), .team = subject};
    verdict.outcome = Outcome::kPassed;
    verdict.summary = "it was so";
    verdict.measures = {{"downtime", 812.0, "<=", 30'000, "ms", 4'812}};
    if (!bad_) return verdict;
    if (criterion.id == "F-1" && subject == "sales") {
      verdict.outcome = Outcome::kFailed;
      verdict.summary = "service was away for 31.2 s";
      verdict.measures = {{"downtime", 31'200, "<=", 30'000, "ms", 4'812},
                          {"noise floor", 14, "<=", 30'000, "ms", 900}};
      verdict.details = {"<script>alert(1)</script> ]]> & \"quoted\" | `markup`",
                         std::string("control \x01\x1b[31m and broken \xff\xfe UTF-8"),
                         std::string("token ") + kSampleSecret};
    }
    if (criterion.id == "L-9") {
      verdict.outcome = Outcome::kSkipped;
      verdict.summary = "one team leaves nothing to compare";
      verdict.measures.clear();
    }
    if (criterion.id == "L-8") {
      verdict.outcome = Outcome::kInconclusive;
      verdict.summary = "too few samples";
      verdict.measures.clear();
    }
    return verdict;
  }

  void WriteExercise(const std::string& criterion, const std::string& team) {
    if (team.empty()) return;
    json history = json::array();
    for (int i = 0; i < 1'000; ++i) {
      const double issued = i * 10.0;
      const bool away = issued >= 3'000 && issued < 3'812;
      history.push_back(
          json::array({"task", fmt::format("t-{}", i), issued, issued + (away ? 1'000.0 : 4.0),
                       away ? "unknown" : "ok", away ? 0 : 202, json(), "", ""}));
    }
    const json document = {
        {"criterion", criterion},
        {"team", team},
        {"began", UtcText(FromUnixMilliseconds(kBegin + now_ - 1'500))},
        {"ended_ms", 10'000.0},
        {"steady_after", true},
        {"faults", json::array({json::object({{"fault", "restart"},
                                              {"target", team + "-coordinator"},
                                              {"evidence", "another process"},
                                              {"injected_ms", 3'000.0},
                                              {"effect_ms", 3'100.0},
                                              {"healed_ms", 3'400.0},
                                              {"recovered_ms", 3'800.0}})})},
        {"columns", std::vector<std::string>{"kind", "id", "issued_ms", "settled_ms", "outcome",
                                             "status", "finished_ms", "worker", "reason"}},
        {"history", history},
        {"gaps", json::array({json::object({{"from_ms", 3'000.0}, {"to_ms", 3'812.0}})})},
        {"downtime_ms", 812.0},
        {"noise_floor_ms", 14.0}};
    MakeFolder(folder_.path() / "failover");
    WriteFileAtomically(folder_.path() / "failover" / (criterion + "." + team + ".json"),
                        document.dump());
  }

  void WriteCrossTeam(const std::string& team) {
    const std::string other = team == "sales" ? "marketing" : "sales";
    json cells = json::object();
    cells[other + "/report"] = json::object({{"list", "hidden"}, {"call", "refused"}});
    const json document = {{"attacker", team}, {"cells", cells}};
    MakeFolder(folder_.path() / "security");
    WriteFileAtomically(folder_.path() / "security" / ("cross-team-" + team + ".json"),
                        document.dump());
  }

  void WriteLogs() {
    MakeFolder(folder_.Logs());
    std::string log;
    for (int second = 0; second < 200; ++second) {
      log += UtcText(FromUnixMilliseconds(kBegin + second * 1'000)) +
             " error: password=" + kSampleSecret + "\n";
    }
    WriteFileAtomically(folder_.Logs() / "pg-sample-sales-coordinator-1.log", log);
  }

  RunFolder folder_;
  std::int64_t now_ = 0;
  bool bad_ = false;
};

}  // namespace

RunFolder MakeSampleRun(const fs::path& folder) {
  Sample sample(folder);
  sample.MakeBad();
  return sample.Broken();
}

RunFolder MakeGoodRun(const fs::path& folder) { return Sample(folder).Good(); }

}  // namespace proving_ground
