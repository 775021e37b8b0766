// Engine: what containers write, commands run in them, and events.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "support/base/poll.h"
#include "support/engine/calls.h"
#include "support/engine/decode.h"
#include "support/engine/demultiplexer.h"
#include "support/engine/engine.h"

namespace proving_ground {
namespace {

Request PostJson(const std::string& target, const nlohmann::json& body) {
  Request request;
  request.method = "POST";
  request.target = target;
  request.body = body.dump();
  return request;
}

OutputSink CollectInto(Output& output) {
  return [&output](OutputStream stream, std::string_view data) {
    (stream == OutputStream::kStandardOutput ? output.standard_output : output.standard_error)
        .append(data);
  };
}

// Cuts a stream into lines; the transport cuts it anywhere.
class Lines {
 public:
  explicit Lines(std::function<void(std::string_view)> on_line) : on_line_(std::move(on_line)) {}

  void Feed(std::string_view piece) {
    pending_.append(piece);
    size_t start = 0;
    for (size_t end = 0; (end = pending_.find('\n', start)) != std::string::npos; start = end + 1) {
      const std::string_view line = std::string_view(pending_).substr(start, end - start);
      if (line.find_first_not_of(" \r") != std::string_view::npos) on_line_(line);
    }
    pending_.erase(0, start);
  }

 private:
  std::function<void(std::string_view)> on_line_;
  std::string pending_;
};

}  // namespace

ExecResult Engine::Exec(const std::string& id, const std::vector<std::string>& command,
                        const ExecOptions& options) const {
  const std::string doing = "run " + command.at(0) + " in container " + ShortId(id);
  const Deadline deadline = Within(options.timeout);
  nlohmann::json create = {{"AttachStdout", true}, {"AttachStderr", true}, {"Cmd", command}};
  if (!options.user.empty()) create["User"] = options.user;
  if (!options.environment.empty()) create["Env"] = options.environment;
  std::string exec_id;
  Ask(PostJson("/containers/" + UrlEncoded(id) + "/exec", create), doing,
      [&](const nlohmann::json& created) { exec_id = created.at("Id").get<std::string>(); });

  ExecResult result;
  Demultiplexer demultiplexer(CollectInto(result.output));
  Request start = PostJson("/exec/" + exec_id + "/start", {{"Detach", false}, {"Tty", false}});
  start.timeout = std::max(std::chrono::ceil<std::chrono::milliseconds>(deadline.Remaining()),
                           std::chrono::milliseconds(1));
  Stream(start, doing, [&](std::string_view piece) { demultiplexer.Feed(piece); }, {});
  demultiplexer.Finish();

  // The output ends a moment before the engine knows the exit code.
  Request inspect;
  inspect.target = "/exec/" + exec_id + "/json";
  result.exit_code =
      Await("the exit code of " + command.at(0), deadline,
            [&] {
              std::optional<int> exit_code;
              Ask(inspect, doing, [&](const nlohmann::json& state) {
                if (!state.at("Running").get<bool>()) exit_code = state.at("ExitCode").get<int>();
              });
              return exit_code;
            },
            {.fastest = std::chrono::milliseconds(1), .slowest = std::chrono::milliseconds(50)});
  return result;
}

void Engine::ReadLogs(const std::string& id, const LogOptions& options,
                      const OutputSink& sink) const {
  const std::string doing = "read the logs of container " + ShortId(id);
  Request request;
  request.target = "/containers/" + UrlEncoded(id) + "/logs?stdout=1&stderr=1";
  if (options.tail) request.target += "&tail=" + std::to_string(*options.tail);
  if (options.since) request.target += "&since=" + EpochText(*options.since);
  if (options.timestamps) request.target += "&timestamps=1";
  if (InspectContainer(id).terminal) {
    Stream(request, doing,
           [&](std::string_view piece) { sink(OutputStream::kStandardOutput, piece); }, {});
    return;
  }
  Demultiplexer demultiplexer(sink);
  Stream(request, doing, [&](std::string_view piece) { demultiplexer.Feed(piece); }, {});
  demultiplexer.Finish();
}

Output Engine::Logs(const std::string& id, const LogOptions& options) const {
  Output output;
  ReadLogs(id, options, CollectInto(output));
  return output;
}

void Engine::FollowLogs(const std::string& id, const LineSink& on_line,
                        std::stop_token stop) const {
  Request request;
  request.target = "/containers/" + UrlEncoded(id) + "/logs?stdout=1&stderr=1&follow=1";
  request.timeout = std::chrono::milliseconds(0);
  Lines output([&](std::string_view line) { on_line(OutputStream::kStandardOutput, line); });
  Lines error([&](std::string_view line) { on_line(OutputStream::kStandardError, line); });
  Demultiplexer demultiplexer([&](OutputStream stream, std::string_view data) {
    (stream == OutputStream::kStandardOutput ? output : error).Feed(data);
  });
  Stream(
      request, "follow the logs of container " + ShortId(id),
      [&](std::string_view piece) { demultiplexer.Feed(piece); }, stop);
  if (!stop.stop_requested()) demultiplexer.Finish();
}

void Engine::WatchEvents(const EventQuery& query, const std::function<void(const Event&)>& on_event,
                         std::stop_token stop) const {
  Request request;
  request.target = "/events?filters=" + LabelFilter(query.labels);
  if (query.since) request.target += "&since=" + EpochText(*query.since);
  if (query.until) request.target += "&until=" + EpochText(*query.until);
  request.timeout = std::chrono::milliseconds(0);
  const std::string doing = "report events";
  Lines lines([&](std::string_view line) {
    // Two steps, so that what the caller throws is not taken for an unreadable answer.
    Event event;
    ReadJson(line, doing, [&](const nlohmann::json& object) { event = DecodeEvent(object); });
    on_event(event);
  });
  Stream(
      request, doing, [&](std::string_view piece) { lines.Feed(piece); }, std::move(stop));
}

}  // namespace proving_ground
