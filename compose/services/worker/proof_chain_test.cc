#include "compose/services/worker/proof_chain.h"

#include <gtest/gtest.h>

namespace platform {
namespace {

// Expected values from coreutils: printf '%s' nonce | sha256sum, and so on down the chain.
TEST(ProofChain, MatchesAnotherImplementation) {
  ProofChain chain("nonce-1");
  EXPECT_EQ(chain.value(), "9e3f156324d42f0ea4b6f4fce81d56fbd64a2143a3fdd60a130d9c90e5b4d688");
  chain.Extend("first answer");
  EXPECT_EQ(chain.value(), "b628680e39793e8547b4adc72020fdc1223682294aa39691d2071ec2d18d3c14");
  chain.Extend("");
  EXPECT_EQ(chain.value(), "dc07a447755e4dfcf05d7716de208e5b0018bee8f082b915f94f1d769256fc87");
}

TEST(ProofChain, DependsOnTheOrderOfAnswers) {
  ProofChain one("n");
  one.Extend("a");
  one.Extend("b");
  ProofChain other("n");
  other.Extend("b");
  other.Extend("a");
  EXPECT_NE(one.value(), other.value());
}

}  // namespace
}  // namespace platform
