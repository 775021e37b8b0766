#include "support/report/html/report_page.h"

#include <openssl/evp.h>

#include <array>

#include "support/report/html/assets.h"
#include "support/report/html/chart.h"
#include "support/report/html/figures.h"
#include "support/report/html/sections.h"

namespace proving_ground {
namespace {

using namespace html;

constexpr std::size_t kMostBytes = 1'900'000;

// "'sha256-…'": how a content security policy names a script or style.
std::string PolicyHash(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::array<unsigned char, 64> base64{};
  const int length = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(size));
  return "'sha256-" + std::string(base64.begin(), base64.begin() + length) + "'";
}

// Only the page's own scripts and style may act, and nothing may be fetched. Styles that Chart.js
// sets on its canvases go through the object model, which no policy forbids.
std::string Policy() {
  return fmt::format(
      "default-src 'none'; img-src data:; style-src {}; script-src {} {}; base-uri 'none'; "
      "form-action 'none'",
      PolicyHash(kStyle), PolicyHash(kChartLibrary), PolicyHash(kScript));
}

struct Part {
  std::string_view id;
  std::string_view name;
  Markup content;
};

Markup Navigation(const std::vector<Part>& parts) {
  Markup links;
  for (const Part& part : parts) {
    if (!part.content.empty()) links += H(R"(<li><a href="#{}">{}</a></li>)", part.id, part.name);
  }
  return H(R"(<nav aria-label="Parts of the report"><ul>{}</ul></nav>)", links);
}

std::string Page(const RunModel& model, std::size_t most_points) {
  Charts charts(most_points);
  const std::vector<Part> parts = {{"readiness", "Readiness", ReadinessSection(model)},
                                   {"not-proven", "Not proven", NotProvenSection(model)},
                                   {"criteria", "Criteria", CriteriaSection(model)},
                                   {"load", "Load", LoadSection(model, charts)},
                                   {"failover", "Failover", FailoverSection(model, charts)},
                                   {"attacks", "Attacks", AttackSection(model)},
                                   {"findings", "Findings", FindingSection(model)},
                                   {"logs", "Logs", LogSection(model)},
                                   {"comparison", "Comparison", ComparisonSection(model)},
                                   {"environment", "Environment", EnvironmentSection(model)}};
  Markup main;
  for (const Part& part : parts) main += part.content;
  std::string page = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<meta name=\"color-scheme\" content=\"light dark\">"
      "<title>{}: {}</title><style>{}</style></head>\n<body>"
      "<a class=\"skip\" href=\"#main\">Skip to the results</a>",
      Policy(), Escaped(model.headline), Escaped(model.name), kStyle);
  page += VerdictSection(model).html() + Navigation(parts).html();
  page += "<main id=\"main\">" + main.html() + "</main>\n";
  page += fmt::format("<footer>Proving Ground {}, run {}</footer>\n",
                      Escaped(model.environment.harness_version), Escaped(model.name));
  page +=
      "<script type=\"application/json\" id=\"charts\">" + charts.DataForScript() + "</script>\n";
  page += fmt::format("<script>{}</script>\n<script>{}</script>\n", kChartLibrary, kScript);
  return page + "</body></html>\n";
}

}  // namespace

std::string RenderReportPage(const RunModel& model) {
  std::string page;
  for (const std::size_t most_points : {240U, 80U, 24U, 0U}) {
    page = Page(model, most_points);
    if (page.size() <= kMostBytes) break;
  }
  return page;
}

}  // namespace proving_ground
