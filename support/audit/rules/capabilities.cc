#include "support/audit/rules/capabilities.h"

#include <algorithm>

#include "support/audit/live_truth.h"

namespace proving_ground::audit {
namespace {

constexpr CapabilitySet kAll = (CapabilitySet{1} << kCapabilityCount) - 1;

CapabilitySet Bit(std::string_view name) {
  const auto number = CapabilityNumber(name);
  return number ? CapabilitySet{1} << *number : 0;
}

// The engine's default set (moby, oci/caps/defaults.go).
CapabilitySet DefaultSet() {
  CapabilitySet set = 0;
  for (const std::string_view name :
       {"CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID",
        "SETFCAP", "SETPCAP", "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE"}) {
    set |= Bit(name);
  }
  return set;
}

bool Names(const std::vector<Item>& items, std::string_view name) {
  return std::any_of(items.begin(), items.end(), [&](const Item& i) { return i.value == name; });
}

CapabilitySet SetOf(const std::vector<Item>& items) {
  CapabilitySet set = 0;
  for (const Item& item : items) set |= Bit(item.value);
  return set;
}

}  // namespace

bool Holds(CapabilitySet set, std::string_view name) { return (set & Bit(name)) != 0; }

bool DropsAll(const Privileges& privileges) {
  return Names(privileges.dropped_capabilities, "ALL");
}

CapabilitySet GrantedCapabilities(const Privileges& privileges) {
  static const CapabilitySet kDefault = DefaultSet();
  const CapabilitySet added = SetOf(privileges.added_capabilities);
  const CapabilitySet dropped = SetOf(privileges.dropped_capabilities);
  if (privileges.privileged) return kAll;
  // Adding all comes before dropping all: the engine then takes away single names only.
  if (Names(privileges.added_capabilities, "ALL")) return kAll & ~dropped;
  if (DropsAll(privileges)) return added;
  return (kDefault & ~dropped) | added;
}

std::string CapabilityText(CapabilitySet set) {
  std::string text;
  for (int number = 0; number < 64; ++number) {
    if ((set >> number & 1) == 0) continue;
    if (!text.empty()) text += ", ";
    const auto& names = CapabilityNames();
    text += number < kCapabilityCount ? std::string(names[static_cast<std::size_t>(number)])
                                      : std::to_string(number);
  }
  return text;
}

}  // namespace proving_ground::audit
