// An engine played by the test, with the containers of one compose project, that can be started,
// paused, connected and so on.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "support/engine/engine.h"

namespace proving_ground {

class FakeEngine {
 public:
  explicit FakeEngine(std::string project) : project_(std::move(project)) {}

  // Adds a running container "<project>-<service>-<number>", on network "net" under the name of its
  // service. Returns its id.
  std::string Add(const std::string& service, int number = 1);
  // The document that describes it, as the engine gives it, to be changed.
  nlohmann::json& Inspect(const std::string& id) { return containers_.at(id); }
  void Remove(const std::string& id) { containers_.erase(id); }

  // An engine that asks this object, which must outlive it.
  Engine Connect();

  // Changes so far: "start <id>", "connect net".
  const std::vector<std::string>& changes() const { return changes_; }
  // Called before each request; may throw what the transport would.
  std::function<void(const Request&)> before_each;

  Response Answer(const Request& request);

 private:
  Response List(const std::string& target) const;
  Response Change(const std::string& id, const std::string& verb);
  Response ChangeNetwork(const std::string& network, const std::string& verb,
                         const nlohmann::json& body);

  std::string project_;
  int made_ = 0;
  std::map<std::string, nlohmann::json> containers_;  // by id
  std::vector<std::string> changes_;
};

}  // namespace proving_ground
