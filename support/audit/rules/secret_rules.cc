// Rules about secrets where they must not be, as far as a detector recognises them. Values are
// never shown: kind, length and fingerprint only.
#include <fmt/format.h>

#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

const SecretSearch* DetectorOf(const StackView& stack, Report& report) {
  const SecretSearch* detector = stack.input().detector;
  if (detector == nullptr) report.CannotEvaluate(Place{}, "there is no secret detector");
  return detector;
}

std::string HitText(const SecretHit& hit) {
  return fmt::format("{} of {} bytes, fingerprint {}", ShownText(hit.kind, 40), hit.length,
                     ShownText(hit.fingerprint, 20));
}

void SearchNamed(const Subject& subject, const std::vector<NamedItem>& items, Report& report) {
  const SecretSearch* detector = DetectorOf(subject.stack, report);
  if (detector == nullptr) return;
  for (const NamedItem& item : items) {
    for (const SecretHit& hit : detector->Find(item.name, item.value)) {
      report.Add(item.field, fmt::format("{} holds {}", ShownText(item.name, 60), HitText(hit)));
    }
  }
}

void InEnvironment(const Subject& subject, Report& report) {
  SearchNamed(subject, subject.settings.texts.environment, report);
}

void InLabels(const Subject& subject, Report& report) {
  SearchNamed(subject, subject.settings.texts.labels, report);
}

void SearchText(const Subject& subject, const std::string& text, const std::string& field,
                Report& report) {
  const SecretSearch* detector = DetectorOf(subject.stack, report);
  if (detector == nullptr) return;
  for (const SecretHit& hit : detector->Find("", text)) report.Add(field, HitText(hit));
}

std::string Joined(const std::vector<Item>& items) {
  std::string text;
  for (const Item& item : items) text += (text.empty() ? "" : " ") + item.value;
  return text;
}

// Arguments together: a switch and its value are two of them.
void InCommand(const Subject& subject, Report& report) {
  const bool declared = subject.container == nullptr;
  SearchText(subject, Joined(subject.settings.texts.command), declared ? "command" : "Config.Cmd",
             report);
  SearchText(subject, Joined(subject.settings.texts.entrypoint),
             declared ? "entrypoint" : "Config.Entrypoint", report);
}

void InHealthcheck(const Subject& subject, Report& report) {
  std::string text;
  for (const std::string& word : subject.settings.lifecycle.health.test) text += word + " ";
  const bool declared = subject.container == nullptr;
  SearchText(subject, text, declared ? "healthcheck.test" : "Config.Healthcheck.Test", report);
}

// A secret that is declared as one, and handed out in the environment as well.
void DeclaredAndInEnvironment(const Subject& subject, Report& report) {
  const SecretSearch* detector = DetectorOf(subject.stack, report);
  if (detector == nullptr) return;
  for (const NamedItem& item : subject.settings.texts.environment) {
    for (const SecretHit& hit : detector->Find(item.name, item.value)) {
      if (hit.known) {
        report.Add(item.field,
                   ShownText(item.name, 60) + " holds a secret that is declared as one");
      }
    }
  }
}

void InImage(const StackView& stack, Report& report) {
  const SecretSearch* detector = DetectorOf(stack, report);
  if (detector == nullptr) return;
  if (!stack.input().inspected) return report.CannotEvaluate(Place{}, "no images were inspected");
  const auto search = [&](const std::string& image, const std::string& field,
                          const std::string& name, const std::string& text) {
    for (const SecretHit& hit : detector->Find(name, text)) {
      report.AddAt({.object = "image " + image.substr(0, 19), .field = field}, HitText(hit));
    }
  };
  for (const auto& [id, image] : stack.input().inspected->images) {
    const nlohmann::json* environment = Path(image, {"Config", "Env"});
    if (!IsArray(environment)) continue;
    for (const nlohmann::json& variable : *environment) {
      const std::string text = Text(&variable);
      const std::size_t at = std::min(text.find('='), text.size());
      search(id, "Config.Env", text.substr(0, at), text.substr(std::min(at + 1, text.size())));
    }
  }
  for (const auto& [id, history] : stack.input().inspected->histories) {
    if (!history.is_array()) continue;
    for (const nlohmann::json& step : history)
      search(id, "history", "", Text(Member(step, "CreatedBy")));
  }
}

void InBuildArguments(const Subject& subject, Report& report) {
  const nlohmann::json* arguments = Path(*subject.service.model, {"build", "args"});
  if (arguments == nullptr) return;
  std::vector<NamedItem> items;
  if (arguments->is_object()) {
    for (const auto& [name, value] : arguments->items())
      items.push_back({name, Text(&value), "build.args." + name});
  } else if (arguments->is_array()) {
    for (const nlohmann::json& argument : *arguments) {
      const std::string text = Text(&argument);
      const std::size_t at = std::min(text.find('='), text.size());
      items.push_back(
          {text.substr(0, at), text.substr(std::min(at + 1, text.size())), "build.args"});
    }
  }
  SearchNamed(subject, items, report);
}

void InConfigText(const StackView& stack, Report& report) {
  const SecretSearch* detector = DetectorOf(stack, report);
  const nlohmann::json* configs = Member(stack.input().model, "configs");
  if (detector == nullptr || !IsObject(configs)) return;
  for (const auto& [name, config] : configs->items()) {
    for (const SecretHit& hit : detector->Find(name, Text(Member(config, "content")))) {
      report.AddAt({.object = name, .field = fmt::format("configs.{}.content", name)},
                   HitText(hit));
    }
  }
}

}  // namespace

std::vector<Rule> SecretRules() {
  using enum Severity;
  using enum Area;
  using enum Scope;
  constexpr std::string_view kUseFile =
      "Declare it under secrets and read the file; then renew it, for it has been seen.";
  return {
      {"SEC-01", "OWASP: secrets management", kHigh, kSecrets, "A secret is in the environment",
       kUseFile, kSettings, InEnvironment},
      {"SEC-02", "OWASP: secrets management", kHigh, kSecrets, "A secret is on the command line",
       kUseFile, kSettings, InCommand},
      {"SEC-12", "OWASP: secrets management", kHigh, kSecrets, "A secret is in a label", kUseFile,
       kSettings, InLabels},
      {"SEC-13", "OWASP: secrets management", kHigh, kSecrets, "A secret is in a health check",
       kUseFile, kSettings, InHealthcheck},
      {"SEC-07", "Compose: secrets", kMedium, kSecrets,
       "A declared secret is in the environment as well",
       "Remove the variable; hand over the name of the file (…_FILE).", kSettings,
       DeclaredAndInEnvironment},
      {"IMG-03", "CIS 4.10", kCritical, kSecrets, "A secret is in the image",
       "Build with a secret mount, and renew the secret: whoever has the image has it.", InImage},
      {"IMG-09", "CIS 4.10", kHigh, kSecrets, "A secret is a build argument",
       "Build with a secret mount: arguments stay in the image's history.", kDeclared,
       InBuildArguments},
      {"SEC-19", "Compose: configs", kHigh, kSecrets, "A secret is in the text of a config",
       kUseFile, InConfigText},
  };
}

}  // namespace proving_ground::audit
