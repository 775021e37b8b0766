#include "support/audit/testing/rule_cases.h"

namespace proving_ground::audit {
namespace {

Change Image(const std::string& name) {
  return Declared("redis", R"({"image": ")" + name + R"("})");
}

Change Build(const std::string& patch) { return Declared("redis", R"({"build": )" + patch + "}"); }

}  // namespace

std::vector<RuleCase> ImageCases() {
  return {
      Breaks("IMG-01", Image("redis")),
      Breaks("IMG-01", Image("redis:latest")),
      Breaks("IMG-01", Image("registry.example.org:5000/team/redis")),
      Keeps("IMG-01", Image("redis:7.2.4")),
      Keeps("IMG-01", Image("registry:5000/redis:7")),
      Keeps("IMG-01",
            Image("redis@sha256:9b2a1ff2f2d2cb8b3bd7d5f2c6f8a7a8a24f2d1fa5c5c3bdf3b5ccf9ea5ec4bc")),
      Breaks("IMG-08", ImageGiven(R"({"RepoDigests": ["shop/program@sha256:12"]})")),
      Keeps("IMG-08", Image("shop/program@sha256:12")),
      Breaks("IMG-02",
             [](AuditInput& input) {
               input.inspected->tags.at("shop/program:1.0")["Id"] = "sha256:2";
             }),
      Keeps("IMG-02", ImageGiven(R"({"Comment": "same"})")),
      Breaks("CMP-05", Image("shop/program:2.0")),
      Keeps("CMP-05", Declared("redis", R"({"image": null})")),
      Breaks("IMG-12", ImageGiven(R"({"Created": "2024-01-01T00:00:00Z"})")),
      Keeps("IMG-12", ImageGiven(R"({"Created": "2026-01-01T00:00:00Z"})")),
      Keeps("IMG-12", ImageGiven(R"({"Created": "1970-01-01T00:00:00Z"})")),
      Breaks("IMG-04", HistoryGiven("/bin/sh -c #(nop) ADD file:12 in /opt/app ")),
      Breaks("IMG-04", HistoryGiven("ADD https://example.org/tool / # buildkit")),
      Keeps("IMG-04", HistoryGiven("/bin/sh -c #(nop) ADD file:12 in / ")),
      Keeps("IMG-04", HistoryGiven("COPY ADD /x # buildkit")),
      Breaks("IMG-05", HistoryGiven("RUN /bin/sh -c apt-get update # buildkit")),
      Keeps("IMG-05",
            HistoryGiven("RUN /bin/sh -c apt-get update && apt-get install -y tini # buildkit")),
      Breaks("PRV-11", HistoryGiven("RUN /bin/sh -c apt-get install -y curl sudo # buildkit")),
      Keeps("PRV-11", HistoryGiven("RUN /bin/sh -c apt-get install -y sudoku # buildkit")),
      Breaks("IMG-11", ImageGiven(R"({"Config": {"OnBuild": ["RUN x"]}})")),
      Keeps("IMG-11", ImageGiven(R"({"Config": {"OnBuild": []}})")),
      Breaks("IMG-10", Declared("redis", R"({"pull_policy": "always"})")),
      Keeps("IMG-10", Declared("redis", R"({"pull_policy": "never"})")),
      Keeps("IMG-10",
            All({Image("redis@sha256:12"), Declared("redis", R"({"pull_policy": "always"})")})),
      Breaks("IMG-16", Build(R"({"context": ".", "privileged": true})")),
      Breaks("IMG-16", Build(R"({"context": ".", "entitlements": ["security.insecure"]})")),
      Keeps("IMG-16", Build(R"({"context": ".", "entitlements": []})")),
      Breaks("IMG-17", Build(R"({"context": ".", "network": "host"})")),
      Keeps("IMG-17", Build(R"({"context": ".", "network": "none"})")),
      Breaks("IMG-15", Build(R"({"context": ".", "ssh": ["default"]})")),
      Keeps("IMG-15", Build(R"({"context": ".", "ssh": []})")),
      Breaks("IMG-14", Build(R"({"context": "http://example.org/app.tar"})")),
      Breaks("IMG-14", Build(R"("git://example.org/app")")),
      Breaks("IMG-14",
             Build(R"({"context": ".", "additional_contexts": {"base": "http://example.org/x"}})")),
      Keeps("IMG-14", Build(R"({"context": "https://example.org/app.git#abc"})")),
      Breaks("CMP-14", ComposeFile("include:\n  - https://example.org/base.yaml\nservices: {}\n")),
      Breaks("CMP-14", ComposeFile("include:\n  - path: oci://registry.example.org/base\n")),
      Keeps("CMP-14",
            ComposeFile(
                "include:\n  - ./base.yaml\nservices:\n  a:\n    command:\n      - https://x/\n")),
  };
}

}  // namespace proving_ground::audit
