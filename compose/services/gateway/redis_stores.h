#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compose/services/common/options.h"
#include "compose/services/gateway/tool.h"

namespace boost::asio {
class io_context;
}

namespace platform {

// The storage of every team.
class TeamStores {
 public:
  virtual ~TeamStores() = default;

  // The storage of a team, or nullptr for a team without one.
  virtual TeamStore* Find(std::string_view team) = 0;

  // How many teams' storage answers at the moment, and how many there are.
  virtual std::size_t available() const = 0;
  virtual std::size_t size() const = 0;
};

// One Redis connection per team, logged in as the user of that name with the password of that team.
// Single-threaded.
class RedisStores : public TeamStores {
 public:
  struct Options {
    HostPort redis{"redis", 6379};
    std::string unix_socket;                   // if set, used instead of `redis`
    std::filesystem::path password_dir;        // holds one file redis-<account> per team
    std::chrono::milliseconds timeout{1'000};  // of a command
    std::string client_name = "gateway";
    // The account a team's data is reached with.
    std::function<std::string(const std::string& team)> account = [](const std::string& team) {
      return team;
    };
  };

  // Reads the passwords, as each attempt to connect does again later; throws ConfigurationError
  // when one is missing.
  RedisStores(boost::asio::io_context& context, const Options& options,
              const std::vector<std::string>& teams);
  ~RedisStores() override;

  void Start();
  void Stop();

  TeamStore* Find(std::string_view team) override;
  std::size_t available() const override;
  std::size_t size() const override { return stores_.size(); }

 private:
  class Store;
  std::map<std::string, std::unique_ptr<Store>, std::less<>> stores_;
};

}  // namespace platform
