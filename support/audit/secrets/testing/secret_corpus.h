// Labelled texts to measure the secret detector with: secrets as issuers publish their formats and
// as people choose them, and look-alikes that are none, each where such things stand in compose
// files, env files, command lines, shell and configuration files, logs and the rest. Made at test
// time from a seed, so that nothing that looks like a secret is in the repository. Knows nothing of
// the detector's tables.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/audit/secrets/candidate.h"

namespace proving_ground {

struct CorpusText {
  TextKind kind;
  std::string what;    // the kind of secret or look-alike, for messages
  std::string text;    // a file, a command line, some lines of a log…
  std::string secret;  // as it stands in the text; empty: there is none
};

std::vector<CorpusText> MakeSecrets(uint32_t seed);
std::vector<CorpusText> MakeLookAlikes(uint32_t seed);

}  // namespace proving_ground
