#pragma once

#include <string>
#include <string_view>

namespace platform {

// Evidence that a task's tool calls were really made, in order: a hash chain over what the tools
// answered. It starts at sha256(nonce) and goes on as sha256(previous + "\n" + answer); all in
// lower-case hexadecimal. Whoever knows the nonce and the answers can compute it; a worker that
// skips a call cannot.
class ProofChain {
 public:
  explicit ProofChain(std::string_view nonce);

  // Takes one tool's answer into the chain.
  void Extend(std::string_view answer);

  const std::string& value() const { return value_; }

 private:
  std::string value_;
};

}  // namespace platform
