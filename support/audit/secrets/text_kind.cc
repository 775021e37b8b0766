#include "support/audit/secrets/text_kind.h"

#include <array>
#include <cstddef>
#include <string>

#include "support/audit/secrets/characters.h"
#include "support/audit/secrets/patterns.h"

namespace proving_ground {
namespace {

constexpr size_t kLooked = 64 * 1024;  // bytes that are looked at
constexpr size_t kLines = 200;
constexpr size_t kMaxLine = 400;

// How many of the lines that say something look like one kind or the other.
struct Census {
  size_t lines = 0;
  size_t variables = 0;  // NAME=value
  size_t records = 0;    // begin with a time or a level
  size_t services = 0;   // the keys that compose files alone have together
  size_t images = 0;
};

Census Count(std::string_view text) {
  static const Pattern kVariable(R"((?:export\s+)?[A-Z][A-Z0-9_]*=.*)");
  static const Pattern kRecord(
      R"((?i)[\[({"']{0,2}(?:\d{4}[-/]\d\d[-/]\d\d[T ]|(?:mon|tue|wed|thu|fri|sat|sun)?,?\s?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\s+\d|\d\d:\d\d:\d\d|\d+\.\d+\.\d+\.\d+ - |(?:info|warn|warning|error|debug|fatal|trace|notice)\b[\]:\s]|level=|ts"|time"|timestamp"|time=).*)");
  static const Pattern kServices(R"(services:\s*(?:#.*)?)");
  static const Pattern kImage(R"(\s+(?:image|build|environment|command):.*)");
  Census census;
  text = text.substr(0, kLooked);
  while (!text.empty() && census.lines < kLines) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, std::min(end, kMaxLine));
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string_view trimmed = Trim(line);
    if (trimmed.empty() || trimmed.front() == '#') continue;
    ++census.lines;
    if (Matches(kVariable, trimmed)) ++census.variables;
    if (Matches(kRecord, trimmed)) ++census.records;
    if (Matches(kServices, line)) ++census.services;
    if (Matches(kImage, line)) ++census.images;
  }
  return census;
}

}  // namespace

TextKind KindOfFile(std::string_view path) {
  const std::string name = ToLower(path.substr(path.find_last_of('/') + 1));
  const bool yaml = name.ends_with(".yml") || name.ends_with(".yaml");
  if (yaml && name.find("compose") != std::string::npos) return TextKind::kComposeFile;
  if (name == ".env" || name.starts_with(".env.") || name.ends_with(".env"))
    return TextKind::kEnvFile;
  if (name.ends_with(".log") || name.find(".log.") != std::string::npos) return TextKind::kLog;
  return TextKind::kShellOrConfigFile;
}

TextKind KindOfText(std::string_view path, std::string_view text) {
  const TextKind by_name = KindOfFile(path);
  if (by_name != TextKind::kShellOrConfigFile) return by_name;
  const Census census = Count(text);
  if (census.lines == 0) return by_name;
  if (census.services > 0 && census.images > 0) return TextKind::kComposeFile;
  if (census.variables == census.lines && !text.starts_with("#!")) return TextKind::kEnvFile;
  if (census.records * 2 > census.lines) return TextKind::kLog;
  return by_name;
}

}  // namespace proving_ground
