#include "support/attacks/mcp/attempt.h"

namespace proving_ground {
namespace {

nlohmann::json RowsOf(const std::vector<Attempt>& attempts) {
  nlohmann::json rows = nlohmann::json::array();
  for (const Attempt& attempt : attempts) {
    rows.push_back({{"attack", attempt.attack},
                    {"reply", ReplyName(attempt.reply)},
                    {"status", attempt.status},
                    {"effect", attempt.effect},
                    {"repeated", attempt.repeated},
                    {"may_be_accepted", attempt.may_be_accepted}});
  }
  return rows;
}

}  // namespace

nlohmann::json ToJson(const AttackRecord& record) {
  nlohmann::json json = {{"attempts", RowsOf(record.attempts)},
                         {"controls", RowsOf(record.controls)}};
  if (record.unfit) json["unfit"] = *record.unfit;
  return json;
}

}  // namespace proving_ground
