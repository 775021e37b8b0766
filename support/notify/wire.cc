#include "support/notify/wire.h"

#include <curl/curl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <ctime>
#include <memory>
#include <mutex>
#include <new>
#include <string_view>

namespace proving_ground {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMostOfAnswer = 16'384;

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Easy = std::unique_ptr<CURL, Freer<curl_easy_cleanup>>;
using List = std::unique_ptr<curl_slist, Freer<curl_slist_free_all>>;
using Mime = std::unique_ptr<curl_mime, Freer<curl_mime_free>>;

void Append(List& list, const std::string& line) {
  curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

std::size_t Take(char* data, std::size_t size, std::size_t count, void* text) {
  auto& answer = *static_cast<std::string*>(text);
  answer.append(data,
                std::min(size * count, kMostOfAnswer - std::min(kMostOfAnswer, answer.size())));
  return size * count;
}

Easy NewEasy(const std::string& url, const char* protocols, milliseconds limit, char* error) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  Easy easy(curl_easy_init());
  if (!easy) throw std::bad_alloc();
  curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, protocols);
#else
  const bool mail = std::string_view(protocols).starts_with("smtp");
  curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS,
                   mail ? CURLPROTO_SMTP | CURLPROTO_SMTPS : CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
  curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(limit.count()));
  curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, error);
  return easy;
}

long StatusOf(const Easy& easy) {
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  return status;
}

// Errors of libcurl that no second attempt mends.
bool IsForGood(CURLcode code) {
  return code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL ||
         code == CURLE_LOGIN_DENIED || code == CURLE_PEER_FAILED_VERIFICATION ||
         code == CURLE_USE_SSL_FAILED;
}

std::string ErrorText(CURLcode code, const char* error) {
  return error[0] != '\0' ? error : curl_easy_strerror(code);
}

bool IsBusy(long status) { return status == 408 || status == 429 || status >= 500; }

// "smtp://user@localhost:25/" -> "localhost".
std::string_view HostOf(std::string_view url) {
  url.remove_prefix(std::min(url.find("://") + 3, url.size()));
  url = url.substr(0, url.find('/'));
  if (const auto at = url.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
  return url.starts_with("[") ? url.substr(1, url.find(']') - 1) : url.substr(0, url.find(':'));
}

bool IsThisMachine(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

// What would end a header line is left out: nothing in a mail's head may begin a new one.
std::string OneLine(std::string text) {
  std::erase_if(text, [](unsigned char c) { return std::iscntrl(c) != 0; });
  return text;
}

// Keeps the value of the header Retry-After.
std::size_t TakeRetryAfter(char* data, std::size_t size, std::size_t count, void* found) {
  constexpr std::string_view kName = "retry-after:";
  std::string line = OneLine(std::string(data, size * count));
  const bool is_it = line.size() > kName.size() &&
                     std::equal(kName.begin(), kName.end(), line.begin(), [](char a, char b) {
                       return a == std::tolower(static_cast<unsigned char>(b));
                     });
  if (is_it) {
    line.erase(0, std::min(line.find_first_not_of(' ', kName.size()), line.size()));
    *static_cast<std::string*>(found) = line;
  }
  return size * count;
}

List HeadersOf(const Mail& mail) {
  std::string to;
  for (const std::string& address : mail.to) to += (to.empty() ? "" : ", ") + OneLine(address);
  List headers;
  Append(headers,
         "Date: " + fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000", fmt::gmtime(std::time(nullptr))));
  Append(headers, "From: " + OneLine(mail.from));
  Append(headers, "To: " + to);
  Append(headers, "Subject: " + OneLine(mail.subject));
  Append(headers, "Message-ID: <" + OneLine(mail.id) + ">");
  Append(headers, "Auto-Submitted: auto-generated");
  return headers;
}

// Lines of a mail end with CR and LF; a bare LF would be encoded as part of the line.
std::string WithMailLines(const std::string& text) {
  std::string lines;
  for (const char c : text) lines += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return lines;
}

Mime BodyOf(const Easy& easy, const std::string& text) {
  const std::string lines = WithMailLines(text);
  Mime mime(curl_mime_init(easy.get()));
  curl_mimepart* const part = mime ? curl_mime_addpart(mime.get()) : nullptr;
  if (part == nullptr) throw std::bad_alloc();
  curl_mime_data(part, lines.data(), lines.size());
  curl_mime_type(part, "text/plain; charset=utf-8");
  curl_mime_encoder(part, "quoted-printable");
  return mime;
}

// "Ops <ops@example.com>" -> "<ops@example.com>": what an SMTP server is told.
std::string Envelope(const std::string& address) {
  const auto open = address.rfind('<');
  const auto close = address.rfind('>');
  if (open == std::string::npos || close == std::string::npos || close < open) {
    return "<" + OneLine(address) + ">";
  }
  return OneLine(address.substr(open, close - open + 1));
}

void LogIn(const Easy& easy, const MailServer& server) {
  const bool has_password = !server.password.empty();
  const bool in_clear_is_fine = !has_password || IsThisMachine(HostOf(server.url));
  curl_easy_setopt(easy.get(), CURLOPT_USE_SSL, in_clear_is_fine ? CURLUSESSL_TRY : CURLUSESSL_ALL);
  if (server.user.empty()) return;
  curl_easy_setopt(easy.get(), CURLOPT_USERNAME, server.user.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_PASSWORD, server.password.c_str());
}

}  // namespace

Attempt PostJson(const std::string& url, const std::string& body,
                 const std::vector<std::string>& secrets, milliseconds limit) {
  char error[CURL_ERROR_SIZE] = "";
  const Easy easy = NewEasy(url, "http,https", limit, error);
  List headers;
  Append(headers, "Content-Type: application/json");
  Append(headers, "Expect:");  // no pause for "100 Continue"
  std::string answer;
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy.get(), CURLOPT_USERAGENT, "proving-ground");
  curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, Take);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &answer);
  std::string retry_after;
  curl_easy_setopt(easy.get(), CURLOPT_HEADERDATA, &retry_after);
  curl_easy_setopt(easy.get(), CURLOPT_HEADERFUNCTION, TakeRetryAfter);
  const CURLcode code = curl_easy_perform(easy.get());
  if (code != CURLE_OK) {
    return {IsForGood(code) ? Attempt::Outcome::kNever : Attempt::Outcome::kLater,
            Presentable(ErrorText(code, error), secrets), std::nullopt};
  }
  const long status = StatusOf(easy);
  const std::string what = fmt::format("HTTP {}", status);
  if (status >= 200 && status < 300) return {Attempt::Outcome::kDelivered, what, std::nullopt};
  return {IsBusy(status) ? Attempt::Outcome::kLater : Attempt::Outcome::kNever,
          Presentable(answer.empty() ? what : what + ": " + answer, secrets),
          RetryAfter(retry_after)};
}

Attempt SendMail(const MailServer& server, const Mail& mail, milliseconds limit) {
  char error[CURL_ERROR_SIZE] = "";
  const Easy easy = NewEasy(server.url, "smtp,smtps", limit, error);
  LogIn(easy, server);
  const List headers = HeadersOf(mail);
  const Mime body = BodyOf(easy, mail.text);
  const std::string from = Envelope(mail.from);
  List to;
  for (const std::string& address : mail.to) Append(to, Envelope(address));
  curl_easy_setopt(easy.get(), CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_MAIL_RCPT, to.get());
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy.get(), CURLOPT_MIMEPOST, body.get());
  const CURLcode code = curl_easy_perform(easy.get());
  const long status = StatusOf(easy);
  if (code == CURLE_OK) {
    return {Attempt::Outcome::kDelivered, fmt::format("SMTP {}", status), std::nullopt};
  }
  // Answers from 500 on are refusals for good; those from 400 on ask to come back.
  const bool for_good = IsForGood(code) || status >= 500;
  return {for_good ? Attempt::Outcome::kNever : Attempt::Outcome::kLater,
          Presentable(ErrorText(code, error), {server.password, server.user}), std::nullopt};
}

std::string Presentable(std::string text, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    if (secret.empty()) continue;
    for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos;) {
      text.replace(at, secret.size(), "[withheld]");
    }
  }
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return std::iscntrl(c) != 0; }, ' ');
  constexpr std::size_t kLongest = 200;
  if (text.size() > kLongest) text = text.substr(0, kLongest) + "...";
  return text;
}

}  // namespace proving_ground
