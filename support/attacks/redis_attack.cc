#include "support/attacks/redis_attack.h"

namespace proving_ground {
namespace {

using Words = std::vector<std::string>;

// What such a script does to a key that it does not declare.
constexpr const char* kReadByScript = "return redis.call('GET', ARGV[1])";
constexpr const char* kWriteByScript = "return redis.call('SET', ARGV[1], 'taken')";

std::vector<RedisAttack> OnValues() {
  return {
      {"GET", {"GET", "{key:string}"}},
      {"GETRANGE", {"GETRANGE", "{key:string}", "0", "-1"}},
      {"MGET", {"MGET", "{own:string}", "{key:string}"}},
      {"STRLEN", {"STRLEN", "{key:string}"}},
      {"EXISTS", {"EXISTS", "{key:string}"}},
      {"TYPE", {"TYPE", "{key:string}"}},
      {"TTL", {"TTL", "{key:string}"}},
      {"TOUCH", {"TOUCH", "{key:string}"}},
      {"SET", {"SET", "{key:string}", "taken"}},
      {"SETNX", {"SETNX", "{new}", "taken"}},
      {"MSET", {"MSET", "{own:string}", "x", "{key:string}", "taken"}},
      {"GETSET", {"GETSET", "{key:string}", "taken"}},
      {"GETEX", {"GETEX", "{key:string}", "PERSIST"}},
      {"APPEND", {"APPEND", "{key:string}", "taken"}},
      {"SETRANGE", {"SETRANGE", "{key:string}", "0", "taken"}},
      {"INCR", {"INCR", "{new}"}},
      {"LCS", {"LCS", "{own:string}", "{key:string}"}},
      {"SETBIT", {"SETBIT", "{key:bits}", "7", "1"}},
      {"BITCOUNT", {"BITCOUNT", "{key:bits}"}},
      {"BITOP from", {"BITOP", "NOT", "{own-new}", "{key:bits}"}},
      {"BITOP into", {"BITOP", "NOT", "{new}", "{own:bits}"}},
      {"PFCOUNT", {"PFCOUNT", "{key:hll}"}},
      {"PFMERGE", {"PFMERGE", "{own-new}", "{key:hll}"}},
      {"GETDEL", {"GETDEL", "{key:string}"}},
      {"DEL", {"DEL", "{key:string}"}},
      {"UNLINK", {"UNLINK", "{key:hash}"}},
      {"EXPIRE", {"EXPIRE", "{key:string}", "1000"}},
      {"PERSIST", {"PERSIST", "{key:string}"}},
      {"RENAME from", {"RENAME", "{key:string}", "{own-new}"}},
      {"RENAME into", {"RENAME", "{own:string}", "{new}"}},
      {"RENAMENX", {"RENAMENX", "{own:string}", "{new}"}},
      {"COPY from", {"COPY", "{key:string}", "{own-new}"}},
      {"COPY into", {"COPY", "{own:string}", "{new}"}},
      {"MOVE", {"MOVE", "{key:string}", "1"}, false, "out of range"},
  };
}

std::vector<RedisAttack> OnCollections() {
  return {
      {"HGET", {"HGET", "{key:hash}", "field"}},
      {"HGETALL", {"HGETALL", "{key:hash}"}},
      {"HSET", {"HSET", "{key:hash}", "field", "taken"}},
      {"HSCAN", {"HSCAN", "{key:hash}", "0"}},
      {"LRANGE", {"LRANGE", "{key:list}", "0", "-1"}},
      {"LPUSH", {"LPUSH", "{key:list}", "taken"}},
      {"LMOVE from", {"LMOVE", "{key:list}", "{own:list}", "LEFT", "RIGHT"}},
      {"LMOVE into", {"LMOVE", "{own:list}", "{key:list}", "LEFT", "RIGHT"}},
      {"BLPOP", {"BLPOP", "{key:list}", "0.1"}},
      {"LMPOP", {"LMPOP", "1", "{key:list}", "LEFT"}},
      {"SORT", {"SORT", "{key:list}", "ALPHA"}},
      {"SORT STORE", {"SORT", "{own:list}", "ALPHA", "STORE", "{new}"}},
      {"SORT BY", {"SORT", "{own:list}", "BY", "{keys}", "ALPHA"}},
      {"SORT GET", {"SORT", "{own:list}", "ALPHA", "GET", "{keys}"}},
      {"SORT_RO", {"SORT_RO", "{key:list}", "ALPHA"}},
      {"SMEMBERS", {"SMEMBERS", "{key:set}"}},
      {"SADD", {"SADD", "{key:set}", "taken"}},
      {"SMOVE", {"SMOVE", "{key:set}", "{own:set}", "member"}},
      {"SINTERSTORE from", {"SINTERSTORE", "{own-new}", "{own:set}", "{key:set}"}},
      {"SUNIONSTORE into", {"SUNIONSTORE", "{new}", "{own:set}"}},
      {"SDIFF", {"SDIFF", "{own:set}", "{key:set}"}},
      {"ZRANGE", {"ZRANGE", "{key:zset}", "0", "-1"}},
      {"ZADD", {"ZADD", "{key:zset}", "9", "taken"}},
      {"ZRANGESTORE from", {"ZRANGESTORE", "{own-new}", "{key:zset}", "0", "-1"}},
      {"ZRANGESTORE into", {"ZRANGESTORE", "{new}", "{own:zset}", "0", "-1"}},
      {"ZUNIONSTORE", {"ZUNIONSTORE", "{own-new}", "2", "{own:zset}", "{key:zset}"}},
      {"ZPOPMIN", {"ZPOPMIN", "{key:zset}"}},
      {"GEOPOS", {"GEOPOS", "{key:geo}", "place"}},
      {"GEOSEARCHSTORE from",
       {"GEOSEARCHSTORE", "{own-new}", "{key:geo}", "FROMLONLAT", "13", "38", "BYRADIUS", "500",
        "km"}},
      {"GEOSEARCHSTORE into",
       {"GEOSEARCHSTORE", "{new}", "{own:geo}", "FROMLONLAT", "13", "38", "BYRADIUS", "500", "km"}},
      {"GEORADIUS STORE", {"GEORADIUS", "{own:geo}", "13", "38", "500", "km", "STORE", "{new}"}},
      {"XRANGE", {"XRANGE", "{key:stream}", "-", "+"}},
      {"XREAD", {"XREAD", "COUNT", "1", "STREAMS", "{key:stream}", "0"}},
      {"XADD", {"XADD", "{key:stream}", "*", "field", "taken"}},
      {"XGROUP CREATE", {"XGROUP", "CREATE", "{key:stream}", "thieves", "0"}},
      {"XTRIM", {"XTRIM", "{key:stream}", "MAXLEN", "0"}},
  };
}

std::vector<RedisAttack> IndirectOnes() {
  return {
      {"EVAL declared", {"EVAL", "return redis.call('GET', KEYS[1])", "1", "{key:string}"}},
      {"EVAL undeclared read", {"EVAL", kReadByScript, "0", "{key:string}"}},
      {"EVAL undeclared write", {"EVAL", kWriteByScript, "0", "{key:string}"}},
      {"EVALSHA undeclared read",
       {"EVALSHA", std::string("{script:") + kReadByScript + "}", "0", "{key:string}"}},
      {"EVAL_RO", {"EVAL_RO", "return redis.call('GET', KEYS[1])", "1", "{key:string}"}},
      {"FCALL", {"FCALL", "nobodys_function", "1", "{key:string}"}, false, "Function not found"},
      {"OBJECT ENCODING", {"OBJECT", "ENCODING", "{key:string}"}},
      {"MEMORY USAGE", {"MEMORY", "USAGE", "{key:string}"}},
      {"DUMP", {"DUMP", "{key:string}"}},
      {"RESTORE", {"RESTORE", "{new}", "0", "{dump}"}},
      {"RESTORE REPLACE", {"RESTORE", "{key:string}", "0", "{dump}", "REPLACE"}},
      {"MIGRATE", {"MIGRATE", "127.0.0.1", "9", "{key:string}", "0", "100"}, false, "IOERR"},
      {"WATCH", {"WATCH", "{key:string}"}, true},
      {"PUBLISH", {"PUBLISH", "{channel}", "taken"}},
      {"SPUBLISH", {"SPUBLISH", "{channel}", "taken"}},
      {"SUBSCRIBE", {"SUBSCRIBE", "{channel}"}, true},
      {"SSUBSCRIBE", {"SSUBSCRIBE", "{channel}"}, true},
      {"PSUBSCRIBE", {"PSUBSCRIBE", "{channels}"}, true},
      {"PSUBSCRIBE all", {"PSUBSCRIBE", "*"}, true},
  };
}

}  // namespace

const std::vector<RedisAttack>& CanaryAttacks() {
  static const std::vector<RedisAttack> attacks = [] {
    std::vector<RedisAttack> all = OnValues();
    for (auto& more : {OnCollections(), IndirectOnes()}) {
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }();
  return attacks;
}

const std::vector<RedisAttack>& ServerAttacks() {
  static const std::vector<RedisAttack> attacks = {
      {"KEYS", {"KEYS", "*"}},
      {"SCAN", {"SCAN", "0", "COUNT", "1"}},
      {"RANDOMKEY", {"RANDOMKEY"}},
      {"DBSIZE", {"DBSIZE"}},
      {"INFO", {"INFO", "clients"}},
      {"CONFIG GET", {"CONFIG", "GET", "maxmemory"}},
      {"ACL LIST", {"ACL", "LIST"}},
      {"ACL GETUSER", {"ACL", "GETUSER", "default"}},
      {"ACL LOG", {"ACL", "LOG", "1"}},
      {"CLIENT LIST", {"CLIENT", "LIST"}},
      {"PUBSUB CHANNELS", {"PUBSUB", "CHANNELS"}},
      {"SLOWLOG GET", {"SLOWLOG", "GET", "1"}},
      {"LATENCY LATEST", {"LATENCY", "LATEST"}},
      {"MEMORY STATS", {"MEMORY", "STATS"}},
      {"MODULE LIST", {"MODULE", "LIST"}},
      {"FUNCTION LIST", {"FUNCTION", "LIST"}},
      {"SCRIPT EXISTS", {"SCRIPT", "EXISTS", "0000000000000000000000000000000000000000"}},
      {"LASTSAVE", {"LASTSAVE"}},
      {"ROLE", {"ROLE"}},
      {"MONITOR", {"MONITOR"}, true},
  };
  return attacks;
}

const std::vector<RedisAttack>& DestructiveAttacks() {
  static const std::vector<RedisAttack> attacks = {
      {"FLUSHALL", {"FLUSHALL"}},
      {"FLUSHDB", {"FLUSHDB"}},
      {"SWAPDB", {"SWAPDB", "0", "1"}},
      {"CONFIG SET", {"CONFIG", "SET", "maxmemory", "1mb"}},
      {"CONFIG REWRITE", {"CONFIG", "REWRITE"}},
      {"CONFIG RESETSTAT", {"CONFIG", "RESETSTAT"}},
      {"ACL SETUSER", {"ACL", "SETUSER", "intruder", "on", "nopass", "~*", "+@all"}},
      {"ACL DELUSER", {"ACL", "DELUSER", "intruder"}},
      {"ACL LOAD", {"ACL", "LOAD"}},
      {"ACL LOG RESET", {"ACL", "LOG", "RESET"}},
      {"SHUTDOWN", {"SHUTDOWN", "NOSAVE"}},
      {"DEBUG", {"DEBUG", "SLEEP", "0"}},
      {"REPLICAOF", {"REPLICAOF", "127.0.0.1", "9"}},
      {"FAILOVER", {"FAILOVER"}},
      {"PSYNC", {"PSYNC", "?", "-1"}},
      {"BGREWRITEAOF", {"BGREWRITEAOF"}},
      {"SAVE", {"SAVE"}},
      {"BGSAVE", {"BGSAVE"}},
      {"MODULE LOAD", {"MODULE", "LOAD", "/nothing"}},
      {"SCRIPT FLUSH", {"SCRIPT", "FLUSH"}},
      {"SCRIPT KILL", {"SCRIPT", "KILL"}},
      {"FUNCTION LOAD", {"FUNCTION", "LOAD", "#!lua name=intruder"}},
      {"FUNCTION FLUSH", {"FUNCTION", "FLUSH"}},
      {"CLIENT KILL", {"CLIENT", "KILL", "ID", "1"}},
      {"CLIENT PAUSE", {"CLIENT", "PAUSE", "1"}},
      {"SLOWLOG RESET", {"SLOWLOG", "RESET"}},
      {"CLUSTER RESET", {"CLUSTER", "RESET"}},
  };
  return attacks;
}

const std::vector<std::string>& CanaryTypes() {
  static const std::vector<std::string> types = {"string", "bits", "hash", "list",  "set",
                                                 "zset",   "geo",  "hll",  "stream"};
  return types;
}

std::vector<Words> PlantCommands(const std::string& type, const std::string& key) {
  const Words clear = {"DEL", key};
  if (type == "string" || type == "bits") return {{"SET", key, "canary"}};
  if (type == "hash") return {clear, {"HSET", key, "field", "canary"}};
  if (type == "list") return {clear, {"RPUSH", key, "canary", "song"}};
  if (type == "set") return {clear, {"SADD", key, "member", "canary"}};
  if (type == "zset") return {clear, {"ZADD", key, "1", "canary", "2", "song"}};
  if (type == "geo") return {clear, {"GEOADD", key, "13.361389", "38.115556", "place"}};
  if (type == "hll") return {clear, {"PFADD", key, "canary"}};
  return {clear, {"XADD", key, "1-1", "field", "canary"}};
}

std::vector<std::string> ReadCommand(const std::string& type, const std::string& key) {
  if (type == "hash") return {"HGETALL", key};
  if (type == "list") return {"LRANGE", key, "0", "-1"};
  if (type == "set") return {"SMEMBERS", key};
  if (type == "zset" || type == "geo") return {"ZRANGE", key, "0", "-1", "WITHSCORES"};
  if (type == "stream") return {"XRANGE", key, "-", "+"};
  return {"GET", key};
}

}  // namespace proving_ground
