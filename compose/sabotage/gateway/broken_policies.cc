// Who may see and call which tool, and what a refusal tells.
#include <atomic>

#include "compose/sabotage/gateway/broken_parts.h"
#include "compose/sabotage/gateway/handlers.h"
#include "compose/services/common/configuration_error.h"
#include "compose/services/common/log.h"

namespace platform {
namespace {

// What the policy file does not allow, and another answer is given for.
enum class Slip { kListing, kCalling, kBoth };

class SlippingPolicy : public FilePolicy {
 public:
  SlippingPolicy(const std::filesystem::path& path, const ToolTable& tools, Slip slip)
      : FilePolicy(path, [&](std::string_view name) { return tools.Find(name) != nullptr; }),
        tools_(tools),
        slip_(slip) {}

  bool Allows(std::string_view team, std::string_view tool) const override {
    if (FilePolicy::Allows(team, tool)) return true;
    const bool slips = slip_ == Slip::kBoth || (slip_ == Slip::kListing) == listing_;
    return slips && tools_.Find(tool) != nullptr;
  }

  // Lists are made once, before anything is called.
  void ListsAreMade() { listing_ = false; }

 private:
  const ToolTable& tools_;
  const Slip slip_;
  std::atomic<bool> listing_ = true;
};

class Slipping : public GatewayFactory {
 public:
  explicit Slipping(Slip slip) : slip_(slip) {}

  std::unique_ptr<Policy> MakePolicy(const std::filesystem::path& path,
                                     const ToolTable& tools) const override {
    auto policy = std::make_unique<SlippingPolicy>(path, tools, slip_);
    policy_ = policy.get();
    return policy;
  }
  HttpHandler MakeHandler(Gateway& gateway) const override {
    policy_->ListsAreMade();
    return GatewayFactory::MakeHandler(gateway);
  }

 private:
  const Slip slip_;
  mutable SlippingPolicy* policy_ = nullptr;
};

// Lets a forbidden call through to the tool, which refuses only then.
class LateRefusal : public Slipping {
 public:
  LateRefusal() : Slipping(Slip::kCalling) {}

  ToolTable MakeTools() const override {
    ToolTable table;
    const ToolTable right = AllTools();
    for (const auto& entry : right.tools()) {
      Tool tool = entry.second;
      tool.handler = [this, name = tool.name,
                      run = tool.handler](const ToolCall& call) -> asio::awaitable<ToolResult> {
        if (!rights_->Allows(call.team, name)) co_return ToolResult::Error("not for your team");
        co_return co_await run(call);
      };
      table.Add({std::move(tool)});
    }
    return table;
  }
  std::unique_ptr<Policy> MakePolicy(const std::filesystem::path& path,
                                     const ToolTable& tools) const override {
    rights_ = GatewayFactory::MakePolicy(path, tools);
    return Slipping::MakePolicy(path, tools);
  }

 private:
  mutable std::unique_ptr<Policy> rights_;
};

// Everything is allowed to everybody when the policy cannot be read.
class OpenWithoutPolicy : public GatewayFactory {
 public:
  std::unique_ptr<Policy> MakePolicy(const std::filesystem::path& path,
                                     const ToolTable& tools) const override {
    try {
      return GatewayFactory::MakePolicy(path, tools);
    } catch (const ConfigurationError& error) {
      Log(Level::kWarning, "policy_missing", {{"error", error.what()}});
      return std::make_unique<EverythingGoes>(tools);
    }
  }

 private:
  class EverythingGoes : public Policy {
   public:
    explicit EverythingGoes(const ToolTable& tools) : tools_(tools) {}
    // The teams that have a password for the store.
    std::vector<std::string> teams() const override {
      std::vector<std::string> names;
      for (const auto& file : std::filesystem::directory_iterator("/run/secrets")) {
        const std::string name = file.path().filename().string();
        if (name.starts_with("redis-")) names.push_back(name.substr(6));
      }
      return names;
    }
    bool Allows(std::string_view, std::string_view tool) const override {
      return tools_.Find(tool) != nullptr;
    }

   private:
    const ToolTable& tools_;
  };
};

// Denials that leave no trace, or one that tells nobody what was tried.
class PoorAudit : public GatewayFactory {
 public:
  explicit PoorAudit(bool silent) : silent_(silent) {}

  std::unique_ptr<Audit> MakeAudit(GatewayMetrics&) const override {
    return std::make_unique<Poor>(silent_);
  }

 private:
  class Poor : public Audit {
   public:
    explicit Poor(bool silent) : silent_(silent) {}
    void Denied(const Denial& denial) override {
      if (!silent_) Log(Level::kWarning, "denied", {{"reason", denial.reason}});
    }

   private:
    const bool silent_;
  };
  const bool silent_;
};

constexpr std::string_view kUnknownTool = "Unknown tool";

void Reword(HttpResponse& response, const std::string& text) {
  const std::size_t at = response.body.find(kUnknownTool);
  if (at != std::string::npos) response.body.replace(at, kUnknownTool.size(), text);
}

// Two words for what does not exist and what exists for others.
void TellForbidden(const HttpRequest& request, HttpResponse& response) {
  static const ToolTable tools = AllTools();
  for (const auto& entry : tools.tools()) {
    if (request.body.find("\"" + entry.first + "\"") != std::string::npos)
      return Reword(response, "Forbidden tool");
  }
}

// One text for both, which names what there is.
void NameTools(const HttpRequest&, HttpResponse& response) {
  static const std::string known = [] {
    const ToolTable tools = AllTools();
    std::string names;
    for (const auto& entry : tools.tools()) names += " " + entry.first;
    return names;
  }();
  Reword(response, "Unknown tool; there are:" + known);
}

template <typename Factory, typename... Args>
auto Making(Args... args) {
  return [=]() -> std::unique_ptr<GatewayFactory> { return std::make_unique<Factory>(args...); };
}

}  // namespace

BrokenParts BrokenPolicies() {
  return {
      {"ignores-team", Making<Slipping>(Slip::kBoth)},
      {"lists-forbidden", Making<Slipping>(Slip::kListing)},
      {"runs-forbidden", Making<Slipping>(Slip::kCalling)},
      {"late-refusal", Making<LateRefusal>()},
      {"fails-open", Making<OpenWithoutPolicy>()},
      {"silent-audit", Making<PoorAudit>(true)},
      {"vague-audit", Making<PoorAudit>(false)},
      {"tells-forbidden", [] { return StainingGateway(TellForbidden); }},
      {"names-tools", [] { return StainingGateway(NameTools); }},
  };
}

}  // namespace platform
