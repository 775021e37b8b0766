#include "support/audit/rules/host_paths.h"

#include <algorithm>
#include <array>

#include "support/audit/rules/spelling.h"

namespace proving_ground::audit {
namespace {

// Clean paths: /var/run is /run.
constexpr std::array<std::string_view, 11> kEngineSockets = {
    "/run/docker.sock",
    "/run/docker-host.sock",
    "/run/docker/containerd/containerd.sock",
    "/run/containerd/containerd.sock",
    "/run/k3s/containerd/containerd.sock",
    "/run/crio/crio.sock",
    "/run/podman/podman.sock",
    "/run/dockershim.sock",
    "/run/cri-dockerd.sock",
    "/run/buildkit/buildkitd.sock",
    "/run/lxd.socket"};

constexpr std::array<std::string_view, 22> kSensitiveFolders = {"/bin",
                                                                "/boot",
                                                                "/dev",
                                                                "/etc",
                                                                "/lib",
                                                                "/lib32",
                                                                "/lib64",
                                                                "/libx32",
                                                                "/proc",
                                                                "/run",
                                                                "/sbin",
                                                                "/sys",
                                                                "/usr",
                                                                "/var/lib/containerd",
                                                                "/var/lib/containers",
                                                                "/var/lib/docker",
                                                                "/var/lib/kubelet",
                                                                "/var/log",
                                                                "/var/spool/cron",
                                                                "/var/lib/lxd",
                                                                "/var/lib/rancher",
                                                                "/var/cache/ldconfig"};

// Exactly these, or what is below them; read-only mounts of them are ordinary practice.
constexpr std::array<std::string_view, 7> kHarmlessFolders = {"/etc/localtime",
                                                              "/etc/timezone",
                                                              "/usr/share/zoneinfo",
                                                              "/etc/ssl/certs",
                                                              "/etc/pki/ca-trust",
                                                              "/usr/share/ca-certificates",
                                                              "/usr/local/share/ca-certificates"};

constexpr std::array<std::string_view, 5> kHarmlessDevices = {"/dev/null", "/dev/zero", "/dev/full",
                                                              "/dev/random", "/dev/urandom"};

// What people keep in their home folders that opens other doors.
constexpr std::array<std::string_view, 9> kKeyFolders = {".ssh",   ".aws",   ".docker",
                                                         ".kube",  ".gnupg", ".config/gcloud",
                                                         ".azure", ".netrc", ".password-store"};

template <typename Names>
bool BelowAny(std::string_view path, const Names& folders) {
  return std::any_of(folders.begin(), folders.end(),
                     [&](std::string_view folder) { return IsWithin(path, folder); });
}

template <typename Names>
bool AboveAny(std::string_view path, const Names& folders) {
  return std::any_of(folders.begin(), folders.end(),
                     [&](std::string_view folder) { return IsWithin(folder, path); });
}

// "/home", "/home/<user>", "/root", and the folders with keys below the last two. Other folders in
// a home are where people keep their projects.
bool IsSensitiveHome(std::string_view path) {
  if (path == "/home" || path == "/root") return true;
  std::string_view rest;
  if (path.starts_with("/root/")) {
    rest = path.substr(6);
  } else if (path.starts_with("/home/")) {
    const std::size_t slash = path.find('/', 6);
    if (slash == std::string_view::npos) return true;
    rest = path.substr(slash + 1);
  } else {
    return false;
  }
  return std::any_of(kKeyFolders.begin(), kKeyFolders.end(),
                     [&](std::string_view folder) { return IsWithin(rest, folder); });
}

// Where projects are kept below folders that are otherwise the system's.
bool HoldsProjects(std::string_view path) {
  return path.starts_with("/home/") || path.starts_with("/root/") ||
         path.starts_with("/usr/src/") || path.starts_with("/usr/local/");
}

}  // namespace

bool IsEngineSocketName(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  return std::any_of(kEngineSockets.begin(), kEngineSockets.end(), [&](std::string_view socket) {
    return socket.substr(socket.rfind('/') + 1) == name;
  });
}

HostPath Classify(std::string_view path, std::string_view project) {
  // Rootless engines keep theirs below /run/user/<uid>, or anywhere.
  // /var holds them where /var/run is no link.
  if (IsEngineSocketName(path) || path == "/var" || AboveAny(path, kEngineSockets)) {
    return HostPath::kEngine;
  }
  if (BelowAny(path, kHarmlessDevices)) return HostPath::kOrdinary;
  if (BelowAny(path, kHarmlessFolders)) return HostPath::kHarmless;
  if (HoldsProjects(path) && !project.empty() && IsWithin(path, project))
    return HostPath::kOrdinary;
  const bool sensitive = BelowAny(path, kSensitiveFolders) || AboveAny(path, kSensitiveFolders) ||
                         IsSensitiveHome(path);
  return sensitive ? HostPath::kSensitive : HostPath::kOrdinary;
}

}  // namespace proving_ground::audit
