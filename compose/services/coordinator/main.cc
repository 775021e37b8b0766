#include "compose/services/coordinator/service.h"

int main(int argc, char** argv) {
  return platform::RunCoordinator(argc, argv, platform::MakeRedisTaskStore);
}
