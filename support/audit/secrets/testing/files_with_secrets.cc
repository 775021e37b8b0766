#include "support/audit/secrets/testing/files_with_secrets.h"

namespace proving_ground {

std::vector<WholeFile> MakeFilesWithSecrets(uint32_t seed) {
  std::vector<MarkedFile> files;
  for (const auto part : {StackFiles(), EnvironmentFiles(), ServerFiles(), ProgramFiles(),
                          ScriptFiles(), LogFiles()}) {
    files.insert(files.end(), part.begin(), part.end());
  }
  RandomText random(seed);
  return FillAll(files, random);
}

}  // namespace proving_ground
