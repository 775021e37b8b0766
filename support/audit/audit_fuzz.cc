// A service as a stranger might write it, in the middle of a sound stack: it is audited, with all
// rules, or refused with one clear error. The same bytes are also read as a compose file.

#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "support/audit/audit.h"
#include "support/audit/compose_lines.h"
#include "support/audit/sarif.h"
#include "support/audit/testing/clean_stack.h"

namespace proving_ground::audit {
namespace {

void AuditPatched(const std::string& text) {
  static const AuditInput clean = CleanStack();
  const nlohmann::json patch = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!patch.is_structured()) return;  // most texts are numbers, and the audit takes its time
  AuditInput input = clean;
  nlohmann::json stack = {{"services", {{"redis", patch}}}};
  input.model.merge_patch(patch.is_object() && patch.contains("services") ? patch : stack);
  try {
    const AuditResult result = Audit(input);
    if (SarifReport(result)
            .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
            .empty()) {
      std::abort();
    }
  } catch (const ContractError& error) {
    if (*error.what() == '\0') std::abort();
  }
}

void ReadAsComposeFile(const std::string& text) {
  const ComposeLines lines({{"compose.yaml", text}});
  for (const char* field : {"services.redis.ports[0]", "networks.default", "services"}) {
    if (lines.Find(field).line < 0) std::abort();
  }
}

}  // namespace
}  // namespace proving_ground::audit

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  proving_ground::audit::AuditPatched(text);
  proving_ground::audit::ReadAsComposeFile(text);
  return 0;
}
