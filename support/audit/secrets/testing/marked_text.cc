#include "support/audit/secrets/testing/marked_text.h"

#include <map>
#include <stdexcept>
#include <string>

#include "support/audit/secrets/base64.h"
#include "support/audit/secrets/testing/corpus_frame.h"

namespace proving_ground {
namespace {

constexpr std::string_view kDigits = "0123456789";

std::string UrlBase64(const std::string& text) {
  std::string encoded;
  for (const char c : EncodeBase64(text)) {
    if (c != '=') encoded.push_back(c == '+' ? '-' : c == '/' ? '_' : c);
  }
  return encoded;
}

std::string Jwt(RandomText& random) {
  return UrlBase64(R"({"alg":"HS256","typ":"JWT"})") + "." +
         UrlBase64(R"({"sub":")" + random.Word() + R"(","iat":17)" + random.Of(kDigits, 8) + "}") +
         "." + random.UrlSafe(43);
}

std::string KeyBody(RandomText& random) {
  std::string body;
  for (int line = 0; line < 6; ++line) body += random.Alphanumeric(64) + "\n";
  return body + random.Alphanumeric(30) + "==";
}

std::string PrivateKey(RandomText& random, const std::string& type) {
  return "-----BEGIN " + type + "-----\n" + KeyBody(random) + "\n-----END " + type + "-----";
}

const std::map<std::string, Maker, std::less<>>& Makers() {
  static const std::map<std::string, Maker, std::less<>> makers = {
      {"hex12", [](auto& r) { return r.Hex(12); }},
      {"hex32", [](auto& r) { return r.Hex(32); }},
      {"hex40", [](auto& r) { return r.Hex(40); }},
      {"hex64", [](auto& r) { return r.Hex(64); }},
      {"alnum12", [](auto& r) { return r.Alphanumeric(5) + r.Of(kDigits, 2) + r.Alphanumeric(5); }},
      {"alnum20", [](auto& r) { return r.Alphanumeric(9) + r.Of(kDigits, 2) + r.Alphanumeric(9); }},
      {"alnum40", [](auto& r) { return r.Alphanumeric(40); }},
      {"urlsafe43", [](auto& r) { return r.UrlSafe(43); }},
      {"base64_16", [](auto& r) { return r.Base64(16); }},
      {"base64_32", [](auto& r) { return r.Base64(32); }},
      {"base64_48", [](auto& r) { return r.Base64(48); }},
      {"base64_long", [](auto& r) { return r.Base64(600); }},
      {"uuid", [](auto& r) { return r.Uuid(); }},
      {"word", [](auto& r) { return r.Word(); }},
      {"digits", [](auto& r) { return r.Of("123456789", 6); }},
      {"chosen", [](auto& r) { return r.Word() + r.Of(kDigits, 3) + "!"; }},
      {"phrase", [](auto& r) { return r.Word() + "-" + r.Word() + "-" + r.Of(kDigits, 2); }},
      {"jwt", Jwt},
      {"github", [](auto& r) { return "ghp_" + r.Alphanumeric(36); }},
      {"gitlab", [](auto& r) { return "glpat-" + r.Alphanumeric(20); }},
      {"aws_id", [](auto& r) { return "AKIA" + r.Of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16); }},
      {"slack",
       [](auto& r) {
         return "xoxb-" + r.Of("123456789", 12) + "-" + r.Of("123456789", 12) + "-" +
                r.Alphanumeric(24);
       }},
      {"slack_path",
       [](auto& r) { return "T" + r.Upper(8) + "/B" + r.Upper(10) + "/" + r.Alphanumeric(24); }},
      {"stripe", [](auto& r) { return "sk_live_" + r.Alphanumeric(24); }},
      {"openai", [](auto& r) { return "sk-proj-" + r.Alphanumeric(48); }},
      {"sendgrid", [](auto& r) { return "SG." + r.UrlSafe(22) + "." + r.UrlSafe(43); }},
      {"npm", [](auto& r) { return "npm_" + r.Alphanumeric(36); }},
      {"apr1", [](auto& r) { return "$apr1$" + r.Alphanumeric(8) + "$" + r.Alphanumeric(22); }},
      {"sha512crypt",
       [](auto& r) { return "$6$" + r.Alphanumeric(12) + "$" + r.Alphanumeric(86); }},
      {"rsa_key", [](auto& r) { return PrivateKey(r, "RSA PRIVATE KEY"); }},
      {"ssh_key", [](auto& r) { return PrivateKey(r, "OPENSSH PRIVATE KEY"); }},
      {"public_key",
       [](auto& r) {
         return "-----BEGIN PUBLIC KEY-----\n" + KeyBody(r) + "\n-----END PUBLIC KEY-----";
       }},
      {"certificate",
       [](auto& r) {
         return "-----BEGIN CERTIFICATE-----\n" + KeyBody(r) + "\n-----END CERTIFICATE-----";
       }},
      {"basic", [](auto& r) { return EncodeBase64(r.Word() + ":" + r.Alphanumeric(12)); }},
      {"base64_password", [](auto& r) { return EncodeBase64(r.Alphanumeric(14)); }},
  };
  return makers;
}

std::string Make(std::string_view mark, RandomText& random) {
  if (mark.starts_with('=')) return std::string(mark.substr(1));
  const auto maker = Makers().find(mark);
  if (maker == Makers().end()) {
    throw std::logic_error("nothing makes [[" + std::string(mark) + "]]");
  }
  return maker->second(random);
}

WholeFile Fill(const MarkedFile& file, RandomText& random) {
  WholeFile filled{std::string(file.name), "", {}};
  std::string_view rest = file.text;
  // Raw strings begin with the line end after their opening parenthesis.
  if (rest.starts_with('\n')) rest.remove_prefix(1);
  for (size_t mark = rest.find("[["); mark != std::string_view::npos; mark = rest.find("[[")) {
    filled.text += rest.substr(0, mark);
    const size_t end = rest.find("]]", mark);
    std::string_view what = rest.substr(mark + 2, end - mark - 2);
    if (what.starts_with(' ')) {  // a test of the shell
      filled.text += "[[";
      rest.remove_prefix(mark + 2);
      continue;
    }
    const bool secret = what.starts_with('+');
    if (secret) what.remove_prefix(1);
    const std::string value = Make(what, random);
    if (secret) filled.secrets.push_back({filled.text.size(), value.size()});
    filled.text += value;
    rest.remove_prefix(end + 2);
  }
  filled.text += rest;
  return filled;
}

}  // namespace

std::vector<WholeFile> FillAll(const std::vector<MarkedFile>& files, RandomText& random) {
  std::vector<WholeFile> filled;
  for (const MarkedFile& file : files) filled.push_back(Fill(file, random));
  return filled;
}

}  // namespace proving_ground
