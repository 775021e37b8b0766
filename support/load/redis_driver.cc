// Driver for plain Redis keys: a list that takes tasks, a hash per task that tells its state.
#include <nlohmann/json.hpp>

#include "support/load/polling_driver.h"
#include "support/redis/redis_client.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;

RedisClient::Options Options(const RedisDriverAccess& access, milliseconds deadline) {
  RedisClient::Options options;
  options.host = access.host;
  options.port = access.port;
  options.unix_socket = access.unix_socket;
  options.user = access.user;
  options.password = access.password;
  options.connect_within = deadline;
  options.answer_within = deadline;
  return options;
}

class RedisDriver : public PollingDriver {
 public:
  RedisDriver(const DriverContract& contract, const std::string& team,
              const RedisDriverAccess& access, milliseconds deadline)
      : PollingDriver(contract),
        team_(team),
        submitter_(Options(access, deadline)),
        reader_(Options(access, deadline)) {
    Read("none");  // the account may read states
  }

  SubmitResult Submit(const Task& task) override {
    Watch(task.id);
    const std::string list = FillPlaceholders(contract_.list, team_, task.id);
    try {
      submitter_.Command({"LPUSH", list, TaskPayload(task).dump()});
      return {SubmitOutcome::kAccepted, ""};
    } catch (const RedisRefused& refused) {
      return {SubmitOutcome::kRefused, refused.what()};
    } catch (const RedisUnavailable& error) {
      return {error.sent() ? SubmitOutcome::kUnknown : SubmitOutcome::kRefused, error.what()};
    }
  }

  std::optional<TaskRecord> Read(const std::string& task) override {
    const RedisReply state = reader_.Command({"HGET", StatusKey(task), contract_.field});
    if (state.type == RedisReply::Type::kNil) return std::nullopt;
    return FromState(state.text);
  }

  std::optional<TaskRecord> Collect(const std::string& task) override {
    Forget(task);
    std::optional<TaskRecord> record = Read(task);
    if (record.has_value()) reader_.Command({"DEL", StatusKey(task)});
    return record;
  }

 private:
  std::string StatusKey(const std::string& task) const {
    return FillPlaceholders(contract_.status, team_, task);
  }

  const std::string team_;
  RedisClient submitter_;  // used by Submit's thread only
  RedisClient reader_;     // used by the other thread only
};

}  // namespace

std::unique_ptr<TaskDriver> MakeRedisDriver(const DriverContract& contract, const std::string& team,
                                            const RedisDriverAccess& access,
                                            milliseconds deadline) {
  return std::make_unique<RedisDriver>(contract, team, access, deadline);
}

}  // namespace proving_ground
