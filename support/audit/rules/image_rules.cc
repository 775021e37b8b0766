// Rules about images: how they are named, what they hold, and whether they are the ones that run.
#include <fmt/format.h>

#include <cstdio>
#include <ctime>

#include "support/audit/rules/json_view.h"
#include "support/audit/rules/rule_table.h"

namespace proving_ground::audit {
namespace {

constexpr SettingName kImage{"image", "Config.Image"};

// "registry:5000/name:tag@sha256:…".
struct ImageName {
  std::string registry;  // empty: the default one
  std::string tag;
  bool digest = false;
};

ImageName Parse(std::string name) {
  ImageName parsed;
  if (const std::size_t at = name.find('@'); at != std::string::npos) {
    parsed.digest = true;
    name.resize(at);
  }
  const std::size_t slash = name.find('/');
  if (slash != std::string::npos) {
    const std::string first = name.substr(0, slash);
    const bool host = first.find_first_of(".:") != std::string::npos || first == "localhost";
    if (host) parsed.registry = first;
  }
  const std::size_t last_slash = name.rfind('/');
  const std::size_t colon = name.rfind(':');
  const bool tagged =
      colon != std::string::npos && (last_slash == std::string::npos || colon > last_slash);
  if (tagged) parsed.tag = name.substr(colon + 1);
  return parsed;
}

bool IsId(const std::string& name) { return name.starts_with("sha256:"); }

void MovingTag(const Subject& subject, Report& report) {
  const std::string& name = subject.settings.image;
  if (name.empty() || IsId(name)) return;
  const ImageName image = Parse(name);
  if (image.digest) return;
  if (image.tag.empty() || image.tag == "latest") {
    report.AddSetting(kImage, "no fixed version: " + ShownText(name, 100));
  }
}

// Images made on this machine have no digest of a registry: nothing could be pinned.
void NoDigest(const Subject& subject, Report& report) {
  const std::string& name = subject.settings.image;
  if (name.empty() || IsId(name) || Parse(name).digest) return;
  const nlohmann::json* image = subject.container != nullptr
                                    ? subject.container->image
                                    : subject.stack.ImageOf(subject.service);
  const nlohmann::json* digests = image == nullptr ? nullptr : Member(*image, "RepoDigests");
  if (IsArray(digests) && !digests->empty()) {
    report.AddSetting(kImage, "not pinned by digest: " + ShownText(name, 100));
  }
}

void Outdated(const Subject& subject, Report& report) {
  const auto& tags = subject.stack.input().inspected->tags;
  const auto now = tags.find(subject.settings.image);
  if (now == tags.end()) return;
  const std::string id = Text(Member(now->second, "Id"));
  if (!id.empty() && id != Text(Member(*subject.container->inspected, "Image"))) {
    report.Add("Image", "runs another image than its name means now");
  }
}

void NotTheDeclared(const Subject& subject, Report& report) {
  const std::string& declared = subject.service.declared.image;
  if (subject.service.model == nullptr || declared.empty()) return;
  if (declared != subject.settings.image) {
    report.Add("Config.Image",
               fmt::format("runs {}, declared is {}", ShownText(subject.settings.image, 80),
                           ShownText(declared, 80)));
  }
}

// Days since the engine's date ("2026-11-23T13:04:52.459Z"); nullopt when it is none, or the fixed
// date of reproducible builds.
std::optional<int> AgeInDays(const std::string& created,
                             std::chrono::system_clock::time_point now) {
  std::tm date{};
  if (std::sscanf(created.c_str(), "%4d-%2d-%2d", &date.tm_year, &date.tm_mon, &date.tm_mday) !=
      3) {
    return std::nullopt;
  }
  if (date.tm_year < 2013) return std::nullopt;
  date.tm_year -= 1900;
  date.tm_mon -= 1;
  const std::time_t then = timegm(&date);
  return static_cast<int>((std::chrono::system_clock::to_time_t(now) - then) / 86'400);
}

void Old(const Subject& subject, Report& report) {
  constexpr int kOldest = 365;
  if (subject.container->image == nullptr) return;
  const auto age =
      AgeInDays(Text(Member(*subject.container->image, "Created")), subject.stack.input().now);
  if (age && *age > kOldest) report.Add("Image", "the image was made more than a year ago");
}

// Steps of the image's history, as the shell or build instruction that made them.
template <typename Judge>
void ForHistory(const Subject& subject, Report& report, const Judge& judge) {
  const nlohmann::json* history = subject.container->history;
  if (!IsArray(history)) return report.CannotEvaluate("the history of the image is not known");
  for (const nlohmann::json& step : *history) judge(Text(Member(step, "CreatedBy")));
}

void AddInstruction(const Subject& subject, Report& report) {
  ForHistory(subject, report, [&](const std::string& step) {
    // The first layer of a base image is added; what follows is copied.
    const bool adds = step.find("#(nop) ADD ") != std::string::npos || step.starts_with("ADD ");
    const bool remote =
        step.find("http://") != std::string::npos || step.find("https://") != std::string::npos;
    const bool base = step.find(" in / ") != std::string::npos && !remote;
    if (adds && !base && step.find("rootfs") == std::string::npos)
      report.Add("history", "made with ADD");
  });
}

void UpdateAlone(const Subject& subject, Report& report) {
  ForHistory(subject, report, [&](const std::string& step) {
    for (const char* tool : {"apt-get", "apt", "apk", "yum", "dnf"}) {
      const bool updates = step.find(std::string(tool) + " update") != std::string::npos;
      const bool installs = step.find(std::string(tool) + " install") != std::string::npos ||
                            step.find(std::string(tool) + " add") != std::string::npos ||
                            step.find(std::string(tool) + " upgrade") != std::string::npos ||
                            step.find("apt-get install") != std::string::npos;
      if (updates && !installs) return report.Add("history", "a layer only updates package lists");
    }
  });
}

void ShellTools(const Subject& subject, Report& report) {
  ForHistory(subject, report, [&](const std::string& step) {
    for (const char* tool : {"sudo", "openssh-server", "telnetd", "netcat", "nmap", "tcpdump"}) {
      const std::size_t installs = std::min(step.find(" install "), step.find("apk add "));
      if (installs == std::string::npos) continue;
      const std::string rest = step.substr(installs) + " ";
      if (rest.find(" " + std::string(tool) + " ") != std::string::npos) {
        report.Add("history", fmt::format("installs {}", tool));
      }
    }
  });
}

void OnBuild(const Subject& subject, Report& report) {
  if (subject.container->image == nullptr) return;
  const nlohmann::json* triggers = Path(*subject.container->image, {"Config", "OnBuild"});
  if (IsArray(triggers) && !triggers->empty()) report.Add("Image", "has ONBUILD triggers");
}

void AlwaysPulled(const Subject& subject, Report& report) {
  const std::string policy = Text(Member(*subject.service.model, "pull_policy"));
  const bool pulls =
      policy == "always" || policy == "daily" || policy == "weekly" || policy.starts_with("every_");
  if (pulls && !Parse(subject.settings.image).digest) {
    report.Add("pull_policy", "is fetched anew by a tag that may move");
  }
}

}  // namespace

std::vector<Rule> ImageRules() {
  using enum Severity;
  using enum Area;
  using enum Scope;
  return {
      {"IMG-01", "CIS 5.28", kMedium, kImages, "The image has no fixed version",
       "Name a version, best with its digest (name:1.2@sha256:…).", kSettings, MovingTag},
      {"IMG-08", "CIS 5.28", kInfo, kImages, "The image is not pinned by digest",
       "Add the digest: a tag may be moved.", kSettings, NoDigest},
      {"IMG-02", "CIS 5.28", kMedium, kImages, "Another image runs than its name means now",
       "Recreate the container, or tag images by version.", kContainer, Outdated},
      {"CMP-05", "declared against effective", kMedium, kImages,
       "Another image runs than is declared", "Recreate the container from its declaration.",
       kContainer, NotTheDeclared},
      {"IMG-12", "CIS 4.4", kLow, kImages, "The image is old",
       "Build it again: a year of fixes is missing in it.", kContainer, Old},
      {"IMG-04", "CIS 4.9", kLow, kImages, "The image was made with ADD",
       "Use COPY; fetch and check archives in a step of their own.", kContainer, AddInstruction},
      {"IMG-05", "CIS 4.7", kLow, kImages, "A layer only updates package lists",
       "Update and install in one step: a cached list installs old packages.", kContainer,
       UpdateAlone},
      {"PRV-11", "CIS 4.3", kLow, kImages, "Tools of an intruder are in the image",
       "Leave them out; debug from a throwaway container in the same namespaces.", kContainer,
       ShellTools},
      {"IMG-11", "Dockerfile: ONBUILD", kInfo, kImages, "The image has ONBUILD triggers",
       "Write the steps into the images that need them.", kContainer, OnBuild},
      {"IMG-10", "Compose: pull_policy", kLow, kImages, "The image is fetched anew by a moving tag",
       "Pin the digest, or set pull_policy: missing or never.", kDeclared, AlwaysPulled},
  };
}

}  // namespace proving_ground::audit
