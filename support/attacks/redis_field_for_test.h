// For tests only: a Redis of their own with two teams, whose accounts are as the test wants them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/attacks/redis_access.h"
#include "support/redis/private_redis.h"

namespace proving_ground {

class RedisFieldForTest {
 public:
  // Rights of team red; those of team blue are right, and so are red's when `rights` is empty.
  explicit RedisFieldForTest(std::vector<std::string> rights = {}) {
    SetUser("operator", {"~*", "&*", "+@all"});
    SetUser("red", rights.empty() ? Rights("red") : std::move(rights));
    SetUser("blue", Rights("blue"));
    field.operator_account = Party("operator");
    field.teams = {Party("red"), Party("blue")};
    field.nonce = "run";
  }

  // What a team needs: its own keys and channels, commands by name.
  static std::vector<std::string> Rights(const std::string& team) {
    return {"~team:" + team + ":*",
            "&team:" + team + ":*",
            "+@string",
            "+@hash",
            "+@list",
            "+@set",
            "+@sortedset",
            "+@stream",
            "+@transaction",
            "+eval",
            "+evalsha",
            "+del",
            "+unlink",
            "+exists",
            "+expire",
            "+persist",
            "+ttl",
            "+type",
            "+publish",
            "+subscribe",
            "+psubscribe",
            "+ping",
            "+auth",
            "+hello",
            "-@admin",
            "-@dangerous"};
  }
  // The same with some taken away or added.
  static std::vector<std::string> RightsAnd(const std::vector<std::string>& more) {
    std::vector<std::string> rights = Rights("red");
    rights.insert(rights.end(), more.begin(), more.end());
    return rights;
  }

  void SetUser(const std::string& name, const std::vector<std::string>& rights) {
    std::vector<std::string> command = {"ACL", "SETUSER", name, "reset", "on", ">of-" + name};
    command.insert(command.end(), rights.begin(), rights.end());
    Chief().Command(command);
  }
  // As a stack should have it.
  void CloseDefaultUser() { Chief().Command({"ACL", "SETUSER", "default", "reset", "off"}); }

  RedisParty Party(const std::string& name) const {
    RedisParty party = {.name = name,
                        .access = server.options(),
                        .key_prefix = "team:" + name + ":canary",
                        .channel = "team:" + name + ":channel"};
    party.access.user = name;
    party.access.password = "of-" + name;
    return party;
  }

  PrivateRedis server;
  RedisField field;

 private:
  // The operator, once there is one.
  RedisClient Chief() const {
    return RedisClient(field.nonce.empty() ? server.options() : field.operator_account.access);
  }
};

}  // namespace proving_ground
