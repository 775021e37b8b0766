#include "compose/services/coordinator/metrics.h"

#include <prometheus/text_serializer.h>

namespace platform {
namespace {

prometheus::Counter& AddCounter(prometheus::Registry& registry, const std::string& name,
                                const std::string& help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Gauge& AddGauge(prometheus::Registry& registry, const std::string& name,
                            const std::string& help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

Metrics::Metrics()
    : tasks_(prometheus::BuildCounter()
                 .Name("coordinator_tasks_total")
                 .Help("Changes of tasks made by this process, by outcome")
                 .Register(registry_)),
      requests_(prometheus::BuildCounter()
                    .Name("coordinator_http_requests_total")
                    .Help("Answered HTTP requests, by status code")
                    .Register(registry_)),
      accepted(tasks_.Add({{"outcome", "accepted"}})),
      rejected(tasks_.Add({{"outcome", "rejected"}})),
      finished(tasks_.Add({{"outcome", "finished"}})),
      failed(tasks_.Add({{"outcome", "failed"}})),
      requeued(tasks_.Add({{"outcome", "requeued"}})),
      expired_workers(AddCounter(registry_, "coordinator_workers_expired_total",
                                 "Workers that gave no sign for a whole lease")),
      fenced(AddCounter(registry_, "coordinator_fenced_total",
                        "Times this instance found itself superseded by a later leader")),
      redis_lost(AddCounter(registry_, "coordinator_redis_connections_lost_total",
                            "Connections to Redis that were lost")),
      redis_up(AddGauge(registry_, "coordinator_redis_up", "1 while Redis is connected")),
      epoch(AddGauge(registry_, "coordinator_epoch", "Fencing epoch held, 0 while standing by")),
      queued(AddGauge(registry_, "coordinator_tasks_queued", "Tasks waiting for a worker")),
      running(AddGauge(registry_, "coordinator_tasks_running", "Tasks leased to a worker")),
      workers(AddGauge(registry_, "coordinator_workers", "Registered workers")),
      waiting(AddGauge(registry_, "coordinator_workers_waiting",
                       "Workers whose request for a task is open")) {}

void Metrics::CountRequest(unsigned status) {
  requests_.Add({{"code", std::to_string(status)}}).Increment();
}

void Metrics::Show(const Totals& totals) {
  queued.Set(static_cast<double>(totals.queued));
  running.Set(static_cast<double>(totals.running));
  workers.Set(static_cast<double>(totals.workers));
}

std::string Metrics::Text() const {
  return prometheus::TextSerializer().Serialize(registry_.Collect());
}

}  // namespace platform
