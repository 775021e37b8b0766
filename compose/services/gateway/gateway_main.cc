#include "compose/services/gateway/gateway_main.h"

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <charconv>
#include <cstring>
#include <optional>
#include <thread>

#include "compose/services/common/configuration_error.h"
#include "compose/services/common/health_check.h"
#include "compose/services/common/http_server.h"
#include "compose/services/common/log.h"
#include "compose/services/common/options.h"
#include "compose/services/common/secret_file.h"
#include "compose/services/common/shutdown.h"
#include "compose/services/gateway/caching_verifier.h"
#include "compose/services/gateway/gateway.h"
#include "compose/services/gateway/limiter.h"
#include "compose/services/gateway/mcp_service.h"
#include "compose/services/gateway/metrics.h"

namespace platform {
namespace {

using std::chrono::milliseconds;

struct GatewayOptions {
  HostPort listen{"0.0.0.0", 8080};
  std::filesystem::path policy;
  std::filesystem::path token_key;
  std::string issuer;
  std::string audience = "mcp-gateway";
  std::vector<std::string> allowed_hosts{"gateway", "localhost", "127.0.0.1", "[::1]"};
  std::vector<std::string> allowed_origins{"http://localhost", "http://127.0.0.1", "http://[::1]"};
  RedisStores::Options redis;
  TeamLimiter::Options limits;
  std::size_t max_connections = 1024;
  int threads = 1;
  milliseconds header_timeout = HttpServer::Options().header_timeout;
  milliseconds body_timeout = HttpServer::Options().body_timeout;
  milliseconds drain{5'000};
};

std::optional<int> ReadOptions(int argc, const char* const* argv, GatewayOptions& options) {
  CLI::App app("MCP gateway: tools for teams, over Streamable HTTP.");
  app.option_defaults()->always_capture_default();
  AddHostPort(app, "--listen", options.listen, "Address to serve on");
  AddHostPort(app, "--redis", options.redis.redis, "Redis");
  app.add_option("--redis-password-dir", options.redis.password_dir,
                 "Directory with one file redis-<team> per team")
      ->required();
  AddDuration(app, "--redis-timeout", options.redis.timeout, "Deadline of each Redis command");
  app.add_option("--policy", options.policy, "Policy file (JSON)")->required();
  app.add_option("--token-key", options.token_key,
                 "Public key that tokens are verified with (PEM, P-256)")
      ->required();
  app.add_option("--issuer", options.issuer, "Issuer that tokens must name")->required();
  app.add_option("--audience", options.audience, "Audience that tokens must name");
  app.add_option("--allowed-host", options.allowed_hosts,
                 "Host this gateway is known by; may be repeated");
  app.add_option("--allowed-origin", options.allowed_origins,
                 "Origin of web pages that may call it; may be repeated");
  app.add_option("--team-rate", options.limits.rate, "Requests per second of one team")
      ->check(CLI::PositiveNumber);
  app.add_option("--team-burst", options.limits.burst, "Requests of one team at once")
      ->check(CLI::PositiveNumber);
  app.add_option("--team-concurrency", options.limits.max_concurrent,
                 "Requests of one team at the same time")
      ->check(CLI::PositiveNumber);
  app.add_option("--max-connections", options.max_connections, "Open connections")
      ->check(CLI::PositiveNumber);
  app.add_option("--threads", options.threads, "Threads that serve")->check(CLI::Range(1, 64));
  AddDuration(app, "--header-timeout", options.header_timeout,
              "Time for a request's header to arrive");
  AddDuration(app, "--body-timeout", options.body_timeout, "Time for a request's body to arrive");
  AddDuration(app, "--drain", options.drain, "Time for running requests to end on SIGTERM");
  const std::optional<int> exit_code = ParseCommandLine(app, argc, argv);
  for (const auto& [flag, time] : {std::pair("--header-timeout", options.header_timeout),
                                   std::pair("--body-timeout", options.body_timeout)}) {
    if (time <= milliseconds(0)) {
      throw ConfigurationError(std::string(flag) + " is zero; make it longer");
    }
  }
  return exit_code;
}

// What all threads share.
struct Shared {
  Shared(const GatewayOptions& options, const GatewayFactory& factory)
      : tools(factory.MakeTools()),
        policy(factory.MakePolicy(options.policy, tools)),
        teams(policy->teams()),
        guard(factory.MakeGuard(options.allowed_hosts, options.allowed_origins)),
        metrics(teams),
        audit(factory.MakeAudit(metrics)),
        service(*policy, tools, *audit, metrics) {
    verifier.public_key_pem = ReadSecretFile(options.token_key);
    verifier.issuer = options.issuer;
    verifier.audience = options.audience;
    for (const std::string& team : teams) limiters.try_emplace(team, options.limits);
  }

  const ToolTable tools;
  const std::unique_ptr<Policy> policy;
  const std::vector<std::string> teams;
  const std::unique_ptr<RequestGuard> guard;
  GatewayMetrics metrics;
  const std::unique_ptr<Audit> audit;
  const McpService service;
  JwtVerifier::Options verifier;
  std::map<std::string, TeamLimiter, std::less<>> limiters;
};

// What one thread has for itself: connections of its own to Redis and to clients, so that threads
// share no lock on the way of a request but the limiter's.
class Shard {
 public:
  Shard(asio::io_context& context, Shared& shared, const GatewayOptions& options,
        const GatewayFactory& factory, std::uint16_t port)
      : context_(context),
        verifier_(factory.MakeVerifier(shared.verifier), CachingVerifier::Options()),
        stores_(context, factory.MakeStores(options.redis), shared.teams),
        gateway_(Gateway::Parts{*shared.guard, verifier_, stores_, shared.limiters, shared.service,
                                *shared.audit, shared.metrics}),
        server_(context, factory.MakeServer(ServerOptions(options, port)),
                factory.MakeHandler(gateway_)) {}

  void Start() {
    stores_.Start();
    server_.Start();
  }

  // May be called from any thread.
  void Stop(milliseconds drain) { asio::co_spawn(context_, StopServing(drain), asio::detached); }

  std::uint16_t port() const { return server_.port(); }

 private:
  static HttpServer::Options ServerOptions(const GatewayOptions& options, std::uint16_t port) {
    HttpServer::Options server;
    server.address = options.listen.host;
    server.port = port;
    server.reuse_port = options.threads > 1;
    server.header_timeout = options.header_timeout;
    server.body_timeout = options.body_timeout;
    server.max_connections =
        options.max_connections / static_cast<std::size_t>(options.threads) + 1;
    return server;
  }

  asio::awaitable<void> StopServing(milliseconds drain) {
    co_await server_.Stop(drain);
    stores_.Stop();
  }

  asio::io_context& context_;
  CachingVerifier verifier_;
  RedisStores stores_;
  Gateway gateway_;
  HttpServer server_;
};

int Serve(int argc, const char* const* argv, const GatewayFactory& factory) {
  asio::io_context first_context(1);
  Shutdown shutdown(first_context);
  GatewayOptions options;
  if (const auto exit_code = ReadOptions(argc, argv, options)) return *exit_code;
  InitLog("gateway");

  Shared shared(options, factory);
  std::vector<std::unique_ptr<asio::io_context>> more_contexts;
  std::vector<std::unique_ptr<Shard>> shards;
  shards.push_back(
      std::make_unique<Shard>(first_context, shared, options, factory, options.listen.port));
  for (int i = 1; i < options.threads; ++i) {
    more_contexts.push_back(std::make_unique<asio::io_context>(1));
    shards.push_back(std::make_unique<Shard>(*more_contexts.back(), shared, options, factory,
                                             shards.front()->port()));
  }
  for (const auto& shard : shards) shard->Start();
  shutdown.OnSignal([&] {
    for (const auto& shard : shards) shard->Stop(options.drain);
  });
  Log(Level::kInfo, "serving",
      {{"port", shards.front()->port()},
       {"teams", shared.teams.size()},
       {"threads", options.threads}});

  std::vector<std::jthread> threads;
  for (const auto& context : more_contexts) threads.emplace_back([&context] { context->run(); });
  first_context.run();
  threads.clear();
  Log(Level::kInfo, "stopped");
  return 0;
}

// `--healthcheck [port]` is decided before anything else is set up: it is run every few seconds.
std::optional<int> RunHealthCheck(int argc, const char* const* argv) {
  if (argc < 2 || std::strcmp(argv[1], "--healthcheck") != 0) return std::nullopt;
  std::uint16_t port = 8080;
  if (argc > 2) std::from_chars(argv[2], argv[2] + std::strlen(argv[2]), port);
  return CheckHealth(port, "/readyz");
}

}  // namespace

ToolTable GatewayFactory::MakeTools() const { return AllTools(); }

std::unique_ptr<Policy> GatewayFactory::MakePolicy(const std::filesystem::path& path,
                                                   const ToolTable& tools) const {
  return std::make_unique<FilePolicy>(
      path, [&tools](std::string_view name) { return tools.Find(name) != nullptr; });
}

std::unique_ptr<TokenVerifier> GatewayFactory::MakeVerifier(JwtVerifier::Options options) const {
  return std::make_unique<JwtVerifier>(std::move(options));
}

std::unique_ptr<RequestGuard> GatewayFactory::MakeGuard(std::vector<std::string> hosts,
                                                        std::vector<std::string> origins) const {
  return std::make_unique<AllowListGuard>(std::move(hosts), std::move(origins));
}

std::unique_ptr<Audit> GatewayFactory::MakeAudit(GatewayMetrics& metrics) const {
  return std::make_unique<LoggingAudit>(metrics);
}

RedisStores::Options GatewayFactory::MakeStores(RedisStores::Options options) const {
  return options;
}

HttpServer::Options GatewayFactory::MakeServer(HttpServer::Options options) const {
  return options;
}

HttpHandler GatewayFactory::MakeHandler(Gateway& gateway) const {
  return [&gateway](const HttpRequest& request) { return gateway.Handle(request); };
}

int RunGateway(int argc, const char* const* argv, const GatewayFactory& factory) {
  if (const auto exit_code = RunHealthCheck(argc, argv)) return *exit_code;
  return RunService("gateway", [&] { return Serve(argc, argv, factory); });
}

}  // namespace platform
