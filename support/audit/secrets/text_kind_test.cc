#include "support/audit/secrets/text_kind.h"

#include <gtest/gtest.h>

namespace proving_ground {
namespace {

TEST(TextKindTest, GoesByTheNameWhereThatTells) {
  EXPECT_EQ(KindOfFile("a/compose.prod.yaml"), TextKind::kComposeFile);
  EXPECT_EQ(KindOfFile("docker-compose.yml"), TextKind::kComposeFile);
  EXPECT_EQ(KindOfFile("a/.env.local"), TextKind::kEnvFile);
  EXPECT_EQ(KindOfFile("/var/log/app.log"), TextKind::kLog);
  EXPECT_EQ(KindOfFile("redis.conf"), TextKind::kShellOrConfigFile);
}

TEST(TextKindTest, GoesByTheTextOtherwise) {
  EXPECT_EQ(KindOfText("case-17.txt", "services:\n  db:\n    image: postgres:16\n"),
            TextKind::kComposeFile);
  EXPECT_EQ(KindOfText("case-18", "# shop\nMODE=fast\n\nexport DB_HOST=db\n"), TextKind::kEnvFile);
  EXPECT_EQ(KindOfText("out.txt", "2031-04-02T08:15:11Z INFO up\n[2031-04-02 08:15:12] down\n"),
            TextKind::kLog);
  EXPECT_EQ(KindOfText("run", "#!/bin/sh\nMODE=fast\n"), TextKind::kShellOrConfigFile);
  EXPECT_EQ(KindOfText("list.yaml", "services:\n  - shop\n"), TextKind::kShellOrConfigFile);
  EXPECT_EQ(KindOfText("empty", "\n"), TextKind::kShellOrConfigFile);
}

}  // namespace
}  // namespace proving_ground
