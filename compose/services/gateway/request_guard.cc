#include "compose/services/gateway/request_guard.h"

#include <algorithm>

namespace platform {
namespace {

std::string_view Trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return lower;
}

bool IsPort(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool IsListed(std::string_view value, const std::vector<std::string>& list) {
  return std::any_of(list.begin(), list.end(), [value](const std::string& entry) {
    if (!value.starts_with(entry)) return false;
    const std::string_view rest = value.substr(entry.size());
    return rest.empty() || (rest.front() == ':' && IsPort(rest.substr(1)));
  });
}

}  // namespace

bool AllowListGuard::Admits(const HttpRequest& request) const {
  if (request.HeaderCount("Host") != 1 || !IsListed(request.Header("Host"), hosts_)) return false;
  const std::size_t origins = request.HeaderCount("Origin");
  return origins == 0 || (origins == 1 && IsListed(request.Header("Origin"), origins_));
}

std::optional<std::string_view> BearerToken(const HttpRequest& request) {
  if (request.HeaderCount("Authorization") != 1) return std::nullopt;
  const std::string_view value = request.Header("Authorization");
  constexpr std::string_view kScheme = "bearer ";
  if (Lower(value.substr(0, kScheme.size())) != kScheme) return std::nullopt;
  const std::string_view token = value.substr(kScheme.size());
  if (token.empty()) return std::nullopt;
  return token;
}

bool DeclaresJson(const HttpRequest& request) {
  if (request.HeaderCount("Content-Type") != 1 || request.HeaderCount("Content-Encoding") != 0)
    return false;
  const std::string_view type = request.Header("Content-Type");
  return Lower(Trim(type.substr(0, type.find(';')))) == "application/json";
}

bool AcceptsMcp(const HttpRequest& request) {
  bool json = false;
  bool events = false;
  for (const auto& [name, value] : request.headers) {
    if (name.size() != 6 || Lower(name) != "accept") continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      const std::string_view item = rest.substr(0, end);
      const std::string range = Lower(Trim(item.substr(0, item.find(';'))));
      json = json || range == "application/json" || range == "application/*" || range == "*/*";
      events = events || range == "text/event-stream" || range == "text/*" || range == "*/*";
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return json && events;
}

}  // namespace platform
