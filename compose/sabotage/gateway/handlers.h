// Handlers around the real one.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "compose/sabotage/gateway/broken_parts.h"
#include "compose/services/common/http_message.h"

namespace platform {

using Bend = std::function<void(HttpRequest&)>;
using Stain = std::function<void(const HttpRequest&, HttpResponse&)>;

// A gateway that changes each request before it is looked at.
std::unique_ptr<GatewayFactory> BendingGateway(Bend bend);
// A gateway that changes each answer before it is sent.
std::unique_ptr<GatewayFactory> StainingGateway(Stain stain);

// The text at the end of a path of members of a JSON body; empty: there is none.
std::string TextOf(const std::string& body, const std::vector<std::string>& path);

// Removes headers of that name, and adds one.
void ReplaceHeader(HttpRequest& request, const std::string& name, std::string value);
void RemoveHeader(HttpRequest& request, const std::string& name);

}  // namespace platform
