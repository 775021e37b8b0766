// RevokeUser and RotatePassword of redis_faults.h.
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "support/base/files.h"
#include "support/faults/in_place.h"
#include "support/faults/redis_access.h"
#include "support/faults/redis_canary.h"
#include "support/faults/redis_faults.h"
#include "support/faults/sha256.h"

namespace proving_ground {
namespace {

using namespace std::chrono_literals;

constexpr auto kOperatorTime = 10s;
constexpr unsigned kOwnerOnly = 0600;

RedisClient Operator(const FaultContext& context) {
  return ConnectAsOperator(context, Within(kOperatorTime));
}

// One field of ACL GETUSER, which answers with names and values in turn.
std::vector<std::string> AccountField(RedisClient& redis, const std::string& user,
                                      const std::string& field) {
  const RedisReply account = redis.Command({"ACL", "GETUSER", user});
  std::vector<std::string> values;
  for (size_t i = 0; i + 1 < account.elements.size(); i += 2) {
    if (account.elements[i].text != field) continue;
    for (const RedisReply& value : account.elements[i + 1].elements) values.push_back(value.text);
  }
  return values;
}

Fault AccountFault(const char* name, const FaultContext& context, const RedisAccount& client) {
  Fault fault = RedisFault(name, context, client);
  fault.target = client.user;
  if (fault.unavailable.empty() && client.user == context.redis_operator->user) {
    fault.unavailable = client.user + " is the operator, who must take the fault back";
  }
  return fault;
}

std::filesystem::path BackupOf(const std::filesystem::path& password_file) {
  return password_file.string() + ".before-rotation";
}

std::string NewPassword() {
  std::array<char, 32> random;
  if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size())) {
    throw SystemError("making a password", errno);
  }
  return Sha256({random.data(), random.size()});
}

void Rotate(const FaultContext& context, const RedisAccount& client) {
  RedisClient redis = Operator(context);
  const std::filesystem::path backup = BackupOf(client.password_file);
  if (std::filesystem::exists(backup)) {
    throw EnvironmentError("an earlier password lies in " + backup.string(),
                           "take the earlier rotation back first");
  }
  WriteFileAtomically(backup, ReadFile(client.password_file), kOwnerOnly);
  const std::string password = NewPassword();
  OverwriteInPlace(client.password_file, password + "\n");
  redis.Command({"ACL", "SETUSER", client.user, "resetpass", "#" + Sha256(password)});
  redis.Command({"CLIENT", "KILL", "USER", client.user});
}

}  // namespace

Fault RevokeUser(const FaultContext& context, const RedisAccount& client) {
  Fault fault = AccountFault("revoke user", context, client);
  if (!fault.unavailable.empty()) return fault;
  fault.undo = {RedisCommands{{{"ACL", "SETUSER", client.user, "on"}}}};
  fault.inject = [context, client] {
    RedisClient redis = Operator(context);
    redis.Command({"ACL", "SETUSER", client.user, "off"});
    redis.Command({"CLIENT", "KILL", "USER", client.user});
  };
  fault.effect = [context, client]() -> std::optional<std::string> {
    const auto refusal = RefusalOfPassword(context, client, ReadPassword(client.password_file));
    if (!refusal || !refusal->starts_with("WRONGPASS")) return std::nullopt;
    return client.user + " is told: " + *refusal;
  };
  return fault;
}

Fault RotatePassword(const FaultContext& context, const RedisAccount& client) {
  Fault fault = AccountFault("rotate password", context, client);
  if (!fault.unavailable.empty()) return fault;
  RedisAccount account = client;  // the journal is read in other folders
  account.password_file = std::filesystem::absolute(client.password_file);
  RedisClient redis = Operator(context);
  if (AccountField(redis, account.user, "passwords") !=
      std::vector<std::string>{Sha256(ReadPassword(account.password_file))}) {
    fault.unavailable = account.user + " has other passwords than the one in its file";
  }
  const std::filesystem::path backup = BackupOf(account.password_file);
  fault.undo = {RestoreFile{account.password_file, backup},
                RedisCommands{{{"ACL", "SETUSER", account.user, "resetpass",
                                "#@sha256:" + account.password_file.string()}}}};
  fault.inject = [context, account] { Rotate(context, account); };
  fault.effect = [context, account, backup]() -> std::optional<std::string> {
    if (!std::filesystem::exists(backup)) return std::nullopt;
    const auto refusal = RefusalOfPassword(context, account, ReadPassword(backup));
    if (!refusal || !refusal->starts_with("WRONGPASS")) return std::nullopt;
    if (std::string why; !CanWrite(context, account, why)) return std::nullopt;
    return account.user + " is refused with the old password and served with the new one";
  };
  return fault;
}

}  // namespace proving_ground
