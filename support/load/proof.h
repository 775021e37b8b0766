// The proof chain of a task, as a worker builds it and the harness recomputes it.
//
// proof_0 = hex(sha256(nonce)); after each tool call proof = hex(sha256(proof + "\n" + text)) with
// the first text of the call's result. It holds journal entry ids, which only the stack can make,
// so nobody who left out a call or its answer gets to the same value.
#pragma once

#include <string>
#include <string_view>

namespace proving_ground {

// 64 lower-case hex digits.
std::string Sha256Hex(std::string_view text);
std::string FirstProof(std::string_view nonce);
std::string NextProof(std::string_view proof, std::string_view result_text);

}  // namespace proving_ground
