#include "support/faults/probe/testing/fake_coordinator.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <utility>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kTickMs = 2;  // how often finished tasks and long polls are looked at

bool Send(const FileDescriptor& socket, int status, const std::string& body) {
  const std::string text =
      "HTTP/1.1 " + std::to_string(status) +
      " Fake\r\ncontent-type: application/json\r\ncontent-length: " + std::to_string(body.size()) +
      "\r\n\r\n" + body;
  return ::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(text.size());
}

// Value of "<name>=" in a query, or of "<name>:" in a header.
std::string ValueAfter(const std::string& text, const std::string& name, const char* end) {
  const std::size_t at = text.find(name);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size();
  return text.substr(begin, text.find_first_of(end, begin) - begin);
}

// Closing with unread data, or without lingering, resets: clients learn of it at once.
void Reset(const FileDescriptor& socket) {
  const linger now{1, 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

}  // namespace

FakeCoordinator::FakeCoordinator(const std::string& address, int port, milliseconds task_takes)
    : address_(address),
      task_takes_(task_takes),
      port_(port),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  Listen();
  thread_ = std::jthread([this](const std::stop_token& stop) { Serve(stop); });
}

FakeCoordinator::~FakeCoordinator() = default;

void FakeCoordinator::Listen() {
  listener_ = FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int yes = 1;
  ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port_));
  ::inet_pton(AF_INET, address_.c_str(), &address.sin_addr);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 1'024) != 0 ||
      ::getsockname(listener_.get(), generic, &size) != 0) {
    throw SystemError("cannot listen on " + address_, errno);
  }
  port_ = ntohs(address.sin_port);
}

Clock::time_point FakeCoordinator::Set(Mode mode) {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = mode;
  }
  ::eventfd_write(wake_.get(), 1);
  Await("the fake coordinator to change its mode", Within(seconds(5)), [this] {
    const std::lock_guard lock(mutex_);
    return !wanted_.has_value();
  });
  const std::lock_guard lock(mutex_);
  return applied_at_;
}

std::map<std::string, int> FakeCoordinator::Received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

int FakeCoordinator::open_connections() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(open_connections_);
}

void FakeCoordinator::Serve(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::vector<pollfd> entries = {{wake_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
    for (const Connection& connection : connections_) {
      entries.push_back({connection.socket.get(), POLLIN, 0});
    }
    ::poll(entries.data(), entries.size(), kTickMs);
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      Connection& connection = connections_[i];
      const bool readable = entries[i + 2].revents != 0;
      if ((readable && !Read(connection)) || !AnswerRequests(connection)) connection.socket.Close();
    }
    std::erase_if(connections_, [](const Connection& c) { return !c.socket.valid(); });
    if (entries[1].revents != 0) Accept();
    FinishTasks();
    Apply();
    open_connections_ = connections_.size();
  }
}

void FakeCoordinator::Apply() {
  if (!wanted_) return;
  const Mode mode = *std::exchange(wanted_, std::nullopt);
  if (mode == Mode::kDown) {
    listener_.Close();
    for (const Connection& connection : connections_) Reset(connection.socket);
    connections_.clear();
  } else if (!listener_.valid()) {
    Listen();
  }
  mode_ = mode;
  applied_at_ = Clock::now();
}

void FakeCoordinator::Accept() {
  FileDescriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket.valid()) return;
  connections_.emplace_back();
  connections_.back().socket = std::move(socket);
}

bool FakeCoordinator::Read(Connection& connection) {
  char chunk[16'384];
  const ssize_t size = ::recv(connection.socket.get(), chunk, sizeof(chunk), 0);
  if (size > 0) connection.input.append(chunk, static_cast<std::size_t>(size));
  return size > 0 || (size < 0 && errno == EAGAIN);
}

bool FakeCoordinator::AnswerRequests(Connection& connection) {
  if (mode_ == Mode::kHanging) return true;
  if (connection.waits_until) return AnswerEvents(connection);
  const std::size_t end = connection.input.find("\r\n\r\n");
  if (end == std::string::npos) return true;
  const std::string head = connection.input.substr(0, end);
  const std::string length = ValueAfter(head, "Content-Length: ", "\r");
  const std::size_t size = length.empty() ? 0 : std::stoul(length);
  if (connection.input.size() < end + 4 + size) return true;
  const std::string body = connection.input.substr(end + 4, size);
  connection.input.erase(0, end + 4 + size);
  return AnswerOne(connection, head, body);
}

bool FakeCoordinator::AnswerOne(Connection& connection, const std::string& head,
                                const std::string& body) {
  if (head.starts_with("GET")) {
    if (mode_ == Mode::kRefusing) return Send(connection.socket, 503, "{}");
    const std::string after = ValueAfter(head, "after=", "& ");
    connection.after = after == "%24" ? events_.size() : std::stoul(after);
    connection.waits_until =
        Clock::now() + milliseconds(std::stol(ValueAfter(head, "wait_ms=", "& ")));
    return AnswerEvents(connection);
  }
  const json document = json::parse(body);
  if (head.starts_with("POST /mcp")) {
    ++received_[document["params"]["arguments"]["key"].get<std::string>()];
    if (mode_ == Mode::kRefusing) return Send(connection.socket, 503, "{}");
    return Send(
        connection.socket, 200,
        json{{"jsonrpc", "2.0"}, {"id", document["id"]}, {"result", {{"isError", false}}}}.dump());
  }
  const std::string id = document["id"].get<std::string>();
  ++received_[id];
  if (mode_ == Mode::kRefusing) return Send(connection.socket, 503, "{}");
  events_.push_back({"accepted", id});
  running_.emplace_back(Clock::now() + task_takes_, id);
  if (mode_ == Mode::kForgetful) return false;
  return Send(connection.socket, 202, "{}");
}

bool FakeCoordinator::AnswerEvents(Connection& connection) {
  const bool any = connection.after < events_.size();
  if (!any && Clock::now() < *connection.waits_until) return true;
  json list = json::array();
  for (std::size_t i = connection.after; i < events_.size(); ++i) {
    list.push_back({{"type", events_[i].type},
                    {"task", events_[i].task},
                    {"worker", "worker-1"},
                    {"attempt", 1}});
  }
  connection.waits_until.reset();
  return Send(connection.socket, 200,
              json{{"events", list}, {"next", std::to_string(events_.size())}}.dump());
}

void FakeCoordinator::FinishTasks() {
  while (!running_.empty() && running_.front().first <= Clock::now()) {
    events_.push_back({"finished", running_.front().second});
    running_.pop_front();
  }
}

}  // namespace proving_ground
