#include "support/audit/secrets/secret_detector.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/audit/secrets/assignments.h"
#include "support/audit/secrets/base64.h"
#include "support/audit/secrets/call_arguments.h"
#include "support/audit/secrets/characters.h"
#include "support/audit/secrets/connection_strings.h"
#include "support/audit/secrets/members.h"
#include "support/audit/secrets/phrases.h"
#include "support/audit/secrets/private_keys.h"
#include "support/audit/secrets/token_formats.h"
#include "support/audit/secrets/web_credentials.h"

namespace proving_ground {
namespace {

constexpr int kMaxDepth = 2;  // base64 in base64, as registry credentials in Kubernetes have it
constexpr size_t kLeastEncoded = 24;     // characters
constexpr size_t kMaxEncoded = 1 << 20;  // characters
constexpr size_t kProbe = 24;            // characters that are decoded to see whether they are text

bool IsBase64(char c) { return IsAlphanumeric(c) || c == '+' || c == '/' || c == '-' || c == '_'; }

// Of overlapping candidates the most specific one stays; of equals the longest.
std::vector<Candidate> WithoutOverlaps(std::vector<Candidate> candidates) {
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    if (a.begin != b.begin) return a.begin < b.begin;
    if (a.specificity != b.specificity) return a.specificity > b.specificity;
    return a.end > b.end;
  });
  std::vector<Candidate> kept;
  for (const Candidate& candidate : candidates) {
    if (kept.empty() || candidate.begin >= kept.back().end) {
      kept.push_back(candidate);
    } else if (candidate.specificity > kept.back().specificity) {
      kept.back() = candidate;
    }
  }
  return kept;
}

}  // namespace

SecretDetector::SecretDetector(Fingerprinter fingerprinter)
    : fingerprinter_(std::move(fingerprinter)) {
  recognizers_.push_back(std::make_unique<TokenRecognizer>());
  recognizers_.push_back(std::make_unique<PrivateKeyRecognizer>());
  recognizers_.push_back(std::make_unique<WebCredentialRecognizer>());
  recognizers_.push_back(std::make_unique<ConnectionStringRecognizer>());
  recognizers_.push_back(std::make_unique<PhraseRecognizer>());
  recognizers_.push_back(std::make_unique<PipedPasswordRecognizer>());
  recognizers_.push_back(std::make_unique<AssignmentRecognizer>());
  recognizers_.push_back(std::make_unique<MemberRecognizer>());
  recognizers_.push_back(std::make_unique<CallRecognizer>());
  std::vector<std::string_view> literals;
  for (const auto& recognizer : recognizers_) {
    const auto own = recognizer->Literals();
    for (size_t i = 0; i < own.size(); ++i) {
      literals.push_back(own[i]);
      wakes_.push_back({recognizer.get(), i});
    }
  }
  matcher_ = std::make_unique<LiteralMatcher>(literals, LiteralMatcher::Case::kIgnored);
}

SecretDetector::~SecretDetector() = default;

ScanResult SecretDetector::Scan(std::string_view text, TextKind kind) const {
  ScanResult result;
  result.complete = text.size() <= kMaxText;
  text = text.substr(0, kMaxText);
  int line = 1;
  size_t counted = 0;
  for (const Candidate& found : FindCandidates({text, kind}, 0)) {
    if (result.detections.size() == kMaxDetections) {
      result.complete = false;
      break;
    }
    line +=
        static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                                    text.begin() + static_cast<std::ptrdiff_t>(found.begin), '\n'));
    counted = found.begin;
    const size_t length = found.end - found.begin;
    result.detections.push_back({std::string(found.rule), found.begin, line, length,
                                 fingerprinter_.Of(text.substr(found.begin, length)),
                                 found.confidence});
  }
  return result;
}

std::vector<Candidate> SecretDetector::FindCandidates(const Text& text, int depth) const {
  std::vector<Candidate> found;
  matcher_->ForEach(text.bytes, [&](uint32_t literal, size_t at) {
    wakes_[literal].recognizer->Inspect(text, wakes_[literal].literal, at, found);
    // Repetitions of one candidate are what hostile text can make many of.
    if (found.size() > 8 * kMaxDetections) found = WithoutOverlaps(std::move(found));
  });
  if (depth < kMaxDepth) FindEncoded(text, depth, found);
  return WithoutOverlaps(std::move(found));
}

// Base64 of a text that holds a secret is as good as the secret: it is reported as a whole.
void SecretDetector::FindEncoded(const Text& text, int depth, std::vector<Candidate>& found) const {
  for (size_t begin = 0; begin < text.bytes.size();) {
    size_t end = begin;
    while (end < text.bytes.size() && IsBase64(text.bytes[end])) ++end;
    if (end - begin >= kLeastEncoded && end - begin <= kMaxEncoded) {
      const std::string_view run = text.bytes.substr(begin, end - begin);
      const auto probe = DecodeBase64(run.substr(0, kProbe));
      const auto decoded = probe && IsPrintable(*probe) ? DecodeBase64(run) : std::nullopt;
      if (decoded && IsPrintable(*decoded)) {
        const auto inner = FindCandidates({*decoded, TextKind::kShellOrConfigFile}, depth + 1);
        const auto best = std::max_element(
            inner.begin(), inner.end(),
            [](const auto& a, const auto& b) { return a.specificity < b.specificity; });
        while (end < text.bytes.size() && text.bytes[end] == '=') ++end;
        if (best != inner.end())
          found.push_back({best->rule, begin, end, best->confidence, best->specificity});
      }
    }
    begin = end + 1;
  }
}

std::string Describe(const Detection& detection) {
  return fmt::format("{}, {} bytes, fingerprint {}", detection.rule, detection.length,
                     detection.fingerprint);
}

bool ScanBytes(const uint8_t* data, size_t size) {
  static const SecretDetector detector(Fingerprinter("fuzz"));
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (int kind = 0; kind <= static_cast<int>(TextKind::kImageHistory); ++kind) {
    size_t free_from = 0;
    for (const Detection& detection : detector.Scan(text, static_cast<TextKind>(kind)).detections) {
      if (detection.offset < free_from || detection.length == 0) return false;
      free_from = detection.offset + detection.length;
      if (free_from > size) return false;
    }
  }
  return true;
}

}  // namespace proving_ground
