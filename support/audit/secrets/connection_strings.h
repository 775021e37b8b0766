// Passwords in addresses: URLs of every scheme, user:password@tcp(host) of Go, user/password@host
// of Oracle, lines of .pgpass. (key=value strings as of ODBC, ADO.NET, libpq and JDBC are
// assignments.)
#pragma once

#include "support/audit/secrets/candidate.h"

namespace proving_ground {

class ConnectionStringRecognizer : public Recognizer {
 public:
  std::vector<std::string_view> Literals() const override;
  void Inspect(const Text& text, size_t literal, size_t at,
               std::vector<Candidate>& found) const override;
};

}  // namespace proving_ground
