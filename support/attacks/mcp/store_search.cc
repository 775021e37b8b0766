#include "support/attacks/mcp/store_search.h"

namespace proving_ground {
namespace {

using Command = std::vector<std::string>;

constexpr const char* kMostEntries = "1000";

bool Holds(const RedisReply& reply, const std::string& text) {
  if (reply.text.find(text) != std::string::npos) return true;
  for (const RedisReply& element : reply.elements) {
    if (Holds(element, text)) return true;
  }
  return false;
}

// Reads all of a key, or the newest of it.
Command ReadAll(const std::string& key, const std::string& type) {
  if (type == "string") return {"GET", key};
  if (type == "hash") return {"HGETALL", key};
  if (type == "list") return {"LRANGE", key, std::string("-") + kMostEntries, "-1"};
  if (type == "set") return {"SMEMBERS", key};
  if (type == "zset") return {"ZRANGE", key, "0", "-1"};
  return {"XREVRANGE", key, "+", "-", "COUNT", kMostEntries};
}

Command RemoveEntry(const std::string& key, const std::string& type, const std::string& entry) {
  if (type == "hash") return {"HDEL", key, entry};
  if (type == "list") return {"LREM", key, "0", entry};
  if (type == "set") return {"SREM", key, entry};
  if (type == "zset") return {"ZREM", key, entry};
  return {"XDEL", key, entry};
}

bool IsSearchable(const std::string& type) {
  return type == "string" || type == "hash" || type == "list" || type == "set" || type == "zset" ||
         type == "stream";
}

}  // namespace

RedisSearch::RedisSearch(RedisClient::Options account)
    : redis_(std::move(account)), before_(redis_.AllKeys()) {}

std::string RedisSearch::TypeOf(const std::string& key) {
  return redis_.Command({"TYPE", key}).text;
}

std::vector<std::string> RedisSearch::KeysHolding(const std::string& text) {
  std::vector<std::string> keys;
  for (const std::string& key : redis_.AllKeys()) {
    const std::string type = TypeOf(key);
    if (key.find(text) != std::string::npos ||
        (IsSearchable(type) && Holds(redis_.Command(ReadAll(key, type)), text))) {
      keys.push_back(key);
    }
  }
  return keys;
}

void RedisSearch::Plant(const std::string& key, const std::string& text) {
  redis_.Command({"SET", key, text});
}

bool RedisSearch::Stands(const std::string& key, const std::string& text) {
  return TypeOf(key) == "string" && redis_.Command({"GET", key}).text == text;
}

// An entry of ACL LOG is a list of names and values; "object" is the key, channel or command.
std::vector<std::string> RedisSearch::KeysRefused(const std::string& text) {
  std::vector<std::string> keys;
  for (const RedisReply& entry : redis_.Command({"ACL", "LOG", kMostEntries}).elements) {
    for (std::size_t i = 0; i + 1 < entry.elements.size(); i += 2) {
      const std::string& object = entry.elements[i + 1].text;
      if (entry.elements[i].text == "object" && object.find(text) != std::string::npos) {
        keys.push_back(object);
      }
    }
  }
  return keys;
}

// What RemoveEntry takes: fields, members, or ids of entries.
std::vector<std::string> RedisSearch::EntriesHolding(const std::string& key,
                                                     const std::string& type,
                                                     const std::string& text) {
  const RedisReply all = redis_.Command(ReadAll(key, type));
  std::vector<std::string> entries;
  if (type == "hash") {
    for (std::size_t i = 0; i + 1 < all.elements.size(); i += 2) {
      if (Holds(all.elements[i], text) || Holds(all.elements[i + 1], text)) {
        entries.push_back(all.elements[i].text);
      }
    }
    return entries;
  }
  for (const RedisReply& element : all.elements) {
    if (!Holds(element, text)) continue;
    entries.push_back(type == "stream" ? element.elements.at(0).text : element.text);
  }
  return entries;
}

void RedisSearch::Purge(const std::string& text) {
  for (const std::string& key : KeysHolding(text)) {
    const std::string type = TypeOf(key);
    if (!before_.contains(key) && (key.find(text) != std::string::npos || type == "string")) {
      redis_.Command({"DEL", key});
      continue;
    }
    if (!IsSearchable(type) || type == "string") continue;
    for (const std::string& entry : EntriesHolding(key, type, text)) {
      redis_.Command(RemoveEntry(key, type, entry));
    }
    if (type == "stream" && !before_.contains(key) && redis_.Command({"XLEN", key}).integer == 0) {
      redis_.Command({"DEL", key});
    }
  }
}

}  // namespace proving_ground
