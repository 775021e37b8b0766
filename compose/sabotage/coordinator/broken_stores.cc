#include "compose/sabotage/coordinator/broken_stores.h"

namespace platform {

BrokenStores AllBrokenStores() {
  BrokenStores stores;
  AddDishonestStores(stores);
  AddUnfencedStores(stores);
  AddFragileStores(stores);
  AddWastefulStores(stores);
  return stores;
}

}  // namespace platform
