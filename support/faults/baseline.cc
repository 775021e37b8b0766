#include "support/faults/baseline.h"

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>

namespace proving_ground {
namespace {

constexpr size_t kShortIdLength = 12;

bool IsShortId(const std::string& text) {
  return text.size() == kShortIdLength &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// Labels of Compose tell from where and with what it was called; of these only the ones that tell
// what it made do matter.
bool Matters(const std::string& label) {
  return !label.starts_with("com.docker.compose.") || label == "com.docker.compose.config-hash" ||
         label == "com.docker.compose.oneoff";
}

// Collects sentences about one container or network.
class Comparison {
 public:
  Comparison(std::string subject, std::vector<std::string>& sentences)
      : subject_(std::move(subject)), sentences_(sentences) {}

  void Say(const std::string& what) { sentences_.push_back(subject_ + ": " + what); }

  template <typename T>
  void Expect(const char* what, const T& before, const T& now) {
    if (before == now) return;
    std::ostringstream text;
    text << what << " is \"" << now << "\", was \"" << before << "\"";
    Say(text.str());
  }

  void ExpectSame(const std::string& kind, const std::string& where,
                  const std::set<std::string>& before, const std::set<std::string>& now) {
    for (const std::string& name : before) {
      if (!now.contains(name)) Say(kind + " \"" + name + "\"" + where + " is gone");
    }
    for (const std::string& name : now) {
      if (!before.contains(name)) Say(kind + " \"" + name + "\"" + where + " is new");
    }
  }

 private:
  std::string subject_;
  std::vector<std::string>& sentences_;
};

std::set<std::string> ToSet(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

std::set<std::string> Pairs(const std::map<std::string, std::string>& values) {
  std::set<std::string> pairs;
  for (const auto& [name, value] : values) pairs.insert(name + "=" + value);
  return pairs;
}

std::set<std::string> MatteringLabels(const Labels& labels) {
  Labels mattering;
  std::copy_if(labels.begin(), labels.end(), std::inserter(mattering, mattering.end()),
               [](const auto& label) { return Matters(label.first); });
  return Pairs(mattering);
}

std::set<std::string> Ports(const ContainerDetails& container) {
  std::set<std::string> ports;
  for (const PublishedPort& port : container.ports) {
    ports.insert(std::to_string(port.container_port) + "/" + port.protocol + " at " +
                 port.host_address);
  }
  return ports;
}

void CompareAttachment(const std::string& network, const NetworkAttachment& before,
                       const NetworkAttachment& now, bool address_matters, Comparison& comparison) {
  const std::string where = " on network " + network;
  comparison.ExpectSame("alias", where, ToSet(LastingAliases(before)), ToSet(LastingAliases(now)));
  comparison.ExpectSame("link", where, ToSet(before.links), ToSet(now.links));
  comparison.ExpectSame("option", where, Pairs(before.driver_options), Pairs(now.driver_options));
  comparison.Expect(("static address" + where).c_str(), before.static_address, now.static_address);
  comparison.Expect(("gateway priority" + where).c_str(), before.gateway_priority,
                    now.gateway_priority);
  if (address_matters) {
    comparison.Expect(("address" + where).c_str(), before.address, now.address);
  }
}

void CompareNetworks(const ContainerDetails& before, const ContainerDetails& now,
                     bool address_matters, Comparison& comparison) {
  for (const auto& [name, attachment] : before.networks) {
    const auto found = now.networks.find(name);
    if (found == now.networks.end()) {
      comparison.Say("is no longer on network " + name);
      continue;
    }
    CompareAttachment(name, attachment, found->second, address_matters, comparison);
  }
  for (const auto& [name, attachment] : now.networks) {
    if (!before.networks.contains(name)) comparison.Say("is on network " + name + " now");
  }
}

void Compare(const ContainerDetails& before, const ContainerDetails& now,
             const Tolerance& tolerance, std::vector<std::string>& sentences) {
  Comparison comparison(now.name, sentences);
  if (before.id != now.id && !tolerance.containers_may_change) {
    comparison.Say("is another container");
  }
  if (before.state != now.state) {
    comparison.Say("is " + std::string(StateName(now.state)) + ", was " +
                   std::string(StateName(before.state)));
  }
  comparison.Expect("restart policy", before.restart_policy, now.restart_policy);
  comparison.Expect("memory limit", before.memory_limit, now.memory_limit);
  comparison.Expect("CPU limit", before.nano_cpus, now.nano_cpus);
  comparison.Expect("limit of processes", before.pids_limit, now.pids_limit);
  comparison.Expect("image", before.image, now.image);
  comparison.ExpectSame("label", "", MatteringLabels(before.labels), MatteringLabels(now.labels));
  const bool same_run = before.state == now.state && !tolerance.addresses_may_change &&
                        !tolerance.containers_may_change;
  CompareNetworks(before, now, same_run, comparison);
  // A container that does not run publishes nothing: that it does not run was said above.
  if (before.state == now.state) {
    comparison.ExpectSame("published port", "", Ports(before), Ports(now));
  }
}

}  // namespace

std::vector<std::string> LastingAliases(const NetworkAttachment& attachment) {
  std::vector<std::string> lasting;
  std::copy_if(attachment.aliases.begin(), attachment.aliases.end(), std::back_inserter(lasting),
               [](const std::string& alias) { return !IsShortId(alias); });
  return lasting;
}

bool IsAttachedAs(const NetworkAttachment& wanted, const NetworkAttachment& present) {
  const std::vector<std::string> aliases = LastingAliases(wanted);
  return std::all_of(aliases.begin(), aliases.end(),
                     [&](const std::string& alias) {
                       return std::find(present.aliases.begin(), present.aliases.end(), alias) !=
                              present.aliases.end();
                     }) &&
         wanted.static_address == present.static_address && wanted.links == present.links &&
         wanted.driver_options == present.driver_options &&
         wanted.gateway_priority == present.gateway_priority;
}

Baseline::Baseline(const Stack& stack, std::vector<std::string> services)
    : stack_(stack), services_(std::move(services)), containers_(Look()) {}

Baseline Baseline::OfServices(const Stack& stack, const std::vector<std::string>& services) {
  return Baseline(stack, services);
}

Baseline Baseline::OfStack(const Stack& stack) {
  Baseline baseline(stack, {""});
  baseline.parts_ = stack.FindResidue();
  return baseline;
}

bool Baseline::IsOfStack() const { return services_ == std::vector<std::string>{""}; }

std::map<Baseline::Key, ContainerDetails> Baseline::Look() const {
  std::map<Key, ContainerDetails> found;
  for (const std::string& service : services_) {
    for (const Container& container : stack_.Containers(service)) {
      try {
        found[{container.service, container.number}] =
            stack_.EngineOf(container).InspectContainer(container.id);
      } catch (const EngineError& error) {
        if (error.status() != 404) throw;  // it went since it was listed
      }
    }
  }
  return found;
}

std::vector<std::string> Baseline::Differences(const Tolerance& tolerance) const {
  std::vector<std::string> sentences;
  const std::map<Key, ContainerDetails> now = Look();
  for (const auto& [key, before] : containers_) {
    const auto found = now.find(key);
    if (found == now.end()) {
      sentences.push_back(before.name + ": does not exist");
    } else {
      Compare(before, found->second, tolerance, sentences);
    }
  }
  for (const auto& [key, container] : now) {
    if (!containers_.contains(key)) sentences.push_back(container.name + ": is new");
  }
  if (IsOfStack()) {
    const Residue parts = stack_.FindResidue();
    Comparison comparison(stack_.project(), sentences);
    comparison.ExpectSame("network", "", ToSet(parts_.networks), ToSet(parts.networks));
    comparison.ExpectSame("volume", "", ToSet(parts_.volumes), ToSet(parts.volumes));
  }
  return sentences;
}

}  // namespace proving_ground
