// One attempt to hand something over: JSON to a web hook, a mail to a mail server.
//
// Addresses may hold secrets (a Slack web hook is one), so no text that comes back names them.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "support/notify/retry.h"

namespace proving_ground {

// POSTs `body` to `url`. Redirects are not followed: they would carry the body elsewhere. Proxies
// are taken from the environment, as by curl. `secrets` are withheld from what the receiver says.
Attempt PostJson(const std::string& url, const std::string& body,
                 const std::vector<std::string>& secrets, std::chrono::milliseconds limit);

struct MailServer {
  std::string url;  // "smtp://mail.example.com:587", "smtps://…"
  std::string user;
  std::string password;
};

struct Mail {
  std::string from;
  std::vector<std::string> to;
  std::string subject;
  std::string id;  // the same for all attempts, so that a second copy is recognized
  std::string text;
};

// A password is sent over TLS only, unless the server is on this machine.
Attempt SendMail(const MailServer& server, const Mail& mail, std::chrono::milliseconds limit);

// The text on one line of at most 200 bytes, without control characters and without `secrets`.
std::string Presentable(std::string text, const std::vector<std::string>& secrets);

}  // namespace proving_ground
