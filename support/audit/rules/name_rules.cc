// Rules about names and addresses: what a service is called, whom it can be led to, and the
// kernel's network parameters.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

void TakesAnothersName(const Subject& subject, Report& report) {
  const auto judge = [&](const std::string& name, const std::string& field) {
    if (name != subject.service.name && subject.stack.FindService(name) != nullptr) {
      report.Add(field, "is also called " + ShownText(name, 60) + ", like another service");
    }
  };
  for (const NetworkUse& use : subject.settings.networking.networks) {
    for (const std::string& alias : use.aliases) judge(alias, use.field + ".aliases");
  }
  judge(subject.settings.networking.host_name, "hostname");
  judge(Text(Member(*subject.service.model, "container_name")), "container_name");
}

// Two services with one alias on one network answer in turn, without anyone noticing.
void SharedAlias(const StackView& stack, Report& report) {
  std::map<std::pair<std::string, std::string>, const Service*> first;
  for (const Service& service : stack.services()) {
    for (const NetworkUse& use : service.declared.networking.networks) {
      for (const std::string& alias : use.aliases) {
        const auto [at, is_new] = first.try_emplace({use.name, alias}, &service);
        if (is_new || at->second == &service) continue;
        report.AddAt(
            {.service = service.name,
             .object = use.name,
             .field = ServiceField(service, use.field + ".aliases")},
            fmt::format("shares the alias {} with {}", ShownText(alias, 60), at->second->name));
      }
    }
  }
}

void RedirectsName(const Subject& subject, Report& report) {
  for (const NamedItem& host : subject.settings.networking.extra_hosts) {
    if (subject.stack.FindService(host.name) != nullptr) {
      report.Add(host.field, "overrides the address of service " + ShownText(host.name, 60));
    }
  }
}

bool IsMetadataAddress(const std::string& address) {
  return address == "169.254.169.254" || address == "169.254.170.2" || address == "fd00:ec2::254" ||
         address == "100.100.100.200" || address == "[fd00:ec2::254]";
}

void ReachesHost(const Subject& subject, Report& report) {
  for (const NamedItem& host : subject.settings.networking.extra_hosts) {
    if (host.value == "host-gateway") report.Add(host.field, "is given the host's address");
    if (IsMetadataAddress(host.value))
      report.Add(host.field, "is given the cloud's metadata address");
  }
}

// Parameters that weaken the container's own network or reach beyond it, and the value that does.
struct BadParameter {
  std::string_view suffix;
  std::string_view value;  // empty: any
};
constexpr std::array<BadParameter, 14> kBadParameters = {{
    {".ip_forward", "1"},
    {".forwarding", "1"},
    {".accept_redirects", "1"},
    {".secure_redirects", "1"},
    {".send_redirects", "1"},
    {".accept_source_route", "1"},
    {".route_localnet", "1"},
    {".rp_filter", "0"},
    {".proxy_arp", "1"},
    {".tcp_syncookies", "0"},
    {".accept_ra", "2"},
    {"kernel.core_pattern", ""},
    {"kernel.yama.ptrace_scope", "0"},
    {"fs.suid_dumpable", ""},
}};

void UnsafeParameter(const Subject& subject, Report& report) {
  for (const NamedItem& parameter : subject.settings.networking.kernel_parameters) {
    const bool bad =
        std::any_of(kBadParameters.begin(), kBadParameters.end(), [&](const auto& one) {
          return std::string_view(parameter.name).ends_with(one.suffix) &&
                 (one.value.empty() || parameter.value == one.value);
        });
    if (bad) {
      report.Add(parameter.field, fmt::format("{} = {}", ShownText(parameter.name, 60),
                                              ShownText(parameter.value, 20)));
    }
  }
}

void ForeignResolver(const Subject& subject, Report& report) {
  for (const Item& resolver : subject.settings.networking.resolvers) {
    if (ReachOf(resolver.value) == Reach::kAddress) {
      report.Add(resolver.field, "asks the resolver " + ShownText(resolver.value, 50));
    }
  }
}

void ExternalLink(const Subject& subject, Report& report) {
  for (const Item& link : subject.settings.networking.external_links) {
    report.Add(link.field, "is linked to " + ShownText(link.value, 60));
  }
}

}  // namespace

std::vector<Rule> NameRules() {
  using enum Severity;
  using enum Area;
  using enum Scope;
  return {
      {"NET-13", "Docker: name resolution", kMedium, kCrossTeam,
       "Takes the name of another service", "Remove the alias, hostname or container_name.",
       kDeclared, TakesAnothersName},
      {"NET-33", "Docker: name resolution", kMedium, kCrossTeam, "Two services share an alias",
       "Give each a name of its own, or make them replicas of one service.", SharedAlias},
      {"NET-25", "Docker: name resolution", kMedium, kCrossTeam,
       "Leads the name of a service elsewhere", "Remove the entry from extra_hosts.", kSettings,
       RedirectsName},
      {"NET-10", "Docker: host-gateway", kHigh, kCrossTeam,
       "Is given the address of the host or cloud",
       "Remove the entry from extra_hosts: what listens there is not meant for containers.",
       kSettings, ReachesHost},
      {"NET-11", "Kernel: ip-sysctl", kMedium, kIsolation,
       "A kernel parameter is set to an unsafe value", "Remove it from sysctls.", kSettings,
       UnsafeParameter},
      {"NET-29", "Docker: dns", kLow, kTransport, "Names are resolved outside the engine",
       "Remove dns, or name a resolver of the host.", kSettings, ForeignResolver},
      {"NET-30", "Compose: external_links", kMedium, kCrossTeam,
       "Is linked to a container outside the stack", "Remove external_links.", kDeclared,
       ExternalLink},
  };
}

}  // namespace proving_ground::audit
