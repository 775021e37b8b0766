// What attacks left in "security/*.json", as matrices of one shape.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "support/report/run_model.h"

namespace proving_ground {

// Files that belong together (one a team) become one matrix. Unknown files are left out.
class AttackReader {
 public:
  // `name`: of the file, without ".json". What the document lacks is left out.
  void Read(const std::string& name, const nlohmann::json& document);

  // In the order of the criteria.
  std::vector<AttackMatrix> TakeMatrices();
  std::vector<NeighbourTimes> TakeNeighbours() { return std::move(neighbours_); }

 private:
  AttackMatrix& Matrix(const std::string& name, const std::string& title,
                       const std::string& criterion);
  void ReadCrossTeam(const nlohmann::json& document);
  void ReadRedisAccess(const nlohmann::json& document);
  void ReadRedisServer(const nlohmann::json& document);
  void ReadAttempts(const std::string& name, const std::string& title, const std::string& criterion,
                    const nlohmann::json& document);
  void ReadReachability(const nlohmann::json& document);
  void ReadNeighbours(const std::string& attack, const nlohmann::json& rows);

  std::vector<AttackMatrix> matrices_;
  std::vector<NeighbourTimes> neighbours_;
};

}  // namespace proving_ground
