#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace platform {

// The gateway's own figures, in the Prometheus text format. They name teams but no tools: whoever
// reaches the gateway can read them, and what tools another team has is not for everybody.
// Thread-safe.
class GatewayMetrics {
 public:
  // What is counted on the way of a request. Looked up once per request; the pointers live as long
  // as the metrics.
  struct OfTeam {
    prometheus::Histogram* request_seconds = nullptr;
    prometheus::Counter* calls = nullptr;
    prometheus::Counter* failed_calls = nullptr;  // answered with isError
  };

  explicit GatewayMetrics(const std::vector<std::string>& teams);

  const OfTeam& Team(std::string_view team) const { return teams_.find(team)->second; }

  // Counts a refused request. `team` is a verified team or empty, `reason` a constant.
  void CountDenial(std::string_view team, std::string_view reason);

  // The text that GET /metrics returns.
  std::string Render() const;

 private:
  prometheus::Registry registry_;
  prometheus::Family<prometheus::Counter>& denied_;
  std::map<std::string, OfTeam, std::less<>> teams_;
};

}  // namespace platform
