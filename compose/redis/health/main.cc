// redis-health --user=NAME --password-file=FILE [--port=6379]
// Exit code 0 if Redis serves on 127.0.0.1, 1 if not (the reason is printed), 2 for wrong usage.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "compose/redis/health/redis_probe.h"

namespace {

std::string ReadPassword(const std::string& path) {
  std::ifstream file(path);
  std::string password;
  if (!std::getline(file, password) || password.empty()) {
    throw std::runtime_error("cannot read " + path + "; mount the secret");
  }
  return password;
}

// The value of "--name=value"; nullptr if `argument` is another option.
const char* Value(const char* argument, std::string_view name) {
  return std::string_view(argument).substr(0, name.size()) == name ? argument + name.size()
                                                                   : nullptr;
}

}  // namespace

int main(int argc, char** argv) {
  platform::RedisProbe probe;
  std::string password_file;
  for (int i = 1; i < argc; ++i) {
    if (const char* user = Value(argv[i], "--user=")) {
      probe.user = user;
    } else if (const char* file = Value(argv[i], "--password-file=")) {
      password_file = file;
    } else if (const char* port = Value(argv[i], "--port=")) {
      probe.port = static_cast<std::uint16_t>(std::atoi(port));
    } else {
      std::fprintf(stderr, "redis-health: unknown option %s\n", argv[i]);
      return 2;
    }
  }
  try {
    probe.password = ReadPassword(password_file);
    platform::ProbeRedis(probe);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "redis-health: %s\n", error.what());
    return 1;
  }
}
