// How many bytes a second are searched for secrets?

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "support/audit/secrets/known_secrets.h"
#include "support/audit/secrets/secret_detector.h"
#include "support/audit/secrets/testing/random_text.h"
#include "support/audit/secrets/testing/whole_files.h"
#include "support/audit/secrets/text_kind.h"

namespace proving_ground {
namespace {

constexpr std::size_t kSize = 8 << 20;  // bytes
constexpr std::uint32_t kSeed = 4711;

// What workers write: much of it words that a detector has to look at twice.
std::string Logs() {
  RandomText random(kSeed);
  std::string log;
  while (log.size() < kSize) {
    log += "2031-04-02T08:15:11.314Z INFO worker-" + random.Lower(4) + " task " + random.Uuid() +
           " of team " + random.Word() + " done in " + random.Of("123456789", 3) +
           " ms, token valid for 300 s, key team:" + random.Word() + ":task:" + random.Lower(8) +
           " GET http://gateway:8080/mcp 200\n";
  }
  return log;
}

// Configuration, scripts, programs and logs, a secret in every tenth line.
std::string Files() {
  std::string text;
  while (text.size() < kSize) {
    for (const WholeFile& file : MakeFilesWithSecrets(kSeed)) text += file.text;
  }
  return text;
}

void Detect(benchmark::State& state, const std::string& text, TextKind kind) {
  const SecretDetector detector;
  for (auto _ : state) benchmark::DoNotOptimize(detector.Scan(text, kind));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}

void DetectInLogs(benchmark::State& state) { Detect(state, Logs(), TextKind::kLog); }
void DetectInFiles(benchmark::State& state) {
  Detect(state, Files(), TextKind::kShellOrConfigFile);
}

// As many secrets as the reference stack has.
void FindKnown(benchmark::State& state) {
  RandomText random(kSeed);
  std::vector<KnownSecret> secrets;
  for (int i = 0; i < 16; ++i) secrets.push_back({"secret", random.Hex(64)});
  const KnownSecrets known(secrets, Fingerprinter());
  const std::string text = Logs();
  for (auto _ : state) benchmark::DoNotOptimize(known.Find(text));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}

BENCHMARK(DetectInLogs)->Unit(benchmark::kMillisecond);
BENCHMARK(DetectInFiles)->Unit(benchmark::kMillisecond);
BENCHMARK(FindKnown)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace proving_ground

BENCHMARK_MAIN();
