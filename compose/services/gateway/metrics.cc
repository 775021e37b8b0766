#include "compose/services/gateway/metrics.h"

#include <prometheus/text_serializer.h>

namespace platform {

GatewayMetrics::GatewayMetrics(const std::vector<std::string>& teams)
    : denied_(prometheus::BuildCounter()
                  .Name("gateway_denied_total")
                  .Help("Refused requests by team (empty: nobody was identified) and reason")
                  .Register(registry_)) {
  auto& seconds = prometheus::BuildHistogram()
                      .Name("gateway_request_seconds")
                      .Help("Time from an identified request to its answer")
                      .Register(registry_);
  auto& calls = prometheus::BuildCounter()
                    .Name("gateway_tool_calls_total")
                    .Help("Tool calls that were run")
                    .Register(registry_);
  auto& failed = prometheus::BuildCounter()
                     .Name("gateway_tool_errors_total")
                     .Help("Tool calls answered with isError")
                     .Register(registry_);
  const prometheus::Histogram::BucketBoundaries bounds{
      0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5};
  for (const std::string& team : teams) {
    OfTeam& of_team = teams_[team];
    of_team.request_seconds = &seconds.Add({{"team", team}}, bounds);
    of_team.calls = &calls.Add({{"team", team}});
    of_team.failed_calls = &failed.Add({{"team", team}});
  }
}

void GatewayMetrics::CountDenial(std::string_view team, std::string_view reason) {
  denied_.Add({{"team", std::string(team)}, {"reason", std::string(reason)}}).Increment();
}

std::string GatewayMetrics::Render() const {
  return prometheus::TextSerializer().Serialize(registry_.Collect());
}

}  // namespace platform
