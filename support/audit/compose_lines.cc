#include "support/audit/compose_lines.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <sstream>
#include <unordered_map>

namespace proving_ground::audit {
namespace {

// Merge keys may lead in circles.
constexpr int kMostMerges = 64;
// "net.ipv4.conf.all.rp_filter", or a service called "a.b".
constexpr std::size_t kMostDots = 8;

// A node with the line of each of its entries; nodes are numbers into one vector, so that an alias
// costs nothing however often it is used.
struct Node {
  int line = 0;
  std::string scalar;
  std::unordered_map<std::string, std::pair<int, int>> entries;  // key -> (node, line of the key)
  std::vector<int> items;
  std::vector<int> merged;  // values of "<<"
};

// Builds the nodes out of the parser's events.
class Builder : public YAML::EventHandler {
 public:
  explicit Builder(std::vector<Node>& nodes) : nodes_(nodes) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { Add(mark, anchor, ""); }
  void OnAlias(const YAML::Mark&, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    Attach(found == anchors_.end() ? Make(0, "") : found->second);
  }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                const std::string& value) override {
    Add(mark, anchor, value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open_.push_back({.node = Add(mark, anchor, ""), .is_map = false});
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open_.push_back({.node = Add(mark, anchor, ""), .is_map = true});
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  struct Open {
    int node = 0;
    bool is_map = false;
    int key = -1;  // node of the key that waits for its value
  };

  int Make(int line, const std::string& scalar) {
    nodes_.push_back({.line = line, .scalar = scalar});
    return static_cast<int>(nodes_.size()) - 1;
  }

  int Add(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& scalar) {
    const int node = Make(mark.line + 1, scalar);
    if (anchor != YAML::NullAnchor) anchors_[anchor] = node;
    Attach(node);
    return node;
  }

  // Puts a finished or begun node into what is open: as item, key or value.
  void Attach(int node) {
    if (open_.empty()) return;
    Open& open = open_.back();
    if (!open.is_map) {
      nodes_[At(open.node)].items.push_back(node);
    } else if (open.key < 0) {
      open.key = node;
    } else {
      const Node& key = nodes_[At(open.key)];
      if (key.scalar == "<<") {
        nodes_[At(open.node)].merged.push_back(node);
      } else {
        nodes_[At(open.node)].entries[key.scalar] = {node, key.line};
      }
      open.key = -1;
    }
  }

  static std::size_t At(int node) { return static_cast<std::size_t>(node); }

  std::vector<Node>& nodes_;
  std::unordered_map<YAML::anchor_t, int> anchors_;
  std::vector<Open> open_;
};

// "services.redis.ports[0]": names and numbers. Names may hold dots
// ("sysctls.net.ipv4.ip_forward"): the search below tries them joined.
struct Step {
  std::string name;
  int index = -1;  // >= 0: an item, not a name
};

std::vector<Step> Steps(std::string_view field) {
  std::vector<Step> steps;
  std::string name;
  const auto end_name = [&] {
    if (!name.empty()) steps.push_back({name, -1});
    name.clear();
  };
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] == '.') {
      end_name();
    } else if (field[i] == '[') {
      end_name();
      int index = 0;
      const auto [end, error] =
          std::from_chars(field.data() + i + 1, field.data() + field.size(), index);
      if (error == std::errc() && index >= 0) steps.push_back({"", index});
      i = static_cast<std::size_t>(end - field.data());
    } else {
      name += field[i];
    }
  }
  end_name();
  return steps;
}

}  // namespace

// How far a field was found in a file.
struct ComposeLines::Reach {
  std::size_t depth = 0;  // steps found
  int line = 0;
  int node = 0;
};

struct ComposeLines::File {
  std::string name;
  std::vector<Node> nodes;

  const Node& At(int node) const { return nodes[static_cast<std::size_t>(node)]; }

  // Entry of a mapping, through merge keys; {-1, 0}: none.
  std::pair<int, int> Entry(int node, const std::string& name, int& merges) const {
    const Node& at = this->At(node);
    if (const auto found = at.entries.find(name); found != at.entries.end()) return found->second;
    // `environment: [NAME=value]`, `networks: [backend]`: lists that stand for mappings.
    for (const int item : at.items) {
      const std::string& text = this->At(item).scalar;
      if (text.starts_with(name) &&
          (text.size() == name.size() || text[name.size()] == '=' || text[name.size()] == ':')) {
        return {item, this->At(item).line};
      }
    }
    for (const int merged : at.merged) {
      std::vector<int> sources = this->At(merged).items;
      if (sources.empty()) sources.push_back(merged);
      for (const int source : sources) {
        if (++merges > kMostMerges) return {-1, 0};
        if (const auto found = Entry(source, name, merges); found.first >= 0) return found;
      }
    }
    return {-1, 0};
  }

  // Moves on by an item of a list. `before`: items of that list in earlier files.
  bool TakeItem(int index, int& before, Reach& reach) const {
    const std::vector<int>& items = At(reach.node).items;
    index -= before;
    before += static_cast<int>(items.size());
    if (index < 0 || index >= static_cast<int>(items.size())) return false;
    const int node = items[static_cast<std::size_t>(index)];
    reach = {reach.depth + 1, At(node).line, node};
    return true;
  }

  // Moves on by a name, or by several that are one name with dots in it.
  bool TakeName(const std::vector<Step>& steps, Reach& reach) const {
    std::string name;
    const std::size_t end = std::min(steps.size(), reach.depth + kMostDots);
    for (std::size_t i = reach.depth; i < end && steps[i].index < 0; ++i) {
      name += (name.empty() ? "" : ".") + steps[i].name;
      int merges = 0;
      const auto [node, line] = Entry(reach.node, name, merges);
      if (node < 0) continue;
      reach = {i + 1, line, node};
      return true;
    }
    return false;
  }
};

ComposeLines::ComposeLines(const std::vector<ComposeText>& files) {
  for (const ComposeText& text : files) {
    auto file = std::make_unique<File>();
    file->name = text.name;
    try {
      std::istringstream stream(text.text);
      YAML::Parser parser(stream);
      Builder builder(file->nodes);
      parser.HandleNextDocument(builder);
    } catch (const YAML::Exception&) {
      continue;
    }
    if (!file->nodes.empty()) files_.push_back(std::move(file));
  }
}

ComposeLines::~ComposeLines() = default;

bool ComposeLines::FindExactly(std::string_view field, ComposeLine& best) const {
  const std::vector<Step> steps = Steps(field);
  std::size_t best_depth = 0;
  std::map<std::size_t, int> items_before;  // by step
  for (const auto& file : files_) {
    Reach reach;
    while (reach.depth < steps.size()) {
      const std::size_t at = reach.depth;
      const bool found = steps[at].index >= 0
                             ? file->TakeItem(steps[at].index, items_before[at], reach)
                             : file->TakeName(steps, reach);
      if (!found) break;
    }
    // Found whole, a later file overrides; in part, the service is where it was introduced.
    const bool whole = reach.depth == steps.size() && reach.depth > 0;
    if (reach.depth > best_depth || (whole && reach.depth == best_depth)) {
      best = {file->name, reach.line};
      best_depth = reach.depth;
    }
  }
  return best_depth == steps.size();
}

ComposeLine ComposeLines::Find(std::string_view field) const {
  // Limits have an older spelling each.
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kOlder = {{
      {"deploy.resources.limits.memory", "mem_limit"},
      {"deploy.resources.limits.cpus", "cpus"},
      {"deploy.resources.limits.pids", "pids_limit"},
  }};
  ComposeLine best;
  if (FindExactly(field, best)) return best;
  for (const auto& [newer, older] : kOlder) {
    if (!field.ends_with(newer)) continue;
    ComposeLine other;
    std::string spelled(field.substr(0, field.size() - newer.size()));
    if (FindExactly(spelled + std::string(older), other)) return other;
  }
  return best;
}

}  // namespace proving_ground::audit
