#include "compose/services/gateway/redis_stores.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>

#include "compose/services/common/log.h"
#include "compose/services/common/redis_client.h"
#include "compose/services/common/secret_file.h"

namespace platform {

class RedisStores::Store : public TeamStore {
 public:
  Store(asio::io_context& context, RedisClient::Options options)
      : client_(context.get_executor(), std::move(options)) {}

  asio::awaitable<RedisReply> Command(std::vector<std::string> args) override {
    return client_.Command(std::move(args));
  }

  RedisClient& client() { return client_; }

 private:
  RedisClient client_;
};

RedisStores::RedisStores(asio::io_context& context, const Options& options,
                         const std::vector<std::string>& teams) {
  for (const std::string& team : teams) {
    RedisClient::Options redis;
    redis.host = options.redis.host;
    redis.port = options.redis.port;
    redis.unix_socket = options.unix_socket;
    redis.user = options.account(team);
    redis.password = [file = options.password_dir / ("redis-" + redis.user)] {
      return ReadSecretFile(file);
    };
    redis.password();
    redis.client_name = options.client_name;
    redis.command_timeout = options.timeout;
    redis.on_change = [team](bool connected, const std::string& reason) {
      if (connected) {
        Log(Level::kInfo, "redis_connected", {{"team", team}});
      } else {
        Log(Level::kWarning, "redis_lost", {{"team", team}, {"reason", reason}});
      }
    };
    stores_.emplace(team, std::make_unique<Store>(context, std::move(redis)));
  }
}

RedisStores::~RedisStores() = default;

void RedisStores::Start() {
  for (auto& entry : stores_) entry.second->client().Start();
}

void RedisStores::Stop() {
  for (auto& entry : stores_) entry.second->client().Stop();
}

TeamStore* RedisStores::Find(std::string_view team) {
  const auto store = stores_.find(team);
  return store == stores_.end() ? nullptr : store->second.get();
}

std::size_t RedisStores::available() const {
  return static_cast<std::size_t>(
      std::count_if(stores_.begin(), stores_.end(),
                    [](const auto& entry) { return entry.second->client().connected(); }));
}

}  // namespace platform
