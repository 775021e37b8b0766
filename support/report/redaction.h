// Texts of a run as they may be shown: without what looks like a secret.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/audit/secrets/known_secrets.h"
#include "support/audit/secrets/secret_detector.h"
#include "support/report/run_model.h"

namespace proving_ground {

class Redactor {
 public:
  // Also withholds what the files hold, in any encoding: the stack's own secrets. Files that cannot
  // be read are passed over.
  explicit Redactor(const std::vector<std::string>& secret_files);

  // The text with "[withheld]" in the place of each suspected secret.
  std::string Cleaned(const std::string& text) const;
  // All texts of a model that come from cases, the harness or the stack.
  void Clean(RunModel& model) const;

 private:
  const SecretDetector detector_;
  std::optional<KnownSecrets> known_;
};

}  // namespace proving_ground
