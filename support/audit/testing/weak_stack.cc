#include "support/audit/testing/weak_stack.h"

#include <algorithm>

#include "support/audit/audit.h"
#include "support/audit/testing/rule_cases.h"

namespace proving_ground::audit {
namespace {

std::set<std::string> ViolatedBy(const AuditInput& input) {
  std::set<std::string> rules;
  for (const Finding& finding : Audit(input).findings) rules.insert(finding.rule);
  return rules;
}

bool Includes(const std::set<std::string>& all, const std::set<std::string>& some) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

// Weakens the stack in one way more, unless that hides a weakness it has already.
bool Weaken(const RuleCase& one, WeakStack& stack) {
  AuditInput weaker = stack.input;
  one.change(weaker);
  const std::set<std::string> violated = ViolatedBy(weaker);
  if (!violated.contains(one.rule) || !Includes(violated, stack.violated)) return false;
  stack.input = std::move(weaker);
  stack.violated.insert(one.rule);
  return true;
}

}  // namespace

std::vector<WeakStack> WeakStacks() {
  std::vector<RuleCase> open = AllRuleCases();
  std::erase_if(open, [](const RuleCase& one) { return !one.breaks; });
  std::vector<WeakStack> stacks;
  while (!open.empty()) {
    WeakStack& stack = stacks.emplace_back(WeakStack{.input = CleanStack()});
    for (const RuleCase& one : open) {
      if (!stack.violated.contains(one.rule)) Weaken(one, stack);
    }
    if (stack.violated.empty()) break;  // cases that break nothing have a test of their own
    std::erase_if(open, [&](const RuleCase& one) { return stack.violated.contains(one.rule); });
  }
  return stacks;
}

}  // namespace proving_ground::audit
