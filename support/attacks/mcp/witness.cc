#include "support/attacks/mcp/witness.h"

#include <openssl/rand.h>

#include <charconv>

#include "support/base/errors.h"

namespace proving_ground {

using nlohmann::json;

namespace {

// Shorter texts come back by chance.
constexpr std::size_t kTellingSize = 24;

}  // namespace

std::string FreshMarker() {
  unsigned char bytes[16];
  if (RAND_bytes(bytes, sizeof bytes) != 1) {
    throw EnvironmentError("no random numbers to be had", "check /dev/urandom");
  }
  std::string marker = "acceptance-";
  for (const unsigned char byte : bytes) {
    marker += "0123456789abcdef"[byte >> 4];
    marker += "0123456789abcdef"[byte & 15];
  }
  return marker;
}

std::string Witness::Key(std::size_t number) const {
  return marker_ + "-" + std::to_string(number);
}

json Witness::Note(std::size_t number) const {
  return {{"key", Key(number)}, {"value", "noted by a trial of the gateway"}};
}

std::set<std::size_t> Witness::Standing() const {
  const RawAnswer answer =
      team_.Send(team_.Call(Era::kModern, kListNotesTool, {{"prefix", marker_ + "-"}}));
  if (ReplyOf(answer) != Reply::kServed) {
    throw EnvironmentError("the rightful team cannot read its notes back: status " +
                               std::to_string(answer.status) + ", " +
                               std::string(ReplyName(ReplyOf(answer))),
                           "see the log of the gateway");
  }
  // The keys stand in a text of the tool's; wherever they do, they begin with the marker.
  std::set<std::size_t> standing;
  const std::string& body = answer.body;
  const std::string start = marker_ + "-";
  for (std::size_t at = body.find(start); at != std::string::npos; at = body.find(start, at + 1)) {
    std::size_t number = 0;
    const char* const digits = body.data() + at + start.size();
    if (std::from_chars(digits, body.data() + body.size(), number).ptr != digits) {
      standing.insert(number);
    }
  }
  return standing;
}

void Witness::Clear() const {
  for (const std::size_t number : Standing()) {
    team_.Send(team_.Call(Era::kModern, kDeleteNoteTool, {{"key", Key(number)}}));
  }
}

void NotedAttempts::TryBytes(const std::string& attack, std::string_view bytes,
                             bool may_be_accepted) {
  Took(attack, team_.SendBytes(bytes), may_be_accepted);
}

std::string NotedAttempts::TokenIn(const McpPost& post) {
  for (const auto& [name, value] : post.headers) {
    if (name == "Authorization") return value.substr(value.find_last_of(' ') + 1);
  }
  return {};
}

void NotedAttempts::Took(const std::string& attack, const RawAnswer& answer, bool may_be_accepted,
                         const std::string& token) {
  const std::string told = answer.head + answer.body;
  const auto repeats = [&](const std::string& text) {
    return text.size() >= kTellingSize && told.find(text) != std::string::npos;
  };
  record_.attempts.push_back({attack, ReplyOf(answer), answer.status, false, may_be_accepted,
                              repeats(token) || repeats(team_.token())});
  of_attempt_.push_back(number_);
}

void NotedAttempts::Control(const std::string& name, Era era, const std::string& token) {
  McpPost post = witness_.Call(era, Next());
  post.Replace("Authorization", "Bearer " + token);
  const RawAnswer answer = team_.Send(post);
  record_.controls.push_back({name, ReplyOf(answer), answer.status});
  of_control_.push_back(number_);
}

AttackRecord NotedAttempts::Finish() {
  const std::set<std::size_t> standing = witness_.Standing();
  for (std::size_t i = 0; i < of_attempt_.size(); ++i) {
    record_.attempts[i].effect = standing.contains(of_attempt_[i]);
  }
  for (std::size_t i = 0; i < of_control_.size(); ++i) {
    record_.controls[i].effect = standing.contains(of_control_[i]);
  }
  witness_.Clear();
  return record_;
}

}  // namespace proving_ground
