#include "support/audit/rules/redis_config.h"

#include <algorithm>
#include <sstream>

#include "support/audit/rules/redis_accounts.h"

namespace proving_ground::audit {
namespace {

using Files = std::map<std::string, std::string>;

// Files that include each other must not go on for ever.
constexpr int kDeepestInclude = 8;

// Words of one line; quotes group, as in redis.conf.
std::vector<std::string> ConfigWords(const std::string& line) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < line.size()) {
    if (std::isspace(static_cast<unsigned char>(line[at])) != 0) {
      ++at;
      continue;
    }
    const char quote = line[at] == '"' || line[at] == '\'' ? line[at] : '\0';
    const std::size_t begin = quote != 0 ? at + 1 : at;
    const std::size_t end = std::min(
        quote != 0 ? line.find(quote, begin) : line.find_first_of(" \t\r", begin), line.size());
    words.push_back(line.substr(begin, end - begin));
    at = end + (quote != 0 ? 1 : 0);
  }
  return words;
}

std::string Joined(const std::vector<std::string>& words, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < words.size(); ++i) text += (i > from ? " " : "") + words[i];
  return text;
}

class ConfigReader {
 public:
  ConfigReader(RedisConfig& config, const Files& files) : config_(config), files_(files) {}

  void ReadFile(const std::string& path, int depth) {
    const auto found = files_.find(path);
    if (found == files_.end() || depth > kDeepestInclude) {
      config_.readable = false;
      return;
    }
    std::istringstream lines(found->second);
    for (std::string line; std::getline(lines, line);) {
      const std::vector<std::string> words = ConfigWords(line);
      if (words.empty() || words[0].starts_with('#')) continue;
      if (Lower(words[0]) == "include" && words.size() > 1)
        ReadFile(CleanPath(words[1]), depth + 1);
      Set(words);
    }
  }

  // "--appendonly yes --save 60 1": each "--" begins a directive.
  void ReadArguments(const std::vector<std::string>& words, std::size_t from) {
    std::vector<std::string> directive;
    for (std::size_t i = from; i <= words.size(); ++i) {
      const bool begins = i == words.size() || words[i].starts_with("--");
      if (begins && !directive.empty()) Set(directive);
      if (begins) directive.clear();
      if (i < words.size() && (begins || !directive.empty())) {
        directive.push_back(begins ? words[i].substr(2) : words[i]);
      }
    }
  }

 private:
  void Set(const std::vector<std::string>& words) {
    config_.directives[Lower(words[0])].push_back(Joined(words, 1));
    if (Lower(words[0]) == "user" && words.size() > 1) {
      config_.accounts.push_back(ParseAccount({words.begin() + 1, words.end()}));
      config_.has_accounts = true;
    }
  }

  RedisConfig& config_;
  const Files& files_;
};

// Words of entry point and command; a shell's script is taken apart too.
std::vector<std::string> CommandWords(const Settings& settings) {
  std::vector<std::string> words;
  for (const auto* list : {&settings.texts.entrypoint, &settings.texts.command}) {
    for (const Item& item : *list) {
      const bool script = item.value.find("redis-server ") != std::string::npos;
      for (std::string& word : script ? ConfigWords(item.value) : std::vector{item.value}) {
        words.push_back(std::move(word));
      }
    }
  }
  return words;
}

void ReadAccounts(const Files& files, RedisConfig& config) {
  const std::string path = config.Value("aclfile");
  if (path.empty()) return;
  config.has_accounts = true;
  const auto found = files.find(CleanPath(path));
  config.accounts_readable = found != files.end();
  if (!config.accounts_readable) return;
  for (RedisAccount& account : ParseAccounts(found->second)) {
    config.accounts.push_back(std::move(account));
  }
}

}  // namespace

std::string RedisConfig::Value(const std::string& name) const {
  const auto found = directives.find(name);
  return found == directives.end() ? "" : found->second.back();
}

std::vector<RedisAccount> ParseAccounts(const std::string& lines) {
  std::vector<RedisAccount> accounts;
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line);) {
    const std::vector<std::string> words = ConfigWords(line);
    if (words.size() < 2 || words[0] != "user") continue;
    accounts.push_back(ParseAccount({words.begin() + 1, words.end()}));
  }
  return accounts;
}

RedisConfig ReadRedisConfig(const std::string& service, const Settings& settings,
                            const Files& files) {
  RedisConfig config;
  config.service = service;
  const std::vector<std::string> words = CommandWords(settings);
  const auto is_server = [](const std::string& word) {
    return word == "redis-server" || word.ends_with("/redis-server");
  };
  const auto is_argument = [](const std::string& word) {
    return word.starts_with("--") || word.ends_with(".conf");
  };
  auto at = std::find_if(words.begin(), words.end(), is_server);
  if (at != words.end()) {
    config.readable = true;
    ++at;
  } else {
    // Entry points of common images put "redis-server" before arguments that stand alone.
    at = std::find_if(words.begin(), words.end(), is_argument);
    config.readable = at != words.end();
  }
  ConfigReader reader(config, files);
  if (at != words.end() && !at->starts_with("-")) {
    config.file = *at++;
    reader.ReadFile(CleanPath(config.file), 0);
  }
  reader.ReadArguments(words, static_cast<std::size_t>(at - words.begin()));
  ReadAccounts(files, config);
  return config;
}

}  // namespace proving_ground::audit
