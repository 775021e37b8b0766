#include "support/report/attack_matrices.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "support/report/criteria.h"
#include "support/report/events.h"

namespace proving_ground {
namespace {

using nlohmann::json;

bool IsTrue(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && *found == true;
}

std::size_t IndexIn(std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  names.push_back(name);
  return names.size() - 1;
}

// The cell of a row and a column, made where there is none.
AttackCell& CellOf(AttackMatrix& matrix, const std::string& row, const std::string& column) {
  const std::size_t at_row = IndexIn(matrix.rows, row);
  const std::size_t at_column = IndexIn(matrix.columns, column);
  const auto found = std::find_if(
      matrix.cells.begin(), matrix.cells.end(),
      [&](const AttackCell& cell) { return cell.row == at_row && cell.column == at_column; });
  if (found != matrix.cells.end()) return *found;
  matrix.cells.push_back({.row = at_row, .column = at_column});
  return matrix.cells.back();
}

void Note(const std::string& what, AttackCell& cell) {
  if (cell.note.find(what) != std::string::npos) return;
  cell.note += (cell.note.empty() ? "" : ", ") + what;
}

// Whether the message was taken, whatever the answer said (support/attacks/mcp/attack_judge.h).
bool WasLet(const json& attempt) {
  const std::string reply = TextOf(attempt, "reply");
  return IsTrue(attempt, "effect") || reply == "served" || reply == "tool error" ||
         (reply == "accepted" && !IsTrue(attempt, "may_be_accepted"));
}

std::size_t OrderOf(const std::string& criterion) {
  const auto& all = Criteria();
  return static_cast<std::size_t>(FindCriterion(criterion) - all.data());
}

}  // namespace

AttackMatrix& AttackReader::Matrix(const std::string& name, const std::string& title,
                                   const std::string& criterion) {
  for (AttackMatrix& matrix : matrices_) {
    if (matrix.name == name) return matrix;
  }
  matrices_.push_back({.name = name, .title = title, .criterion = criterion});
  return matrices_.back();
}

void AttackReader::Read(const std::string& name, const json& document) {
  if (name.starts_with("cross-team-")) ReadCrossTeam(document);
  if (name.starts_with("redis-access-")) ReadRedisAccess(document);
  if (name == "redis-server") ReadRedisServer(document);
  if (name == "tokens")
    ReadAttempts(name, "Access tokens offered to the gateway", "S-11", document);
  if (name == "transport")
    ReadAttempts(name, "Ambiguous messages to the gateway", "S-12", document);
  if (name == "reachability") ReadReachability(document);
  if (name.starts_with("flood-")) {
    ReadNeighbours("flood by " + TextOf(document, "flooder"), ListOf(document, "others"));
  }
  if (name == "hostile-input") ReadNeighbours("hostile input", ListOf(document, "others"));
}

std::vector<AttackMatrix> AttackReader::TakeMatrices() {
  std::stable_sort(matrices_.begin(), matrices_.end(),
                   [](const AttackMatrix& one, const AttackMatrix& other) {
                     return OrderOf(one.criterion) < OrderOf(other.criterion);
                   });
  return std::move(matrices_);
}

void AttackReader::ReadCrossTeam(const json& document) {
  AttackMatrix& matrix =
      Matrix("cross-team", "Teams against the tools and notes of other teams", "S-2");
  const auto cells = document.find("cells");
  if (cells == document.end() || !cells->is_object()) return;
  for (const auto& [target, outcome] : cells->items()) {
    AttackCell& cell = CellOf(matrix, TextOf(document, "attacker"), target);
    const std::string list = TextOf(outcome, "list");
    const std::string call = TextOf(outcome, "call");
    ++cell.tried;
    if (list == "listed" || (call != "refused" && call != "apart")) ++cell.breached;
    Note(list, cell);
    Note(call, cell);
  }
}

void AttackReader::ReadRedisAccess(const json& document) {
  AttackMatrix& matrix = Matrix(
      "redis-access", "Commands of one team's account on keys and channels of another", "S-7");
  const std::string attacker = TextOf(document, "attacker");
  for (const json& attempt : ListOf(document, "attempts")) {
    AttackCell& cell = CellOf(matrix, attacker, TextOf(attempt, "victim"));
    ++cell.tried;
    if (IsTrue(attempt, "denied")) continue;
    ++cell.breached;
    Note(TextOf(attempt, "attack") + " granted", cell);
  }
}

void AttackReader::ReadRedisServer(const json& document) {
  AttackMatrix& matrix =
      Matrix("redis-server", "Commands of teams' accounts on the whole Redis server", "S-8");
  for (const json& account : ListOf(document, "accounts")) {
    for (const json& attempt : ListOf(account, "attempts")) {
      AttackCell& cell = CellOf(matrix, TextOf(account, "attacker"), TextOf(attempt, "attack"));
      ++cell.tried;
      if (!IsTrue(attempt, "denied")) ++cell.breached;
      Note(IsTrue(attempt, "denied") ? "denied" : "granted", cell);
    }
  }
}

void AttackReader::ReadAttempts(const std::string& name, const std::string& title,
                                const std::string& criterion, const json& document) {
  AttackMatrix& matrix = Matrix(name, title, criterion);
  for (const json& attempt : ListOf(document, "attempts")) {
    AttackCell& cell = CellOf(matrix, TextOf(attempt, "attack"), "attack");
    ++cell.tried;
    if (WasLet(attempt)) ++cell.breached;
    Note(TextOf(attempt, "reply"), cell);
  }
  for (const json& control : ListOf(document, "controls")) {
    AttackCell& cell = CellOf(matrix, TextOf(control, "attack"), "control");
    const bool served = TextOf(control, "reply") == "served" && IsTrue(control, "effect");
    ++(served ? cell.allowed : cell.missing);
    Note(TextOf(control, "reply"), cell);
  }
}

void AttackReader::ReadReachability(const json& document) {
  AttackMatrix& matrix = Matrix("reachability", "Connections from service to service", "S-14");
  for (const json& pair : ListOf(document, "pairs")) {
    AttackCell& cell = CellOf(matrix, TextOf(pair, "from"), TextOf(pair, "to"));
    const std::string passage = TextOf(pair, "passage");
    cell.tried += CountOf(pair, "tried");
    const std::int64_t connected = CountOf(pair, "connected");
    if (passage == "forbidden") {
      cell.breached += connected;
    } else {
      cell.allowed += connected;
    }
    if (passage == "required") cell.missing += CountOf(pair, "tried") - connected;
    Note(passage, cell);
  }
}

void AttackReader::ReadNeighbours(const std::string& attack, const json& rows) {
  for (const json& row : rows) {
    NeighbourTimes times{.attack = attack, .team = TextOf(row, "team")};
    times.before = CountOf(row, "before");
    times.during = CountOf(row, "during");
    times.failed = CountOf(row, "failed");
    times.p99_before_ms = NumberOf(row, "p99_before_us").value_or(0) / 1000;
    times.p99_during_ms = NumberOf(row, "p99_during_us").value_or(0) / 1000;
    neighbours_.push_back(times);
  }
}

}  // namespace proving_ground
