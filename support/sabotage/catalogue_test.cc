#include "support/sabotage/catalogue.h"

#include <gmock/gmock.h>

#include <fstream>

#include "support/base/errors.h"
#include "support/base/files.h"
#include "support/report/criteria.h"

namespace proving_ground {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Sabotage Parsed(const std::string& text) { return ParseSabotage("/overlays/load/slow.yaml", text); }

std::string Refusal(const std::string& text) {
  try {
    Parsed(text);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

// One quick sabotage for each criterion: a catalogue without fault.
std::vector<Sabotage> CompleteCatalogue() {
  std::vector<Sabotage> catalogue;
  for (const Criterion& criterion : Criteria()) {
    Sabotage sabotage;
    sabotage.name = "load-" + std::string(criterion.id);
    sabotage.group = "load";
    sabotage.must = {std::string(criterion.id)};
    sabotage.quick = true;
    catalogue.push_back(sabotage);
  }
  return catalogue;
}

TEST(CatalogueTest, ReadsWhatAnOverlaySays) {
  const Sabotage sabotage = Parsed(
      "x-sabotage: {breaks: workers are slow, must: [L-3], may: [L-9, L-2], quick: true}\n"
      "services:\n"
      "  sales-worker: {image: !reset null}\n"
      "  redis: {command: [a]}\n");

  EXPECT_EQ(sabotage.name, "load-slow");
  EXPECT_EQ(sabotage.group, "load");
  EXPECT_EQ(sabotage.breaks, "workers are slow");
  EXPECT_THAT(sabotage.must, ElementsAre("L-3"));
  EXPECT_THAT(sabotage.may, ElementsAre("L-9", "L-2"));
  EXPECT_TRUE(sabotage.quick);
  EXPECT_THAT(sabotage.services, ElementsAre("redis", "sales-worker"));
}

TEST(CatalogueTest, RefusesWhatItDoesNotUnderstand) {
  EXPECT_THAT(Refusal("services: {}"), HasSubstr("no block x-sabotage"));
  EXPECT_THAT(Refusal("- 1"), HasSubstr("no block x-sabotage"));
  EXPECT_THAT(Refusal("x-sabotage: {breaks: a, must: [L-1], most: [L-2]}"),
              HasSubstr("unknown field most"));
  EXPECT_THAT(Refusal("x-sabotage: {must: [L-1]}"), HasSubstr("not one line"));
  EXPECT_THAT(Refusal("x-sabotage: {breaks: a, must: {L-1: b}}"), HasSubstr("slow.yaml"));
  EXPECT_THAT(Refusal("x-sabotage: [breaks"), HasSubstr("slow.yaml"));
  EXPECT_THROW(ParseSabotage("/overlays/other/slow.yaml", "x-sabotage: {breaks: a}"), UsageError);
}

TEST(CatalogueTest, ReadsAllOverlaysOfAFolder) {
  const TemporaryFolder folder("catalogue");
  MakeFolder(folder.path() / "load");
  MakeFolder(folder.path() / "lookalike");
  std::ofstream(folder.path() / "lookalike/tmpfs.yaml") << "x-sabotage: {breaks: nothing}";
  std::ofstream(folder.path() / "load/slow.yaml") << "x-sabotage: {breaks: a, must: [L-3]}";
  std::ofstream(folder.path() / "load/notes.txt") << "no overlay";

  const std::vector<Sabotage> catalogue = ReadCatalogue(folder.path());

  ASSERT_EQ(catalogue.size(), 2U);
  EXPECT_EQ(catalogue[0].name, "load-slow");
  EXPECT_TRUE(catalogue[1].LookAlike());
  EXPECT_THROW(ReadCatalogue(folder.path() / "none"), EnvironmentError);
}

TEST(CatalogueTest, ACompleteCatalogueHasNoFault) {
  EXPECT_THAT(CatalogueFaults(CompleteCatalogue()), IsEmpty());
}

TEST(CatalogueTest, EveryCriterionNeedsASabotageAndAQuickOne) {
  std::vector<Sabotage> catalogue = CompleteCatalogue();
  catalogue[0].must = {"L-2"};
  EXPECT_THAT(CatalogueFaults(catalogue), ElementsAre(HasSubstr("L-1 has no sabotage:")));

  catalogue[0].must = {"L-1"};
  catalogue[0].quick = false;
  EXPECT_THAT(CatalogueFaults(catalogue), ElementsAre("L-1 has no sabotage in the fast subset"));
}

TEST(CatalogueTest, WhoMustAbstainNoticesToo) {
  std::vector<Sabotage> catalogue = CompleteCatalogue();
  catalogue.push_back({.name = "load-late", .group = "load", .abstain = {"L-4"}});
  EXPECT_THAT(CatalogueFaults(catalogue), IsEmpty());

  catalogue.back().must = {"L-4"};
  EXPECT_THAT(CatalogueFaults(catalogue), ElementsAre(HasSubstr("load-late says of L-4 both")));
  EXPECT_THAT(Parsed("x-sabotage: {breaks: a, abstain: [L-4], load_program: x/y}").load_program,
              "x/y");
}

TEST(CatalogueTest, EverySabotageNeedsACriterion) {
  std::vector<Sabotage> catalogue = CompleteCatalogue();
  catalogue.push_back({.name = "load-nobody", .group = "load"});
  catalogue.push_back({.name = "load-unknown", .group = "load", .must = {"L-99"}});
  catalogue.push_back({.name = "load-both", .group = "load", .must = {"L-1"}, .may = {"L-1"}});
  catalogue.push_back({.name = "lookalike-red", .group = "lookalike", .may = {"L-1"}});

  const auto faults = CatalogueFaults(catalogue);

  EXPECT_EQ(faults.size(), 4U);
  EXPECT_THAT(faults, Contains("load-nobody names nobody who must notice"));
  EXPECT_THAT(faults, Contains("load-unknown names L-99, which is no criterion"));
  EXPECT_THAT(faults, Contains(HasSubstr("load-both says of L-1 both")));
  EXPECT_THAT(faults, Contains(HasSubstr("lookalike-red is a look-alike")));
}

}  // namespace
}  // namespace proving_ground
