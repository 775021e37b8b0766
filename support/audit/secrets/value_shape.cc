#include "support/audit/secrets/value_shape.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>

#include "support/audit/secrets/characters.h"
#include "support/audit/secrets/patterns.h"
#include "support/audit/secrets/word_list.h"

namespace proving_ground {
namespace {

// Longer values are no passwords or tokens; what is in them is found by other means.
constexpr size_t kMaxJudged = 4096;

// Shorter values cannot be told from abbreviations.
constexpr size_t kLeastJudged = 10;

size_t CountDistinct(std::string_view value) {
  std::array<bool, 256> seen{};
  for (const char c : value) seen[static_cast<unsigned char>(c)] = true;
  return static_cast<size_t>(std::count(seen.begin(), seen.end(), true));
}

// Longest stretch in which each character is the successor of the one before it ("abcdef",
// "12345").
size_t LongestSequence(std::string_view value) {
  size_t longest = value.empty() ? 0 : 1;
  size_t current = 1;
  for (size_t i = 1; i < value.size(); ++i) {
    const bool follows = value[i] == value[i - 1] + 1 || (value[i - 1] == '9' && value[i] == '0');
    current = follows && IsAlphanumeric(value[i]) ? current + 1 : 1;
    longest = std::max(longest, current);
  }
  return longest;
}

// Bits per character.
double Entropy(std::string_view value) {
  std::array<size_t, 256> counts{};
  for (const char c : value) ++counts[static_cast<unsigned char>(c)];
  double entropy = 0;
  for (const size_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(value.size());
    entropy -= share * std::log2(share);
  }
  return entropy;
}

// How often the kind of character changes, words and CamelCase apart.
size_t CountTurns(std::string_view value) {
  size_t turns = 0;
  for (size_t i = 1; i < value.size(); ++i) {
    const char a = value[i - 1];
    const char b = value[i];
    if (!IsAlphanumeric(a) || !IsAlphanumeric(b)) continue;
    if (IsDigit(a) != IsDigit(b) || (IsLower(a) && IsUpper(b))) ++turns;
  }
  return turns;
}

// Five consonants in a row make no word.
bool IsPronounceable(std::string_view value) {
  static const Pattern kConsonants("(?i)[bcdfghjklmnpqrstvwxz]{5}");
  return !MatchesPartOf(kConsonants, value);
}

}  // namespace

bool IsReference(std::string_view value) {
  static const Pattern kPattern(
      R"((?s)\$\$?\{.*\}|\$\$?[A-Za-z_]\w*|\$\(.*|`.*|%[A-Za-z_]\w*%|%\([\w.]+\)s|%[sdvq]|#\{.*\}|@@?[\w.:-]+@@?)"
      R"(|.*\{\{.*\}\}.*|<%.*|\{[A-Za-z_][\w.]*\}|\*[A-Za-z_]\w*|\$\{?\{.*|\$\$?[({].*|.*\{[a-z_][a-z0-9_.]{2,}\}.*)"
      R"(|\$env:\w+|\$\{?[A-Za-z_]\w*\}?/.*|\$\w+::\w+|\$[A-Za-z_]\w*(?:->|\.|\[).*|(?:\$\{[^}]*\}|\$[A-Z_][A-Z0-9_]*)+)"
      R"(|(?i:(?:vault|ssm|secretsmanager|awssm|gcpsm|azkv|keyvault|kms|sops|secret|secrets|ref\+\w+|env|file|files)(?::|\+|://).*))"
      R"(|(?i:op|bw|sm|akv|gopass|pass|keyring|doppler|infisical|akeyless|conjur)://.*)"
      R"(|arn:aws[\w-]*:.*|projects/[^/]+/secrets/.*|ENC\[.*|\{cipher\}.*|\$ANSIBLE_VAULT.*|@Microsoft\.KeyVault.*)"
      R"(|!(?:vault|Ref|Sub|GetAtt|Join|ImportValue|FindInMap|Select|secret|env|env_var|reference|include|encrypted)\b.*)"
      R"(|vault\.[\w.]+|.*\bsecretKeyRef\b.*|.*\bvalueFrom\b.*|\{\s*"?(?:Ref|Fn::).*|(?i:resolve):.*)");
  // Spring marks a password that it takes as it stands.
  return !value.starts_with("{noop}") && Matches(kPattern, value);
}

bool IsCode(std::string_view value) {
  static const Pattern kPattern(
      R"((?s)(?:[a-z_]\w*\.)+[A-Z]\w*[a-z]:?|[A-Z][a-z]+(?:\.[A-Z][A-Za-z]+)+:?|[a-z]+(?:_[a-z0-9]+)+\(.*|[\w.()\[\]]+ (?:\|\||&&) .*|!\w.* (?:\|\||&&) .*|(?:Get|New|Read|Import|ConvertTo|Invoke)-[A-Z][A-Za-z]+\b.*|(?:await |new |!)*[A-Za-z_$][A-Za-z_$.:>?!-]*\s*[(\[].*|.*(?:process\.env|os\.environ|getenv|ENV\[|System\.get).*)"
      R"(|(?:this|self|props?|args?|opts?|options|config|cfg|conf|settings|env|ctx|context|req|request)"
      R"(|params?|data|var|local|vars|module|each|inputs?|secrets|state|user|body|event|spec|values?)"
      R"()(?:\??\.|->)[A-Za-z_][\w.\[\]>-]*|[A-Za-z_]\w*(?:::|->)\w.*|(?:\w+\.)+[A-Za-z_]*(?i:password|passwd|secret|token|key|credentials?))");
  return Matches(kPattern, value);
}

bool IsPlaceholder(std::string_view value) {
  static const Pattern kWords(
      R"((?i)change[-_. ]?(?:me|this|it|now)|replace[-_. ]?(?:me|this|with)|^replace|place[-_ ]?holder|(?:^|[^a-z])your[-_. ]?|^your|ex[ae]mple|sample|dummy|(?:^|[^a-z])(?:insert|enter|put|fill|add|set|type|paste)[-_ ](?:your|in|the|me|a|here|it)|^(?:see|ask|look|check|refer)[-_ ](?:the|your|up|in|to)[-_ ]|^(?:generate|create|obtain|get|run|ask|see)[-_ ](?:\w+[-_ ])*(?:with|from|by|using|for|in)[-_ ]|<[a-z][^<>]*>|^\[.*\]$|_here$|-here$|goes[-_ ]here|redacted|\bmasked\b|\bfiltered\b|\bhidden\b|\bomitted\b|\bremoved\b|scrubbed|sanitized|^my[-_]?(?:super|very|secure|strong)?[-_]*(?:secret|pass|token|key|api|db)|^my[-_](?:\w+[-_])*(?:secret|password|token|key)|^some[-_ ]?(?:thing|pass|secret|token|key|random|value)|super[-_]?secret(?:[-_]?(?:key|password|token))?$|foo[-_]?bar|(?:^|[^a-z])(?:todo|fixme|tbd|n/a|xxx)(?:$|[^a-z])|x{4,}|\*{3,}|\.{3,}|#{4,}|_{4,}|-{6,}|\xe2\x80\xa2|not[-_ ]?(?:set|used|real|a[-_ ]?(?:real|secret))|only[-_]for[-_]|for[-_](?:testing|demo|docs)|fake|secret[-_]?value|(?:password|token|secret)[-_]?(?:value|string)|test[-_](?:secret|password|token|key)$|dev[-_]?(?:only)?[-_](?:secret|password|token|key)$|\bTBD\b)");
  static const Pattern kWhole(
      R"((?i)(?:test|testing|demo|foo|bar|baz|qux|abc|xyz|pass|pwd|pw|passwd|passphrase|secret|secrets|token|apikey|api[-_]key|key|credential|credentials|default|value|string|unset|empty|blank|anything|whatever|something|insecure|insecure[-_]\w+|abcd?e?f?g?|x+|\.+|-+|_+|\*+|\?+|0+|1+)[.!]?)");
  if (value.size() >= 8 && CountDistinct(value) <= 2) return true;
  // A counted-up value is an example, unless it is short enough to be somebody's bad password.
  if (value.size() >= 16 && LongestSequence(value) * 2 >= value.size()) return true;
  if (value.size() >= 20 && LongestSequence(value) >= 10) return true;
  return Matches(kWhole, value) || MatchesPartOf(kWords, value);
}

bool IsPath(std::string_view value) {
  static const Pattern kPath(
      R"((?:file://|~/|\.{1,2}/|[A-Za-z]:\\|\\\\)\S*|/(?:[a-z][\w.-]*|\.[a-z][\w.-]*)(?:/[\w.@+~-]*)*|(?:[\w.@-]+/)*[\w.@-]+\.(?:txt|pem|key|crt|cer|csr|der|p12|pfx|jks|json|ya?ml|toml|ini|conf|cnf|cfg|env|properties|xml|sh|py|js|ts|go|rb|php|java|c|cc|h|md|log|sql|db|sock|pub|gpg|asc|acl|token|secret|pwd|passwd|password|tmpl|tpl|template|html|csv|lock|bak)|(?:[a-z][a-z0-9_.-]*/){2,}[a-z0-9_.-]*|[a-z][a-z_.-]*/[a-z][a-z_.-]*)");
  return Matches(kPath, value) && !IsRandom(value);
}

bool IsUuid(std::string_view value) {
  static const Pattern kPattern(R"((?i)\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?)");
  return Matches(kPattern, value);
}

bool IsQuantity(std::string_view value) {
  static const Pattern kPattern(
      R"((?i)[-+]?\d[\d_]*(?:[.,]\d+)?\s*(?:%|[kmgtp]i?b?|b|ns|us|ms|s|sec|secs|seconds?|m|mins?|minutes?|h|hours?|d|days?|w|weeks?|y|years?|x)?|(?:\d+[dhms]){2,4}|p(?:\d+[ymwd])*(?:t(?:\d+[hms])+)?|0x[0-9a-f]{1,8}|v?\d+(?:\.\d+){1,3}(?:[-+][\w.]+)?|\d{4}-\d\d?-\d\d?(?:[t ][\d:.,]+(?:z|[-+]\d\d:?\d\d)?)?|\d\d?:\d\d(?::\d\d)?(?:\.\d+)?|\d{1,3}(?:\.\d{1,3}){3}(?::\d+|/\d+)?|\[?[0-9a-f]*:[0-9a-f:]+\]?|\d+(?:\s*[-+*/,:x]\s*\d+)+|\d+/(?:tcp|udp)|@(?:every|daily|hourly).*)");
  return Matches(kPattern, value);
}

bool IsFillerWord(std::string_view value) {
  static const WordList kWords(R"(
      true false yes no on off null nil none nan undefined void enabled disabled enable
      disable required optional mandatory missing invalid valid incorrect correct wrong bad
      expired revoked rejected accepted denied failed failure failing success ok error unknown
      unauthorized forbidden unavailable mismatch mismatched updated changed created deleted
      rotated reset resetting verified received refreshed issued generated generating loaded
      loading found provided present absent set not is was has for from of and or to in the
      string str text varchar char char* byte bytes byte[] []byte int integer number float
      double boolean bool object array list map dict any all type securestring password field
      input textarea email username user name login id uuid jwt bearer basic digest oauth
      oauth2 oidc saml ldap kerberos scram trust peer ident md5 sha1 sha256 sha512
      scram-sha-256 bcrypt argon2 argon2id pbkdf2 plain plaintext encrypted hashed hash hex
      base64 file files environment env external vault keychain keyring stdin prompt ask
      interactive auto automatic manual random inherit default strict lax weak strong strength
      policy min max length short long authentication authorization authenticated successful
      successfully exchange request response validation verification rotation expires expiry
      ttl header cookie cookies query body session data value values result args argv params
      options config settings props state self this it here todo sys kubernetes docker opaque
      private public internal readonly write read end begin then else if return const let var
      new static final final_value undefined_value secretkeyref configmapkeyref valuefrom see
      use using via with without that which when must should cannot can be at least most more
      than characters digits letters docs documentation)");
  if (value.size() > 24) return false;
  return kWords.Contains(ToLower(value));
}

bool IsAddress(std::string_view value) {
  static const Pattern kPattern(
      R"((?i)[a-z][a-z0-9+.-]*://[^\s@]*|(?:jdbc|mailto|tel|urn|data):.*|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:[a-z0-9][a-z0-9-]*\.)+(?:com|net|org|io|dev|app|cloud|local|localdomain|internal|lan|svc|cluster|test|de|eu|uk|fr|co|ai|sh|me|info|tv|us|gov|edu|home|corp|intra|svc\.cluster\.local)(?::\d+)?(?:/\S*)?|(?:localhost|[a-z][a-z0-9_-]*):\d{2,5}(?:/\S*)?|(?:sha(?:1|256|384|512)|md5|blake[23]b?)[-:=][A-Za-z0-9+/=]+|(?:[a-z0-9.-]+(?::\d+)?/)*[a-z0-9._-]+(?::[\w.-]+)?@sha256:[0-9a-f]{64}|(?:[a-z0-9.-]+(?::\d+)?/)+[a-z0-9._-]+:[\w.-]+|[a-z][a-z0-9-]*:(?:latest|stable|alpine|\d[\w.-]*|[a-z]+-alpine))");
  return Matches(kPattern, value);
}

bool IsWords(std::string_view value) {
  static const Pattern kJoined(
      R"((?:[a-z]+|[A-Z]+|[A-Z][a-z]+)(?:[-_. /][A-Za-z]+)*(?:[-_.]?\d{1,2}|[-_.]v?\d{1,4})?)");
  static const Pattern kCamel(R"([a-z]+(?:[A-Z][a-z]+)*|(?:[A-Z][a-z]+)+)");
  if (value.size() >= kLeastJudged && !IsPronounceable(value)) return false;
  return Matches(kJoined, value) || Matches(kCamel, value);
}

bool IsReadable(std::string_view value) {
  return IsPronounceable(value) && std::none_of(value.begin(), value.end(), IsDigit) &&
         std::any_of(value.begin(), value.end(), IsLower);
}

bool IsMixed(std::string_view value) {
  bool letter = false, digit = false, symbol = false;
  for (const char c : value) {
    if (IsLetter(c)) {
      letter = true;
    } else if (IsDigit(c)) {
      digit = true;
    } else if (c != '-' && c != '_' && c != '.' && c != ' ') {
      symbol = true;
    }
  }
  return (letter && (digit || symbol)) || (digit && symbol);
}

bool IsRandom(std::string_view value) {
  if (value.size() < 16 || value.size() > kMaxJudged) return false;
  if (!std::all_of(value.begin(), value.end(), [](char c) {
        return IsAlphanumeric(c) || std::string_view("+/=_-.~").find(c) != std::string_view::npos;
      })) {
    return false;
  }
  const bool digit = std::any_of(value.begin(), value.end(), IsDigit);
  const bool letter = std::any_of(value.begin(), value.end(), IsLetter);
  if (std::all_of(value.begin(), value.end(), IsHex)) {
    return digit && letter && value.size() >= 24 && CountDistinct(value) >= 8;
  }
  const size_t least_turns = value.size() / 7 + 1;
  return letter && CountTurns(value) >= least_turns && Entropy(value) >= 3.2 &&
         (digit || value.size() >= 20);
}

bool IsWellKnownPassword(std::string_view value) {
  static const WordList kWords(R"(
      password admin administrator root toor postgres postgresql mysql mariadb redis mongo
      mongodb rabbitmq guest minio minioadmin elastic kibana grafana sa oracle neo4j cassandra
      influxdb welcome letmein qwerty qwertz monkey dragon master login user docker vagrant
      tomcat manager jenkins sonar keycloak nexus artifactory superuser system)");
  return value.size() <= 16 && kWords.Contains(ToLower(value));
}

bool IsLiteral(std::string_view value) {
  return !value.empty() && value.size() <= kMaxJudged && !IsReference(value) &&
         !IsPlaceholder(value) && !IsPath(value) && !IsAddress(value);
}

}  // namespace proving_ground
