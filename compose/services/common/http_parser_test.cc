#include "compose/services/common/http_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platform {
namespace {

using Result = HeaderScanner::Result;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

Result ScanAll(std::string_view text, std::size_t max_bytes = 1000, std::size_t max_fields = 10) {
  return HeaderScanner(max_bytes, max_fields).Scan(text);
}

TEST(HeaderScannerTest, FindsTheEndHoweverTheBytesArrive) {
  const std::string text = "GET / HTTP/1.1\r\nHost: x\r\n\r\nbody";
  HeaderScanner scanner(1000, 10);

  for (std::size_t size = 1; size < text.size() - 4; ++size) {
    ASSERT_EQ(scanner.Scan(std::string_view(text).substr(0, size)), Result::kNeedMore) << size;
  }

  EXPECT_EQ(scanner.Scan(text), Result::kComplete);
  EXPECT_EQ(scanner.size(), text.size() - 4);
}

TEST(HeaderScannerTest, RefusesLinesThatParsersReadDifferently) {
  EXPECT_EQ(ScanAll("GET / HTTP/1.1\nHost: x\n\n"), Result::kMalformed);
  EXPECT_EQ(ScanAll("GET / HTTP/1.1\r\nHost: x\n\r\n"), Result::kMalformed);
  EXPECT_EQ(ScanAll("GET / HTTP/1.1\r\nA: x\rB: y\r\n\r\n"), Result::kMalformed);
  EXPECT_EQ(ScanAll("GET / HTTP/1.1\r\nA: x\r\n folded\r\n\r\n"), Result::kMalformed);
  EXPECT_EQ(ScanAll("GET / HTTP/1.1\r\nA: x\r\n\tfolded\r\n\r\n"), Result::kMalformed);
  EXPECT_EQ(ScanAll("\r\n\r\n"), Result::kMalformed);
  EXPECT_EQ(ScanAll("\n"), Result::kMalformed);
}

TEST(HeaderScannerTest, BoundsBytesAndFields) {
  EXPECT_EQ(ScanAll("GET / HTTP/1.1\r\nA: " + std::string(2000, 'x')), Result::kTooLarge);
  EXPECT_EQ(ScanAll("GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\n\r\n", 1000, 2), Result::kComplete);
  EXPECT_EQ(ScanAll("GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n", 1000, 2), Result::kTooLarge);
}

HttpServer::Options Options() { return HttpServer::Options(); }

TEST(HttpParserTest, KeepsRepeatedHeadersAndDecodesTheQuery) {
  HttpParser parser(Options());

  ASSERT_EQ(
      parser.ParseHeader(
          "GET /a/b?x=1%202&y=a+b&empty&z=%zz&x=2 HTTP/1.1\r\nHost: h\r\nA: 1\r\na: 2\r\n\r\n"),
      0U);

  const HttpRequest& request = parser.request();
  EXPECT_TRUE(parser.done());
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.path, "/a/b");
  EXPECT_THAT(request.query, UnorderedElementsAre(Pair("x", "2"), Pair("y", "a b"),
                                                  Pair("empty", ""), Pair("z", "%zz")));
  EXPECT_EQ(request.HeaderCount("A"), 2U);
  EXPECT_EQ(request.Header("HOST"), "h");
  EXPECT_EQ(request.Header("missing"), "");
}

TEST(HttpParserTest, RefusesFramingThatTwoParsersMayReadDifferently) {
  for (const char* fields : {
           "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
           "Content-Length: 3\r\nContent-Length: 3\r\n",
           "Content-Length: 3\r\nContent-Length: 4\r\n",
           "Content-Length: 3, 3\r\n",
           "Content-Length: +3\r\n",
           "Content-Length: -1\r\n",
           "Content-Length: 0x3\r\n",
           "Content-Length: 99999999999999999999\r\n",
           "Transfer-Encoding: gzip\r\n",
           "Transfer-Encoding: gzip, chunked\r\n",
           "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding: xchunked\r\n",
           "Content-Length : 3\r\n",
           "Host: other\r\n",
       }) {
    HttpParser parser(Options());
    EXPECT_EQ(parser.ParseHeader("POST / HTTP/1.1\r\nHost: h\r\n" + std::string(fields) + "\r\n"),
              400U)
        << fields;
  }
}

TEST(HttpParserTest, RefusesMalformedHeaders) {
  for (const char* header :
       {"GET / HTTP/1.1\r\n\r\n", "GET /\r\nHost: h\r\n\r\n", "GET / HTTP/2.0\r\nHost: h\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", "G\x01T / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nNoColon\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA: \x01\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
    EXPECT_EQ(HttpParser(Options()).ParseHeader(header), 400U) << header;
  }
}

TEST(HttpParserTest, ReadsAChunkedBodyAndRefusesChunkExtensions) {
  HttpParser parser(Options());
  std::size_t consumed = 0;
  ASSERT_EQ(parser.ParseHeader("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"),
            0U);
  const std::string body = "3\r\nabc\r\n2\r\nde\r\n0\r\nAuthorization: trailer\r\n\r\n";
  ASSERT_EQ(parser.ParseBody(body, consumed), 0U);
  ASSERT_TRUE(parser.done());
  EXPECT_EQ(consumed, body.size());
  EXPECT_EQ(parser.request().body, "abcde");
  EXPECT_EQ(parser.request().HeaderCount("Authorization"), 0U) << "a trailer is no header";

  HttpParser extended(Options());
  ASSERT_EQ(
      extended.ParseHeader("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"), 0U);
  EXPECT_EQ(extended.ParseBody("3;a=b\r\nabc\r\n0\r\n\r\n", consumed), 400U);
}

TEST(HttpParserTest, BoundsTheBodyHoweverItsLengthIsDeclared) {
  HttpServer::Options options;
  options.max_body = 10;
  std::size_t consumed = 0;

  EXPECT_EQ(
      HttpParser(options).ParseHeader("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n"),
      413U);
  HttpParser chunked(options);
  ASSERT_EQ(chunked.ParseHeader("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"),
            0U);
  EXPECT_EQ(chunked.ParseBody("b\r\n01234567890\r\n", consumed), 413U);
}

}  // namespace
}  // namespace platform
