#include "support/audit/secrets/web_credentials.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "support/audit/secrets/base64.h"
#include "support/audit/secrets/characters.h"
#include "support/audit/secrets/judgement.h"
#include "support/audit/secrets/patterns.h"
#include "support/audit/secrets/value_shape.h"

namespace proving_ground {
namespace {

constexpr size_t kMaxToken = 8192;

// The first four begin base64 of `{"`, `{ `, `{\n` and `{\r\n`.
constexpr std::array<std::string_view, 11> kLiterals = {
    "eyj",    "eya",      "ewo",   "ew0k",    "authorization", "bearer ",
    "basic ", "\"auth\"", "_auth", "cookie:", "bearer%20"};

void Add(const Text& text, std::string_view value, std::string_view rule, Confidence confidence,
         std::vector<Candidate>& found, Specificity specificity = Specificity::kContext) {
  const auto begin = static_cast<size_t>(value.data() - text.bytes.data());
  found.push_back({rule, begin, begin + value.size(), confidence, specificity});
}

// The JSON object that is encoded, or null.
nlohmann::json DecodeObject(std::string_view encoded) {
  const auto decoded = DecodeBase64(encoded);
  if (!decoded) return nullptr;
  auto parsed = nlohmann::json::parse(*decoded, nullptr, /*allow_exceptions=*/false);
  return parsed.is_object() ? parsed : nlohmann::json();
}

bool IsDocumentationToken(const nlohmann::json& payload) {
  const auto name = payload.find("name");
  const auto subject = payload.find("sub");
  return name != payload.end() && *name == "John Doe" && subject != payload.end() &&
         *subject == "1234567890";
}

void InspectJwt(const Text& text, size_t at, std::vector<Candidate>& found) {
  if (!IsTokenStart(text.bytes, at) || (at > 0 && text.bytes[at - 1] == '-')) return;
  static const Pattern kPattern(R"(([\w-]{10,}={0,2})\.([\w-]*={0,2})((?:\.[\w-]*={0,2}){1,3}))");
  re2::StringPiece rest = Piece(text.bytes.substr(at, kMaxToken)), header, payload, tail;
  if (!RE2::Consume(&rest, kPattern, &header, &payload, &tail)) return;
  const nlohmann::json head = DecodeObject(View(header));
  if (!head.is_object() || !head.contains("alg")) return;
  const auto parts = std::count(tail.begin(), tail.end(), '.');
  if (parts == 3 ? !head.contains("enc") : parts != 1) return;
  if (parts == 1) {
    const nlohmann::json claims = DecodeObject(View(payload));
    if (!claims.is_object() || IsDocumentationToken(claims) || tail.size() < 2) return;
  }
  Add(text, text.bytes.substr(at, static_cast<size_t>(rest.data() - text.bytes.data()) - at), "jwt",
      Confidence::kHigh, found, Specificity::kFormat);
}

// Base64 of user:password.
void InspectUserPassword(const Text& text, std::string_view encoded, std::string_view rule,
                         std::vector<Candidate>& found) {
  const auto decoded = DecodeBase64(encoded);
  if (!decoded || !IsPrintable(*decoded)) return;
  const size_t colon = decoded->find(':');
  if (colon == std::string::npos) return;
  const std::string_view password = std::string_view(*decoded).substr(colon + 1);
  // Unlike words in the clear, encoded ones were meant: a log says `Basic dXNlcjp…` of a real
  // request.
  const TextKind kind = text.kind == TextKind::kLog ? TextKind::kShellOrConfigFile : text.kind;
  if (!JudgePassword(password, kind)) return;
  Add(text, encoded, rule, Confidence::kHigh, found);
}

void InspectBasic(const Text& text, size_t at, std::vector<Candidate>& found) {
  static const Pattern kPattern(R"((?i)basic(?:\s+|%20)([A-Za-z0-9+/_-]{6,}={0,2}))");
  re2::StringPiece rest = Piece(text.bytes.substr(at, 512)), encoded;
  if (RE2::Consume(&rest, kPattern, &encoded))
    InspectUserPassword(text, View(encoded), "basic-credentials", found);
}

bool IsBearerToken(std::string_view token) {
  // AWS4-HMAC-SHA256 names how a request was signed.
  return token.size() >= 12 && token.find_first_of("(){}") == std::string_view::npos &&
         !IsCode(token) && token.find("HMAC") == std::string_view::npos && IsLiteral(token) &&
         IsMixed(token) && !IsWords(token) && !IsQuantity(token);
}

void InspectBearer(const Text& text, size_t at, std::vector<Candidate>& found) {
  static const Pattern kPattern(R"((?i)bearer(?:\s+|%20)([\w.~+/:-]{8,}=*))");
  re2::StringPiece rest = Piece(text.bytes.substr(at, kMaxToken)), token;
  if (RE2::Consume(&rest, kPattern, &token) && IsBearerToken(View(token))) {
    Add(text, View(token), "bearer-token", Confidence::kMedium, found);
  }
}

// Authorization: <scheme> <token> and Authorization: <token>, in all the ways programs log headers.
void InspectAuthorization(const Text& text, size_t at, std::vector<Candidate>& found) {
  static const Pattern kPattern(
      R"((?i)authorization(?:\\*["'])?\]?\s*(?::|=>?|,|%3A)\s*\[?(?:\\*["'])?(?:(?:token|bearer|apikey|api-key|key|splunk|ssws|sso-key|bot|oauth|oauth2|pve\w+|genieKey|klaviyo-api-key|negotiate|github-token|private-token|sharedaccesssignature|zoho-oauthtoken|snowflake token=)[\s=:]+(?:\\*["']|(?:token|key|id)=\\*"?)?)?([^\s"',;\\\]<>]{8,}))");
  re2::StringPiece rest = Piece(text.bytes.substr(at, kMaxToken)), token;
  if (!RE2::Consume(&rest, kPattern, &token)) return;
  if (IsBearerToken(View(token)) || (IsUuid(View(token)))) {
    Add(text, View(token), "authorization-header", Confidence::kMedium, found);
  }
}

// "auth": "<base64>" of a registry's configuration, _auth=<base64> of npm.
void InspectRegistryAuth(const Text& text, size_t at, std::vector<Candidate>& found) {
  static const Pattern kPattern(
      R"((?i)["'\\]{0,3}_?auth["'\\]{0,3}\s*[:=]\s*["'\\]{0,3}([A-Za-z0-9+/]{8,}={0,2}))");
  re2::StringPiece rest = Piece(text.bytes.substr(at, 1024)), encoded;
  if (RE2::Consume(&rest, kPattern, &encoded))
    InspectUserPassword(text, View(encoded), "registry-credentials", found);
}

// Session identifiers in headers are as good as the password while they live.
void InspectCookie(const Text& text, size_t at, std::vector<Candidate>& found) {
  static const Pattern kPattern(
      R"((?i)cookie:[^\n]{0,300}?\b([\w.-]*(?:sess(?:ion)?(?:_?id)?|sid|auth|token|jwt|remember\w*))=["']?([^\s"';,\\]{16,}))");
  re2::StringPiece rest = Piece(text.bytes.substr(at, 1024)), name, value;
  if (!RE2::Consume(&rest, kPattern, &name, &value)) return;
  if (IsLiteral(View(value)) && (IsRandom(View(value)) || IsUuid(View(value)))) {
    Add(text, View(value), "session-cookie", Confidence::kMedium, found);
  }
}

}  // namespace

std::vector<std::string_view> WebCredentialRecognizer::Literals() const {
  return {kLiterals.begin(), kLiterals.end()};
}

void WebCredentialRecognizer::Inspect(const Text& text, size_t literal, size_t at,
                                      std::vector<Candidate>& found) const {
  const std::string_view what = kLiterals[literal];
  if (what.starts_with("e")) return InspectJwt(text, at, found);
  if (what == "authorization") return InspectAuthorization(text, at, found);
  if (what.starts_with("bearer")) return InspectBearer(text, at, found);
  if (what == "basic ") return InspectBasic(text, at, found);
  if (what == "cookie:") return InspectCookie(text, at, found);
  InspectRegistryAuth(text, at, found);
}

}  // namespace proving_ground
