// Whole files as people write them, by hand and not by the generator: compose files, env files,
// configuration of servers, scripts, pipelines, logs. Secrets are marked, so that a test knows each
// one, and made when the test runs, so that nothing that looks like a secret is in the repository.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace proving_ground {

struct WholeFile {
  std::string name;
  std::string text;
  struct Secret {
    size_t begin;
    size_t size;
  };
  std::vector<Secret> secrets;  // in the order of the text
};

// With secrets, and with much beside them that only looks like one.
std::vector<WholeFile> MakeFilesWithSecrets(uint32_t seed);
// Without any.
std::vector<WholeFile> MakeHarmlessFiles(uint32_t seed);

}  // namespace proving_ground
