#include "support/audit/rules/stack_view.h"

#include <algorithm>
#include <set>

#include "support/audit/rules/json_view.h"

namespace proving_ground::audit {
namespace {

using nlohmann::json;

std::string Label(const Settings& settings, std::string_view name) {
  for (const NamedItem& label : settings.texts.labels) {
    if (label.name == name) return label.value;
  }
  return {};
}

template <typename Map>
const json* FindIn(const Map& map, const std::string& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

bool IsTrue(const json* value) { return Lower(Text(value)) == "true"; }

}  // namespace

std::string NetworkView::Option(const char* name) const {
  if (inspected != nullptr) {
    if (const json* value = Path(*inspected, {"Options", name})) return Text(value);
  }
  return declared == nullptr ? "" : Text(Path(*declared, {"driver_opts", name}));
}

std::string NetworkView::driver() const {
  if (inspected != nullptr) return Text(Member(*inspected, "Driver"));
  return declared == nullptr ? "" : Text(Member(*declared, "driver"));
}

bool NetworkView::external() const {
  const json* value = declared == nullptr ? nullptr : Member(*declared, "external");
  return value != nullptr && (value->is_object() || IsTrue(value));
}

bool NetworkView::internal() const {
  if (inspected != nullptr) return IsTrue(Member(*inspected, "Internal"));
  return declared != nullptr && IsTrue(Member(*declared, "internal"));
}

bool NetworkView::connects_members() const {
  return Option("com.docker.network.bridge.enable_icc") != "false";
}

bool NetworkView::has_way_out() const {
  return !internal() && Option("com.docker.network.bridge.enable_ip_masquerade") != "false";
}

StackView::StackView(const AuditInput& input) : input_(input) {
  AddDeclared();
  AddContainers();
  for (Service& service : services_) {
    const Settings& settings = service.model != nullptr || service.containers.empty()
                                   ? service.declared
                                   : service.containers[0].settings;
    service.role = Label(settings, "acceptance.role");
    service.team = Label(settings, "acceptance.team");
    const auto& teams = input_.contract.teams;
    service.selected = service.team.empty() || teams.empty() ||
                       std::find(teams.begin(), teams.end(), service.team) != teams.end();
  }
  AddNetworks();
  AddVolumes();
  AddRedis();
}

void StackView::AddDeclared() {
  const json* services = Member(input_.model, "services");
  if (!IsObject(services)) return;
  for (const auto& [name, model] : services->items()) {
    by_name_[name] = services_.size();
    services_.push_back(
        {.name = name, .model = &model, .declared = DeclaredSettings(input_.model, model)});
  }
}

Container StackView::ReadContainer(const json& inspected) const {
  Container container;
  container.inspected = &inspected;
  container.id = Text(Member(inspected, "Id"));
  container.name = Text(Member(inspected, "Name"));
  if (container.name.starts_with('/')) container.name.erase(0, 1);
  const std::string image = Text(Member(inspected, "Image"));
  container.image = FindIn(input_.inspected->images, image);
  container.history = FindIn(input_.inspected->histories, image);
  const auto live = input_.live.find(container.id);
  if (live != input_.live.end()) container.live = &live->second;
  container.running = IsTrue(Path(inspected, {"State", "Running"}));
  container.settings = InspectedSettings(inspected);
  return container;
}

void StackView::AddContainers() {
  if (!input_.inspected) return;
  for (const json& inspected : input_.inspected->containers) {
    Container container = ReadContainer(inspected);
    const std::string name = Label(container.settings, "com.docker.compose.service");
    const auto [at, is_new] = by_name_.try_emplace(name, services_.size());
    if (is_new) services_.push_back({.name = name});
    by_container_[container.id] = at->second;
    by_container_[container.name] = at->second;
    services_[at->second].containers.push_back(std::move(container));
  }
}

void StackView::AddNetworks() {
  const auto add = [&](NetworkView network) -> NetworkView& {
    const auto [at, is_new] = by_network_.try_emplace(network.name, networks_.size());
    if (is_new) networks_.push_back(std::move(network));
    return networks_[at->second];
  };
  if (const json* declared = Member(input_.model, "networks"); IsObject(declared)) {
    for (const auto& [key, network] : declared->items()) {
      std::string name = Text(Member(network, "name"));
      if (name.empty()) name = Text(Member(input_.model, "name")) + "_" + key;
      add({.key = key, .name = name, .declared = &network});
    }
  }
  if (input_.inspected) {
    for (const json& network : input_.inspected->networks) {
      add({.name = Text(Member(network, "Name"))}).inspected = &network;
    }
  }
  for (const Service& service : services_) {
    std::set<std::string> names;
    const auto note = [&](const Settings& settings) {
      for (const NetworkUse& use : settings.networking.networks) names.insert(use.name);
    };
    note(service.declared);
    for (const Container& container : service.containers) note(container.settings);
    for (const std::string& name : names) add({.name = name}).members.push_back(&service);
  }
}

void StackView::AddVolumes() {
  std::map<std::string, std::size_t> by_key;
  if (const json* declared = Member(input_.model, "volumes"); IsObject(declared)) {
    for (const auto& [key, volume] : declared->items()) {
      by_key[key] = volumes_.size();
      volumes_.push_back({.key = key, .declared = &volume});
    }
  }
  for (const Service& service : services_) {
    for (const Mount& mount : service.declared.mounts) {
      if (mount.kind != Mount::Kind::kVolume || mount.anonymous) continue;
      const auto [at, is_new] = by_key.try_emplace(mount.source, volumes_.size());
      if (is_new) volumes_.push_back({.key = mount.source});
      volumes_[at->second].uses.push_back({&service, &mount});
    }
  }
}

void StackView::AddRedis() {
  for (const Service& service : services_) {
    if (service.role != "redis" || service.model == nullptr) continue;
    // A container also knows the command line of its image.
    const Settings& settings =
        service.containers.empty() ? service.declared : service.containers[0].settings;
    redis_ = ReadRedisConfig(service.name, settings, input_.redis_files);
    return;
  }
}

const Service* StackView::FindService(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &services_[found->second];
}

const Service* StackView::FindContainerOwner(std::string_view container) const {
  const auto found = by_container_.find(container);
  return found == by_container_.end() ? nullptr : &services_[found->second];
}

const NetworkView* StackView::FindNetwork(std::string_view real_name) const {
  const auto found = by_network_.find(real_name);
  return found == by_network_.end() ? nullptr : &networks_[found->second];
}

const json* StackView::ImageOf(const Service& service) const {
  for (const Container& container : service.containers) {
    if (container.image != nullptr) return container.image;
  }
  return input_.inspected ? FindIn(input_.inspected->tags, service.declared.image) : nullptr;
}

const json* StackView::info() const {
  return input_.inspected && input_.inspected->info.is_object() ? &input_.inspected->info : nullptr;
}

}  // namespace proving_ground::audit
