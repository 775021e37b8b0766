#include "support/engine/curl_transport.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <exception>
#include <mutex>
#include <utility>
#include <vector>

#include "support/base/interrupt.h"
#include "support/base/poll.h"

namespace proving_ground {
namespace {

// Connections kept for later use; more are made while more are needed at once.
constexpr size_t kMaxIdleConnections = 128;

// A transfer handle with the connection it keeps open. Used by one thread at a time.
struct Connection {
  Connection() : multi(curl_multi_init()), easy(curl_easy_init()) {
    if (multi == nullptr || easy == nullptr) {
      throw EnvironmentError("libcurl could not be initialised", "check the available memory");
    }
  }
  ~Connection() {
    curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  CURLM* multi;
  CURL* easy;
};

// What the callbacks of one exchange fill in.
struct Exchange {
  CURL* easy = nullptr;
  Response response;
  const BodySink* sink = nullptr;   // null: the body is collected
  std::exception_ptr sink_failure;  // exceptions must not pass through C code
};

size_t OnHeader(char* data, size_t size, size_t count, void* context) {
  auto& exchange = *static_cast<Exchange*>(context);
  const std::string_view line(data, size * count);
  const size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char character) { return std::tolower(character); });
    const size_t first = line.find_first_not_of(" \t", colon + 1);
    const size_t last = line.find_last_not_of(" \t\r\n");
    exchange.response.headers[name] =
        first > last ? "" : std::string(line.substr(first, last - first + 1));
  }
  return size * count;
}

size_t OnBody(char* data, size_t size, size_t count, void* context) {
  auto& exchange = *static_cast<Exchange*>(context);
  const std::string_view piece(data, size * count);
  long status = 0;
  curl_easy_getinfo(exchange.easy, CURLINFO_RESPONSE_CODE, &status);
  if (exchange.sink == nullptr || status / 100 != 2) {
    exchange.response.body.append(piece);
    return piece.size();
  }
  try {
    (*exchange.sink)(piece);
    return piece.size();
  } catch (...) {
    exchange.sink_failure = std::current_exception();
    return 0;  // makes libcurl end the transfer
  }
}

std::string RemedyForConnect(long error_number) {
  if (error_number == EACCES) {
    return "you may not use this socket: join the group that owns it (docker), or run as root";
  }
  return "no engine is running there: start one (as root: `dockerd &`, or `systemctl start "
         "docker`), or set DOCKER_HOST";
}

class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(const EngineAddress& address) : address_(address) {
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (initialised != CURLE_OK) {
      throw EnvironmentError("libcurl could not be initialised", "check its installation");
    }
    base_url_ = address_.socket_path.empty() ? "http://" + address_.url.substr(6) : "http://engine";
    while (base_url_.ends_with('/')) base_url_.pop_back();
  }

  Response Send(const Request& request) override { return Perform(request, nullptr, {}); }

  Response Stream(const Request& request, const BodySink& sink, std::stop_token stop) override {
    return Perform(request, &sink, stop);
  }

  std::string Address() const override { return address_.url; }

 private:
  Response Perform(const Request& request, const BodySink* sink, const std::stop_token& stop) {
    std::unique_ptr<Connection> connection = Take();
    Exchange exchange;
    exchange.easy = connection->easy;
    exchange.sink = sink;
    const std::string content_type = "Content-Type: " + request.content_type;
    struct curl_slist* headers = curl_slist_append(nullptr, content_type.c_str());
    const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> owner(headers,
                                                                            curl_slist_free_all);
    Prepare(*connection, request, exchange, headers);
    const CURLcode result = Run(*connection, request, stop);
    if (exchange.sink_failure) std::rethrow_exception(exchange.sink_failure);
    const bool stopped = result == CURLE_ABORTED_BY_CALLBACK;
    if (result != CURLE_OK && !stopped) ThrowFailure(*connection, request, result);
    long status = 0;
    curl_easy_getinfo(connection->easy, CURLINFO_RESPONSE_CODE, &status);
    exchange.response.status = static_cast<int>(status);
    Return(std::move(connection));
    return std::move(exchange.response);
  }

  void Prepare(Connection& connection, const Request& request, Exchange& exchange,
               struct curl_slist* headers) const {
    CURL* const easy = connection.easy;
    curl_easy_reset(easy);  // keeps the connection
    const std::string url = base_url_ + request.target;
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    if (!address_.socket_path.empty()) {
      curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, address_.socket_path.c_str());
    }
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");  // http_proxy is not meant for the engine
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    if (request.method == "POST" || request.method == "PUT") {
      curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
      curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.c_str());
    }
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, OnHeader);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &exchange);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, OnBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);
  }

  // Runs the transfer to its end; CURLE_ABORTED_BY_CALLBACK when `stop` was requested.
  CURLcode Run(Connection& connection, const Request& request, const std::stop_token& stop) const {
    curl_multi_add_handle(connection.multi, connection.easy);
    // Removing the handle is what ends an unfinished transfer and closes its connection.
    const std::unique_ptr<CURL, std::function<void(CURL*)>> guard(
        connection.easy,
        [&connection](CURL* easy) { curl_multi_remove_handle(connection.multi, easy); });
    const std::stop_callback wake(stop, [&connection] { curl_multi_wakeup(connection.multi); });
    for (;;) {
      int running = 0;
      curl_multi_perform(connection.multi, &running);
      if (running == 0) break;
      if (stop.stop_requested()) return CURLE_ABORTED_BY_CALLBACK;
      if (const int signal_number = InterruptSignal(); signal_number != 0) {
        throw Interrupted(signal_number, "waiting for the engine: " + request.target);
      }
      const int interrupt = InterruptDescriptor();
      curl_waitfd extra = {interrupt, CURL_WAIT_POLLIN, 0};
      curl_multi_poll(connection.multi, interrupt < 0 ? nullptr : &extra, interrupt < 0 ? 0 : 1,
                      1000, nullptr);
    }
    int left = 0;
    const CURLMsg* const message = curl_multi_info_read(connection.multi, &left);
    return message == nullptr ? CURLE_FAILED_INIT : message->data.result;
  }

  [[noreturn]] void ThrowFailure(const Connection& connection, const Request& request,
                                 CURLcode result) const {
    long error_number = 0;
    curl_easy_getinfo(connection.easy, CURLINFO_OS_ERRNO, &error_number);
    if (result == CURLE_COULDNT_CONNECT || result == CURLE_COULDNT_RESOLVE_HOST) {
      throw TransportError("cannot reach the container engine at " + address_.url + " (" +
                               curl_easy_strerror(result) + ")",
                           RemedyForConnect(error_number));
    }
    const std::string exchange = request.method + " " + request.target;
    if (result == CURLE_OPERATION_TIMEDOUT) {
      throw TransportError("the engine at " + address_.url + " did not finish " + exchange +
                               " within " + DurationText(request.timeout),
                           "the engine or the machine may be overloaded: see the engine's log");
    }
    throw TransportError("the exchange " + exchange + " with the engine at " + address_.url +
                             " broke off (" + curl_easy_strerror(result) + ")",
                         "check that the engine is still running: see the engine's log");
  }

  std::unique_ptr<Connection> Take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return std::make_unique<Connection>();
    std::unique_ptr<Connection> connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }

  void Return(std::unique_ptr<Connection> connection) {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < kMaxIdleConnections) idle_.push_back(std::move(connection));
  }

  EngineAddress address_;
  std::string base_url_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace

std::unique_ptr<Transport> MakeCurlTransport(const EngineAddress& address) {
  return std::make_unique<CurlTransport>(address);
}

}  // namespace proving_ground
