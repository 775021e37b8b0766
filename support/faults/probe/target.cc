#include "support/faults/probe/target.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace proving_ground {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPauseInTrouble{10};
constexpr milliseconds kPauseWhenWell{100};

}  // namespace

Resolver::Resolver(Lookup lookup) : lookup_(std::move(lookup)) {
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

std::vector<std::string> Resolver::addresses() const {
  const std::lock_guard lock(mutex_);
  return addresses_;
}

void Resolver::set_trouble(bool trouble) {
  const std::lock_guard lock(mutex_);
  if (trouble && !trouble_) trouble_began_.notify_one();
  trouble_ = trouble;
}

void Resolver::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::vector<std::string> found = lookup_();
    std::unique_lock lock(mutex_);
    if (!found.empty()) addresses_ = std::move(found);
    trouble_began_.wait_for(lock, stop, kPauseInTrouble, [] { return false; });
    trouble_began_.wait_for(lock, stop, kPauseWhenWell - kPauseInTrouble,
                            [this] { return trouble_; });
  }
}

Target::Target(ServiceAddress address, const MakeLookup& make_lookup)
    : address_(std::move(address)),
      origin_("http://" + address_.host + ":" + std::to_string(address_.port)),
      resolver_(make_lookup(address_.host)) {}

std::optional<std::string> Target::Choose() {
  const std::vector<std::string> addresses = resolver_.addresses();
  if (addresses.empty()) return std::nullopt;
  const bool known = std::find(addresses.begin(), addresses.end(), preferred_) != addresses.end();
  if (!known || !served_) preferred_ = addresses[turn_++ % addresses.size()];
  return preferred_;
}

void Target::Report(const std::string& address, Clock::time_point issued, bool served) {
  if (served) {
    preferred_ = address;
    served_ = true;
    served_at_ = Clock::now();
    resolver_.set_trouble(false);
  } else {
    resolver_.set_trouble(true);
    // What was sent before the last good answer says nothing about now.
    if (address == preferred_ && issued > served_at_) served_ = false;
  }
}

std::string Target::Route(const std::string& address) const {
  const std::string port = std::to_string(address_.port);
  const bool is_v6 = address.find(':') != std::string::npos;
  return address_.host + ":" + port + ":" + (is_v6 ? "[" + address + "]" : address) + ":" + port;
}

}  // namespace proving_ground
