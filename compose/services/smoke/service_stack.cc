#include "compose/services/smoke/service_stack.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <exception>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "compose/services/issue_token/token_issuer.h"

namespace platform::testing {

namespace asio = boost::asio;
using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr char kIssuer[] = "smoke";
constexpr char kPassword[] = "smoke-password";
constexpr char kPolicy[] =
    R"({"teams":{"sales":{"tools":["text_digest","journal_append","journal_read"]}}})";

std::filesystem::path MakeDirectory() {
  std::string path = (std::filesystem::temp_directory_path() / "services-smoke-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("cannot make " + path);
  return path;
}

std::uint16_t FreePort(asio::io_context& context) {
  const asio::ip::tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  return acceptor.local_endpoint().port();
}

struct KeyPair {
  std::string private_pem;
  std::string public_pem;
};

KeyPair MakeKeys() {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const auto to_pem = [&](auto write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
    write(bio.get());
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
  };
  return {to_pem([&](BIO* bio) {
            PEM_write_bio_PKCS8PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          }),
          to_pem([&](BIO* bio) { PEM_write_bio_PUBKEY(bio, key.get()); })};
}

std::vector<std::string> RedisConfig() {
  return {"appendonly yes", std::string("user sales on >") + kPassword +
                                " ~team:sales:* &team:sales:* +@all -@dangerous -@admin"};
}

}  // namespace

ServiceStack::ServiceStack(int workers, std::vector<std::string> gateway_options)
    : directory_(MakeDirectory()),
      redis_(RedisConfig()),
      coordinator_port_(FreePort(context_)),
      gateway_port_(FreePort(context_)),
      gateway_options_(std::move(gateway_options)) {
  const KeyPair keys = MakeKeys();
  TokenRequest token;
  token.team = "sales";
  token.issuer = kIssuer;
  token.audience = "mcp-gateway";
  token.lifetime = std::chrono::hours(1);
  token.issued_at = std::chrono::system_clock::now();
  Write("policy.json", kPolicy);
  Write("token-public-key.pem", keys.public_pem);
  Write("token-sales", IssueToken(token, keys.private_pem));
  Write("redis-sales", kPassword);

  HttpClient::Options client;
  client.host = "127.0.0.1";
  client.port = coordinator_port_;
  client_ = std::make_unique<HttpClient>(context_.get_executor(), client);
  StartGateway();
  StartCoordinator();
  for (int i = 1; i <= workers; ++i) StartWorker(static_cast<std::size_t>(i));
}

ServiceStack::~ServiceStack() {
  workers_.clear();
  coordinator_.reset();
  gateway_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

std::string ServiceStack::Write(const std::string& name, const std::string& content) const {
  const auto path = directory_ / name;
  std::ofstream(path) << content << '\n';
  return path.string();
}

void ServiceStack::StartGateway() {
  std::vector<std::string> arguments = {GATEWAY_BINARY,
                                        "--listen",
                                        "127.0.0.1:" + std::to_string(gateway_port_),
                                        "--redis",
                                        "127.0.0.1:" + std::to_string(redis_.port()),
                                        "--redis-password-dir",
                                        directory_.string(),
                                        "--policy",
                                        (directory_ / "policy.json").string(),
                                        "--token-key",
                                        (directory_ / "token-public-key.pem").string(),
                                        "--issuer",
                                        kIssuer};
  arguments.insert(arguments.end(), gateway_options_.begin(), gateway_options_.end());
  gateway_ = std::make_unique<Process>(arguments, LogFile());
}

void ServiceStack::StartCoordinator() {
  const std::vector<std::string> arguments = {COORDINATOR_BINARY,
                                              "--team",
                                              "sales",
                                              "--instance",
                                              "sales-coordinator",
                                              "--listen",
                                              "127.0.0.1:" + std::to_string(coordinator_port_),
                                              "--redis",
                                              "127.0.0.1:" + std::to_string(redis_.port()),
                                              "--redis-user",
                                              "sales",
                                              "--redis-password-file",
                                              (directory_ / "redis-sales").string(),
                                              "--worker-lease",
                                              "2s",
                                              "--heartbeat",
                                              "300ms",
                                              "--leader-lease",
                                              "1s"};
  coordinator_ = std::make_unique<Process>(arguments, LogFile());
}

void ServiceStack::StartWorker(std::size_t number) {
  const std::string id = "worker-" + std::to_string(number);
  const std::vector<std::string> arguments = {
      WORKER_BINARY,
      "--team",
      "sales",
      "--id",
      id,
      "--coordinator",
      "http://127.0.0.1:" + std::to_string(coordinator_port_),
      "--gateway",
      "http://127.0.0.1:" + std::to_string(gateway_port_) + "/mcp",
      "--token-file",
      (directory_ / "token-sales").string(),
      "--health-file",
      (directory_ / (id + ".health")).string()};
  workers_.push_back(std::make_unique<Process>(arguments, LogFile()));
}

HttpResult ServiceStack::Ask(const std::string& method, const std::string& target,
                             const std::string& body) {
  bool answered = false;
  HttpResult result;
  std::exception_ptr error;
  HttpHeaders headers;
  if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
  asio::co_spawn(context_, client_->Request(method, target, headers, body, milliseconds(5'000)),
                 [&](std::exception_ptr failure, HttpResult answer) {
                   answered = true;
                   error = failure;
                   result = std::move(answer);
                 });
  context_.restart();
  while (!answered) context_.run_one();
  if (error) std::rethrow_exception(error);
  return result;
}

json ServiceStack::Get(const std::string& target) {
  const auto end = steady_clock::now() + std::chrono::seconds(15);
  std::string last;
  while (steady_clock::now() < end) {
    try {
      const HttpResult result = Ask("GET", target);
      if (result.status == 200) return json::parse(result.body);
      last = std::to_string(result.status) + " " + result.body;
    } catch (const std::runtime_error& error) {
      last = error.what();
    }
    std::this_thread::sleep_for(milliseconds(20));
  }
  throw std::runtime_error("GET " + target + " was not answered: " + last);
}

std::string ServiceStack::Log() const {
  std::ostringstream text;
  text << std::ifstream(LogFile()).rdbuf();
  return text.str();
}

}  // namespace platform::testing
