#include <algorithm>

#include "support/report/html/figures.h"
#include "support/report/html/sections.h"

namespace proving_ground::html {
namespace {

constexpr std::size_t kMostTexts = 10;  // details or failures of a result

Markup TextList(const std::vector<std::string>& texts) {
  Markup items;
  for (std::size_t i = 0; i < texts.size() && i < kMostTexts; ++i) {
    items += H("<li>{}</li>", texts[i]);
  }
  if (texts.size() > kMostTexts) items += H("<li>and {} more</li>", texts.size() - kMostTexts);
  return items.empty() ? items : H(R"(<ul class="texts">{}</ul>)", items);
}

Markup Evidence(const CriterionResult& result) {
  Markup items;
  for (const std::string& file : result.evidence) {
    items += H(R"({}<a href="./{}"><code>{}</code></a>)",
               Markup::Trusted(items.empty() ? "" : ", "), file, file);
  }
  return items.empty() ? items : H("<p>Evidence: {}</p>", items);
}

// What a result has to say beyond its figures.
Markup Words(const CriterionResult& result) {
  Markup words = H("<p>{}</p>", result.summary);
  if (result.state == ResultState::kPassed) return words;
  words += TextList(result.details);
  for (std::size_t i = 0; i < result.failures.size() && i < kMostTexts; ++i) {
    words += H(R"(<pre tabindex="0" role="region" aria-label="Failure {} of {}">{}</pre>)", i + 1,
               result.Name(), result.failures[i]);
  }
  if (!result.file.empty()) words += H("<p>Case: <code>{}:{}</code></p>", result.file, result.line);
  words += Evidence(result);
  return words;
}

Markup MeasureCells(const Measure& measure) {
  return H(
      R"(<td>{}</td><td class="n">{}</td><td class="n">{}</td><td class="n{}">{}</td><td class="n">{}</td>)",
      measure.name, Amount(measure.observed, measure.unit), Target(measure),
      Markup::Trusted(measure.Holds() ? "" : " missed"), Margin(measure), measure.samples);
}

Markup Rows(const CriterionResult& result) {
  const std::size_t height = std::max<std::size_t>(1, result.measures.size());
  Markup rows;
  Markup head = H(R"(<th scope="rowgroup" rowspan="{}">{}</th><td rowspan="{}">{}</td>)", height,
                  result.Subject().empty() ? "the whole stack" : result.Subject(), height,
                  Badge(result.state));
  const Markup words = H(R"(<td rowspan="{}" class="words">{}</td>)", height, Words(result));
  if (result.measures.empty()) {
    return H(
        R"(<tr>{}<td>-</td><td class="n">-</td><td class="n">-</td><td class="n">-</td><td class="n">-</td>{}</tr>)",
        head, words);
  }
  for (std::size_t i = 0; i < result.measures.size(); ++i) {
    rows += H("<tr>{}{}{}</tr>", i == 0 ? head : Markup(), MeasureCells(result.measures[i]),
              i == 0 ? words : Markup());
  }
  return rows;
}

Markup Criterion(const std::vector<const CriterionResult*>& results) {
  const CriterionResult& first = *results.front();
  const ResultState worst = Worst(results);
  Markup bodies;
  for (const CriterionResult* result : results) bodies += H("<tbody>{}</tbody>", Rows(*result));
  const Markup many =
      results.size() > 1 ? H(" <small>{} judged</small>", results.size()) : Markup();
  return H(
      R"(<details class="criterion" id="{}"{}><summary><b>{}</b> {} <span class="claim">{}</span>{}</summary>)"
      R"(<div class="wide" tabindex="0" role="region" aria-label="{}, measured"><table><thead><tr><th scope="col">For</th>)"
      R"(<th scope="col">Result</th><th scope="col">Measure</th><th scope="col" class="n">Observed</th>)"
      R"(<th scope="col" class="n">Limit</th><th scope="col" class="n">Margin</th><th scope="col" class="n">Samples</th>)"
      R"(<th scope="col">In words</th></tr></thead>{}</table></div></details>)",
      IdOf("criterion " + first.criterion),
      Markup::Trusted(worst == ResultState::kPassed ? "" : " open"), first.criterion, Badge(worst),
      first.claim, many, first.criterion, bodies);
}

}  // namespace

Markup CriteriaSection(const RunModel& model) {
  Markup content;
  for (const std::string& suite : model.Suites()) {
    content += H("<h3>{}</h3>", suite);
    std::vector<const CriterionResult*> together;
    const auto flush = [&] {
      if (!together.empty()) content += Criterion(together);
      together.clear();
    };
    for (const CriterionResult& result : model.results) {
      if (result.suite != suite) continue;
      if (!together.empty() && together.front()->criterion != result.criterion) flush();
      together.push_back(&result);
    }
    flush();
  }
  return Section("criteria", "Every criterion", content);
}

}  // namespace proving_ground::html
