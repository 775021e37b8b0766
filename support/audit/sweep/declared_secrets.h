// The secrets a stack declares: their values to search for, and whose they are.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "support/audit/finding.h"
#include "support/audit/secrets/fingerprint.h"
#include "support/audit/secrets/known_secrets.h"

namespace proving_ground {

struct DeclaredSecret {
  std::string name;             // as in compose
  std::string value;            // content of its file, without the last line end
  std::set<std::string> teams;  // whose services are given it; a shared service has none
  bool given = false;           // some service is given it
};

// Teams whose services are given each compose secret, by the secret's name. `model` is the resolved
// compose model, `team_of` the team of a service.
std::map<std::string, std::set<std::string>> TeamsOfSecrets(
    const nlohmann::json& model, const std::map<std::string, std::string>& team_of);

// What to search for, given the content of a secret's file. One line: that line. Several lines
// (keys, accounts): each random-looking part of one. Nothing for public keys and certificates.
// Parts that are too short to be searched for are left out.
std::vector<KnownSecret> KnownValues(const std::string& name, std::string_view content);

// The same value in the hands of two teams, whatever it is called; `owned` adds secrets that were
// found to those declared. And values of `private_ones` (the operator's password, the signing key)
// among those that services are given. All fingerprints are of `fingerprinter`.
std::vector<Finding> SharedBetweenTeams(const std::vector<DeclaredSecret>& declared,
                                        const std::vector<DeclaredSecret>& private_ones,
                                        const std::vector<OwnedSecret>& owned,
                                        const Fingerprinter& fingerprinter);

}  // namespace proving_ground
