#include "compose/services/gateway/tool_table.h"

#include <algorithm>
#include <stdexcept>

#include "compose/services/gateway/tools/tools.h"

namespace platform {

void ToolTable::Add(std::vector<Tool> tools) {
  for (Tool& tool : tools) {
    const bool well_named =
        !tool.name.empty() && std::all_of(tool.name.begin(), tool.name.end(), [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        });
    std::string name = tool.name;
    if (!well_named || !tools_.emplace(name, std::move(tool)).second) {
      throw std::logic_error("tool '" + name + "' is misnamed or there twice");
    }
  }
}

const Tool* ToolTable::Find(std::string_view name) const {
  const auto found = tools_.find(name);
  return found == tools_.end() ? nullptr : &found->second;
}

ToolTable AllTools() {
  ToolTable table;
  table.Add(TextTools());
  table.Add(MemoryTools());
  table.Add(JournalTools());
  table.Add(LedgerTools());
  table.Add(PublishTools());
  return table;
}

}  // namespace platform
