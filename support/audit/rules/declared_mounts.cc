#include "support/audit/rules/declared_parts.h"
#include "support/audit/rules/json_view.h"

namespace proving_ground::audit {
namespace {

using nlohmann::json;

Mount::Kind KindOf(const std::string& type) {
  if (type == "bind") return Mount::Kind::kBind;
  if (type == "volume") return Mount::Kind::kVolume;
  if (type == "tmpfs") return Mount::Kind::kTmpfs;
  if (type == "npipe") return Mount::Kind::kPipe;
  return Mount::Kind::kOther;
}

Mount LongMount(const SettingReader& reader) {
  Mount mount;
  mount.kind = KindOf(reader.Word("type"));
  mount.source = reader.Word("source");
  // A source that is a path is one, whatever a model that was not resolved calls it.
  if (mount.kind == Mount::Kind::kOther && mount.source.starts_with('/')) {
    mount.kind = Mount::Kind::kBind;
  }
  mount.target = CleanPath(reader.Word("target"));
  mount.read_only = reader.Flag("read_only");
  mount.propagation = reader.Sub("bind").Word("propagation");
  mount.size = reader.Sub("tmpfs").Bytes("size");
  if (const auto mode = reader.Sub("tmpfs").Whole("mode"))
    mount.mode = static_cast<unsigned>(*mode);
  return mount;
}

// "source:target:options", "target".
Mount ShortMount(const std::string& text) {
  Mount mount;
  const std::vector<std::string> parts = Split(text, ':');
  mount.kind = Mount::Kind::kVolume;
  if (parts.size() == 1) {
    mount.target = CleanPath(parts[0]);
    return mount;
  }
  mount.source = parts[0];
  mount.target = CleanPath(parts[1]);
  const bool is_path =
      !parts[0].empty() && std::string_view("/.~").find(parts[0][0]) != std::string_view::npos;
  if (is_path) mount.kind = Mount::Kind::kBind;
  if (parts.size() < 3) return mount;
  for (const std::string& option : Split(parts[2], ',')) {
    if (option == "ro") mount.read_only = true;
    if (option.ends_with("shared") || option.ends_with("slave")) mount.propagation = option;
  }
  return mount;
}

// "/tmp:size=1m,mode=0700".
Mount TmpfsMount(const Item& item) {
  Mount mount;
  mount.kind = Mount::Kind::kTmpfs;
  const std::size_t colon = item.value.find(':');
  mount.target = CleanPath(item.value.substr(0, colon));
  if (colon != std::string::npos) mount.options = Split(item.value.substr(colon + 1), ',');
  mount.field = item.field;
  return mount;
}

}  // namespace

std::vector<Mount> DeclaredMounts(const SettingReader& reader, std::vector<Item>& unreadable) {
  std::vector<Mount> mounts;
  for (auto& [value, field] : reader.Elements("volumes")) {
    Mount mount =
        value.is_string() ? ShortMount(Text(&value)) : LongMount({&value, field, unreadable});
    if (mount.kind == Mount::Kind::kBind) mount.source = CleanPath(mount.source);
    mount.anonymous = mount.kind == Mount::Kind::kVolume && mount.source.empty();
    mount.field = std::move(field);
    mounts.push_back(std::move(mount));
  }
  for (const Item& item : reader.List("tmpfs")) mounts.push_back(TmpfsMount(item));
  if (reader.Flag("use_api_socket")) {
    mounts.push_back({.kind = Mount::Kind::kBind,
                      .source = "/run/docker.sock",
                      .target = "/run/docker.sock",
                      .field = "use_api_socket"});
  }
  return mounts;
}

}  // namespace proving_ground::audit
