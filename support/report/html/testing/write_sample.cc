// Writes the page of the hand-made run to the file that is named: for the browser test, and to look
// at.
#include <exception>
#include <iostream>

#include "support/base/files.h"
#include "support/report/html/report_page.h"
#include "support/report/html/testing/hand_made_run.h"

int main(int argc, char** argv) {
  if (argc != 2) return 3;
  try {
    proving_ground::WriteFileAtomically(
        argv[1], proving_ground::RenderReportPage(proving_ground::html::HandMadeRun()));
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 5;
  }
}
