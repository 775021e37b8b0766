#include "support/audit/rules/vacuous_command.h"

#include <gmock/gmock.h>

namespace proving_ground::audit {
namespace {

TEST(VacuousCommandTest, TextsThatCannotFail) {
  for (const char* text : {"true",
                           "exit 0",
                           " exit 0 ; ",
                           ":",
                           "/bin/true",
                           "echo ok",
                           "curl -f localhost || true",
                           "curl -f localhost || exit 0",
                           "curl -f localhost || :",
                           "curl -f localhost; true",
                           "curl -f localhost; exit 0",
                           "curl -f localhost &",
                           "curl -f localhost | cat",
                           "curl -f localhost 2>&1 | tee /tmp/log",
                           "curl -f localhost || echo down",
                           "(curl -f localhost || true)",
                           "curl -f localhost || true && true",
                           "sh -c 'exit 0'",
                           "curl -f localhost || /bin/true",
                           "redis-server --version",
                           "exit 0; curl -f localhost",
                           "curl -f localhost >/dev/null 2>&1 || true",
                           "sleep 1",
                           "true && true",
                           "test 1",
                           "[ 1 ]",
                           "curl -f localhost\ntrue",
                           "exec true",
                           "timeout 3 true",
                           "curl -f localhost && exit 0; true",
                           "exit 00",
                           "printf ok",
                           "A=1 true",
                           "true # curl",
                           ""}) {
    EXPECT_FALSE(ShellTextCanFail(text)) << text;
  }
}

TEST(VacuousCommandTest, TextsThatCanFail) {
  for (const char* text : {"curl -f localhost",
                           "curl -f localhost || exit 1",
                           "redis-cli ping | grep PONG",
                           "true && curl -f localhost",
                           "echo ping | nc localhost 6379",
                           "exit 1",
                           "curl -f localhost; exit $?",
                           "curl -f localhost || exit",
                           "curl -f localhost && echo ok",
                           "curl -f localhost || curl -f 127.0.0.1",
                           "curl -f localhost || exit 1; true",
                           "if curl -f localhost; then exit 0; else exit 1; fi",
                           "set -o pipefail; curl x | cat",
                           "set -e; curl x; true",
                           "wget -q -O - localhost | grep -q ok || exit 1",
                           "! false",
                           "[ \"$(redis-cli ping)\" = PONG ]",
                           "test -f /tmp/ready",
                           "sh -c 'curl -f localhost'",
                           "timeout 3 curl -f localhost",
                           "worker --healthcheck",
                           "curl 'a || true'",
                           "pg_isready -U app",
                           "false || curl -f localhost"}) {
    EXPECT_TRUE(ShellTextCanFail(text)) << text;
  }
}

TEST(VacuousCommandTest, Words) {
  EXPECT_FALSE(WordsCanFail({"true"}));
  EXPECT_FALSE(WordsCanFail({"/usr/bin/true"}));
  EXPECT_FALSE(WordsCanFail({"/bin/sh", "-c", "exit 0"}));
  EXPECT_FALSE(WordsCanFail({"bash", "-lc", "curl x || true"}));
  EXPECT_FALSE(WordsCanFail({"/usr/local/bin/worker", "--help"}));
  EXPECT_FALSE(WordsCanFail({"worker", "version"}));
  EXPECT_TRUE(WordsCanFail({"worker"}));
  EXPECT_TRUE(WordsCanFail({"worker", "--healthcheck"}));
  EXPECT_TRUE(WordsCanFail({"worker", "-v", "--healthcheck"}));
  EXPECT_TRUE(WordsCanFail({"/bin/trueness"}));
  EXPECT_TRUE(WordsCanFail({"sh", "/health.sh"}));
  EXPECT_TRUE(WordsCanFail({"curl", "-f", "http://localhost", "||", "true"}))
      << "no shell is there";
}

}  // namespace
}  // namespace proving_ground::audit
