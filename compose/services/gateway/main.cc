#include "compose/services/gateway/gateway_main.h"

int main(int argc, char** argv) {
  return platform::RunGateway(argc, argv, platform::GatewayFactory());
}
