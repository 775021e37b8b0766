#include "support/mcp/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <mutex>
#include <new>

namespace proving_ground {
namespace {

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

HeaderList MakeHeaderList(const HttpHeaders& headers) {
  HeaderList list;
  const auto append = [&list](const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    list.release();
    list.reset(longer);
  };
  for (const auto& [name, value] : headers) {
    // libcurl's spelling of a header that is there but empty.
    append(value.empty() ? name + ";" : name + ": " + value);
  }
  append("Expect:");  // no pause for "100 Continue"
  return list;
}

std::string Trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

std::size_t TakeBody(char* data, std::size_t size, std::size_t count, void* result) {
  static_cast<HttpResult*>(result)->body.append(data, size * count);
  return size * count;
}

std::size_t TakeHeader(char* data, std::size_t size, std::size_t count, void* result) {
  const std::string_view line(data, size * count);
  auto& headers = static_cast<HttpResult*>(result)->headers;
  // A new status line: what came before belonged to an interim answer.
  if (line.starts_with("HTTP/")) headers.clear();
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char letter) { return std::tolower(letter); });
    headers.emplace_back(std::move(name), Trimmed(line.substr(colon + 1)));
  }
  return line.size();
}

// Did the request never leave this machine?
bool NeverSent(CURLcode code) {
  return code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
         code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL;
}

}  // namespace

HttpUnavailable::HttpUnavailable(const std::string& happened, bool sent)
    : EnvironmentError(happened, "check that the service runs and that its port is published"),
      sent_(sent) {}

std::optional<std::string> HttpResult::Header(std::string_view name) const {
  for (const auto& [header, value] : headers) {
    if (header == name) return value;
  }
  return std::nullopt;
}

class HttpClient::Handle {
 public:
  Handle() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    curl_ = curl_easy_init();
    if (curl_ == nullptr) throw std::bad_alloc();
  }
  ~Handle() { curl_easy_cleanup(curl_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  HttpResult Send(const HttpRequest& request) {
    const HeaderList headers = MakeHeaderList(request.headers);
    HttpResult result;
    char error[CURL_ERROR_SIZE] = "";
    SetUp(request, headers.get(), &result, error);
    const CURLcode code = curl_easy_perform(curl_);
    if (code != CURLE_OK) {
      const std::string why = error[0] != '\0' ? error : curl_easy_strerror(code);
      throw HttpUnavailable("no answer to " + request.method + " " + request.url + ": " + why,
                            Sent(code));
    }
    long status = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    result.status = static_cast<int>(status);
    return result;
  }

 private:
  void SetUp(const HttpRequest& request, curl_slist* headers, HttpResult* result, char* error) {
    curl_easy_reset(curl_);  // keeps the connection
    curl_easy_setopt(curl_, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(curl_, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl_, CURLOPT_TIMEOUT_MS, static_cast<long>(request.answer_within.count()));
    curl_easy_setopt(curl_, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, TakeBody);
    curl_easy_setopt(curl_, CURLOPT_WRITEDATA, result);
    curl_easy_setopt(curl_, CURLOPT_HEADERFUNCTION, TakeHeader);
    curl_easy_setopt(curl_, CURLOPT_HEADERDATA, result);
    if (request.method == "POST" || !request.body.empty()) {
      curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE_LARGE,
                       static_cast<curl_off_t>(request.body.size()));
      curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, request.body.data());
    }
    curl_easy_setopt(curl_, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }

  bool Sent(CURLcode code) const {
    if (NeverSent(code)) return false;
    long sent = 0;
    curl_easy_getinfo(curl_, CURLINFO_REQUEST_SIZE, &sent);
    return sent > 0;
  }

  CURL* curl_ = nullptr;
};

HttpClient::HttpClient() : handle_(std::make_unique<Handle>()) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

HttpResult HttpClient::Send(const HttpRequest& request) { return handle_->Send(request); }

}  // namespace proving_ground
