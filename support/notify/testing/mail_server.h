// An SMTP server of a test's own (mail_server.py) on a free loopback port, ended with the object.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "support/base/file_descriptor.h"
#include "support/base/files.h"

namespace proving_ground {

class TestMailServer {
 public:
  // `answers` are given to the first recipients, before mails are taken: "451 busy". Throws
  // EnvironmentError.
  explicit TestMailServer(std::vector<std::string> answers = {});
  ~TestMailServer();
  TestMailServer(const TestMailServer&) = delete;
  TestMailServer& operator=(const TestMailServer&) = delete;

  std::string url() const;  // "smtp://127.0.0.1:<port>"
  // The mails as they came, in order; the first line of each is "X-Envelope: from > to, to".
  std::vector<std::string> mails() const;

 private:
  TemporaryFolder folder_{"mail-server"};
  FileDescriptor input_;  // the server ends when this is closed
  pid_t process_ = -1;
};

}  // namespace proving_ground
