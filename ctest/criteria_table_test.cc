// The list of criteria, the cases and the README's table say the same, in every direction.

#include <gmock/gmock.h>

#include <filesystem>
#include <map>
#include <regex>
#include <string>

#include "support/base/files.h"
#include "support/report/criteria.h"

namespace proving_ground {
namespace {

using testing::Contains;
using testing::Key;

struct Case {
  std::string claim;
  std::string test;
  std::string file;  // relative to suites/
};

// Every case of the suites: the id and claim of the comment above it, and its name.
std::multimap<std::string, Case> CasesOfSuites() {
  const std::regex pattern(
      R"(// ([A-Z]-\d+): ([^\n]*(?:\n// [^\n]*)*)\nTEST_[FP]\((\w+), (\w+)\))");
  std::multimap<std::string, Case> cases;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::string(PG_SOURCE_DIR) + "/suites")) {
    if (entry.path().extension() != ".cc") continue;
    const std::string source = ReadFile(entry.path());
    for (std::sregex_iterator match(source.begin(), source.end(), pattern), end; match != end;
         ++match) {
      std::string claim = std::regex_replace((*match)[2].str(), std::regex("\n// "), " ");
      if (!claim.empty() && claim.back() == '.') claim.pop_back();
      cases.insert({(*match)[1].str(),
                    {claim, (*match)[3].str() + "." + (*match)[4].str(),
                     entry.path().parent_path().filename() / entry.path().filename()}});
    }
  }
  return cases;
}

int CountTests() {
  const std::regex pattern(R"((?:^|\n)TEST(?:_F|_P)?\()");
  int count = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::string(PG_SOURCE_DIR) + "/suites")) {
    if (entry.path().extension() != ".cc") continue;
    const std::string source = ReadFile(entry.path());
    count += static_cast<int>(std::distance(
        std::sregex_iterator(source.begin(), source.end(), pattern), std::sregex_iterator()));
  }
  return count;
}

// Rows of the README's table of criteria: id -> case.
std::map<std::string, std::string> RowsOfReadme() {
  const std::string readme = ReadFile(std::string(PG_SOURCE_DIR) + "/README.md");
  const std::regex pattern(R"(\n\| ([A-Z]-\d+) \| `([\w.]+)` \|)");
  std::map<std::string, std::string> rows;
  for (std::sregex_iterator match(readme.begin(), readme.end(), pattern), end; match != end;
       ++match) {
    rows[(*match)[1].str()] = (*match)[2].str();
  }
  return rows;
}

TEST(CriteriaTableTest, EveryCriterionHasExactlyOneCaseThatMakesItsClaim) {
  const auto cases = CasesOfSuites();
  for (const Criterion& criterion : Criteria()) {
    const std::string id(criterion.id);
    ASSERT_EQ(cases.count(id), 1U) << id;
    const Case& the_case = cases.find(id)->second;
    EXPECT_EQ(the_case.claim, criterion.claim) << id;
    EXPECT_EQ(the_case.test, criterion.test) << id;
    EXPECT_EQ(the_case.file, std::string(criterion.suite) + "/" + std::string(criterion.file))
        << id;
  }
}

TEST(CriteriaTableTest, EveryCaseProvesAKnownCriterion) {
  const auto cases = CasesOfSuites();
  EXPECT_EQ(static_cast<int>(cases.size()), CountTests())
      << "a case without a line \"// <id>: <claim>.\" right above it";
  for (const auto& [id, test] : cases) {
    EXPECT_NE(FindCriterion(id), nullptr) << test.test << " claims to prove " << id;
  }
}

TEST(CriteriaTableTest, TheReadmeListsTheSame) {
  const auto cases = CasesOfSuites();
  const auto rows = RowsOfReadme();
  EXPECT_EQ(rows.size(), Criteria().size());
  for (const auto& [id, test] : cases) {
    ASSERT_THAT(rows, Contains(Key(id)));
    EXPECT_EQ(rows.at(id), test.test) << id;
  }
}

}  // namespace
}  // namespace proving_ground
