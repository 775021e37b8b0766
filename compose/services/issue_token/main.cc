// issue_token --key FILE --team TEAM --issuer NAME --audience NAME --ttl 720h: prints a bearer
// token.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "compose/services/common/options.h"
#include "compose/services/common/secret_file.h"
#include "compose/services/issue_token/token_issuer.h"

namespace {

int Run(int argc, const char* const* argv) {
  using namespace platform;
  std::filesystem::path key;
  TokenRequest request;
  request.audience = "mcp-gateway";
  std::chrono::milliseconds ttl = std::chrono::hours(720);
  CLI::App app("Signs a team's bearer token for the gateway and prints it.");
  app.add_option("--key", key, "Private key (PEM, P-256)")->required();
  app.add_option("--team", request.team, "Team the token speaks for")->required();
  app.add_option("--issuer", request.issuer, "Issuer, as the gateway's --issuer")->required();
  app.add_option("--audience", request.audience, "Audience, as the gateway's --audience")
      ->capture_default_str();
  AddDuration(app, "--ttl", ttl, "How long the token is valid");
  if (const auto exit_code = ParseCommandLine(app, argc, argv)) return *exit_code;
  request.lifetime = std::chrono::duration_cast<std::chrono::seconds>(ttl);
  request.issued_at = std::chrono::system_clock::now();
  std::puts(IssueToken(request, ReadSecretFile(key)).c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return platform::RunService("issue_token", [&] { return Run(argc, argv); });
}
