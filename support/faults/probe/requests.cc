#include "support/faults/probe/requests.h"

#include <curl/curl.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include "support/base/errors.h"

namespace proving_ground {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::size_t kLongestBody = 4 << 20;  // of an answer
constexpr long kMostIdleConnections = 32;      // a hang opens many; they need not all be kept
constexpr int kLongestPollMs = 1'000;

class HeaderList {
 public:
  HeaderList() = default;
  ~HeaderList() { curl_slist_free_all(list_); }
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;

  void Set(const std::vector<std::string>& lines) {
    curl_slist_free_all(std::exchange(list_, nullptr));
    for (const std::string& line : lines) {
      curl_slist* longer = curl_slist_append(list_, line.c_str());
      if (longer == nullptr) throw std::bad_alloc();
      list_ = longer;
    }
  }
  curl_slist* get() const { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

}  // namespace

// One request and its answer. Made once and used for many.
class Requests::Transfer {
 public:
  Transfer() : curl_(curl_easy_init()) {
    if (curl_ == nullptr) throw std::bad_alloc();
  }
  ~Transfer() { curl_easy_cleanup(curl_); }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* handle() const { return curl_; }

  void SetUp(ProbeRequest request, Done done) {
    request_ = std::move(request);
    done_ = std::move(done);
    given_ = 0;
    body_.clear();
    error_[0] = '\0';
    request_.headers.emplace_back("Expect:");  // no pause for "100 Continue"
    headers_.Set(request_.headers);
    route_.Set({request_.route});
    curl_easy_reset(curl_);
    Set(CURLOPT_URL, request_.url.c_str());
    Set(CURLOPT_CONNECT_TO, route_.get());
    Set(CURLOPT_HTTPHEADER, headers_.get());
    Set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    Set(CURLOPT_NOPROXY, "*");
    Set(CURLOPT_NOSIGNAL, 1L);
    Set(CURLOPT_TIMEOUT_MS, static_cast<long>(request_.patience.count()));
    const auto connect = std::max(request_.connect_patience, std::chrono::milliseconds(0));
    Set(CURLOPT_CONNECTTIMEOUT_MS,
        static_cast<long>((connect.count() == 0 ? request_.patience : connect).count()));
    Set(CURLOPT_ERRORBUFFER, error_);
    Set(CURLOPT_WRITEFUNCTION, TakeBody);
    Set(CURLOPT_WRITEDATA, this);
    if (request_.body) SetUpBody();
  }

  void Finish(CURLcode code, Clock::time_point now) {
    ProbeAnswer answer;
    answer.at = now;
    answer.body = std::move(body_);
    long value = 0;
    if (code == CURLE_OK) {
      curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &value);
      answer.status = static_cast<int>(value);
      answer.sent = true;
    } else {
      curl_easy_getinfo(curl_, CURLINFO_REQUEST_SIZE, &value);
      answer.sent = value > 0;
      answer.reason = error_[0] != '\0' ? error_ : curl_easy_strerror(code);
    }
    const Done done = std::move(done_);
    done(answer);
  }

 private:
  template <typename Value>
  void Set(CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(curl_, option, value);
    if (code != CURLE_OK) {
      throw EnvironmentError(std::string("libcurl refuses an option: ") + curl_easy_strerror(code),
                             "check the addresses of the probe's configuration");
    }
  }

  void SetUpBody() {
    Set(CURLOPT_POST, 1L);
    Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body->size()));
    Set(CURLOPT_READFUNCTION, GiveBody);
    Set(CURLOPT_READDATA, this);
    Set(CURLOPT_SEEKFUNCTION, Rewind);
    Set(CURLOPT_SEEKDATA, this);
  }

  static std::size_t GiveBody(char* buffer, std::size_t size, std::size_t count, void* object) {
    auto& self = *static_cast<Transfer*>(object);
    const std::size_t length = std::min(size * count, self.request_.body->size() - self.given_);
    std::memcpy(buffer, self.request_.body->data() + self.given_, length);
    self.given_ += length;
    return length;
  }

  // libcurl asks for this before it sends a request once more, which none shall be: it would count
  // twice. It also asks before the first time, where the request before met with that, for
  // curl_easy_reset() leaves the mark of it (libcurl 7.88).
  static int Rewind(void* object, curl_off_t, int) {
    return static_cast<Transfer*>(object)->given_ == 0 ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
  }

  static std::size_t TakeBody(char* data, std::size_t size, std::size_t count, void* object) {
    auto& self = *static_cast<Transfer*>(object);
    const std::size_t length = size * count;
    if (self.body_.size() + length > kLongestBody) return 0;  // ends the transfer
    self.body_.append(data, length);
    return length;
  }

  CURL* curl_;
  ProbeRequest request_;
  Done done_;
  HeaderList headers_;
  HeaderList route_;
  std::size_t given_ = 0;  // bytes of the request's body
  std::string body_;       // of the answer
  char error_[CURL_ERROR_SIZE] = "";
};

Requests::Requests()
    : multi_((curl_global_init(CURL_GLOBAL_DEFAULT), curl_multi_init())),
      alarm_(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)) {
  if (multi_ == nullptr) throw std::bad_alloc();
  if (!alarm_.valid()) throw SystemError("cannot make a timer", errno);
  curl_multi_setopt(static_cast<CURLM*>(multi_), CURLMOPT_MAXCONNECTS, kMostIdleConnections);
}

Requests::~Requests() {
  for (const auto& [handle, transfer] : busy_) {
    curl_multi_remove_handle(static_cast<CURLM*>(multi_), transfer->handle());
  }
  busy_.clear();
  idle_.clear();
  curl_multi_cleanup(static_cast<CURLM*>(multi_));
}

void Requests::Send(ProbeRequest request, Done done) {
  std::unique_ptr<Transfer> transfer;
  if (idle_.empty()) {
    transfer = std::make_unique<Transfer>();
  } else {
    transfer = std::move(idle_.back());
    idle_.pop_back();
  }
  transfer->SetUp(std::move(request), std::move(done));
  CURL* const handle = transfer->handle();
  const CURLMcode code = curl_multi_add_handle(static_cast<CURLM*>(multi_), handle);
  if (code != CURLM_OK) {
    throw EnvironmentError(std::string("libcurl takes no request: ") + curl_multi_strerror(code),
                           "raise the memory limit of the probe");
  }
  busy_.emplace(handle, std::move(transfer));
}

void Requests::Serve(Clock::time_point until, int interrupt) {
  auto* const multi = static_cast<CURLM*>(multi_);
  int running = 0;
  curl_multi_perform(multi, &running);  // starts what was added
  SetAlarm(until);
  curl_waitfd others[] = {{alarm_.get(), CURL_WAIT_POLLIN, 0}, {interrupt, CURL_WAIT_POLLIN, 0}};
  curl_multi_poll(multi, others, interrupt < 0 ? 1 : 2, kLongestPollMs, nullptr);
  curl_multi_perform(multi, &running);
  TakeAnswers();
}

void Requests::SetAlarm(Clock::time_point at) {
  // Milliseconds, which is what polling offers, are too coarse: the schedule would be late by one,
  // or the last of each would have to be spent spinning.
  const auto since = std::max<Clock::duration>(at.time_since_epoch(), nanoseconds(1));
  const auto whole = std::chrono::duration_cast<seconds>(since);
  itimerspec alarm{};
  alarm.it_value.tv_sec = whole.count();
  alarm.it_value.tv_nsec = nanoseconds(since - whole).count();
  ::timerfd_settime(alarm_.get(), TFD_TIMER_ABSTIME, &alarm, nullptr);
}

void Requests::TakeAnswers() {
  auto* const multi = static_cast<CURLM*>(multi_);
  const Clock::time_point now = Clock::now();
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    CURL* const handle = message->easy_handle;
    auto node = busy_.extract(handle);
    curl_multi_remove_handle(multi, handle);
    node.mapped()->Finish(code, now);
    idle_.push_back(std::move(node.mapped()));
  }
}

}  // namespace proving_ground
