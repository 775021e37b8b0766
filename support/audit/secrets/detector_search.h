// The secret detector and the run's own secrets as the configuration rules ask for them.
#pragma once

#include <string_view>
#include <vector>

#include "support/audit/secret_search.h"
#include "support/audit/secrets/known_secrets.h"
#include "support/audit/secrets/secret_detector.h"

namespace proving_ground {

class DetectorSearch : public SecretSearch {
 public:
  // `known` may be null. Both must outlive this object.
  explicit DetectorSearch(const SecretDetector& detector, const KnownSecrets* known = nullptr)
      : detector_(detector), known_(known) {}

  std::vector<SecretHit> Find(std::string_view name, std::string_view value) const override;

 private:
  const SecretDetector& detector_;
  const KnownSecrets* known_;
};

}  // namespace proving_ground
