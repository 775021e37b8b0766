#include "support/progress/event_tail.h"

#include <array>
#include <fstream>

#include "support/base/errors.h"

namespace proving_ground {

using nlohmann::json;

std::vector<json> EventTail::Next() {
  std::vector<json> events;
  std::error_code absent;
  if (!std::filesystem::exists(file_, absent)) return events;
  std::ifstream stream(file_, std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(read_));
  if (!stream) {
    throw EnvironmentError(file_.string() + " cannot be read", "see its permissions");
  }
  std::array<char, 65'536> part{};
  do {
    stream.read(part.data(), part.size());
    read_ += static_cast<std::uintmax_t>(stream.gcount());
    unfinished_.append(part.data(), static_cast<std::size_t>(stream.gcount()));
  } while (stream);
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = unfinished_.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    json event =
        json::parse(unfinished_.begin() + static_cast<std::ptrdiff_t>(begin),
                    unfinished_.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
    if (event.is_object()) events.push_back(std::move(event));
  }
  unfinished_.erase(0, begin);
  return events;
}

}  // namespace proving_ground
