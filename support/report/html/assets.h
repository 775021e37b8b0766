// What the page carries along.
#pragma once

#include <string_view>

namespace proving_ground::html {

extern const std::string_view kStyle;         // page.css
extern const std::string_view kScript;        // page.js
extern const std::string_view kChartLibrary;  // Chart.js

}  // namespace proving_ground::html
