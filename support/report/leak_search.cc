#include "support/report/leak_search.h"

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "support/audit/secrets/known_secrets.h"
#include "support/audit/sweep/declared_secrets.h"
#include "support/audit/sweep/project_files.h"
#include "support/base/errors.h"
#include "support/base/files.h"

namespace proving_ground {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::uintmax_t kLongestFile = 256U << 20U;
constexpr std::size_t kMostFiles = 10'000;
constexpr std::size_t kMostLeaks = 100;
constexpr std::size_t kLongestSecret = 16'384;  // bytes; longer files hold other things

std::vector<KnownSecret> ValuesOf(const std::vector<std::string>& files, LeakSearch& search) {
  std::vector<KnownSecret> values;
  for (const std::string& file : files) {
    try {
      const std::string content = ReadFile(file);
      if (content.size() > kLongestSecret) {
        search.unsearched.push_back("secret " + fs::path(file).filename().string() +
                                    ": its file is too long to be one");
        continue;
      }
      for (KnownSecret& value : KnownValues(fs::path(file).filename().string(), content)) {
        values.push_back(std::move(value));
      }
    } catch (const EnvironmentError& error) {
      search.unsearched.push_back("secret " + fs::path(file).filename().string() + ": " +
                                  error.what());
    }
  }
  return values;
}

void SearchFile(const fs::path& file, const std::string& name, const KnownSecrets& known,
                LeakSearch& search) {
  std::error_code vanished;
  if (fs::file_size(file, vanished) > kLongestFile && !vanished) {
    search.unsearched.push_back(name + ": it is too long");
    return;
  }
  std::map<std::pair<std::string, std::string>, std::pair<Leak, int>> leaks;  // by secret, encoding
  try {
    for (Leak& leak : known.Find(ReadFile(file))) {
      const auto key = std::pair(leak.name, leak.encoding);
      ++leaks.try_emplace(key, std::move(leak), 0).first->second.second;
    }
  } catch (const EnvironmentError& error) {
    search.unsearched.push_back(name + ": " + error.what());
    return;
  }
  ++search.files;
  for (const auto& [key, found] : leaks) {
    const auto& [leak, times] = found;
    if (search.leaks.size() >= kMostLeaks) return;
    search.leaks.push_back(fmt::format("{}:{} holds secret {} ({}, {} bytes, fingerprint {}){}",
                                       name, leak.line, leak.name, leak.encoding, leak.length,
                                       leak.fingerprint,
                                       times > 1 ? fmt::format(", {} times", times) : ""));
  }
}

}  // namespace

LeakSearch SearchForLeaks(const fs::path& folder, const std::vector<std::string>& secret_files) {
  LeakSearch search;
  std::vector<KnownSecret> values = ValuesOf(secret_files, search);
  search.secrets = static_cast<int>(values.size());
  const KnownSecrets known(std::move(values), Fingerprinter());
  const std::vector<fs::path> files = FilesIn(folder, kMostFiles + 1, /*of_tools=*/true);
  if (files.size() > kMostFiles) {
    search.unsearched.push_back(fmt::format("files beyond the first {}", kMostFiles));
  }
  for (const fs::path& file : files) {
    SearchFile(file, file.lexically_relative(folder).string(), known, search);
  }
  return search;
}

json ToJson(const LeakSearch& search) {
  return {{"files", search.files},
          {"secrets", search.secrets},
          {"leaks", search.leaks},
          {"unsearched", search.unsearched}};
}

LeakSearch LeakSearchFromJson(const json& document) {
  try {
    return {document.at("files").get<int>(), document.at("secrets").get<int>(),
            document.at("leaks").get<std::vector<std::string>>(),
            document.at("unsearched").get<std::vector<std::string>>()};
  } catch (const json::exception& error) {
    throw EnvironmentError(std::string("this is no search for leaks: ") + error.what(),
                           "it is damaged; draw the report again");
  }
}

}  // namespace proving_ground
