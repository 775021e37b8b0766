#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace platform {

enum class Level { kInfo, kWarning, kError };

// The value of one log field. Text may hold any bytes: it is escaped when written.
class LogValue {
 public:
  LogValue(std::string_view text) : value_(text) {}  // NOLINT(google-explicit-constructor)
  LogValue(const std::string& text)
      : value_(std::string_view(text)) {}  // NOLINT(google-explicit-constructor)
  LogValue(const char* text)
      : value_(std::string_view(text)) {}      // NOLINT(google-explicit-constructor)
  LogValue(bool flag) : value_(flag) {}        // NOLINT(google-explicit-constructor)
  LogValue(double number) : value_(number) {}  // NOLINT(google-explicit-constructor)
  template <typename Integer>
  requires(std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>) LogValue(Integer number)
      : value_(static_cast<std::int64_t>(number)) {}  // NOLINT(google-explicit-constructor)

  const std::variant<std::string_view, std::int64_t, double, bool>& value() const { return value_; }

 private:
  std::variant<std::string_view, std::int64_t, double, bool> value_;
};

struct LogField {
  std::string_view key;
  LogValue value;
};

// Sets the fields `service` and `team` of every later line. An empty team is left out. Call once,
// before threads start.
void InitLog(std::string service, std::string team = "");

// Writes one JSON line to standard output: ts (RFC 3339, UTC, milliseconds), level, service, team,
// event, then the given fields. Control characters, terminal codes and everything beyond ASCII are
// escaped, bytes that are not UTF-8 are replaced, so that one event is always one line whatever the
// values hold. Thread-safe; never throws.
void Log(Level level, std::string_view event, std::initializer_list<LogField> fields = {}) noexcept;

}  // namespace platform
