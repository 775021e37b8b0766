// What a running load looks like, as text: a table for a terminal, lines for a log.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/load/ledger.h"
#include "support/load/recording.h"

namespace proving_ground {

struct TeamStatus {
  std::string team;
  int workers = 0;
  LedgerCounts tasks;
  // Response time from intended arrival, minus think time; nullopt while there are too few samples.
  std::optional<std::chrono::microseconds> p50;
  std::optional<std::chrono::microseconds> p99;
};

struct LoadStatus {
  std::string phase;
  std::chrono::milliseconds elapsed{0};   // of the load phase
  std::chrono::milliseconds duration{0};  // planned
  std::vector<TeamStatus> teams;
  ResourceSample resources;
};

// Status of one team out of the book.
TeamStatus MakeTeamStatus(const std::string& team, int workers,
                          const std::vector<LedgerEntry>& entries, int minimum_samples);

// Several lines with columns, each ended by a newline; the last lines tell resources.
std::string RenderTable(const LoadStatus& status);

// One line without newline, for logs: sums over teams and the slowest p99.
std::string RenderLine(const LoadStatus& status);

// "3.1 ms", "1.20 s"; "-" for nullopt.
std::string LatencyText(std::optional<std::chrono::microseconds> latency);
// "12.3 MiB".
std::string BytesText(double bytes);

}  // namespace proving_ground
