#include "support/faults/testing/fake_engine.h"

#include <regex>
#include <utility>

#include "support/compose/start_up.h"

namespace proving_ground {
namespace {

using nlohmann::json;

class FakeTransport final : public Transport {
 public:
  explicit FakeTransport(FakeEngine& engine) : engine_(engine) {}
  Response Send(const Request& request) override { return engine_.Answer(request); }
  Response Stream(const Request& request, const BodySink& /*sink*/,
                  std::stop_token /*stop*/) override {
    return engine_.Answer(request);
  }
  std::string Address() const override { return "unix:///played-by-the-test"; }

 private:
  FakeEngine& engine_;
};

Response Ok(const json& body) { return {.status = 200, .headers = {}, .body = body.dump()}; }

Response Refusal(int status, const std::string& message) {
  return {.status = status, .headers = {}, .body = json{{"message", message}}.dump()};
}

std::string UrlDecoded(const std::string& text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      decoded += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

bool Matches(const json& labels, const json& wanted) {
  for (const json& one : wanted) {
    const auto text = one.get<std::string>();
    const size_t equals = text.find('=');
    const json& value = labels.value(text.substr(0, equals), json());
    if (value.is_null()) return false;
    if (equals != std::string::npos && value != text.substr(equals + 1)) return false;
  }
  return true;
}

}  // namespace

std::string FakeEngine::Add(const std::string& service, int number) {
  const std::string id = std::string(60, 'a') + std::to_string(1000 + ++made_);
  containers_[id] = {
      {"Id", id},
      {"Name", "/" + project_ + "-" + service + "-" + std::to_string(number)},
      {"State", {{"Status", "running"}, {"StartedAt", "2026-01-01T00:00:00Z"}}},
      {"RestartCount", 0},
      {"Config",
       {{"Image", "image:1"},
        {"Labels",
         {{kProjectLabel, project_},
          {kServiceLabel, service},
          {kNumberLabel, std::to_string(number)},
          {kOneOffLabel, "False"},
          {"acceptance.role", "worker"},
          {"com.docker.compose.version", "2.26.1"}}}}},
      {"HostConfig",
       {{"RestartPolicy", {{"Name", "unless-stopped"}}}, {"Memory", 1 << 20}, {"PidsLimit", 32}}},
      {"NetworkSettings",
       {{"Networks",
         {{"net",
           {{"NetworkID", "n1"},
            {"IPAddress", "10.0.0.2"},
            {"Aliases", json::array({service, id.substr(0, 12)})}}}}}}}};
  return id;
}

Engine FakeEngine::Connect() {
  const EngineAddress address = {
      .url = "unix:///played-by-the-test", .socket_path = "", .host = "127.0.0.1"};
  return Engine(std::make_unique<FakeTransport>(*this), address,
                [](const std::string&) { return std::nullopt; });
}

Response FakeEngine::Answer(const Request& request) {
  if (before_each) before_each(request);
  if (request.target == "/version") return Ok({{"ApiVersion", "1.41"}, {"MinAPIVersion", "1.12"}});
  const std::string target = request.target.substr(request.target.find('/', 1));
  std::smatch parts;
  static const std::regex kContainer("/containers/([^/?]+)(?:/([a-z]+))?(?:\\?.*)?");
  static const std::regex kNetwork("/networks/([^/?]+)/([a-z]+)");
  if (target.starts_with("/containers/json")) return List(target);
  if (std::regex_match(target, parts, kNetwork)) {
    return ChangeNetwork(parts[1], parts[2], json::parse(request.body));
  }
  if (target.starts_with("/networks?")) return Ok(json::array());
  if (target.starts_with("/volumes?")) return Ok(json::object());
  if (!std::regex_match(target, parts, kContainer)) return Refusal(400, "not played: " + target);
  if (!containers_.contains(parts[1])) return Refusal(404, "No such container");
  if (request.method == "GET") return Ok(containers_.at(parts[1]));
  return Change(parts[1], request.method == "DELETE" ? "remove" : parts[2].str());
}

Response FakeEngine::List(const std::string& target) const {
  const std::string filters = UrlDecoded(target.substr(target.find("filters=") + 8));
  const json wanted = json::parse(filters).value("label", json::array());
  json rows = json::array();
  for (const auto& [id, container] : containers_) {
    const json& labels = container.at("Config").at("Labels");
    if (!Matches(labels, wanted)) continue;
    rows.push_back({{"Id", id},
                    {"Names", json::array({container.at("Name")})},
                    {"State", container.at("State").at("Status")},
                    {"Labels", labels}});
  }
  return Ok(rows);
}

Response FakeEngine::Change(const std::string& id, const std::string& verb) {
  changes_.push_back(verb + " " + id);
  json& status = containers_.at(id).at("State").at("Status");
  if (verb == "start" || verb == "unpause") status = "running";
  if (verb == "pause") status = "paused";
  if (verb == "kill" || verb == "stop") status = "exited";
  if (verb == "remove") containers_.erase(id);
  return {.status = 204, .headers = {}, .body = ""};
}

Response FakeEngine::ChangeNetwork(const std::string& network, const std::string& verb,
                                   const json& body) {
  changes_.push_back(verb + " " + network);
  json& networks = containers_.at(body.at("Container")).at("NetworkSettings").at("Networks");
  if (verb == "disconnect") {
    networks.erase(network);
  } else {
    networks[network] = body.at("EndpointConfig");
    networks[network]["NetworkID"] = "n1";
    networks[network]["IPAddress"] = "10.0.0.2";
  }
  return Ok(json::object());
}

}  // namespace proving_ground
