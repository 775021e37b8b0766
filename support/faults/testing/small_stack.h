// A small stack to break in tests: Redis with accounts, and containers that do nothing.
#pragma once

#include <filesystem>
#include <string>

#include "support/compose/compose_stack.h"
#include "support/faults/fault.h"
#include "support/faults/redis_faults.h"

namespace proving_ground {

class SmallStack {
 public:
  // Writes what the stack is made of into `folder`: compose file, accounts, passwords. The other
  // containers run `sleeper_image`.
  static void Write(const std::filesystem::path& folder, const std::string& sleeper_image);

  // The stack of that folder; call Up to bring it up, unless another process has.
  SmallStack(const std::filesystem::path& folder, const std::string& project);
  SmallStack(const SmallStack&) = delete;
  SmallStack& operator=(const SmallStack&) = delete;

  void Up();
  // Removes it. Returns what is left, but for networks that the engine has lost track of.
  std::string Down();

  const FaultContext& context() const { return context_; }
  Stack& stack() { return stack_; }
  const Engine& engine() const { return engine_; }
  std::filesystem::path journal() const { return folder_ / "undo.journal"; }
  // The ordinary account of its Redis.
  RedisAccount client() const;
  // Stores a value that must never be lost; and whether it is still there.
  void StoreKeepsake();
  bool HasKeepsake() const;

  // One of the faults, by the name of its function, with a target in this stack.
  Fault MakeFault(const std::string& name) const;

 private:
  std::filesystem::path folder_;
  Engine engine_;
  Compose compose_;
  ComposeStack stack_;
  FaultContext context_;
};

}  // namespace proving_ground
