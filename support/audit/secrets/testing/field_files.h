// Files as they are met in the field, written without a look at what the detector knows: settings
// of orchestrators, servers and tools, programs, keys, logs. As in whole_files.h secrets are marked
// and made when a test runs.
#pragma once

#include <vector>

#include "support/audit/secrets/testing/marked_text.h"

namespace proving_ground {

// With secrets.
std::vector<MarkedFile> FieldSettings();
std::vector<MarkedFile> FieldPrograms();
// Without any: each line looks like one with a secret.
std::vector<MarkedFile> FieldLookAlikes();

}  // namespace proving_ground
