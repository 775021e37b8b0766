#include "support/audit/secrets/testing/marked_text.h"

#include <map>
#include <stdexcept>
#include <string>

#include "support/audit/secrets/base64.h"
#include "support/audit/secrets/testing/corpus_frame.h"

namespace proving_ground {
namespace {

using MakerTable = std::map<std::string, Maker, std::less<>>;

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

constexpr std::string_view kCrypt =
    "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

std::string OnOneLine(const std::string& text) {
  std::string line;
  for (const char c : text) line += c == '\n' ? "\\n" : std::string(1, c);
  return line;
}

MakerTable BasicMakers() {
  return {
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
      {"alnum30", [](auto& r) { return r.Alphanumeric(30); }},
      {"alnum32", [](auto& r) { return r.Alphanumeric(32); }},
      {"alnum64", [](auto& r) { return r.Alphanumeric(64); }},
      {"urlsafe44", [](auto& r) { return r.UrlSafe(44); }},
      {"base64_64", [](auto& r) { return r.Base64(64); }},
      {"lower58", [](auto& r) { return r.Lower(58); }},
  };
}

// Formats of issuers, each begun as they publish it.
void AddIssuers(MakerTable& makers) {
  const auto prefixed = [&](const char* name, std::string prefix, size_t length,
                            std::string (RandomText::*body)(size_t)) {
    makers[name] = [=](RandomText& r) { return prefix + (r.*body)(length); };
  };
  prefixed("vault", "hvs.", 90, &RandomText::UrlSafe);
  prefixed("digitalocean", "dop_v1_", 64, &RandomText::Hex);
  prefixed("gcp_api", "AIza", 35, &RandomText::UrlSafe);
  prefixed("databricks", "dapi", 32, &RandomText::Hex);
  prefixed("mailgun", "key-", 32, &RandomText::Hex);
  prefixed("huggingface", "hf_", 34, &RandomText::Alphanumeric);
  prefixed("shopify", "shpat_", 32, &RandomText::Hex);
  prefixed("docker_pat", "dckr_pat_", 27, &RandomText::UrlSafe);
  prefixed("gitlab_runner", "glrt-", 20, &RandomText::Alphanumeric);
  prefixed("new_relic", "NRAK-", 27, &RandomText::Upper);
  prefixed("linear", "lin_api_", 40, &RandomText::Alphanumeric);
  prefixed("supabase", "sbp_", 40, &RandomText::Hex);
  prefixed("sonar", "squ_", 40, &RandomText::Hex);
  prefixed("rubygems", "rubygems_", 48, &RandomText::Hex);
  prefixed("pulumi", "pul-", 40, &RandomText::Hex);
  prefixed("planetscale", "pscale_pw_", 43, &RandomText::UrlSafe);
  prefixed("atlassian", "ATATT3xFfGF0", 180, &RandomText::UrlSafe);
  prefixed("pypi", "pypi-AgEIcHlwaS5vcmc", 150, &RandomText::UrlSafe);
  makers["anthropic"] = [](auto& r) { return "sk-ant-api03-" + r.UrlSafe(93) + "AA"; };
  makers["grafana"] = [](auto& r) { return "glsa_" + r.Alphanumeric(32) + "_" + r.Hex(8); };
  makers["terraform_cloud"] = [](auto& r) {
    return r.Alphanumeric(14) + ".atlasv1." + r.UrlSafe(67);
  };
  makers["github_fine"] = [](auto& r) {
    return "github_pat_" + r.Alphanumeric(22) + "_" + r.Alphanumeric(59);
  };
  makers["telegram"] = [](auto& r) { return r.Of("123456789", 10) + ":AA" + r.UrlSafe(33); };
  makers["tailscale"] = [](auto& r) {
    return "tskey-auth-" + r.Alphanumeric(12) + "CNTRL-" + r.Alphanumeric(32);
  };
  makers["azure_secret"] = [](auto& r) { return r.Alphanumeric(3) + "8Q~" + r.UrlSafe(34); };
  makers["discord_path"] = [](auto& r) { return r.Of("123456789", 19) + "/" + r.UrlSafe(68); };
  makers["teams_path"] = [](auto& r) {
    return r.Uuid() + "@" + r.Uuid() + "/IncomingWebhook/" + r.Hex(32) + "/" + r.Uuid();
  };
  makers["license"] = [](auto& r) {
    return r.Upper(5) + "-" + r.Upper(5) + "-" + r.Upper(5) + "-" + r.Upper(5);
  };
  makers["sas_sig"] = [](auto& r) {
    return r.Alphanumeric(20) + "%2B" + r.Alphanumeric(20) + "%3D";
  };
}

// Keys, and what passwords are turned into.
void AddKeysAndHashes(MakerTable& makers) {
  makers["wireguard"] = [](auto& r) { return r.Base64(32); };
  makers["age"] = [](auto& r) {
    return "AGE-SECRET-KEY-1" + r.Of("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58);
  };
  makers["bcrypt"] = [](auto& r) { return "$2y$10$" + r.Of(kCrypt, 53); };
  makers["yescrypt"] = [](auto& r) {
    return "$y$j9T$" + r.Of(kCrypt, 22) + "$" + r.Of(kCrypt, 43);
  };
  makers["ec_key"] = [](auto& r) { return PrivateKey(r, "EC PRIVATE KEY"); };
  makers["pgp_key"] = [](auto& r) { return PrivateKey(r, "PGP PRIVATE KEY BLOCK"); };
  makers["pem_line"] = [](auto& r) { return OnOneLine(PrivateKey(r, "PRIVATE KEY") + "\n"); };
  makers["pem_b64"] = [](auto& r) { return EncodeBase64(PrivateKey(r, "RSA PRIVATE KEY")); };
  makers["base64_env"] = [](auto& r) {
    return EncodeBase64("DB_HOST=db\nDB_PASSWORD=" + r.Alphanumeric(16) + "\n");
  };
  makers["docker_json"] = [](auto& r) {
    return EncodeBase64(R"({"auths":{"registry.lab.internal":{"auth":")" +
                        EncodeBase64("ci:" + r.Alphanumeric(20)) + "\"}}}");
  };
  makers["sha_base64"] = [](auto& r) { return r.Base64(20); };
}

const MakerTable& Makers() {
  static const auto kMakers = [] {
    MakerTable makers = BasicMakers();
    AddIssuers(makers);
    AddKeysAndHashes(makers);
    return makers;
  }();
  return kMakers;
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
