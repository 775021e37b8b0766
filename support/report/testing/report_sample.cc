// report_sample FOLDER: writes the sample run's reports into FOLDER/sample and those of a good run
// into FOLDER/good, for parsers of others to read.

#include <iostream>

#include "support/report/outputs.h"
#include "support/report/testing/sample_run.h"

int main(int argc, char** argv) {
  using namespace proving_ground;
  if (argc != 2) {
    std::cerr << "usage: report_sample FOLDER\n";
    return static_cast<int>(ExitCode::kUsage);
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::remove_all(folder / "sample");
  std::filesystem::remove_all(folder / "good");
  const RunFolder good = MakeGoodRun(folder / "good");
  WriteOutputs(good, {}, folder);
  WriteOutputs(MakeSampleRun(folder / "sample"), {.previous = good.path()}, folder);
  return 0;
}
