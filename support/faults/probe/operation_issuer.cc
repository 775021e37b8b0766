#include "support/faults/probe/operation_issuer.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "support/faults/probe/outcome.h"

namespace proving_ground {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

// An operation that takes longer is a sign of trouble, though no answer has said so yet.
constexpr milliseconds kSuspicious{100};

constexpr auto kRevision = "2026-07-28";

}  // namespace

OperationIssuer::OperationIssuer(OperationKind kind, Requests& requests, Target& target,
                                 milliseconds patience, Compose compose, OnSettled on_settled)
    : kind_(kind),
      requests_(requests),
      target_(target),
      patience_(patience),
      compose_(std::move(compose)),
      on_settled_(std::move(on_settled)) {}

void OperationIssuer::Issue() {
  ProbeSettled operation;
  operation.kind = kind_;
  operation.number = next_number_++;
  operation.issued = Clock::now();
  if (!open_.empty() && operation.issued - *open_.begin() > kSuspicious) target_.ReportHanging();
  const std::optional<std::string> address = target_.Choose();
  if (!address) {
    operation.settled = operation.issued;
    operation.outcome = OperationOutcome::kFailed;
    operation.reason = "no address is known of " + target_.host();
    on_settled_(operation);
    return;
  }
  ProbeRequest request = compose_(operation.number);
  request.route = target_.Route(*address);
  request.patience = patience_;
  open_.insert(operation.issued);
  requests_.Send(std::move(request), [this, operation, at = *address](const ProbeAnswer& answer) {
    Settle(operation, at, answer);
  });
}

void OperationIssuer::Settle(ProbeSettled operation, const std::string& address,
                             const ProbeAnswer& answer) {
  open_.erase(open_.find(operation.issued));
  Judgement judgement = Judge(kind_, answer);
  operation.settled = answer.at;
  operation.status = answer.status;
  operation.outcome = judgement.outcome;
  operation.reason = std::move(judgement.reason);
  target_.Report(address, operation.issued, operation.outcome == OperationOutcome::kOk);
  on_settled_(operation);
}

ProbeRequest TaskRequest(const ProbeConfig& config, const Target& coordinator,
                         std::int64_t number) {
  json task;
  task["id"] = OperationId(config.id_prefix, OperationKind::kTask, number);
  task["steps"] = config.steps;
  ProbeRequest request;
  request.url = coordinator.origin() + "/v1/tasks";
  request.headers = {"Content-Type: application/json"};
  request.body = task.dump();
  return request;
}

ProbeRequest WriteRequest(const ProbeConfig& config, const Target& gateway, std::int64_t number) {
  const std::string id = OperationId(config.id_prefix, OperationKind::kWrite, number);
  json params;
  params["name"] = "memory_put";
  params["arguments"] = {{"key", id}, {"value", id}};
  params["_meta"] = {
      {"io.modelcontextprotocol/protocolVersion", kRevision},
      {"io.modelcontextprotocol/clientCapabilities", json::object()},
      {"io.modelcontextprotocol/clientInfo", {{"name", "probe"}, {"version", "0.1.0"}}}};
  json message = {{"jsonrpc", "2.0"}, {"id", number}, {"method", "tools/call"}};
  message["params"] = std::move(params);
  ProbeRequest request;
  request.url = gateway.origin() + config.writes->path;
  request.headers = {"Content-Type: application/json",
                     "Accept: application/json, text/event-stream",
                     std::string("MCP-Protocol-Version: ") + kRevision,
                     "Mcp-Method: tools/call",
                     "Mcp-Name: memory_put",
                     "Authorization: Bearer " + config.writes->token};
  request.body = message.dump();
  return request;
}

}  // namespace proving_ground
