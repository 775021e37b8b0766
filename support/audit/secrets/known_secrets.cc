#include "support/audit/secrets/known_secrets.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "support/audit/secrets/base64.h"
#include "support/audit/secrets/characters.h"
#include "support/base/errors.h"

namespace proving_ground {
namespace {

std::string Hexadecimal(std::string_view bytes, bool upper) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    fmt::format_to(std::back_inserter(text), fmt::runtime(upper ? "{:02X}" : "{:02x}"), byte);
  }
  return text;
}

std::string UrlEncoded(std::string_view bytes, bool upper) {
  constexpr std::string_view kUnreserved = "-_.~";
  std::string text;
  for (const char c : bytes) {
    if (IsAlphanumeric(c) || kUnreserved.find(c) != std::string_view::npos) {
      text.push_back(c);
    } else {
      text += "%" + Hexadecimal({&c, 1}, upper);
    }
  }
  return text;
}

// What stays the same of the base64 of a longer text that holds `bytes` after `offset` (0 to 2)
// other bytes of a group of three: the characters at both ends also depend on the neighbours.
std::string Base64Within(std::string_view bytes, size_t offset) {
  std::string encoded = EncodeBase64(std::string(offset, '\0') + std::string(bytes));
  const size_t bits = 8 * (offset + bytes.size());
  encoded.resize(bits / 6);
  return encoded.substr(offset == 0 ? 0 : offset + 1);
}

std::string ForUrls(std::string encoded) {
  std::replace(encoded.begin(), encoded.end(), '+', '-');
  std::replace(encoded.begin(), encoded.end(), '/', '_');
  return encoded;
}

std::string JsonEscaped(const std::string& bytes) {
  const std::string quoted = nlohmann::json(bytes).dump(-1, ' ', /*ensure_ascii=*/false,
                                                        nlohmann::json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

std::vector<std::string_view> Texts(const auto& forms) {
  std::vector<std::string_view> texts;
  for (const auto& form : forms) texts.push_back(form.text);
  return texts;
}

}  // namespace

KnownSecrets::KnownSecrets(std::vector<KnownSecret> secrets, Fingerprinter fingerprinter)
    : secrets_(std::move(secrets)), fingerprinter_(std::move(fingerprinter)) {
  for (size_t i = 0; i < secrets_.size(); ++i) AddForms(i);
  matcher_ = std::make_unique<LiteralMatcher>(Texts(forms_));
}

void KnownSecrets::AddForms(size_t secret) {
  const std::string& value = secrets_[secret].value;
  if (value.size() < kLeastSize) {
    throw UsageError(
        fmt::format("secret {} has {} bytes only", secrets_[secret].name, value.size()),
        fmt::format("give it at least {}; shorter ones are found by accident", kLeastSize));
  }
  AddForm(secret, "raw", value);
  for (size_t offset = 0; offset < 3; ++offset) {
    AddForm(secret, "base64", Base64Within(value, offset));
    AddForm(secret, "base64 for URLs", ForUrls(Base64Within(value, offset)));
  }
  for (const bool upper : {false, true}) {
    AddForm(secret, "URL-encoded", UrlEncoded(value, upper));
    AddForm(secret, "hexadecimal", Hexadecimal(value, upper));
  }
  AddForm(secret, "JSON", JsonEscaped(value));
}

// The same text may be several encodings; the first one names it.
void KnownSecrets::AddForm(size_t secret, std::string_view encoding, std::string text) {
  const bool known = std::any_of(forms_.begin(), forms_.end(), [&](const Form& form) {
    return form.secret == secret && form.text == text;
  });
  if (!known) forms_.push_back({secret, encoding, std::move(text)});
}

std::vector<Leak> KnownSecrets::Find(std::string_view text) const {
  std::vector<Leak> leaks;
  matcher_->ForEach(text, [&](uint32_t index, size_t at) {
    const Form& form = forms_[index];
    const KnownSecret& secret = secrets_[form.secret];
    leaks.push_back({secret.name, std::string(form.encoding), at, 1, form.text.size(),
                     fingerprinter_.Of(secret.value)});
  });
  std::stable_sort(leaks.begin(), leaks.end(),
                   [](const Leak& a, const Leak& b) { return a.offset < b.offset; });
  int line = 1;
  size_t counted = 0;
  for (Leak& leak : leaks) {
    line +=
        static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                                    text.begin() + static_cast<std::ptrdiff_t>(leak.offset), '\n'));
    counted = leak.offset;
    leak.line = line;
  }
  return leaks;
}

std::vector<SharedSecret> FindShared(const std::vector<OwnedSecret>& secrets) {
  std::map<std::string, std::vector<OwnedSecret>> by_fingerprint;
  for (const OwnedSecret& secret : secrets) by_fingerprint[secret.fingerprint].push_back(secret);
  std::vector<SharedSecret> shared;
  for (auto& [fingerprint, holders] : by_fingerprint) {
    std::set<std::string_view> owners;
    for (const OwnedSecret& holder : holders) owners.insert(holder.owner);
    if (owners.size() > 1) shared.push_back({fingerprint, std::move(holders)});
  }
  return shared;
}

}  // namespace proving_ground
