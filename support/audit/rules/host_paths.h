// Which paths of a host a container must not see.
#pragma once

#include <string>
#include <string_view>

namespace proving_ground::audit {

// What a clean path of the host gives to a container that mounts it.
enum class HostPath {
  kOrdinary,
  kHarmless,   // sensitive by its place, known to be harmless read-only (time zones, certificates)
  kSensitive,  // the system's own, or a folder that contains such
  kEngine,     // a container engine's socket, or a folder that contains one
};

// `project` is the clean folder of the compose files: what is below it is the project's own, also
// where people keep projects in a home folder.
HostPath Classify(std::string_view path, std::string_view project);

// True for the last part of an engine socket's path, under any folder.
bool IsEngineSocketName(std::string_view path);

}  // namespace proving_ground::audit
