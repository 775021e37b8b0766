#include "support/audit/sweep/redis_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "support/audit/secrets/value_shape.h"
#include "support/base/poll.h"

namespace proving_ground {
namespace {

constexpr std::int64_t kMaxString = 1 << 20;  // bytes of one string that are read

class Reader {
 public:
  Reader(RedisClient& redis, const std::string& service, const RedisValueLimits& limits,
         Sweep& sweep)
      : redis_(redis),
        place_{.service = service},
        limits_(limits),
        sweep_(sweep),
        deadline_(Within(limits.time)) {}

  // Each type by itself: SCAN then tells the type without a question for each key.
  void ReadDatabase(const std::string& database) {
    redis_.Command({"SELECT", database});
    for (const char* type : {"string", "hash", "list", "set", "zset", "stream"}) {
      std::string cursor = "0";
      do {
        const RedisReply page = redis_.Command({"SCAN", cursor, "COUNT", "1000", "TYPE", type});
        cursor = page.elements.at(0).text;
        for (const RedisReply& key : page.elements.at(1).elements) {
          if (!Continues()) return;
          ReadKey(key.text, type);
        }
      } while (cursor != "0");
    }
  }

  std::int64_t keys() const { return keys_; }

 private:
  bool Continues() {
    if (cut_) return false;
    std::string why;
    if (keys_ >= limits_.keys) why = fmt::format("{} keys", limits_.keys);
    if (bytes_ >= limits_.bytes) why = fmt::format("{} bytes", limits_.bytes);
    if (deadline_.Passed()) why = DurationText(limits_.time);
    if (why.empty()) return true;
    cut_ = true;
    sweep_.CannotSearch(Area::kRedisValue, place_, "there is more than was looked at in " + why);
    return false;
  }

  void ReadKey(const std::string& key, const std::string& type) {
    ++keys_;
    place_.object = "key " + Shown(key);
    Search(key, TextKind::kRedisValue);
    if (type == "string") {
      // The last part of the name says what the value is.
      const std::string name = key.substr(key.find_last_of(':') + 1);
      const RedisReply value =
          redis_.Command({"GETRANGE", key, "0", std::to_string(kMaxString - 1)});
      if (static_cast<std::int64_t>(value.text.size()) == kMaxString) Cut("bytes of one string");
      Search(name + "=" + value.text, TextKind::kRedisValue);
    } else if (type == "hash") {
      ForEachPage("HSCAN", key, [this](const RedisReply& page) { SearchPairs(page); });
    } else if (type == "set") {
      ForEachPage("SSCAN", key, [this](const RedisReply& page) { SearchEach(page); });
    } else if (type == "list") {
      SearchEach(AtMost(redis_.Command({"LRANGE", key, "0", std::to_string(limits_.elements)})));
    } else if (type == "zset") {
      SearchEach(AtMost(redis_.Command({"ZRANGE", key, "0", std::to_string(limits_.elements)})));
    } else {
      ReadStream(key);
    }
  }

  // The newest entries first, page by page.
  void ReadStream(const std::string& key) {
    std::string end = "+";
    for (std::int64_t elements = 0; elements < limits_.elements;) {
      const RedisReply page = redis_.Command({"XREVRANGE", key, end, "-", "COUNT", "1000"});
      if (page.elements.empty()) return;
      for (const RedisReply& entry : page.elements) {
        if (entry.elements.size() == 2) SearchPairs(entry.elements[1]);
      }
      elements += static_cast<std::int64_t>(page.elements.size());
      end = "(" + page.elements.back().elements.at(0).text;
      if (!Continues()) return;
    }
    if (!redis_.Command({"XREVRANGE", key, end, "-", "COUNT", "1"}).elements.empty()) {
      Cut("elements of one key");
    }
  }

  // One element more than is looked at was asked for, to see whether there are more.
  RedisReply AtMost(RedisReply reply) {
    if (static_cast<std::int64_t>(reply.elements.size()) > limits_.elements) {
      Cut("elements of one key");
    }
    return reply;
  }

  template <typename Visitor>
  void ForEachPage(const char* command, const std::string& key, const Visitor& visit) {
    std::string cursor = "0";
    std::int64_t elements = 0;
    do {
      const RedisReply page = redis_.Command({command, key, cursor, "COUNT", "1000"});
      cursor = page.elements.at(0).text;
      elements += static_cast<std::int64_t>(page.elements.at(1).elements.size());
      visit(page.elements.at(1));
      if (elements > 2 * limits_.elements) return Cut("elements of one key");
    } while (cursor != "0");
  }

  void Cut(const std::string& what) {
    sweep_.CannotSearch(Area::kRedisValue, place_,
                        "there are more " + what + " than are looked at");
  }

  void SearchPairs(const RedisReply& pairs) {
    for (size_t i = 0; i + 1 < pairs.elements.size(); i += 2) {
      Search(pairs.elements[i].text + "=" + pairs.elements[i + 1].text, TextKind::kRedisValue);
    }
  }
  void SearchEach(const RedisReply& values) {
    for (const RedisReply& value : values.elements) Search(value.text, TextKind::kRedisValue);
  }

  void Search(const std::string& text, TextKind kind) {
    bytes_ += static_cast<std::int64_t>(text.size());
    sweep_.Search(Area::kRedisValue, place_, text, kind);
  }

  // The name of a key may hold the secret itself: its first parts are shown as long as they are
  // words, and never the last one.
  static std::string Shown(std::string_view key) {
    std::string shown;
    for (int part = 0; part < 3; ++part) {
      const size_t end = key.find(':');
      if (end == std::string_view::npos || !IsWords(key.substr(0, end))) break;
      shown += ShownText(key.substr(0, end), 40) + ":";
      key.remove_prefix(end + 1);
    }
    return shown + "…";
  }

  RedisClient& redis_;
  Place place_;
  const RedisValueLimits& limits_;
  Sweep& sweep_;
  Deadline deadline_;
  std::int64_t keys_ = 0;
  std::int64_t bytes_ = 0;
  bool cut_ = false;
};

}  // namespace

std::int64_t SearchRedis(RedisClient& redis, const std::string& service,
                         const RedisValueLimits& limits, Sweep& sweep) {
  Reader reader(redis, service, limits, sweep);
  for (const auto& [database, facts] : redis.Info("keyspace")) {
    if (database.starts_with("db")) reader.ReadDatabase(database.substr(2));
  }
  redis.Command({"SELECT", "0"});
  return reader.keys();
}

}  // namespace proving_ground
