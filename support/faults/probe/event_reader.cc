#include "support/faults/probe/event_reader.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

namespace proving_ground {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr milliseconds kWait{500};      // of a long poll
constexpr milliseconds kGiveUp{1'200};  // after that
// A lost first packet is sent again after a second: connecting anew is faster.
constexpr milliseconds kConnect{200};
constexpr milliseconds kPause{5};  // after a failure
constexpr milliseconds kPace{10};  // from one poll to the next: events come in bursts
constexpr auto kLimit = "500";     // events of one answer

std::string TextOf(const json& item, const char* name) {
  const auto found = item.find(name);
  return found != item.end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<TaskEvent::Type> TypeOf(const std::string& name) {
  if (name == "accepted" || name == "started") return TaskEvent::Type::kTaken;
  if (name == "finished") return TaskEvent::Type::kFinished;
  if (name == "failed") return TaskEvent::Type::kFailed;
  return std::nullopt;
}

// The number in "<prefix><number>".
std::optional<std::int64_t> NumberOf(const std::string& id, const std::string& prefix) {
  if (!id.starts_with(prefix)) return std::nullopt;
  std::int64_t number = 0;
  const char* end = id.data() + id.size();
  const auto [stop, error] = std::from_chars(id.data() + prefix.size(), end, number);
  if (error != std::errc() || stop != end || number < 0) return std::nullopt;
  return number;
}

}  // namespace

EventReader::EventReader(Requests& requests, Target& coordinator, const std::string& id_prefix,
                         OnEvent on_event)
    : requests_(requests),
      coordinator_(coordinator),
      prefix_(id_prefix + "-"),
      on_event_(std::move(on_event)) {}

void EventReader::Ask() {
  const Clock::time_point now = Clock::now();
  const std::optional<std::string> address = coordinator_.Choose();
  if (!address) {
    due_ = now + kPause;
    return;
  }
  const milliseconds wait = knows_place() ? kWait : milliseconds(0);
  ProbeRequest request;
  request.url = coordinator_.origin() + "/v1/events?after=" + place_ + "&limit=" + kLimit +
                "&wait_ms=" + std::to_string(wait.count());
  request.route = coordinator_.Route(*address);
  request.patience = wait + kGiveUp;
  request.connect_patience = kConnect;
  due_ = Clock::time_point::max();
  requests_.Send(std::move(request),
                 [this, now, at = *address](const ProbeAnswer& answer) { Take(at, now, answer); });
}

void EventReader::Take(const std::string& address, Clock::time_point asked,
                       const ProbeAnswer& answer) {
  const bool served = answer.status == 200 && TakeBody(answer);
  coordinator_.Report(address, asked, served);
  due_ = served ? asked + kPace : answer.at + kPause;
}

bool EventReader::TakeBody(const ProbeAnswer& answer) {
  const json page = json::parse(answer.body, nullptr, false);
  if (!page.is_object() || TextOf(page, "next").empty()) return false;
  for (const json& item : page.value("events", json::array())) {
    if (!item.is_object()) continue;
    const auto type = TypeOf(TextOf(item, "type"));
    const auto number = NumberOf(TextOf(item, "task"), prefix_);
    if (!type || !number) continue;
    const auto attempt = item.find("attempt");
    const bool has_attempt = attempt != item.end() && attempt->is_number_integer();
    on_event_(
        {*type, *number, TextOf(item, "worker"), has_attempt ? attempt->get<int>() : 0, answer.at});
  }
  place_ = TextOf(page, "next");
  return true;
}

}  // namespace proving_ground
