// Reads a file of JSON lines while others write to it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace proving_ground {

class EventTail {
 public:
  // The file need not exist yet.
  explicit EventTail(std::filesystem::path file) : file_(std::move(file)) {}

  // The objects of all lines that were finished since the last call; empty when there are none, or
  // no file. Lines that are no JSON object are passed over. Throws EnvironmentError when a file
  // that exists cannot be read.
  std::vector<nlohmann::json> Next();

 private:
  std::filesystem::path file_;
  std::uintmax_t read_ = 0;  // bytes
  std::string unfinished_;   // line
};

}  // namespace proving_ground
