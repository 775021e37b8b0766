// What the name of a value says about it.
#pragma once

#include <string_view>

namespace proving_ground {

enum class NameMeaning {
  kNothing,   // says nothing, or says that it is none: password_file, token_ttl, public_key
  kPossible,  // a telling word in an odd place or a vague one: GITHUB_TOKEN_2_OLD, key, salt
  kSecret,    // token, secret, api_key, credentials…
  kPassword,  // password, passwd, pwd, passphrase, requirepass…
};

// Case styles (snake, kebab, camel, dotted, joined) make no difference; what counts is the last
// word, since `password` is one and `password_file` names a file.
NameMeaning MeaningOf(std::string_view name);

// What the members of a mapping or list of this name are, whatever they are called themselves:
// `app_secrets`, `passwords`, `api_keys`. kNothing where the name says nothing of its members, as
// `token_id` and `public_keys` do.
NameMeaning MeaningOfMembers(std::string_view name);

// Whether a member of this name can be one of those, rather than something about them: `stripe` and
// `session`, and not `username`, `commit`, `key_id`. Nor one that says itself that it is a secret.
// `meaning`: of the members.
bool MayBeMember(std::string_view name, NameMeaning meaning);

// How a call takes the secrets that it is handed.
enum class CallMeaning {
  kNothing,   // it takes none: getPassword, checkSecret, PasswordField, password.equals
  kPossible,  // one may be among its arguments: set_password, UsernamePasswordCredentials
  kPassword,  // what is in quotes after the first argument is one: KeyStore.load
};

// `call`: the name before the parenthesis, with what stands before a last dot.
CallMeaning MeaningOfCall(std::string_view call);

// The words that wake the search for a name: each telling name contains one of them (lower case).
inline constexpr std::string_view kTellingLiterals[] = {
    "pass",      "pwd",      "secret", "token",      "key",
    "cred",      "auth",     "salt",   "pepper",     "psk",
    "jwt",       "bearer",   "senha",  "kennwort",   "contrasen",
    "parol",     "mnemonic", "cookie", "_pat",       "_pw",
    "signature", "seed",     "clave",  "motdepasse", "connectionstring",
    "pin_code",  "hmac"};

}  // namespace proving_ground
