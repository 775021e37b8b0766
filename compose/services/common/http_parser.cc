#include "compose/services/common/http_parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/optional/optional.hpp>

namespace platform {
namespace {

namespace http = boost::beast::http;

char FromHex(char c) {
  if (c >= '0' && c <= '9') return static_cast<char>(c - '0');
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? static_cast<char>(lower - 'a' + 10) : static_cast<char>(-1);
}

std::string DecodeQueryText(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && FromHex(text[i + 1]) >= 0 &&
        FromHex(text[i + 2]) >= 0) {
      decoded += static_cast<char>(FromHex(text[i + 1]) * 16 + FromHex(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

void SplitTarget(HttpRequest& request) {
  const std::string_view target = request.target;
  const std::size_t question = target.find('?');
  request.path = target.substr(0, question);
  if (question == std::string_view::npos) return;
  std::string_view rest = target.substr(question + 1);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (!pair.empty()) {
      request.query[DecodeQueryText(pair.substr(0, equals))] =
          DecodeQueryText(pair.substr(std::min(equals + 1, pair.size())));
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

// Content-Length must stand once, as one number; Transfer-Encoding must be the one word "chunked",
// in HTTP/1.1.
bool FramingIsUnambiguous(const http::request<http::string_body>& message,
                          const HttpRequest& request) {
  const std::size_t lengths = request.HeaderCount("Content-Length");
  const std::size_t encodings = request.HeaderCount("Transfer-Encoding");
  if (lengths > 1 || encodings > 1 || (lengths == 1 && encodings == 1)) return false;
  if (lengths == 1 &&
      request.Header("Content-Length").find_first_not_of("0123456789") != std::string_view::npos) {
    return false;
  }
  if (encodings == 1 &&
      (message.version() != 11 || !SameName(request.Header("Transfer-Encoding"), "chunked"))) {
    return false;
  }
  return request.HeaderCount("Host") == 1 ||
         (message.version() == 10 && request.HeaderCount("Host") == 0);
}

unsigned StatusOf(boost::system::error_code error) {
  if (error == http::error::body_limit) return 413;
  if (error == http::error::header_limit) return 431;
  return 400;
}

}  // namespace

HeaderScanner::Result HeaderScanner::Scan(std::string_view received) {
  while (true) {
    const std::size_t newline = received.find('\n', scanned_);
    if (newline == std::string_view::npos) break;
    if (newline == line_start_ || received[newline - 1] != '\r') return Result::kMalformed;
    const std::string_view line = received.substr(line_start_, newline - 1 - line_start_);
    if (line.find('\r') != std::string_view::npos) return Result::kMalformed;
    if (line.starts_with(' ') || line.starts_with('\t')) return Result::kMalformed;
    scanned_ = line_start_ = newline + 1;
    if (line_start_ > max_bytes_) return Result::kTooLarge;
    if (line.empty()) return lines_ == 0 ? Result::kMalformed : Result::kComplete;
    if (++lines_ > max_fields_ + 1) return Result::kTooLarge;  // the first line is the request line
  }
  scanned_ = received.size();
  return received.size() > max_bytes_ ? Result::kTooLarge : Result::kNeedMore;
}

struct HttpParser::Impl {
  http::request_parser<http::string_body> parser;
  HttpRequest request;
  std::function<void(std::uint64_t, boost::beast::string_view, boost::system::error_code&)>
      refuse_extensions = [](std::uint64_t, boost::beast::string_view extensions,
                             boost::system::error_code& error) {
        if (!extensions.empty()) error = http::error::bad_chunk_extension;
      };
};

HttpParser::HttpParser(const HttpServer::Options& options) : impl_(std::make_unique<Impl>()) {
  // Beast counts the header's bytes once more than the scanner does, with the trailers of a chunked
  // body.
  impl_->parser.header_limit(static_cast<std::uint32_t>(2 * options.max_header_bytes));
  impl_->parser.body_limit(options.max_body);
  impl_->parser.on_chunk_header(impl_->refuse_extensions);
}

HttpParser::~HttpParser() = default;

unsigned HttpParser::ParseHeader(std::string_view header) {
  boost::system::error_code error;
  const std::size_t consumed =
      impl_->parser.put(boost::asio::buffer(header.data(), header.size()), error);
  if (error && error != http::error::need_more) return StatusOf(error);
  if (consumed != header.size() || !impl_->parser.is_header_done()) return 400;

  const auto& message = impl_->parser.get();
  HttpRequest& request = impl_->request;
  request.method = std::string_view(message.method_string().data(), message.method_string().size());
  request.target = std::string_view(message.target().data(), message.target().size());
  for (const auto& field : message) {
    request.headers.emplace_back(
        std::string_view(field.name_string().data(), field.name_string().size()),
        std::string_view(field.value().data(), field.value().size()));
  }
  if (!FramingIsUnambiguous(message, request)) return 400;
  SplitTarget(request);
  impl_->parser.eager(true);
  return 0;
}

unsigned HttpParser::ParseBody(std::string_view received, std::size_t& consumed) {
  boost::system::error_code error;
  consumed = impl_->parser.put(boost::asio::buffer(received.data(), received.size()), error);
  return error && error != http::error::need_more ? StatusOf(error) : 0;
}

bool HttpParser::done() const { return impl_->parser.is_done(); }

bool HttpParser::keep_alive() const { return impl_->parser.keep_alive(); }

bool HttpParser::expects_continue() const {
  return SameName(impl_->request.Header("Expect"), "100-continue");
}

HttpRequest& HttpParser::request() {
  if (impl_->parser.is_done()) impl_->request.body = std::move(impl_->parser.get().body());
  return impl_->request;
}

}  // namespace platform
