#include "support/sabotage/catalogue.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <set>

#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/report/criteria.h"

namespace proving_ground {
namespace {

namespace fs = std::filesystem;

constexpr char kBlock[] = "x-sabotage";
constexpr std::array kGroups = {"load", "failover", "security", "lookalike"};
constexpr std::array kFields = {"breaks",  "must",  "may",           "also",
                                "abstain", "quick", "suite_program", "load_program"};

[[noreturn]] void Refuse(const fs::path& file, const std::string& happened) {
  throw UsageError(file.string() + ": " + happened, "see compose/sabotage/README.md");
}

template <typename Names>
bool Knows(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

YAML::Node BlockOf(const fs::path& file, const YAML::Node& document) {
  const YAML::Node block = document.IsMap() ? document[kBlock] : YAML::Node();
  if (!block || !block.IsMap()) Refuse(file, "it has no block x-sabotage");
  for (const auto& field : block) {
    const auto name = field.first.as<std::string>();
    if (!Knows(kFields, name)) Refuse(file, "x-sabotage has the unknown field " + name);
  }
  return block;
}

std::vector<std::string> Ids(const YAML::Node& list) {
  return list ? list.as<std::vector<std::string>>() : std::vector<std::string>();
}

std::vector<std::string> ServicesIn(const YAML::Node& document) {
  std::vector<std::string> services;
  for (const auto& service : document["services"]) {
    services.push_back(service.first.as<std::string>());
  }
  std::sort(services.begin(), services.end());
  return services;
}

std::set<std::string> CriteriaOf(const std::vector<Sabotage>& catalogue, bool quick_only) {
  std::set<std::string> ids;
  for (const Sabotage& sabotage : catalogue) {
    if (quick_only && !sabotage.quick) continue;
    ids.insert(sabotage.must.begin(), sabotage.must.end());
  }
  return ids;
}

void AddFaultsOf(const Sabotage& sabotage, std::vector<std::string>& faults) {
  const auto add = [&](const std::string& what) { faults.push_back(sabotage.name + what); };
  for (const auto* ids : {&sabotage.must, &sabotage.may, &sabotage.also, &sabotage.abstain}) {
    for (const std::string& id : *ids) {
      if (FindCriterion(id) == nullptr) add(" names " + id + ", which is no criterion");
    }
  }
  for (const std::string& id : sabotage.may) {
    if (Knows(sabotage.must, id)) add(" says of " + id + " both that it must and that it may fail");
  }
  for (const std::string& id : sabotage.abstain) {
    if (Knows(sabotage.must, id) || Knows(sabotage.may, id)) {
      add(" says of " + id + " both that it fails and that it cannot tell");
    }
  }
  const bool nobody = sabotage.must.empty() && sabotage.abstain.empty();
  if (sabotage.LookAlike() && !(nobody && sabotage.may.empty())) {
    add(" is a look-alike, for which nothing may fail");
  }
  if (!sabotage.LookAlike() && nobody) add(" names nobody who must notice");
}

}  // namespace

Sabotage ParseSabotage(const fs::path& file, const std::string& text) {
  Sabotage sabotage;
  sabotage.file = file;
  sabotage.group = file.parent_path().filename().string();
  sabotage.name = sabotage.group + "-" + file.stem().string();
  if (!Knows(kGroups, sabotage.group)) Refuse(file, "its folder is none of the catalogue");
  try {
    const YAML::Node document = YAML::Load(text);
    const YAML::Node block = BlockOf(file, document);
    if (block["breaks"]) sabotage.breaks = block["breaks"].as<std::string>();
    sabotage.must = Ids(block["must"]);
    sabotage.may = Ids(block["may"]);
    sabotage.also = Ids(block["also"]);
    sabotage.abstain = Ids(block["abstain"]);
    if (block["quick"]) sabotage.quick = block["quick"].as<bool>();
    if (block["suite_program"]) sabotage.suite_program = block["suite_program"].as<std::string>();
    if (block["load_program"]) sabotage.load_program = block["load_program"].as<std::string>();
    sabotage.services = ServicesIn(document);
  } catch (const YAML::Exception& error) {
    Refuse(file, error.what());
  }
  if (sabotage.breaks.empty() || sabotage.breaks.find('\n') != std::string::npos) {
    Refuse(file, "x-sabotage.breaks is not one line");
  }
  return sabotage;
}

std::vector<Sabotage> ReadCatalogue(const fs::path& folder) {
  if (!fs::is_directory(folder)) {
    throw EnvironmentError(folder.string() + " is no folder", "name the overlays of the catalogue");
  }
  std::vector<Sabotage> catalogue;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().extension() != ".yaml") continue;
    const fs::path file = fs::absolute(entry.path());
    catalogue.push_back(ParseSabotage(file, ReadFile(file)));
  }
  std::sort(catalogue.begin(), catalogue.end(),
            [](const Sabotage& a, const Sabotage& b) { return a.name < b.name; });
  return catalogue;
}

std::vector<std::string> CatalogueFaults(const std::vector<Sabotage>& catalogue) {
  std::vector<std::string> faults;
  for (const Sabotage& sabotage : catalogue) AddFaultsOf(sabotage, faults);
  const std::set<std::string> all = CriteriaOf(catalogue, /*quick_only=*/false);
  const std::set<std::string> quick = CriteriaOf(catalogue, /*quick_only=*/true);
  for (const Criterion& criterion : Criteria()) {
    const std::string id(criterion.id);
    if (!all.contains(id)) {
      faults.push_back(id + " has no sabotage: nothing shows that it can fail");
    } else if (!quick.contains(id)) {
      faults.push_back(id + " has no sabotage in the fast subset");
    }
  }
  return faults;
}

}  // namespace proving_ground
