#include "compose/services/coordinator/task.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

namespace platform {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxIdSize = 64;
constexpr std::size_t kMaxSteps = 1000;
constexpr std::int64_t kMaxThinkMs = 600'000;

std::string RandomId() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::random_device random;
  std::string id;
  for (int word = 0; word < 4; ++word) {
    std::uint32_t bits = random();
    for (int digit = 0; digit < 8; ++digit, bits >>= 4) id += kDigits[bits & 15];
  }
  return id;
}

void CheckStep(const json& step, std::size_t index) {
  const std::string where = "step " + std::to_string(index);
  if (!step.is_object()) throw InvalidTask(where + " is not an object");
  if (step.contains("tool") == step.contains("think_ms")) {
    throw InvalidTask(where + " needs either tool or think_ms");
  }
  if (step.contains("think_ms")) {
    const json& think = step["think_ms"];
    if (!think.is_number_integer() || think < 0 || think > kMaxThinkMs) {
      throw InvalidTask(where + ": think_ms is not a whole number from 0 to 600000");
    }
    return;
  }
  if (!step["tool"].is_string() || step["tool"].get_ref<const std::string&>().empty()) {
    throw InvalidTask(where + ": tool is not a name");
  }
  if (step.contains("arguments") && !step["arguments"].is_object()) {
    throw InvalidTask(where + ": arguments is not an object");
  }
}

void CheckSteps(const json& task) {
  if (!task.contains("steps") || !task["steps"].is_array() || task["steps"].empty()) {
    throw InvalidTask("steps is not a list of at least one step");
  }
  const json& steps = task["steps"];
  if (steps.size() > kMaxSteps) throw InvalidTask("steps has more than 1000 entries");
  for (std::size_t i = 0; i < steps.size(); ++i) CheckStep(steps[i], i);
}

}  // namespace

bool IsValidId(std::string_view id) {
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !id.empty() && id.size() <= kMaxIdSize && std::all_of(id.begin(), id.end(), allowed);
}

json ParseJson(const std::string& text) {
  const auto check_depth = [](int depth, json::parse_event_t, json&) {
    if (depth > kMaxDepth) throw InvalidTask("nested more than 64 levels deep");
    return true;
  };
  try {
    return json::parse(text, check_depth);
  } catch (const json::exception&) {
    throw InvalidTask("not valid JSON");
  }
}

Task ParseTask(const std::string& text) {
  json body = ParseJson(text);
  if (!body.is_object()) throw InvalidTask("not a JSON object");
  CheckSteps(body);
  if (body.contains("nonce") && !body["nonce"].is_string()) {
    throw InvalidTask("nonce is not a string");
  }
  Task task;
  if (body.contains("id")) {
    if (!body["id"].is_string() || !IsValidId(body["id"].get_ref<const std::string&>())) {
      throw InvalidTask("id is not 1 to 64 of A-Z a-z 0-9 . _ -");
    }
    task.id = body["id"].get<std::string>();
    body.erase("id");
  } else {
    task.id = RandomId();
  }
  task.payload = body.dump();
  return task;
}

std::string TaskForWorker(const Task& task, long long attempt) {
  json body = json::parse(task.payload);
  body["id"] = task.id;
  body["attempt"] = attempt;
  if (!body.contains("nonce")) body["nonce"] = task.id;
  return body.dump();
}

}  // namespace platform
