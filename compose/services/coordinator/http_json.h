// JSON over HTTP: the answers and parameters that the routes share.
#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "compose/services/common/http_message.h"

namespace platform {

// What the client sent cannot be understood; what() says why. Answered with 400.
class BadRequest : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

HttpResponse JsonResponse(unsigned status, const nlohmann::json& body);
// {"error": message}; with Retry-After if the status is 503 or 504.
HttpResponse ErrorResponse(unsigned status, const std::string& message);

// The parts of a path between slashes: "/v1/tasks/7" -> {"v1", "tasks", "7"}.
std::vector<std::string> PathSegments(const std::string& path);

// A whole number from the query, `fallback` if absent. Values beyond `maximum` count as `maximum`.
// Throws BadRequest.
long long QueryNumber(const HttpRequest& request, const std::string& name, long long fallback,
                      long long maximum);

// The body as a JSON object; an empty body counts as {}. Throws BadRequest.
nlohmann::json JsonBody(const HttpRequest& request);

// A member of the body that must be there. Throws BadRequest.
std::string TextMember(const nlohmann::json& body, const std::string& name);
long long NumberMember(const nlohmann::json& body, const std::string& name);

}  // namespace platform
