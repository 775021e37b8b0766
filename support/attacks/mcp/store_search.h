// Where in the stack's store a text stands: the proof that an attack wrote nowhere it must not.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "support/redis/redis_client.h"

namespace proving_ground {

class StoreSearch {
 public:
  virtual ~StoreSearch() = default;

  // Keys whose name or content holds the text.
  virtual std::vector<std::string> KeysHolding(const std::string& text) = 0;
  // Puts a text under a key that is ours, to see whether somebody else writes there.
  virtual void Plant(const std::string& key, const std::string& text) = 0;
  // Whether the key still holds exactly that text.
  virtual bool Stands(const std::string& key, const std::string& text) = 0;
  // Keys with the text in their name that the store refused somebody: who asks for a key of that
  // name has made it out of what a caller said, and only the store's own fence was in the way.
  virtual std::vector<std::string> KeysRefused(const std::string& text) = 0;
  // Removes what holds the text from the keys, and keys that are empty then and were not there when
  // the search was made.
  virtual void Purge(const std::string& text) = 0;
};

// Searches Redis with an account that may read everything, such as the operator's. Of long lists
// and streams the newest thousand entries are searched. Throws RedisUnavailable and RedisRefused.
class RedisSearch : public StoreSearch {
 public:
  explicit RedisSearch(RedisClient::Options account);

  std::vector<std::string> KeysHolding(const std::string& text) override;
  void Plant(const std::string& key, const std::string& text) override;
  bool Stands(const std::string& key, const std::string& text) override;
  std::vector<std::string> KeysRefused(const std::string& text) override;
  void Purge(const std::string& text) override;

 private:
  std::vector<std::string> EntriesHolding(const std::string& key, const std::string& type,
                                          const std::string& text);
  std::string TypeOf(const std::string& key);

  RedisClient redis_;
  std::set<std::string> before_;
};

}  // namespace proving_ground
