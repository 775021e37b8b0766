// Exact search for secrets that the run itself holds: where one of them appears there is no doubt.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/audit/secrets/fingerprint.h"
#include "support/audit/secrets/literal_matcher.h"

namespace proving_ground {

struct KnownSecret {
  std::string name;  // for reports, such as "redis-marketing"
  std::string value;
};

struct Leak {
  std::string name;      // of the secret
  std::string encoding;  // "raw", "base64", "base64 for URLs", "URL-encoded", "hexadecimal", "JSON"
  size_t offset = 0;     // in bytes
  int line = 1;
  size_t length = 0;  // in bytes, of what stands in the text
  std::string fingerprint;
};

class KnownSecrets {
 public:
  // Shorter secrets would be found by accident.
  static constexpr size_t kLeastSize = 6;

  // Throws UsageError for a secret that is too short to be searched for: a search that cannot be
  // trusted must not pass.
  KnownSecrets(std::vector<KnownSecret> secrets, Fingerprinter fingerprinter);

  // Every place where a secret stands, in the order of the text: as it is, in base64 (within any
  // longer text that was encoded as a whole), URL-encoded, hexadecimal, escaped as in JSON.
  std::vector<Leak> Find(std::string_view text) const;

 private:
  struct Form {
    size_t secret;
    std::string_view encoding;
    std::string text;
  };

  void AddForms(size_t secret);
  void AddForm(size_t secret, std::string_view encoding, std::string text);

  std::vector<KnownSecret> secrets_;
  Fingerprinter fingerprinter_;
  std::vector<Form> forms_;
  std::unique_ptr<LiteralMatcher> matcher_;
};

// A secret of an owner (a team, a service), known by its fingerprint only.
struct OwnedSecret {
  std::string owner;
  std::string place;  // such as "services.sales-worker.environment.TOKEN"
  std::string fingerprint;
};

// The same secret at more than one owner.
struct SharedSecret {
  std::string fingerprint;
  std::vector<OwnedSecret> holders;  // at least two owners among them
};

// In the order of the fingerprints. All fingerprints must come from one Fingerprinter.
std::vector<SharedSecret> FindShared(const std::vector<OwnedSecret>& secrets);

}  // namespace proving_ground
