#include "compose/services/worker/worker_main.h"

int main(int argc, char** argv) { return platform::WorkerMain(argc, argv); }
