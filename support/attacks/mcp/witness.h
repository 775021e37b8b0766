// Whether a call was carried out, told by the team's own notes: every attempt asks to note a key of
// its own, and afterwards the team looks which keys stand there.
//
// The tools are those of the reference stack: memory_put, memory_list and memory_delete.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "support/attacks/mcp/attempt.h"
#include "support/attacks/mcp/mcp_sender.h"

namespace proving_ground {

inline constexpr const char* kNoteTool = "memory_put";
inline constexpr const char* kReadNoteTool = "memory_get";
inline constexpr const char* kListNotesTool = "memory_list";
inline constexpr const char* kDeleteNoteTool = "memory_delete";

// A text that stands nowhere else: "acceptance-<32 hexadecimal digits>".
std::string FreshMarker();

class Witness {
 public:
  // `team`: the rightful owner of the notes.
  explicit Witness(const McpSender& team) : team_(team) {}

  // Arguments of a call of kNoteTool under a new key, the `number`-th.
  nlohmann::json Note(std::size_t number) const;
  // The rightful call of that kind.
  McpPost Call(Era era, std::size_t number) const {
    return team_.Call(era, kNoteTool, Note(number));
  }
  // Which notes stand there. Throws EnvironmentError when the team cannot read its notes.
  std::set<std::size_t> Standing() const;
  // Removes what stands there.
  void Clear() const;

 private:
  std::string Key(std::size_t number) const;

  const McpSender& team_;
  std::string marker_ = FreshMarker();
};

// Carries attempts out one after the other, each with a note of its own, rightful calls first and
// last, and looks in the end which of them took effect.
class NotedAttempts {
 public:
  explicit NotedAttempts(const McpSender& team) : team_(team), witness_(team) {}

  // A rightful call, changed by `bend`.
  template <typename Bend>
  void Try(const std::string& attack, Era era, Bend bend, bool may_be_accepted = false) {
    McpPost post = witness_.Call(era, Next());
    bend(post);
    Took(attack, team_.Send(post), may_be_accepted, TokenIn(post));
  }
  // Bytes that ask for the note last taken with Next().
  void TryBytes(const std::string& attack, std::string_view bytes, bool may_be_accepted = false);
  // `token`: what was presented, besides the team's own.
  void Took(const std::string& attack, const RawAnswer& answer, bool may_be_accepted = false,
            const std::string& token = "");
  void Control(const std::string& name, Era era, const std::string& token);

  // Number of the note that the next attempt asks for.
  std::size_t Next() { return ++number_; }
  const Witness& witness() const { return witness_; }
  // Looks which notes stand there, and removes them.
  AttackRecord Finish();

 private:
  // The last word of its Authorization header.
  static std::string TokenIn(const McpPost& post);

  const McpSender& team_;
  Witness witness_;
  std::size_t number_ = 0;
  std::vector<std::size_t> of_attempt_;
  std::vector<std::size_t> of_control_;
  AttackRecord record_;
};

}  // namespace proving_ground
