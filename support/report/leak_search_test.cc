// The last search of a run folder, on folders in which a secret was planted and on those without.
#include "support/report/leak_search.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "support/audit/secrets/base64.h"
#include "support/base/files.h"
#include "support/report/outputs.h"
#include "support/report/testing/sample_run.h"

namespace proving_ground {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr const char* kSecret = "correct-horse-battery-7";

class LeakSearchTest : public testing::Test {
 protected:
  LeakSearchTest() { WriteFileAtomically(secret_file_, std::string(kSecret) + "\n"); }

  LeakSearch Search() { return SearchForLeaks(folder_.path(), {secret_file_.string()}); }
  void Write(const std::string& name, const std::string& text) {
    WriteFileAtomically(folder_.path() / name, text);
  }

  RunModel Finish(const std::string& page) {
    folder_.WriteFacts({{"secret_files", {secret_file_.string()}}});
    return WriteFinalOutputs(folder_, {}, temporary_.path(), [&](const RunModel&) { return page; });
  }

  TemporaryFolder temporary_{"leak-search-test"};
  const std::filesystem::path secret_file_ = temporary_.path() / "redis-sales";
  const RunFolder folder_ = MakeGoodRun(temporary_.path() / "run");
};

TEST_F(LeakSearchTest, FindsNothingWhereNothingStands) {
  const LeakSearch search = Search();
  EXPECT_GT(search.files, 10);
  EXPECT_EQ(search.secrets, 1);
  EXPECT_THAT(search.leaks, IsEmpty());
  EXPECT_THAT(search.unsearched, IsEmpty());
}

TEST_F(LeakSearchTest, NamesPlaceAndSecretAndNotTheValue) {
  MakeFolder(folder_.path() / "logs");
  Write("logs/redis.log", "ready\nauth " + std::string(kSecret) + "\nagain " + kSecret + "\n");
  Write("page.bin", std::string("\0\1", 2) + EncodeBase64("user:" + std::string(kSecret)));

  const std::vector<std::string> leaks = Search().leaks;

  ASSERT_THAT(leaks, ElementsAre(AllOf(StartsWith("logs/redis.log:2 holds secret redis-sales (raw"),
                                       HasSubstr("2 times")),
                                 StartsWith("page.bin:1 holds secret redis-sales (base64")));
  for (const std::string& leak : leaks) EXPECT_THAT(leak, Not(HasSubstr(kSecret)));
}

TEST_F(LeakSearchTest, SaysWhatItCouldNotSearchFor) {
  const LeakSearch search = SearchForLeaks(folder_.path(), {"/does/not/exist"});
  EXPECT_EQ(search.secrets, 0);
  EXPECT_THAT(search.unsearched, ElementsAre(StartsWith("secret exist: ")));
}

TEST_F(LeakSearchTest, SurvivesBeingWrittenDown) {
  const LeakSearch search{7, 2, {"a:1 holds secret b"}, {"c: it is too long"}};
  EXPECT_EQ(ToJson(LeakSearchFromJson(ToJson(search))), ToJson(search));
  EXPECT_THROW(LeakSearchFromJson(nlohmann::json::object()), EnvironmentError);
}

TEST_F(LeakSearchTest, AGoodRunStaysGood) {
  EXPECT_EQ(Finish("<p>nothing</p>").exit_code, ExitCode::kProven);
}

TEST_F(LeakSearchTest, ASecretInTheLastReportMakesTheRunNotReady) {
  const RunModel model = Finish("<p>" + std::string(kSecret) + "</p>");

  EXPECT_EQ(model.exit_code, ExitCode::kCriterionFailed);
  EXPECT_THAT(model.leaks, ElementsAre(StartsWith("report.html:1 holds secret redis-sales")));
  for (const auto& file : {folder_.Summary(), folder_.JUnit(), folder_.Markdown()}) {
    EXPECT_THAT(ReadFile(file), AllOf(HasSubstr("redis-sales"), Not(HasSubstr(kSecret)))) << file;
  }
  // The next report finds the page mended.
  EXPECT_EQ(Finish("<p>nothing</p>").exit_code, ExitCode::kProven);
}

}  // namespace
}  // namespace proving_ground
