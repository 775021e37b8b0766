#include "support/faults/probe/outcome.h"

#include <nlohmann/json.hpp>
#include <sstream>

namespace proving_ground {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestReason = 200;

bool IsRefusal(int status) { return status == 503 || (status / 100 == 4 && status != 408); }

// The JSON-RPC message in an answer: all of the body, or the data of an event in a stream.
json FindMessage(const std::string& body) {
  json message = json::parse(body, nullptr, false);
  if (message.is_object()) return message;
  std::istringstream lines(body);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("data:")) continue;
    message = json::parse(line.substr(5), nullptr, false);
    if (message.is_object() && (message.contains("result") || message.contains("error"))) {
      return message;
    }
  }
  return json::object();
}

bool AcknowledgesWrite(const ProbeAnswer& answer) {
  if (answer.status != 200) return false;
  const json message = FindMessage(answer.body);
  const auto result = message.find("result");
  if (result == message.end() || !result->is_object()) return false;
  const auto is_error = result->find("isError");
  return is_error == result->end() || *is_error == false;
}

}  // namespace

Judgement Judge(OperationKind kind, const ProbeAnswer& answer) {
  if (answer.status == 0) {
    return {answer.sent ? OperationOutcome::kUnknown : OperationOutcome::kFailed, answer.reason};
  }
  const bool acknowledged =
      kind == OperationKind::kTask ? answer.status / 100 == 2 : AcknowledgesWrite(answer);
  if (acknowledged) return {OperationOutcome::kOk, ""};
  std::string reason = "HTTP status " + std::to_string(answer.status) + " " + answer.body;
  if (reason.size() > kLongestReason) reason.resize(kLongestReason);
  return {IsRefusal(answer.status) ? OperationOutcome::kFailed : OperationOutcome::kUnknown,
          std::move(reason)};
}

}  // namespace proving_ground
