// report.html: a run as one page that people read.
//
// One file without references to others: it can be mailed, archived and published as it is. It
// needs no network, and neither scripts nor styles to be readable; a content security policy within
// the page forbids everything else.
#pragma once

#include <string>

#include "support/report/run_model.h"

namespace proving_ground {

// Under 2 MB: charts of long runs are thinned out as far as that takes. All texts of the model are
// escaped.
std::string RenderReportPage(const RunModel& model);

}  // namespace proving_ground
