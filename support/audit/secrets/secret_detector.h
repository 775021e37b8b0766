// Finds secrets in configuration, environments, command lines, labels, logs, image history and
// values of Redis: known token formats, private keys, JSON Web Tokens, connection strings,
// credentials of HTTP, password hashes, options of commands, and values whose name says that they
// are secret.
//
//   SecretDetector detector{Fingerprinter()};
//   for (const Detection& secret : detector.Scan(text, TextKind::kComposeFile).detections) {
//     report(file, secret.line, Describe(secret));
//   }
//
// No findings are: references (${VAR}, vault:…, *_FILE), paths, placeholders (changeme, <token>,
// ****), digests, UUIDs where no name says otherwise, public keys and certificates.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/audit/secrets/candidate.h"
#include "support/audit/secrets/fingerprint.h"
#include "support/audit/secrets/literal_matcher.h"

namespace proving_ground {

// A secret that was found. Holds nothing of the secret but its length and a salted fingerprint.
struct Detection {
  std::string rule;
  size_t offset = 0;  // in bytes
  int line = 1;
  size_t length = 0;  // in bytes
  std::string fingerprint;
  Confidence confidence = Confidence::kMedium;
};

// "github-token, 40 bytes, fingerprint 5f0c…": what reports say of a secret.
std::string Describe(const Detection& detection);

struct ScanResult {
  std::vector<Detection> detections;  // in the order of the text, not overlapping
  bool complete = true;  // false: the text was longer, or held more secrets, than is looked at
};

class SecretDetector {
 public:
  static constexpr size_t kMaxText = size_t{64} << 20;
  static constexpr size_t kMaxDetections = 10'000;

  explicit SecretDetector(Fingerprinter fingerprinter = Fingerprinter());
  ~SecretDetector();

  // Never throws because of what the bytes are; time is linear in their number. One detector may be
  // used by several threads.
  ScanResult Scan(std::string_view text, TextKind kind) const;

 private:
  struct Wake {
    const Recognizer* recognizer;
    size_t literal;
  };

  std::vector<Candidate> FindCandidates(const Text& text, int depth) const;
  void FindEncoded(const Text& text, int depth, std::vector<Candidate>& found) const;

  Fingerprinter fingerprinter_;
  std::vector<std::unique_ptr<Recognizer>> recognizers_;
  std::vector<Wake> wakes_;  // by index of the literal in matcher_
  std::unique_ptr<LiteralMatcher> matcher_;
};

// For fuzzers: scans bytes of any origin as every kind. Returns whether all detections lie within
// the bytes and none overlaps the next.
bool ScanBytes(const uint8_t* data, size_t size);

}  // namespace proving_ground
