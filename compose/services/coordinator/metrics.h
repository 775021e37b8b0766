// What GET /metrics tells Prometheus.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <string>

#include "compose/services/coordinator/task_store.h"

namespace platform {

// Counters count what this process did since it started; gauges show the state in Redis when last
// seen.
class Metrics {
 private:
  prometheus::Registry registry_;
  prometheus::Family<prometheus::Counter>& tasks_;
  prometheus::Family<prometheus::Counter>& requests_;

 public:
  Metrics();

  prometheus::Counter& accepted;
  prometheus::Counter& rejected;  // inbox entries
  prometheus::Counter& finished;
  prometheus::Counter& failed;
  prometheus::Counter& requeued;
  prometheus::Counter& expired_workers;
  prometheus::Counter& fenced;  // times this instance found itself superseded
  prometheus::Counter& redis_lost;
  prometheus::Gauge& redis_up;
  prometheus::Gauge& epoch;  // 0: standby
  prometheus::Gauge& queued;
  prometheus::Gauge& running;
  prometheus::Gauge& workers;
  prometheus::Gauge& waiting;  // workers whose request for a task is open

  void CountRequest(unsigned status);
  void Show(const Totals& totals);

  // All of it in the Prometheus text format.
  std::string Text() const;
};

}  // namespace platform
