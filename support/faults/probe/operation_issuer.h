// Issues operations of one kind and says what became of each.
#pragma once

#include <cstdint>
#include <functional>
#include <set>

#include "support/faults/probe/probe_lines.h"
#include "support/faults/probe/requests.h"
#include "support/faults/probe/target.h"

namespace proving_ground {

class OperationIssuer {
 public:
  // The request for the operation of that number; route and patience are added.
  using Compose = std::function<ProbeRequest(std::int64_t number)>;
  using OnSettled = std::function<void(const ProbeSettled&)>;

  OperationIssuer(OperationKind kind, Requests& requests, Target& target,
                  std::chrono::milliseconds patience, Compose compose, OnSettled on_settled);

  void Issue();
  // Operations that nothing was heard of yet; never more than fit into one patience.
  std::size_t open() const { return open_.size(); }
  std::int64_t issued() const { return next_number_; }

 private:
  void Settle(ProbeSettled operation, const std::string& address, const ProbeAnswer& answer);

  const OperationKind kind_;
  Requests& requests_;
  Target& target_;
  const std::chrono::milliseconds patience_;
  const Compose compose_;
  const OnSettled on_settled_;
  std::int64_t next_number_ = 0;
  std::multiset<Clock::time_point> open_;  // when they were issued
};

// "POST /v1/tasks" at the coordinator.
ProbeRequest TaskRequest(const ProbeConfig& config, const Target& coordinator, std::int64_t number);
// "tools/call" of memory_put at the MCP gateway, as a stateless request of the revision 2026-07-28:
// https://modelcontextprotocol.io/specification. Key and value are the operation's id.
ProbeRequest WriteRequest(const ProbeConfig& config, const Target& gateway, std::int64_t number);

}  // namespace proving_ground
