// Engine: containers that the harness makes for itself.
#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "support/base/poll.h"
#include "support/engine/calls.h"
#include "support/engine/engine.h"

namespace proving_ground {
namespace {

std::string NetworkMode(const NewContainer& container) {
  if (!container.network.empty()) return container.network;
  if (!container.network_of.empty()) return "container:" + container.network_of;
  return "none";
}

nlohmann::json EncodeHost(const NewContainer& container) {
  nlohmann::json host = nlohmann::json::object();
  host["NetworkMode"] = NetworkMode(container);
  if (!container.processes_of.empty()) host["PidMode"] = "container:" + container.processes_of;
  if (container.host_processes) host["PidMode"] = "host";
  host["CapDrop"] = nlohmann::json::array({"ALL"});
  if (!container.capability.empty()) host["CapAdd"].push_back(container.capability);
  for (const std::string& more : container.more_capabilities) host["CapAdd"].push_back(more);
  host["SecurityOpt"] = nlohmann::json::array({"no-new-privileges"});
  host["ReadonlyRootfs"] = container.read_only;
  host["Memory"] = container.memory_limit;
  host["MemorySwap"] = container.memory_limit;
  host["PidsLimit"] = container.pids_limit;
  host["RestartPolicy"] = {{"Name", "no"}};
  // Readable through the API, whatever the engine's own default is.
  host["LogConfig"] = {{"Type", "json-file"}};
  if (!container.dns_options.empty()) host["DnsOptions"] = container.dns_options;
  if (!container.host_limits.empty()) host.update(nlohmann::json::parse(container.host_limits));
  return host;
}

nlohmann::json Encode(const NewContainer& container) {
  nlohmann::json body = nlohmann::json::object();
  body["Image"] = container.image;
  body["Cmd"] = container.command;
  body["Labels"] = container.labels;
  if (!container.user.empty()) body["User"] = container.user;
  body["HostConfig"] = EncodeHost(container);
  return body;
}

void CheckArchive(int result, struct archive* archive) {
  if (result == ARCHIVE_OK) return;
  const char* const reason = archive_error_string(archive);
  throw EnvironmentError(
      std::string("files for a container could not be packed: ") + (reason ? reason : "unknown"),
      "check the available memory");
}

la_ssize_t AppendTo(struct archive*, void* text, const void* data, size_t size) {
  static_cast<std::string*>(text)->append(static_cast<const char*>(data), size);
  return static_cast<la_ssize_t>(size);
}

void Pack(struct archive* archive, const ContainerFile& file) {
  const std::unique_ptr<struct archive_entry, decltype(&archive_entry_free)> entry(
      archive_entry_new(), archive_entry_free);
  archive_entry_set_pathname(entry.get(), file.path.c_str() + (file.path.starts_with('/') ? 1 : 0));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), static_cast<mode_t>(file.mode));
  archive_entry_set_uid(entry.get(), file.owner);
  archive_entry_set_gid(entry.get(), file.owner);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.content.size()));
  CheckArchive(archive_write_header(archive, entry.get()), archive);
  if (archive_write_data(archive, file.content.data(), file.content.size()) !=
      static_cast<la_ssize_t>(file.content.size())) {
    CheckArchive(ARCHIVE_FATAL, archive);
  }
}

// A tar archive with these files, relative to the root.
std::string Packed(const std::vector<ContainerFile>& files) {
  std::string tar;
  const std::unique_ptr<struct archive, decltype(&archive_write_free)> archive(archive_write_new(),
                                                                               archive_write_free);
  CheckArchive(archive_write_set_format_pax_restricted(archive.get()), archive.get());
  CheckArchive(archive_write_open(archive.get(), &tar, nullptr, AppendTo, nullptr), archive.get());
  for (const ContainerFile& file : files) Pack(archive.get(), file);
  CheckArchive(archive_write_close(archive.get()), archive.get());
  return tar;
}

}  // namespace

std::string Engine::Create(const NewContainer& container) const {
  Request request;
  request.method = "POST";
  request.target = "/containers/create?name=" + UrlEncoded(container.name);
  request.body = Encode(container).dump();
  std::string id;
  Ask(request, "create container " + container.name,
      [&](const nlohmann::json& created) { id = created.at("Id").get<std::string>(); });
  return id;
}

void Engine::PutFiles(const std::string& id, const std::vector<ContainerFile>& files) const {
  Request request;
  request.method = "PUT";
  request.target = "/containers/" + UrlEncoded(id) + "/archive?path=/";
  request.body = Packed(files);
  request.content_type = "application/x-tar";
  Call(request, "put files into container " + ShortId(id));
}

int Engine::AwaitExit(const std::string& id, Deadline deadline) const {
  const std::string doing = "wait for the end of container " + ShortId(id);
  Request request;
  request.method = "POST";
  request.target = "/containers/" + UrlEncoded(id) + "/wait?condition=not-running";
  request.timeout = std::max(std::chrono::ceil<std::chrono::milliseconds>(deadline.Remaining()),
                             std::chrono::milliseconds(1));
  int exit_code = 0;
  try {
    Ask(request, doing,
        [&](const nlohmann::json& answer) { exit_code = answer.at("StatusCode").get<int>(); });
  } catch (const TransportError&) {
    if (!deadline.Passed()) throw;
    throw DeadlineExceeded("gave up to " + doing + ": it still runs",
                           "see what it waits for: `docker logs " + ShortId(id) + "`");
  }
  return exit_code;
}

}  // namespace proving_ground
