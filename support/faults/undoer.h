// Takes faults back.
#pragma once

#include <vector>

#include "support/faults/undo.h"

namespace proving_ground {

struct FaultContext;

// Carries the steps out, in order. What already is as it should be is left alone, so doing it twice
// is harmless. Waits for an engine or a Redis that is just starting. Every step is tried, even when
// one before it fails. Throws EnvironmentError that names all that failed, and Interrupted.
void Undo(const FaultContext& context, const std::vector<UndoStep>& steps);

}  // namespace proving_ground
