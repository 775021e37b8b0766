#include "support/attacks/mcp/slow_clients.h"

#include <algorithm>
#include <atomic>
#include <stop_token>
#include <thread>

#include "support/attacks/mcp/witness.h"

namespace proving_ground {
namespace {

constexpr std::chrono::milliseconds kBetweenBytes{200};

struct Client {
  RawConnection connection;
  std::string rest;  // what it still has to say, one byte at a time
  bool ended = false;
};

}  // namespace

class SlowClients::Trickle {
 public:
  Trickle(const McpSender& sender, int count) {
    const std::string request = sender.Call(Era::kModern, kReadNoteTool, {{"key", "x"}}).Bytes();
    const std::size_t body = request.find("\r\n\r\n") + 4;
    for (int i = 0; i < count; ++i) {
      const std::size_t cut = i % 3 == 0 ? request.find("\r\n") + 2 : body + 1;
      Client client{sender.Connect(), i % 3 == 2 ? "" : request.substr(cut)};
      client.connection.Send(std::string_view(request).substr(0, cut),
                             Within(sender.target().answer_within));
      clients_.push_back(std::move(client));
    }
    held_ = count;
    thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  }

  int Finish(std::chrono::milliseconds longest) {
    const Clock::time_point end = begun_ + longest;
    while (held_ > 0 && Clock::now() < end) PauseUntil(std::min(end, Clock::now() + kBetweenBytes));
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
    return static_cast<int>(clients_.size()) - held_;
  }

 private:
  void Run(const std::stop_token& stop) {
    for (Clock::time_point next = Clock::now(); PauseUntil(next, stop); next += kBetweenBytes) {
      for (Client& client : clients_) {
        if (client.ended) continue;
        client.ended = client.connection.ClosedByServer();
        if (client.ended) --held_;
        if (client.rest.size() < 2) continue;  // the last byte is never sent
        client.connection.Send(client.rest.substr(0, 1), Within(Clock::duration::zero()));
        client.rest.erase(0, 1);
      }
    }
  }

  const Clock::time_point begun_ = Clock::now();
  std::vector<Client> clients_;
  std::atomic<int> held_ = 0;
  std::jthread thread_;
};

SlowClients::SlowClients(const McpSender& sender, int count)
    : trickle_(std::make_unique<Trickle>(sender, count)) {}
SlowClients::~SlowClients() = default;
int SlowClients::Finish(std::chrono::milliseconds longest) { return trickle_->Finish(longest); }

}  // namespace proving_ground
