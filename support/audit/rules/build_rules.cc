// Rules about how Compose builds images, and where parts of the stack come from.
#include <fmt/format.h>

#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

const nlohmann::json* BuildOf(const Subject& subject) {
  return Member(*subject.service.model, "build");
}

void PrivilegedBuild(const Subject& subject, Report& report) {
  const nlohmann::json* build = BuildOf(subject);
  if (build == nullptr) return;
  if (Text(Member(*build, "privileged")) == "true")
    report.Add("build.privileged", "is built privileged");
  const nlohmann::json* entitlements = Member(*build, "entitlements");
  if (!IsArray(entitlements)) return;
  for (const nlohmann::json& one : *entitlements) {
    const std::string name = Text(&one);
    if (name == "security.insecure" || name == "network.host") {
      report.Add("build.entitlements", "is built with " + name);
    }
  }
}

void HostNetworkBuild(const Subject& subject, Report& report) {
  const nlohmann::json* build = BuildOf(subject);
  if (build != nullptr && Text(Member(*build, "network")) == "host") {
    report.Add("build.network", "is built on the host's network");
  }
}

void AgentForwarded(const Subject& subject, Report& report) {
  const nlohmann::json* build = BuildOf(subject);
  const nlohmann::json* ssh = build == nullptr ? nullptr : Member(*build, "ssh");
  if (ssh != nullptr && !ssh->empty())
    report.Add("build.ssh", "the build may use SSH keys of the builder");
}

// Addresses may hold credentials: only the scheme is shown.
void Unsealed(const Subject& subject, Report& report) {
  const nlohmann::json* build = BuildOf(subject);
  if (build == nullptr) return;
  const auto judge = [&](const std::string& address, const std::string& field) {
    for (const char* scheme : {"http://", "git://", "ftp://"}) {
      if (address.starts_with(scheme)) {
        report.Add(field, fmt::format("built from a source fetched over {}", scheme));
      }
    }
  };
  judge(build->is_string() ? Text(build) : Text(Member(*build, "context")), "build.context");
  const nlohmann::json* more = Member(*build, "additional_contexts");
  if (!IsObject(more)) return;
  for (const auto& [name, value] : more->items())
    judge(Text(&value), "build.additional_contexts." + name);
}

void DevelopmentMode(const Subject& subject, Report& report) {
  if (Member(*subject.service.model, "develop") != nullptr) {
    report.Add("develop", "is set up for development");
  }
}

}  // namespace

std::vector<Rule> BuildRules() {
  using enum Severity;
  using enum Area;
  using enum Scope;
  return {
      {"IMG-16", "BuildKit: entitlements", kHigh, kImages, "The image is built with privileges",
       "Remove privileged and entitlements from build.", kDeclared, PrivilegedBuild},
      {"IMG-17", "BuildKit: network", kMedium, kImages, "The image is built on the host's network",
       "Remove network: host from build.", kDeclared, HostNetworkBuild},
      {"IMG-15", "BuildKit: ssh", kLow, kImages, "The build may use the builder's SSH keys",
       "Fetch private sources before the build, or with a key that may only read them.", kDeclared,
       AgentForwarded},
      {"IMG-14", "BuildKit: contexts", kMedium, kImages,
       "The image is built from an unsealed source", "Fetch over https or ssh, and name a commit.",
       kDeclared, Unsealed},
      {"AVL-10", "Compose: develop", kLow, kHealth, "A development section is left over",
       "Keep it in an overlay for development.", kDeclared, DevelopmentMode},
  };
}

}  // namespace proving_ground::audit
