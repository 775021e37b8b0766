// An MCP gateway of a test's own: as good as the protocol asks, but for the one defect that a test
// gives it. It shares nothing with the gateway of the reference stack.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "support/attacks/mcp/mcp_sender.h"
#include "support/attacks/mcp/signing_key.h"
#include "support/attacks/mcp/store_search.h"
#include "support/base/file_descriptor.h"

namespace proving_ground {

enum class Defect {
  kNone,
  kListsEverything,   // shows every tool to every team
  kIgnoresTeam,       // lets every team call every tool
  kOneStore,          // keeps the notes of all teams together
  kTrustsHeader,      // takes the team from X-Team
  kTellsForbidden,    // refuses a tool of others with words of its own
  kNoAudit,           // says nothing about denials
  kLooseNames,        // finds tools by a name with something around it
  kNoSignature,       // does not check signatures
  kAlgorithmOfToken,  // lets the token say that it is not signed
  kKeyOfToken,        // verifies with the key that the token offers
  kNoExpiry,
  kNoNotBefore,
  kNoAudience,
  kAudiencePrefix,
  kNoIssuer,
  kUnknownTeams,        // serves teams that it does not know
  kFirstAuthorization,  // takes the first of two Authorization headers
  kTokenInQuery,
  kConnectionTrust,  // remembers the caller of a connection
  kLoosePaths,       // looks for tokens on the plain path only
  kNoHostCheck,
  kNoOriginCheck,
  kRunsBatches,
  kRunsNotifications,
  kNoEraCheck,
  kNoMirrorCheck,  // does not compare Mcp-Name and Mcp-Method with the body
  kLastKeyWins,    // reads JSON as it comes
  kNoFramingCheck,
  kRawKeys,        // makes keys of the store out of what callers send
  kNoLimits,       // takes requests of any size
  kFailsWhenDeep,  // answers deep nesting with an error of its own
  kDiesWhenDeep,   // and loses its life over it
  kNamesTools,     // names the tools of all when it refuses
  kEchoesToken,    // repeats a token that it refuses
  kHoards,         // keeps what it refuses
  kHoldsSlow,      // waits for slow clients for ever
  kPrefixedKeys,   // makes keys of the team's own out of what callers send
  kFencedKeys,     // asks the store for raw keys, which refuses them
  kSlowsAll,       // slows everybody down when many ask
};

class ScriptedGateway : public StoreSearch {
 public:
  explicit ScriptedGateway(Defect defect);
  ~ScriptedGateway() override;

  // A sender of the team with a rightful token.
  McpSender Team(const std::string& team) const;
  std::map<std::string, McpSender> Teams() const;
  static std::map<std::string, std::vector<std::string>> Tools();
  const SigningKey& key() const { return key_; }

  std::string Log();
  int lives() const { return lives_; }
  std::vector<std::string> KeysHolding(const std::string& text) override;
  void Plant(const std::string& key, const std::string& text) override;
  bool Stands(const std::string& key, const std::string& text) override;
  std::vector<std::string> KeysRefused(const std::string& text) override;
  void Purge(const std::string& text) override;
  // Bytes that it keeps of requests it has refused.
  std::int64_t hoarded() const { return hoarded_; }

 private:
  struct Incoming;
  struct Outgoing {
    int status = 200;
    std::string body;
    bool close = false;
  };

  bool Is(Defect defect) const { return defect_ == defect; }
  void Accept(const std::stop_token& stop);
  void Serve(const FileDescriptor& socket, const std::stop_token& stop);
  bool Receive(const FileDescriptor& socket, const std::stop_token& stop, std::string& buffer,
               Incoming& request, Outgoing& refusal) const;
  Outgoing Answer(const Incoming& request, std::string& connection_team);
  std::string Authorize(const Incoming& request) const;
  std::string TeamOf(const std::string& token) const;
  bool IsSigned(const std::string& text, const std::string& signature,
                const nlohmann::json& header) const;
  Outgoing AnswerMessage(const std::string& team, const Incoming& request,
                         const nlohmann::json& message);
  bool IsDisguised(const Incoming& request, const nlohmann::json& message) const;
  nlohmann::json Call(const std::string& team, const nlohmann::json& params);
  nlohmann::json Run(const std::string& team, const std::string& tool,
                     const nlohmann::json& arguments);
  std::string KeyOf(const std::string& team, const std::string& field) const;

  const Defect defect_;
  const SigningKey key_;
  std::mutex mutex_;  // of what follows
  std::map<std::string, std::map<std::string, std::string>> store_;
  std::string log_;
  std::vector<std::string> refused_keys_;
  std::atomic<int> lives_ = 1;
  std::atomic<std::int64_t> hoarded_ = 0;
  std::atomic<int> asking_ = 0;
  FileDescriptor listener_;
  int port_ = 0;
  std::jthread thread_;
};

}  // namespace proving_ground
