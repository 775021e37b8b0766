#include "support/audit/secrets/secret_name.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "support/audit/secrets/characters.h"
#include "support/audit/secrets/word_list.h"

namespace proving_ground {
namespace {

using Words = std::vector<std::string>;

constexpr size_t kMaxWords = 24;

// "DBPassword_2" -> db, password, 2.
Words SplitName(std::string_view name) {
  Words words;
  char before = '_';
  for (size_t i = 0; i < name.size() && words.size() <= kMaxWords; ++i) {
    const char c = name[i];
    if (!IsAlphanumeric(c)) {
      before = '_';
      continue;
    }
    const bool hump =
        IsUpper(c) && (IsLower(before) || IsDigit(before) ||
                       (IsUpper(before) && i + 1 < name.size() && IsLower(name[i + 1])));
    const bool number = IsDigit(c) != IsDigit(before);
    if (before == '_' || hump || number) words.emplace_back();
    words.back().push_back(ToLower(c));
    before = c;
  }
  return words;
}

bool EndsWithAny(std::string_view word, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return word.ends_with(ending); });
}

// Words after the telling one that do not change what the value is.
bool IsAdornment(const std::string& word) {
  static const WordList kWords(R"(
      base value val text plain plaintext string str raw b64 base64 encoded prod production
      dev development staging stage test live qa uat old new current previous primary
      secondary default main backup root admin user db database master slave replica override
      local rw ro app api a b eu us int ext internal external real)");
  return std::all_of(word.begin(), word.end(), IsDigit) || kWords.Contains(word);
}

// Words that turn a telling name into one of something else: settings of a secret, its place, its
// public half, or a question about it.
bool IsDescription(const std::string& word) {
  static const WordList kWords(R"(
      file files filename path paths dir folder location mount ttl expiry expires expire
      expiration expired lifetime age duration timeout interval period validity days hours
      minutes seconds ms length len size min max minimum maximum count limit limits num number
      total budget usage policy policies rule rules rotation rotate rotated complexity
      strength entropy type types kind name names id ids ref reference arn uri url urls
      endpoint host port server issuer audience aud iss scope scopes alg algorithm algo method
      methods mode format encoding cipher header headers prefix suffix field fields param
      parameter column selector version enabled enable disabled disable required require
      allowed allow reset forgot change changed update hint label placeholder prompt title
      description message regex pattern provider store storage manager engine backend source
      env var variable stdin command cmd script fd fn func function callback handler service
      checker validator generator factory builder bucket namespace key_id fingerprint
      thumbprint checksum digest status state error errors valid invalid at on by time date
      timestamp created updated hash hashes hashed hasher hashing iterations rounds cost
      attempts retries retry tries usages exchange review request requests per rate window
      threshold authority grant claims claim subject audiences map index spec config
      configuration settings options permissions owner group users username login input form
      page link email cache public pub publishable)");
  return kWords.Contains(word);
}

// Words before a last `key`, `token` or `secret` with which it is no secret.
bool IsHarmlessBefore(const std::string& word) {
  static const WordList kWords(R"(
      public pub publishable primary foreign sort partition cache row map dedup
      idempotency object lookup hot group unique composite sharding shard range hash page next
      prev continuation sync cursor recv cancellation csrf xsrf max min num total no disable use
      has is require requires show hide forgot ordering translation arrow shortcut known host
      hostkey trusted authorized prompt completion stop eos bos pad unk mask special start)");
  return kWords.Contains(word);
}

bool IsPasswordWord(const std::string& word) {
  static const WordList kWords(R"(
      pass pwd pw passcode senha kennwort contrasena parola parol clave motdepasse passphrase
      masterauth primaryauth requirepass masterpass dbpass userpass adminpass rootpass
      smtppass mailpass ftppass redispass mysqlpass pgpass sqlpass httppass ldappass keypass
      storepass sshpass authpass privpass proxypass basicpass userpw dbpw adminpw rootpw
      mypass bindpw rootbindpw passwds)");
  return kWords.Contains(word) ||
         EndsWithAny(word, {"password", "passwd", "passphrase", "passwort", "pwd", "passwrd"});
}

bool IsSecretKeyQualifier(const std::string& word) {
  static const WordList kWords(R"(
      api app application access secret private priv auth authentication authorization
      encryption encrypt encrypted decryption decrypt signing signature sign master shared
      preshared account storage service session cookie hmac jwt jws jwe aes des license
      licence admin root deploy write ingest ingestion client consumer webhook subscription
      server bot integration crypto crypt wallet functions function vault unseal recovery join
      gossip agent tunnel wireguard wg wep wpa symmetric device user sas management nonce
      fernet security personal developer project team org system internal ssh)");
  return kWords.Contains(word);
}

// Meaning of a name that ends with word `last`, alone or after `previous`.
NameMeaning MeaningOfLast(const std::string& last, const std::string& previous) {
  if (IsPasswordWord(last)) return NameMeaning::kPassword;
  if (EndsWithAny(last,
                  {"secret",         "secrets",     "token",      "apikey",       "secretkey",
                   "accesskey",      "privatekey",  "authkey",    "masterkey",    "encryptionkey",
                   "signingkey",     "sharedkey",   "accountkey", "sessionkey",   "appkey",
                   "servicekey",     "licensekey",  "licencekey", "presharedkey", "hmackey",
                   "jwtkey",         "consumerkey", "encryptkey", "cryptkey",     "storagekey",
                   "adminkey",       "clientkey",   "deploykey",  "webhookkey",   "integrationkey",
                   "subscriptionkey"})) {
    return last == "secrets" ? NameMeaning::kPossible : NameMeaning::kSecret;
  }
  static const WordList kSecrets(R"(
      credential credentials creds cred psk mnemonic jwt bearer pepper userpass accesstoken)");
  static const WordList kPossible(R"(
      key auth salt pat tokens keys seed hmac signature sig passes passwords pins cookie sid
      dsn)");
  if (last == "key" && IsSecretKeyQualifier(previous)) return NameMeaning::kSecret;
  if (kSecrets.Contains(last)) return NameMeaning::kSecret;
  return kPossible.Contains(last) ? NameMeaning::kPossible : NameMeaning::kNothing;
}

// What has an identifier or a digest as its value, or an example.
bool IsIdentifying(const std::string& word) {
  static const WordList kWords(R"(
      commit sha sha1 sha256 sha512 revision rev uid uuid guid jti sub nonce serial integrity
      resolved etag kid image tag release build example examples sample pattern schema comment
      note notes color background foreground border font)");
  return kWords.Contains(word);
}

// Who a secret is for, and where it is used: what stands beside one in `credentials`.
bool IsCircumstance(const std::string& word) {
  static const WordList kWords(R"(
      user region zone account project tenant domain database db dbname client org organization
      organisation team cluster bucket role profile address hostname hosts from to target realm
      workspace instance service resource)");
  return kWords.Contains(word);
}

bool ContainsTellingLiteral(std::string_view name) {
  const std::string lower = ToLower(name);
  return std::any_of(
      std::begin(kTellingLiterals), std::end(kTellingLiterals),
      [&](std::string_view literal) { return lower.find(literal) != std::string::npos; });
}

// The first or last word of calls that look for secrets, check them, or speak of them.
bool IsInquiry(const std::string& word) {
  static const WordList kWords(R"(
      get gets input prompt ask read find fetch lookup load open list describe access delete
      remove rotate watch sync verify verifies validate check is has require requires expect
      should assert test it t translate compare match matches equal equals contains parse format
      log print warn error debug throw raise render label mask redact hide strip hash escape
      count len sort filter map needs on handle exception warning field input textbox text dialog
      view)");
  return kWords.Contains(word);
}

}  // namespace

NameMeaning MeaningOfMembers(std::string_view name) {
  const Words words = SplitName(name);
  if (words.empty() || words.size() > kMaxWords) return NameMeaning::kNothing;
  const std::string& last = words.back();
  const std::string previous = words.size() > 1 ? words[words.size() - 2] : "";
  // Values of others' encryption, names of what is kept elsewhere, and lists of what nobody may
  // take.
  static const WordList kOthers(R"(
      pull sealed encrypted external existing common weak banned forbidden blocked breached
      compromised allowed public special stop design style)");
  if (IsHarmlessBefore(previous) || kOthers.Contains(previous)) return NameMeaning::kNothing;
  static const WordList kPasswords("passwords passwds passphrases passcodes");
  static const WordList kSecrets("secrets apikeys secretkeys accesskeys privatekeys");
  static const WordList kSome(R"(
      secret credential credentials creds token tokens password passwd passphrase)");
  static const WordList kKeepers(
      "api secret private access encryption signing hmac jwt master auth webhook");
  if (kPasswords.Contains(last)) return NameMeaning::kPassword;
  if (kSecrets.Contains(last)) return NameMeaning::kSecret;
  if (last == "keys" && kKeepers.Contains(previous)) return NameMeaning::kSecret;
  return kSome.Contains(last) ? NameMeaning::kPossible : NameMeaning::kNothing;
}

bool MayBeMember(std::string_view name, NameMeaning meaning) {
  const Words words = SplitName(name);
  if (words.empty() || words.size() > kMaxWords) return false;
  if (IsDescription(words.back()) || IsIdentifying(words.back())) return false;
  if (meaning == NameMeaning::kPossible && IsCircumstance(words.back())) return false;
  const NameMeaning own = MeaningOf(name);
  if (own >= NameMeaning::kSecret) return false;
  return own == NameMeaning::kPossible || !ContainsTellingLiteral(name);
}

CallMeaning MeaningOfCall(std::string_view call) {
  const size_t split = call.find_last_of(".:>");
  const bool member = split != std::string_view::npos;
  const Words function = SplitName(member ? call.substr(split + 1) : call);
  if (function.empty() || function.size() > kMaxWords) return CallMeaning::kNothing;
  const std::string lower = ToLower(call);
  // Those that are handed a key, in every library of their kind.
  for (const std::string_view known :
       {"jwt.sign", "jwt.encode", "jwt.verify", "jwt.decode", "createhmac"}) {
    if (lower == known || lower.ends_with("." + std::string(known))) return CallMeaning::kPossible;
  }
  const std::string owner = member ? ToLower(call.substr(0, split)) : "";
  for (const std::string_view store : {"keystore", "truststore", "pkcs12"}) {
    if (owner.find(store) == std::string::npos) continue;
    static const WordList kOpening("load open store unlock init save");
    if (kOpening.Contains(function.front())) return CallMeaning::kPassword;
    return IsInquiry(function.front()) ? CallMeaning::kNothing : CallMeaning::kPossible;
  }
  if (IsInquiry(function.front()) || IsInquiry(function.back()) || IsDescription(function.back())) {
    return CallMeaning::kNothing;
  }
  static const WordList kTaken("secret secrets credential credentials");
  const bool told = std::any_of(function.begin(), function.end(), [](const std::string& word) {
    return word != "pass" && (IsPasswordWord(word) || kTaken.Contains(word));
  });
  return told ? CallMeaning::kPossible : CallMeaning::kNothing;
}

NameMeaning MeaningOf(std::string_view name) {
  Words words = SplitName(name);
  if (words.empty() || words.size() > kMaxWords) return NameMeaning::kNothing;
  // nginx's directives of these names forward requests.
  static const WordList kForwarding("proxy fastcgi uwsgi scgi grpc memcached");
  if (words.size() == 2 && words[1] == "pass" && kForwarding.Contains(words[0])) {
    return NameMeaning::kNothing;
  }
  // Half of the credentials of Vault's AppRole; other identifiers are public.
  if (words.size() >= 2 && words.back() == "id" && words[words.size() - 2] == "secret") {
    return NameMeaning::kSecret;
  }
  // What some issuers call the token itself; most often it names one, so the value must speak.
  if (words.size() >= 2 && words.back() == "id" &&
      EndsWithAny(words[words.size() - 2], {"token", "apikey"})) {
    return NameMeaning::kPossible;
  }
  // The name under which a password is kept: password_secret.
  if (words.size() >= 2 && words.back() == "secret" && IsPasswordWord(words[words.size() - 2])) {
    return NameMeaning::kPossible;
  }
  const auto meaning_at = [&](size_t i) {
    const std::string previous = i > 0 ? words[i - 1] : "";
    if (IsHarmlessBefore(previous) && !IsPasswordWord(words[i])) return NameMeaning::kNothing;
    if (previous == "no" || previous == "forgot" || previous == "is" || previous == "has") {
      return NameMeaning::kNothing;
    }
    return MeaningOfLast(words[i], previous);
  };
  size_t last = words.size();
  while (last > 0) {
    const NameMeaning meaning = meaning_at(last - 1);
    if (meaning != NameMeaning::kNothing) return meaning;
    if (!IsAdornment(words[last - 1])) break;
    --last;
  }
  // TOKEN_GITHUB: what follows is a name, in variables at least; a setting (TOKEN_TTL) is not.
  const bool is_variable = std::none_of(name.begin(), name.end(), IsLower);
  for (size_t i = last; i-- > 0;) {
    if (IsDescription(words[i])) return NameMeaning::kNothing;
    const NameMeaning meaning = meaning_at(i);
    // app.secrets.stripe: one of them.
    if (words[i] == "secrets" && meaning == NameMeaning::kPossible) return meaning;
    if (meaning < NameMeaning::kSecret || words[i] == "pass") continue;
    return is_variable ? meaning : NameMeaning::kPossible;
  }
  return NameMeaning::kNothing;
}

}  // namespace proving_ground
