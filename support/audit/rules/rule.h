// What a rule is, and how it reports.
//
//   void Privileged(const Subject& subject, Report& report) {
//     if (subject.settings.privileges.privileged) {
//       report.AddSetting({"privileged", "HostConfig.Privileged"}, "privileged");
//     }
//   }
//   {"ISO-01", "CIS 5.5", Severity::kCritical, Area::kIsolation, "Container is privileged",
//    "Remove privileged; add single capabilities where needed.", Scope::kSettings, Privileged}
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/audit/finding.h"
#include "support/audit/rules/stack_view.h"

namespace proving_ground::audit {

// What a rule is about: the six areas a security suite begins with, and the later ones.
enum class Area {
  kIsolation,
  kCrossTeam,
  kSecrets,
  kLimits,
  kFileSystem,
  kPorts,
  kRedis,
  kImages,
  kHealth,
  kTokens,
  kTransport,
};
inline constexpr int kAreaCount = 11;

// "isolation", "cross-team access", ….
std::string_view AreaName(Area area);

// What a rule is called for.
enum class Scope {
  kSettings,   // each service as declared, and each of its containers
  kDeclared,   // each service as declared
  kContainer,  // each container
  kLive,       // each running container, with what the kernel says about it
  kStack,      // once
};

// One service as declared, or one container.
struct Subject {
  const StackView& stack;
  const Service& service;
  const Container* container;  // null: as declared
  const Settings& settings;
};

class Report;
using SubjectCheck = void (*)(const Subject&, Report&);
using StackCheck = void (*)(const StackView&, Report&);

struct Rule {
  std::string_view id;
  std::string_view source;  // "CIS 5.5" (CIS Docker Benchmark 1.6.0), or who says so
  Severity severity;
  Area area;
  std::string_view what;  // what is wrong when it reports
  std::string_view remedy;
  Scope scope;
  SubjectCheck subject_check = nullptr;  // all scopes but kStack
  StackCheck stack_check = nullptr;      // kStack

  constexpr Rule(std::string_view the_id, std::string_view the_source, Severity the_severity,
                 Area the_area, std::string_view is_wrong, std::string_view to_do, Scope the_scope,
                 SubjectCheck check)
      : id(the_id),
        source(the_source),
        severity(the_severity),
        area(the_area),
        what(is_wrong),
        remedy(to_do),
        scope(the_scope),
        subject_check(check) {}
  constexpr Rule(std::string_view the_id, std::string_view the_source, Severity the_severity,
                 Area the_area, std::string_view is_wrong, std::string_view to_do, StackCheck check)
      : id(the_id),
        source(the_source),
        severity(the_severity),
        area(the_area),
        what(is_wrong),
        remedy(to_do),
        scope(Scope::kStack),
        stack_check(check) {}
};

// One setting by the names it has in a compose file (below the service) and in an inspection.
struct SettingName {
  std::string_view declared;
  std::string_view inspected;
};

// Collects what the rules say. The same evidence about the same service is one finding, however
// many containers show it; the declaration, which comes first, gives it its place.
class Report {
 public:
  // The rule, and the subject (null for the stack), that the next calls are about.
  void Begin(const Rule& rule, const Subject* subject);

  // Evidence about the subject. It is shown: names and numbers, never values that may be secret.
  void AddSetting(const SettingName& setting, const std::string& evidence);
  void Add(const std::string& field, const std::string& evidence);
  // Evidence about anything.
  void AddAt(Place place, const std::string& evidence);
  void CannotEvaluate(const std::string& reason);
  void CannotEvaluate(Place place, const std::string& reason);

  // What was collected, in the order of the rules; empties the report.
  std::vector<Finding> TakeFindings();
  std::vector<Unevaluated> TakeUnevaluated();

 private:
  Place SubjectPlace(std::string field) const;

  struct Entry {
    Finding finding;
    int more_containers = 0;
  };
  const Rule* rule_ = nullptr;
  const Subject* subject_ = nullptr;
  std::vector<Entry> entries_;
  std::map<std::string, std::size_t> entry_by_key_;
  std::vector<Unevaluated> unevaluated_;
  std::map<std::string, std::size_t> unevaluated_by_key_;
};

// Field of a service in the model: "services.redis" + "." + "ports[0]".
std::string ServiceField(const Service& service, std::string_view field);

}  // namespace proving_ground::audit
