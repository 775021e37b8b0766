// A stack on one engine, brought up with Docker Compose.
#pragma once

#include <string>
#include <vector>

#include "support/compose/stack.h"

namespace proving_ground {

class ComposeStack final : public Stack {
 public:
  // Both must outlive the stack and mean the same engine.
  ComposeStack(const Compose& compose, const Engine& engine);

  const std::string& project() const override { return compose_.project(); }
  void Up(const UpOptions& options, Deadline deadline) override;
  void AwaitUp(Deadline deadline) override;
  Residue Down(const DownOptions& options, Deadline deadline) override;
  std::vector<Container> Containers(const std::string& service) const override;
  Endpoint Published(const Container& container, int container_port) const override;
  const Engine& EngineOf(const Container& container) const override;
  int CaptureLogs(const std::filesystem::path& folder) const override;
  Residue FindResidue() const override;

 private:
  // One attempt to remove, through the engine, all that carries the project's label.
  void Sweep(bool volumes, Residue& attempted) const;

  const Compose& compose_;
  const Engine& engine_;
};

}  // namespace proving_ground
