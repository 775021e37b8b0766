#include "support/audit/compose_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace proving_ground::audit {
namespace {

constexpr const char* kBase = R"(x-service: &service
  read_only: true
  cap_drop: [ALL]
services:
  redis:
    <<: *service
    image: redis:7
    ports:
      - "127.0.0.1:6379:6379"
      - "127.0.0.1:6380:6380"
    environment:
      - NAME=value
    sysctls:
      net.ipv4.ip_forward: 1
    mem_limit: 64m
  worker:
    image: worker:1
networks:
  edge: {}
)";

constexpr const char* kOverlay = R"(services:
  redis:
    image: redis:8
    ports:
      - "6381:6381"
)";

using Files = std::vector<ComposeText>;

std::string At(const ComposeLines& lines, const std::string& field) {
  const ComposeLine line = lines.Find(field);
  return line.file + ":" + std::to_string(line.line);
}

TEST(ComposeLinesTest, FindsFieldsInOneFile) {
  const ComposeLines lines(Files{{"base.yaml", kBase}});

  EXPECT_EQ(At(lines, "services.redis"), "base.yaml:5");
  EXPECT_EQ(At(lines, "services.redis.image"), "base.yaml:7");
  EXPECT_EQ(At(lines, "services.redis.ports[1]"), "base.yaml:10");
  EXPECT_EQ(At(lines, "networks.edge"), "base.yaml:19");
}

TEST(ComposeLinesTest, FollowsMergeKeys) {
  EXPECT_EQ(At(ComposeLines(Files{{"base.yaml", kBase}}), "services.redis.read_only"),
            "base.yaml:2");
}

TEST(ComposeLinesTest, FindsListsThatStandForMappings) {
  EXPECT_EQ(At(ComposeLines(Files{{"base.yaml", kBase}}), "services.redis.environment.NAME"),
            "base.yaml:12");
}

TEST(ComposeLinesTest, FindsNamesWithDots) {
  EXPECT_EQ(
      At(ComposeLines(Files{{"base.yaml", kBase}}), "services.redis.sysctls.net.ipv4.ip_forward"),
      "base.yaml:14");
}

TEST(ComposeLinesTest, FindsOlderSpellings) {
  EXPECT_EQ(At(ComposeLines(Files{{"base.yaml", kBase}}),
               "services.redis.deploy.resources.limits.memory"),
            "base.yaml:15");
}

TEST(ComposeLinesTest, PlacesWhatIsMissingAtWhatWouldHoldIt) {
  const ComposeLines lines(Files{{"base.yaml", kBase}, {"overlay.yaml", kOverlay}});

  EXPECT_EQ(At(lines, "services.worker.deploy.resources.limits.memory"), "base.yaml:16");
  EXPECT_EQ(At(lines, "services.redis.healthcheck"), "base.yaml:5");
  EXPECT_EQ(At(lines, "nothing"), ":0");
}

TEST(ComposeLinesTest, OverlaysOverrideAndAppend) {
  const ComposeLines lines(Files{{"base.yaml", kBase}, {"overlay.yaml", kOverlay}});

  EXPECT_EQ(At(lines, "services.redis.image"), "overlay.yaml:3");
  EXPECT_EQ(At(lines, "services.redis.ports[0]"), "base.yaml:9");
  EXPECT_EQ(At(lines, "services.redis.ports[2]"), "overlay.yaml:5");
}

TEST(ComposeLinesTest, SurvivesHostileFiles) {
  std::string bomb = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 60; ++i) {
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) +
            ", *a" + std::to_string(i - 1) + "]\n";
  }
  const std::string circle = "services: &s\n  <<: *s\n  redis:\n    <<: [*s, *s]\n";
  const std::string deep(100'000, '[');
  const ComposeLines lines(Files{{"bomb", bomb},
                                 {"circle", circle},
                                 {"deep", deep},
                                 {"broken", "a: [b"},
                                 {"bytes", "\xff\xfe\x00"}});

  EXPECT_EQ(lines.Find("services.redis.image").file, "circle");
  EXPECT_EQ(lines.Find("a59[0][1]").file, "bomb");
  EXPECT_EQ(lines.Find("services." + std::string(100'000, '.')).file, "circle");
}

}  // namespace
}  // namespace proving_ground::audit
