// SABOTAGE names the part that is broken; without it, or with a name that is none, nothing starts:
// a sabotage that quietly does nothing would prove nothing.
#include <cstdlib>
#include <iostream>

#include "compose/sabotage/gateway/broken_gateway.h"

int main(int argc, char** argv) {
  const char* name = std::getenv("SABOTAGE");
  const auto factory = platform::BrokenGateway(name == nullptr ? "" : name);
  if (factory == nullptr) {
    std::cerr << "broken_gateway: SABOTAGE must be one of\n";
    for (const std::string& known : platform::BrokenGatewayNames()) std::cerr << known << '\n';
    return 3;
  }
  return platform::RunGateway(argc, argv, *factory);
}
