// The catalogue, the record and the README's score agree, and every criterion has been seen to fail.

#include <gmock/gmock.h>

#include "support/base/files.h"
#include "support/sabotage/catalogue.h"
#include "support/sabotage/record.h"

namespace proving_ground {
namespace {

using testing::IsEmpty;

const std::string kSource = PG_SOURCE_DIR;
const std::string kCatalogue = kSource + "/compose/sabotage/overlays";

TEST(CatalogueTableTest, EveryCriterionHasASabotageAndEverySabotageACriterion) {
  EXPECT_THAT(CatalogueFaults(ReadCatalogue(kCatalogue)), IsEmpty());
}

TEST(CatalogueTableTest, EveryCriterionWasSeenToFail) {
  const SabotageRecord record = ReadRecord(kSource + "/compose/sabotage/record.json");
  EXPECT_THAT(RecordFaults(record, ReadCatalogue(kCatalogue)), IsEmpty());
}

TEST(CatalogueTableTest, TheReadmeShowsTheScoreOnRecord) {
  const SabotageRecord record = ReadRecord(kSource + "/compose/sabotage/record.json");
  const std::string readme = ReadFile(kSource + "/README.md");
  EXPECT_EQ(readme, WithScore(readme, ScoreTable(record)))
      << "write it with: build/ctest/sabotage score --record";
}

}  // namespace
}  // namespace proving_ground
