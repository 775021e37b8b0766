#include "support/faults/probe/probe_lines.h"

#include <array>
#include <nlohmann/json.hpp>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using nlohmann::json;
using std::chrono::microseconds;
using std::chrono::nanoseconds;

constexpr std::array<std::string_view, 3> kOutcomes = {"ok", "failed", "unknown"};

// A line that names a higher number is damaged: it would make its reader allocate without bound.
constexpr std::int64_t kHighestNumber = 100'000'000;

std::int64_t Nanoseconds(Clock::time_point moment) {
  return std::chrono::duration_cast<nanoseconds>(moment.time_since_epoch()).count();
}

Clock::time_point Moment(const json& value) {
  return Clock::time_point(nanoseconds(value.get<std::int64_t>()));
}

std::int64_t Number(const json& value) {
  const auto number = value.get<std::int64_t>();
  if (number < 0 || number > kHighestNumber) throw std::out_of_range("number");
  return number;
}

OperationOutcome OutcomeOf(const std::string& name) {
  for (std::size_t i = 0; i < kOutcomes.size(); ++i) {
    if (kOutcomes[i] == name) return static_cast<OperationOutcome>(i);
  }
  throw std::out_of_range("outcome");
}

json ToJson(const ProbeStarted& line) { return {{"started", Nanoseconds(line.at)}}; }

json ToJson(const ProbeSettled& line) {
  json document = {{line.kind == OperationKind::kTask ? "task" : "write", line.number},
                   {"issued", Nanoseconds(line.issued)},
                   {"settled", Nanoseconds(line.settled)},
                   {"outcome", kOutcomes[static_cast<std::size_t>(line.outcome)]},
                   {"status", line.status}};
  if (!line.reason.empty()) document["reason"] = line.reason;
  return document;
}

json ToJson(const ProbeFinish& line) {
  return {{"finished", line.number},
          {"at", Nanoseconds(line.at)},
          {"worker", line.worker},
          {"attempt", line.attempt}};
}

json ToJson(const ProbeEnded& line) {
  return {{"ended", Nanoseconds(line.at)},
          {"worst_lag_us", line.worst_lag.count()},
          {"p99_lag_us", line.p99_lag.count()},
          {"left_out", line.left_out}};
}

json ToJson(const ProbeTrouble& line) { return {{"error", line.message}}; }

ProbeSettled Settled(const json& document, OperationKind kind, const json& number) {
  return {kind,
          Number(number),
          Moment(document.at("issued")),
          Moment(document.at("settled")),
          OutcomeOf(document.at("outcome").get<std::string>()),
          document.at("status").get<int>(),
          document.value("reason", "")};
}

ProbeLine FromJson(const json& document) {
  if (document.contains("task")) {
    return Settled(document, OperationKind::kTask, document["task"]);
  }
  if (document.contains("write")) {
    return Settled(document, OperationKind::kWrite, document["write"]);
  }
  if (document.contains("finished")) {
    return ProbeFinish{Number(document["finished"]), Moment(document.at("at")),
                       document.at("worker").get<std::string>(), document.at("attempt").get<int>()};
  }
  if (document.contains("started")) return ProbeStarted{Moment(document["started"])};
  if (document.contains("error")) return ProbeTrouble{document["error"].get<std::string>()};
  return ProbeEnded{Moment(document.at("ended")),
                    microseconds(document.at("worst_lag_us").get<std::int64_t>()),
                    microseconds(document.at("p99_lag_us").get<std::int64_t>()),
                    document.at("left_out").get<std::int64_t>()};
}

}  // namespace

std::string Format(const ProbeLine& line) {
  // Reasons and names of workers come from the network and need not be UTF-8.
  return std::visit([](const auto& alternative) { return ToJson(alternative); }, line)
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

ProbeLine ParseProbeLine(std::string_view text) {
  try {
    return FromJson(json::parse(text));
  } catch (const std::exception&) {  // of the library, or of the helpers above
    throw EnvironmentError(
        "the probe wrote a line that is none: " + std::string(text.substr(0, 200)),
        "rebuild the helper image, so that it fits this harness");
  }
}

std::string OperationId(const std::string& prefix, OperationKind kind, std::int64_t number) {
  return prefix + (kind == OperationKind::kTask ? "-" : "-write-") + std::to_string(number);
}

}  // namespace proving_ground
