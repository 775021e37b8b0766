// What the parts of the secret detector hand to each other.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace proving_ground {

// Where a text comes from. It decides how far an unquoted value reaches and how much a value must
// look like a secret: `password: wrong` is a secret in a compose file and prose in a log.
enum class TextKind {
  kComposeFile,
  kEnvFile,
  kCommandLine,
  kEnvironmentEntry,  // NAME=value
  kLabel,             // name=value
  kShellOrConfigFile,
  kLog,
  kRedisValue,  // of a hash field: field=value
  kImageHistory,
};

enum class Confidence { kLow, kMedium, kHigh };

// How much of the text a rule understood. Of candidates that overlap the highest stays.
enum class Specificity {
  kAssignment,  // a telling name with some value
  kContext,     // a place that holds a password: URL, header, option of a command
  kFormat,      // the value says itself what it is
};

struct Text {
  std::string_view bytes;
  TextKind kind;
};

// A stretch of the text, [begin, end), that is taken for a secret.
struct Candidate {
  std::string_view rule;  // static storage
  size_t begin = 0;
  size_t end = 0;
  Confidence confidence = Confidence::kMedium;
  Specificity specificity = Specificity::kContext;
};

// One way to recognize secrets. It is woken where one of its literals (lower case, matched without
// regard to case) stands in the text; it must look at a bounded stretch around that place only, so
// that the whole scan is linear in the size of the text.
class Recognizer {
 public:
  virtual ~Recognizer() = default;

  virtual std::vector<std::string_view> Literals() const = 0;

  // `literal` is an index into Literals(), `at` the offset where it begins. Does not throw,
  // whatever the bytes are.
  virtual void Inspect(const Text& text, size_t literal, size_t at,
                       std::vector<Candidate>& found) const = 0;
};

}  // namespace proving_ground
