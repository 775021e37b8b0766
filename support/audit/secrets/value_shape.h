// What a value looks like, whatever its name: a reference to a secret kept elsewhere, a
// placeholder, a path, a number, something random.
#pragma once

#include <string_view>

namespace proving_ground {

// The value is fetched or computed elsewhere: ${VAR}, $VAR, {{ template }}, <%= %>, vault:path,
// ssm:, op://, arn:, ENC[...], a call such as getenv("X").
bool IsReference(std::string_view value);

// An expression of a programming language: a call, a member, an element. To be asked of values
// without quotes only.
bool IsCode(std::string_view value);

// Stands for a value that is still to be filled in, or has been masked: changeme, <your-token>,
// xxxxxxxx, ********, [REDACTED], EXAMPLE.
bool IsPlaceholder(std::string_view value);

// A path of a file or folder.
bool IsPath(std::string_view value);

// A number, duration, size, date, version, percentage, IP address, UUID is none.
bool IsQuantity(std::string_view value);

// 8-4-4-4-12 hexadecimal digits.
bool IsUuid(std::string_view value);

// true, none, required, string, optional…: words that stand where a secret could, and are none.
bool IsFillerWord(std::string_view value);

// URL without a password, host name with port, e-mail address, image reference, digest with the
// name of its algorithm.
bool IsAddress(std::string_view value);

// Words joined by - _ or . with at most a short number at the end, as names of things are:
// `db-creds`, `primaryPassword`, `tls-cert-2`. Single words too.
bool IsWords(std::string_view value);

// Letters only, and such that they can be read aloud: names in programs, whatever joins their
// parts.
bool IsReadable(std::string_view value);

// Some mixture that people choose or programs make as a password: letters with digits or symbols.
bool IsMixed(std::string_view value);

// Machine-made: long, and changing between kinds of characters as words never do, or many
// hexadecimal digits.
bool IsRandom(std::string_view value);

// Passwords that images and products come with, or that everybody tries first.
bool IsWellKnownPassword(std::string_view value);

// None of the above excludes it: it may be a secret where the name says so.
bool IsLiteral(std::string_view value);

}  // namespace proving_ground
