#include "support/audit/audit_input.h"

#include <fmt/format.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <set>

#include "support/audit/rules/json_view.h"
#include "support/base/errors.h"

namespace proving_ground::audit {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::uintmax_t kLargestFile = 1 << 20;

// Runs `ask`; trouble with one object must not end the audit of the others.
void Try(const std::string& object, std::vector<Unavailable>& unavailable,
         const std::function<void()>& ask) {
  try {
    ask();
  } catch (const Interrupted&) {
    throw;
  } catch (const std::exception& error) {
    unavailable.push_back({object, error.what()});
  }
}

// Networks and volumes a container uses, and its image.
struct Used {
  std::set<std::string> networks;
  std::set<std::string> volumes;
  std::set<std::string> images;
  std::set<std::string> tags;
};

void Note(const json& container, Used& used) {
  if (const json* networks = Path(container, {"NetworkSettings", "Networks"}); IsObject(networks)) {
    for (const auto& item : networks->items()) used.networks.insert(item.key());
  }
  if (const json* mounts = Member(container, "Mounts"); IsArray(mounts)) {
    for (const json& mount : *mounts) {
      const std::string name = Text(Member(mount, "Name"));
      if (Text(Member(mount, "Type")) == "volume" && !name.empty()) used.volumes.insert(name);
    }
  }
  const std::string image = Text(Member(container, "Image"));
  const std::string tag = Text(Path(container, {"Config", "Image"}));
  if (!image.empty()) used.images.insert(image);
  if (!tag.empty()) used.tags.insert(tag);
}

std::optional<std::string> ReadText(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error) || fs::file_size(path, error) > kLargestFile) {
    return std::nullopt;
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Adds the configs or secrets of one service; `folder` is where a relative target is.
void AddMounted(const json& model, const json& service, const char* kind, const std::string& folder,
                std::map<std::string, std::string>& files) {
  const json* uses = Member(service, kind);
  const json* sources = Member(model, kind);
  if (!IsArray(uses) || !IsObject(sources)) return;
  for (const json& use : *uses) {
    const std::string name = use.is_string() ? use.get<std::string>() : Text(Member(use, "source"));
    std::string target = Text(Member(use, "target"));
    if (target.empty()) target = name;
    if (!target.starts_with('/')) target.insert(0, folder);
    const json* source = Member(*sources, name.c_str());
    if (source == nullptr) continue;
    if (const json* content = Member(*source, "content"); content != nullptr) {
      files[target] = Text(content);
    } else if (auto text = ReadText(Text(Member(*source, "file")))) {
      files[target] = std::move(*text);
    }
  }
}

void AddBinds(const json& service, std::map<std::string, std::string>& files) {
  const json* volumes = Member(service, "volumes");
  if (!IsArray(volumes)) return;
  for (const json& volume : *volumes) {
    if (Text(Member(volume, "type")) != "bind") continue;
    if (auto text = ReadText(Text(Member(volume, "source")))) {
      files[Text(Member(volume, "target"))] = std::move(*text);
    }
  }
}

}  // namespace

void Inspect(InspectSource& source, AuditInput& input) {
  Inspected& inspected = input.inspected.emplace();
  std::vector<Unavailable>& lost = input.unavailable;
  Try("engine", lost, [&] { inspected.info = source.Info(); });
  std::vector<std::string> ids;
  Try("list of containers", lost, [&] { ids = source.Containers(input.contract.project); });
  Used used;
  for (const std::string& id : ids) {
    Try("container " + id.substr(0, 12), lost, [&] {
      inspected.containers.push_back(source.Container(id));
      Note(inspected.containers.back(), used);
    });
  }
  for (const std::string& name : used.networks) {
    Try("network " + name, lost, [&] { inspected.networks.push_back(source.Network(name)); });
  }
  for (const std::string& name : used.volumes) {
    Try("volume " + name, lost, [&] { inspected.volumes.push_back(source.Volume(name)); });
  }
  for (const std::string& id : used.images) {
    Try("image " + id, lost, [&] {
      inspected.images[id] = source.Image(id);
      inspected.histories[id] = source.ImageHistory(id);
    });
  }
  for (const std::string& tag : used.tags) {
    Try("image " + tag, lost, [&] { inspected.tags[tag] = source.Image(tag); });
  }
}

std::vector<ComposeText> ReadComposeFiles(const std::vector<fs::path>& files) {
  std::vector<ComposeText> texts;
  for (const fs::path& file : files) {
    std::optional<std::string> text = ReadText(file);
    if (!text) {
      throw UsageError(fmt::format("{} cannot be read as a compose file", file.string()),
                       "name a readable file of at most 1 MiB");
    }
    texts.push_back({file.lexically_normal().string(), std::move(*text)});
  }
  return texts;
}

std::map<std::string, std::string> ReadRedisFiles(const json& model) {
  std::map<std::string, std::string> files;
  const json* services = Member(model, "services");
  if (!IsObject(services)) return files;
  for (const auto& [name, service] : services->items()) {
    if (Text(Path(service, {"labels", "acceptance.role"})) != "redis") continue;
    AddMounted(model, service, "configs", "/", files);
    AddMounted(model, service, "secrets", "/run/secrets/", files);
    AddBinds(service, files);
  }
  return files;
}

}  // namespace proving_ground::audit
