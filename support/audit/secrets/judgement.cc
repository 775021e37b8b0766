#include "support/audit/secrets/judgement.h"

#include <algorithm>
#include <string>

#include "support/audit/secrets/base64.h"
#include "support/audit/secrets/characters.h"
#include "support/audit/secrets/patterns.h"
#include "support/audit/secrets/value_shape.h"

namespace proving_ground {
namespace {

constexpr size_t kLeastPassword = 4;
constexpr size_t kMostPassword = 256;  // what is longer is encrypted, or text
constexpr size_t kLeastSecret = 8;

bool IsAllDigits(std::string_view value) {
  return std::all_of(value.begin(), value.end(), IsDigit);
}

// Text for people: several words, half of them common ones.
bool IsProse(std::string_view value) {
  size_t words = 0;
  size_t fillers = 0;
  while (!value.empty()) {
    const size_t end = std::min(value.find(' '), value.size());
    std::string_view word = value.substr(0, end);
    while (word.ends_with(',') || word.ends_with('.') || word.ends_with(';')) word.remove_suffix(1);
    if (!word.empty()) ++words;
    if (!word.empty() && IsFillerWord(word)) ++fillers;
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return words > 8 || (words > 1 && fillers * 2 >= words);
}

// Kubernetes and others hold values as base64; what is a placeholder stays one.
bool HidesPlaceholder(std::string_view value) {
  if (value.size() < 8 || value.size() % 4 != 0) return false;
  const auto decoded = DecodeBase64(value);
  return decoded && IsPrintable(*decoded) && (IsPlaceholder(*decoded) || IsReference(*decoded));
}

bool IsOut(std::string_view value) {
  return value.empty() || !IsLiteral(value) || IsProse(value) || HidesPlaceholder(value) ||
         value.find("://") != std::string_view::npos || value.starts_with("//") ||
         value.starts_with("-----BEGIN");
}

// Names of variables and members, where code is to be expected.
bool IsIdentifier(std::string_view value) {
  static const Pattern kPattern(R"([A-Za-z_$.]+)");
  return Matches(kPattern, value) &&
         (IsWords(value) || value.find('_') != std::string_view::npos) &&
         MeaningOf(value) != NameMeaning::kNothing;
}

bool SameIgnoringCase(std::string_view a, std::string_view b) { return ToLower(a) == ToLower(b); }

// What the syntax around the value rules out.
bool IsOutByJoint(const Text& text, const Assignment& it, std::string_view value) {
  static const Pattern kKeyword(R"([a-z_]+=.*)");  // the next argument of a call
  const bool blanks = value.find_first_of(" \t") != std::string_view::npos;
  switch (it.joint) {
    case Joint::kOption:
      return value.starts_with('-') || (!it.quoted && Matches(kKeyword, value));
    case Joint::kProse:
      return !IsMixed(value) || value.size() < 6;
    case Joint::kBlank: {
      // Within a line the value must speak for itself.
      if (!it.starts_line) {
        const bool chosen = it.quoted && IsMixed(value) && value.size() >= 6;
        return blanks || Matches(kKeyword, value) ||
               !(IsRandom(value) || (chosen && text.kind == TextKind::kLog));
      }
      const std::string name = ToLower(it.name);
      return blanks || name == "passwd" || name == "pass" || name == "key" || name == "auth" ||
             (text.kind != TextKind::kShellOrConfigFile && text.kind != TextKind::kRedisValue);
    }
    case Joint::kCall: {
      static const Pattern kAsks(
          R"((?i)(?:get|input|prompt|ask|read|find|verify|validate|check|is|has|require|expect|t|translate)\w*)");
      const size_t dot = it.name.rfind('.');
      const std::string_view function =
          dot == std::string_view::npos ? it.name : it.name.substr(dot + 1);
      return blanks || !IsMixed(value) || Matches(kAsks, function) ||
             (!it.quoted && Matches(kKeyword, value));
    }
    default:
      return false;
  }
}

// Unquoted values in code and prose are names and words far more often than secrets.
bool IsOutByKind(const Text& text, const Assignment& it, std::string_view value) {
  if (!it.quoted && (value.starts_with('{') || value.starts_with('[') || value.starts_with('('))) {
    return true;
  }
  // Texts that are joined, and patterns.
  static const Pattern kProgram(R"((?s)\s*\+ .*|\(\?.*|\^.*\$)");
  if (Matches(kProgram, value)) return true;
  if (SetsValues(text.kind)) return false;
  if (!it.quoted && value.ends_with(':')) return true;
  if (!it.quoted && (IsCode(value) || IsIdentifier(value))) return true;
  if (text.kind != TextKind::kLog) {
    // Labels of forms and translations: `password: "Mot de passe"`.
    const bool label = value.find(' ') != std::string_view::npos && IsWords(value);
    return label || (IsIdentifier(value) && it.joint != Joint::kElement);
  }
  return value.size() < 6 ||
         (!IsMixed(value) && !(it.quoted && IsWords(value) && value.size() >= 8));
}

// `sales-token` and `token-sales` are names of secrets; `sales-token-of-2031` is somebody's choice.
bool NamesOne(std::string_view value) {
  const std::string_view first = value.substr(0, value.find_first_of("-_./ "));
  return MeaningOf(value) >= NameMeaning::kSecret || MeaningOf(first) != NameMeaning::kNothing;
}

std::optional<Confidence> JudgeSecret(const Text& text, const Assignment& it,
                                      std::string_view value) {
  if (value.size() < kLeastSecret || IsOut(value) || IsFillerWord(value)) return std::nullopt;
  if (IsUuid(value)) return Confidence::kMedium;
  if (IsQuantity(value)) return std::nullopt;
  if (value.find(' ') != std::string_view::npos && !IsMixed(value)) return std::nullopt;
  if (IsRandom(value)) return Confidence::kHigh;
  const bool single = value.find_first_of("-_./ ") == std::string_view::npos;
  if (!IsWords(value)) {
    return IsMixed(value) || single ? std::optional(Confidence::kMedium) : std::nullopt;
  }
  // Words name a secret that is kept elsewhere, unless the name can only mean the value itself.
  const bool compound = it.name.find_first_of("_-.") != std::string_view::npos ||
                        std::any_of(it.name.begin() + 1, it.name.end(), IsUpper);
  const bool names_one = NamesOne(value) && !(single && value.size() >= 12);
  const bool set = it.joint == Joint::kEquals || it.joint == Joint::kColon ||
                   it.joint == Joint::kPair || it.joint == Joint::kDefault;
  if (SetsValues(text.kind) && compound && set && !names_one) return Confidence::kLow;
  return std::nullopt;
}

// The name is vague, so the value must speak for itself.
std::optional<Confidence> JudgePossible(const Text& text, const Assignment& it,
                                        std::string_view value) {
  if (IsOut(value) || !IsRandom(value) || IsUuid(value) || IsQuantity(value)) return std::nullopt;
  const bool single_word = it.name.find_first_of("_-.") == std::string_view::npos &&
                           std::none_of(it.name.begin() + 1, it.name.end(), IsUpper);
  const bool hexadecimal = std::all_of(value.begin(), value.end(), IsHex);
  // A token's number, such as servers log it: token_id.
  const bool identifier = ToLower(it.name).ends_with("id");
  if ((single_word || identifier) && (hexadecimal || text.kind == TextKind::kLog)) {
    return std::nullopt;
  }
  return Confidence::kMedium;
}

// A value that no word explains.
bool SpeaksForItself(std::string_view value) {
  return IsMixed(value) && !IsWords(value) && value.find_first_of(" \t") == std::string_view::npos;
}

}  // namespace

bool SetsValues(TextKind kind) {
  return kind != TextKind::kLog && kind != TextKind::kShellOrConfigFile;
}

std::optional<Confidence> JudgePassword(std::string_view value, TextKind kind) {
  if (value.size() < kLeastPassword || value.size() > kMostPassword) return std::nullopt;
  if (IsWellKnownPassword(value)) {
    return kind == TextKind::kLog ? std::nullopt : std::optional(Confidence::kLow);
  }
  if (IsOut(value) || IsFillerWord(value)) return std::nullopt;
  if (IsAllDigits(value)) {
    if (value.size() < 6 || kind == TextKind::kLog) return std::nullopt;
    return Confidence::kLow;
  }
  if (IsQuantity(value)) return std::nullopt;
  return IsMixed(value) ? Confidence::kMedium : Confidence::kLow;
}

std::optional<Candidate> JudgeAssignment(const Text& text, const Assignment& it,
                                         NameMeaning meaning) {
  const std::string_view value = text.bytes.substr(it.begin, it.end - it.begin);
  if (IsOutByJoint(text, it, value) || IsOutByKind(text, it, value)) return std::nullopt;
  std::optional<Confidence> confidence;
  std::string_view rule = kSecretRule;
  switch (meaning) {
    case NameMeaning::kNothing:
      return std::nullopt;
    case NameMeaning::kPossible:
      confidence = JudgePossible(text, it, value);
      break;
    case NameMeaning::kSecret:
      confidence = JudgeSecret(text, it, value);
      break;
    case NameMeaning::kPassword:
      if (SameIgnoringCase(it.name, value) && !IsWellKnownPassword(value)) return std::nullopt;
      confidence = JudgePassword(value, text.kind);
      rule = IsWellKnownPassword(value) ? kWeakPasswordRule : kPasswordRule;
      break;
  }
  if (!confidence) return std::nullopt;
  const auto begin = static_cast<size_t>(value.data() - text.bytes.data());
  return Candidate{rule, begin, begin + value.size(), *confidence, Specificity::kAssignment};
}

std::optional<Candidate> JudgeMember(const Text& text, const Assignment& member,
                                     NameMeaning meaning) {
  const std::string_view value = text.bytes.substr(member.begin, member.end - member.begin);
  if (IsOutByKind(text, member, value) || IsOut(value) || IsFillerWord(value) ||
      IsQuantity(value)) {
    return std::nullopt;
  }
  const bool random = IsRandom(value) && !IsUuid(value);
  std::optional<Confidence> confidence;
  if (random) confidence = Confidence::kMedium;
  // What is logged is more often a number of something than the thing itself.
  if (meaning >= NameMeaning::kSecret && text.kind != TextKind::kLog) {
    const size_t least = meaning == NameMeaning::kPassword ? 6 : kLeastSecret;
    if (IsUuid(value) || (value.size() >= least && SpeaksForItself(value))) {
      confidence = Confidence::kMedium;
    }
    if (random) confidence = Confidence::kHigh;
  }
  if (!confidence) return std::nullopt;
  const bool password = meaning == NameMeaning::kPassword;
  return Candidate{password ? kPasswordRule : kSecretRule, member.begin, member.end, *confidence,
                   Specificity::kAssignment};
}

std::optional<Candidate> JudgeArgument(const Text& text, size_t begin, size_t end,
                                       CallMeaning meaning) {
  const std::string_view value = text.bytes.substr(begin, end - begin);
  // Kinds of key stores, which are handed over beside their passwords, and algorithms.
  static const Pattern kKind(
      R"((?i)jks|jceks|pkcs-?12|bks|bcfks|p12|pfx|(?:hs|rs|es|ps)(?:256|384|512)|(?:hmac-?)?(?:sha|md)-?\d{1,3}|utf-?(?:8|16)|aes\S*)");
  if (meaning == CallMeaning::kNothing || Matches(kKind, value)) return std::nullopt;
  if (meaning == CallMeaning::kPossible && (value.size() < 6 || !SpeaksForItself(value))) {
    return std::nullopt;
  }
  const auto confidence = JudgePassword(value, text.kind);
  if (!confidence) return std::nullopt;
  return Candidate{IsWellKnownPassword(value) ? kWeakPasswordRule : kArgumentRule, begin, end,
                   *confidence, Specificity::kContext};
}

}  // namespace proving_ground
