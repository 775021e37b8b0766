// Access tokens that are wrong in exactly one way.
//
// Header and claims are learned from a rightful token of the stack, so that nothing but the one
// thing can be the reason why a forgery is refused.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "support/attacks/mcp/signing_key.h"

namespace proving_ground {

struct ForgedToken {
  std::string name;   // what is wrong with it
  std::string token;  // never to be shown
};

class TokenForge {
 public:
  // `rightful`: a token of `team`. `key`: what the stack signs with; without it only those
  // forgeries can be made that a stranger can make. Throws EnvironmentError, which does not show
  // the token, when it is not signed JSON (RFC 7519), or of another kind than ES256 though a key is
  // given.
  TokenForge(const std::string& rightful, std::string team, std::optional<SigningKey> key);

  bool has_key() const { return key_.has_value(); }
  // Right in every way, issued at `now`. Needs the key.
  std::string Right(std::chrono::system_clock::time_point now) const;
  // What anybody can make who saw a token of the team: other keys, no signature, changed claims.
  std::vector<ForgedToken> OfAStranger(std::chrono::system_clock::time_point now) const;
  // Signed with the stack's key, and wrong in one claim or header field. Empty without the key.
  std::vector<ForgedToken> WithTheKey(std::chrono::system_clock::time_point now) const;

 private:
  nlohmann::json ClaimsAt(std::chrono::system_clock::time_point now) const;
  nlohmann::json OfNobody(nlohmann::json claims) const;
  std::vector<ForgedToken> WithWrongTimes(const nlohmann::json& claims) const;
  std::vector<ForgedToken> WithWrongNames(const nlohmann::json& claims) const;
  std::vector<ForgedToken> WithWrongHeaders(const nlohmann::json& claims) const;

  const std::string rightful_;
  const std::string team_;
  const std::optional<SigningKey> key_;
  nlohmann::json header_;
  nlohmann::json claims_;
  std::string signature_;  // as it stands in the rightful token
};

}  // namespace proving_ground
