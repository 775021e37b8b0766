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

// The words that wake the search for a name: each telling name contains one of them (lower case).
inline constexpr std::string_view kTellingLiterals[] = {
    "pass",      "pwd",      "secret", "token",      "key",
    "cred",      "auth",     "salt",   "pepper",     "psk",
    "jwt",       "bearer",   "senha",  "kennwort",   "contrasen",
    "parol",     "mnemonic", "cookie", "_pat",       "_pw",
    "signature", "seed",     "clave",  "motdepasse", "connectionstring",
    "pin_code",  "hmac"};

}  // namespace proving_ground
