#include "compose/services/coordinator/http_json.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "compose/services/coordinator/task.h"

namespace platform {

using nlohmann::json;

HttpResponse JsonResponse(unsigned status, const json& body) {
  HttpResponse response;
  response.status = status;
  response.body = body.dump();
  return response;
}

HttpResponse ErrorResponse(unsigned status, const std::string& message) {
  HttpResponse response = JsonResponse(status, json{{"error", message}});
  if (status == 503 || status == 504) response.headers.emplace_back("Retry-After", "1");
  return response;
}

std::vector<std::string> PathSegments(const std::string& path) {
  std::vector<std::string> segments;
  std::size_t begin = 1;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    segments.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return segments;
}

long long QueryNumber(const HttpRequest& request, const std::string& name, long long fallback,
                      long long maximum) {
  const auto found = request.query.find(name);
  if (found == request.query.end()) return fallback;
  const std::string& text = found->second;
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) {
    throw BadRequest(name + " is not a whole number");
  }
  return std::min(value, maximum);
}

json JsonBody(const HttpRequest& request) {
  if (request.body.empty()) return json::object();
  try {
    json body = ParseJson(request.body);
    if (body.is_object()) return body;
  } catch (const InvalidTask& error) {
    throw BadRequest(error.what());
  }
  throw BadRequest("not a JSON object");
}

std::string TextMember(const json& body, const std::string& name) {
  if (!body.contains(name) || !body[name].is_string()) throw BadRequest(name + " is not a string");
  return body[name].get<std::string>();
}

long long NumberMember(const json& body, const std::string& name) {
  if (!body.contains(name) || !body[name].is_number_integer()) {
    throw BadRequest(name + " is not a whole number");
  }
  return body[name].get<long long>();
}

}  // namespace platform
