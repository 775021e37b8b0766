#include "compose/services/common/address_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platform {
namespace {

using Endpoints = std::vector<AddressOrder::Endpoint>;
using ::testing::ElementsAre;

class AddressOrderTest : public ::testing::Test {
 protected:
  static AddressOrder::Endpoint At(const char* address) {
    return {boost::asio::ip::make_address(address), 8080};
  }
  Endpoints Sorted(Endpoints endpoints) {
    order_.Sort(endpoints);
    return endpoints;
  }

  const AddressOrder::Endpoint first_ = At("172.18.0.2");
  const AddressOrder::Endpoint second_ = At("172.18.0.3");
  const AddressOrder::Endpoint third_ = At("172.18.0.4");
  AddressOrder order_;
};

TEST_F(AddressOrderTest, KeepsTheGivenOrderWhileNoneFails) {
  EXPECT_THAT(Sorted({second_, first_, third_}), ElementsAre(second_, first_, third_));
}

TEST_F(AddressOrderTest, GoesRoundAllThatFail) {
  const Endpoints all{first_, second_, third_};
  order_.Failed(first_);
  EXPECT_THAT(Sorted(all), ElementsAre(second_, third_, first_));
  order_.Failed(second_);
  EXPECT_THAT(Sorted(all), ElementsAre(third_, first_, second_));
  order_.Failed(third_);
  EXPECT_THAT(Sorted(all), ElementsAre(first_, second_, third_));
  order_.Failed(first_);
  EXPECT_THAT(Sorted(all), ElementsAre(second_, third_, first_));
}

TEST_F(AddressOrderTest, AnAddressThatCameBackStartsAnew) {
  order_.Failed(first_);
  Sorted({second_});
  EXPECT_THAT(Sorted({first_, second_}), ElementsAre(first_, second_));
}

}  // namespace
}  // namespace platform
