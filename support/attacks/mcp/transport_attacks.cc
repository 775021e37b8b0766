#include "support/attacks/mcp/transport_attacks.h"

#include <functional>

#include "support/attacks/mcp/witness.h"

namespace proving_ground {
namespace {

using nlohmann::json;
using Bend = std::function<void(McpPost&)>;

constexpr const char* kVersion = "MCP-Protocol-Version";
constexpr std::size_t kLongBatch = 500;

void TryBoth(NotedAttempts& attempts, const std::string& name, const Bend& bend,
             bool may_be_accepted = false) {
  for (const Era era : {Era::kModern, Era::kLegacy}) {
    attempts.Try(name + " (" + std::string(VersionOf(era)) + ")", era, bend, may_be_accepted);
  }
}

// A page that a browser was lured to reaches the gateway under names that are not its own.
void TryHosts(NotedAttempts& attempts, const std::string& host) {
  const std::string name = host.substr(0, host.find(':'));
  for (const std::string& wrong :
       {std::string("attacker.example"), name + ".attacker.example", "attacker" + name,
        "attacker@" + host, name + ".", host + "@attacker.example", std::string("169.254.169.254"),
        std::string()}) {
    attempts.Try("Host \"" + wrong + "\"", Era::kModern,
                 [&](McpPost& post) { post.Replace("Host", wrong); });
  }
  attempts.Try("no Host", Era::kModern, [](McpPost& post) { post.Remove("Host"); });
  attempts.Try("two Hosts", Era::kModern,
               [](McpPost& post) { post.Add("Host", "attacker.example"); });
}

void TryOrigins(NotedAttempts& attempts, const std::string& host) {
  for (const std::string& wrong : std::vector<std::string>{
           "http://attacker.example", "null", "http://" + host + ".attacker.example",
           "http://localhost.attacker.example", "http://attacker.example@localhost",
           "http://localhost@attacker.example", "file://", "http://"}) {
    TryBoth(attempts, "Origin " + wrong, [&](McpPost& post) { post.Add("Origin", wrong); });
  }
  attempts.Try("two Origins", Era::kModern, [](McpPost& post) {
    post.Add("Origin", "http://localhost").Add("Origin", "http://attacker.example");
  });
}

// Batches are no longer part of the protocol; a gate that looks at one message lets the others in.
void TryBatches(NotedAttempts& attempts) {
  TryBoth(attempts, "batch of one", [](McpPost& post) { post.body = "[" + post.body + "]"; });
  TryBoth(attempts, "batch of two",
          [](McpPost& post) { post.body = "[" + post.body + "," + post.body + "]"; });
  TryBoth(attempts, "batch in a batch", [](McpPost& post) { post.body = "[[" + post.body + "]]"; });
  TryBoth(attempts, "batch that begins harmlessly", [](McpPost& post) {
    post.body = R"([{"jsonrpc":"2.0","id":1,"method":"ping"},)" + post.body + "]";
  });
  TryBoth(attempts, "long batch", [](McpPost& post) {
    std::string body = "[" + post.body;
    for (std::size_t i = 1; i < kLongBatch; ++i) body += R"(,{"jsonrpc":"2.0","method":"x"})";
    post.body = body + "]";
  });
  TryBoth(attempts, "empty batch", [](McpPost& post) { post.body = "[]"; });
  attempts.Try("batch under the revision that still had them", Era::kLegacy, [](McpPost& post) {
    post.Replace(kVersion, "2025-03-26").body = "[" + post.body + "]";
  });
  attempts.Try("batch without a revision", Era::kLegacy,
               [](McpPost& post) { post.Remove(kVersion).body = "[" + post.body + "]"; });
}

void EditBody(McpPost& post, const std::function<void(json&)>& edit) {
  json body = json::parse(post.body);
  edit(body);
  post.body = body.dump();
}

// A message that wants no answer must not act like one that does.
void TryNotifications(NotedAttempts& attempts) {
  TryBoth(
      attempts, "call as a notification",
      [](McpPost& post) { EditBody(post, [](json& body) { body.erase("id"); }); }, true);
  TryBoth(attempts, "call whose id is null",
          [](McpPost& post) { EditBody(post, [](json& body) { body["id"] = nullptr; }); });
  TryBoth(
      attempts, "call within a notification of another kind",
      [](McpPost& post) {
        EditBody(post, [](json& body) {
          body.erase("id");
          body["method"] = "notifications/initialized";
        });
      },
      true);
  TryBoth(
      attempts, "call as a response",
      [](McpPost& post) {
        EditBody(post, [](json& body) {
          body["result"] = body["params"];
          body.erase("method");
        });
      },
      true);
}

// Two revisions are served; a message must not be judged by the rules of one and run by the other.
void TryEras(NotedAttempts& attempts) {
  attempts.Try("new message under the old revision's header", Era::kModern,
               [](McpPost& post) { post.Replace(kVersion, "2025-11-25"); });
  attempts.Try("old message under the new revision's header", Era::kLegacy,
               [](McpPost& post) { post.Replace(kVersion, "2026-07-28"); });
  attempts.Try("new message without a header", Era::kModern,
               [](McpPost& post) { post.Remove(kVersion); });
  TryBoth(attempts, "two revisions at once",
          [](McpPost& post) { post.Add(kVersion, "2024-11-05"); });
  TryBoth(attempts, "revision that does not exist",
          [](McpPost& post) { post.Replace(kVersion, "2099-01-01"); });
  attempts.Try("revision of the body does not exist", Era::kModern, [](McpPost& post) {
    EditBody(post, [](json& body) {
      body["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] = "2099-01-01";
    });
  });
  attempts.Try("revision of the body is no text", Era::kModern, [](McpPost& post) {
    EditBody(post, [](json& body) {
      body["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] = 20'260'728;
    });
  });
}

// What stands on the way decides by headers, the gateway by the body: both must say the same.
void TryMismatches(NotedAttempts& attempts) {
  const auto replace = [&](const char* header, const std::string& value) {
    attempts.Try(std::string(header) + " says " + value, Era::kModern,
                 [&](McpPost& post) { post.Replace(header, value); });
  };
  replace("Mcp-Method", "tools/list");
  replace("Mcp-Method", "TOOLS/CALL");
  replace("Mcp-Name", kReadNoteTool);
  replace("Mcp-Name", "MEMORY_PUT");
  replace("Mcp-Name", "=?base64?bWVtb3J5X2dldA==?=");  // memory_get
  replace("Mcp-Name", "=?base64?!?=");
  for (const char* header : {"Mcp-Method", "Mcp-Name"}) {
    attempts.Try(std::string("no ") + header, Era::kModern,
                 [&](McpPost& post) { post.Remove(header); });
  }
  attempts.Try("two Mcp-Name headers", Era::kModern,
               [](McpPost& post) { post.Add("Mcp-Name", kReadNoteTool); });
  attempts.Try("two Mcp-Method headers", Era::kModern,
               [](McpPost& post) { post.Add("Mcp-Method", "tools/list"); });
}

// JSON that two readers understand differently.
void TryReadings(NotedAttempts& attempts) {
  TryBoth(attempts, "method given twice",
          [](McpPost& post) { post.body.insert(1, R"("method":"ping",)"); });
  TryBoth(attempts, "params given twice", [](McpPost& post) {
    post.body.insert(1, R"("params":{"name":"memory_get","arguments":{"key":"x"}},)");
  });
  TryBoth(attempts, "byte order mark", [](McpPost& post) { post.body.insert(0, "\xEF\xBB\xBF"); });
  TryBoth(attempts, "comment in the body",
          [](McpPost& post) { post.body.insert(1, "/* harmless */"); });
  TryBoth(attempts, "something behind the message", [](McpPost& post) { post.body += post.body; });
  TryBoth(attempts, "text that is not UTF-8",
          [](McpPost& post) { post.body.insert(1, "\"x\":\"\xff\xfe\","); });
  TryBoth(attempts, "another version of JSON-RPC",
          [](McpPost& post) { EditBody(post, [](json& body) { body["jsonrpc"] = "1.0"; }); });
  TryBoth(attempts, "body declared as text",
          [](McpPost& post) { post.Replace("Content-Type", "text/plain"); });
  TryBoth(attempts, "body declared as compressed",
          [](McpPost& post) { post.Add("Content-Encoding", "gzip"); });
  TryBoth(attempts, "call by GET", [](McpPost& post) { post.method = "GET"; });
  TryBoth(attempts, "call by PUT", [](McpPost& post) { post.method = "PUT"; });
}

// Bytes in which a second request may hide (RFC 9112, sections 5.2, 6.1 and 11.2).
void TryFraming(NotedAttempts& attempts) {
  const auto length = [](const McpPost& post) { return std::to_string(post.body.size()); };
  attempts.Try("Content-Length beside Transfer-Encoding", Era::kModern, [&](McpPost& post) {
    post.Add("Content-Length", length(post)).Add("Transfer-Encoding", "chunked");
  });
  attempts.Try("two Content-Lengths", Era::kModern, [&](McpPost& post) {
    post.Add("Content-Length", length(post)).Add("Content-Length", "4");
  });
  attempts.Try("Content-Length with a sign", Era::kModern,
               [&](McpPost& post) { post.Add("Content-Length", "+" + length(post)); });
  attempts.Try("Transfer-Encoding spelt oddly", Era::kModern,
               [](McpPost& post) { post.Add("Transfer-Encoding", "xchunked"); });
  attempts.Try("NUL in a header", Era::kModern,
               [](McpPost& post) { post.Add("X-Note", std::string("a\0b", 3)); });
  attempts.Try("header folded over two lines", Era::kModern,
               [](McpPost& post) { post.Add("X-Note", "a\r\n b"); });
  attempts.Try("space before the colon", Era::kModern,
               [](McpPost& post) { post.Add("X-Note ", "a"); });
  attempts.Try("carriage return alone in a header", Era::kModern,
               [](McpPost& post) { post.Add("X-Note", "a\rX-Other: b"); });
  std::string bytes = attempts.witness().Call(Era::kModern, attempts.Next()).Bytes();
  bytes.erase(bytes.find("\r\n"), 1);
  attempts.TryBytes("line feed alone behind the request line", bytes);
}

}  // namespace

AttackRecord AttackTransport(const McpSender& team) {
  NotedAttempts attempts(team);
  const auto control = [&](const std::string& when) {
    for (const Era era : {Era::kModern, Era::kLegacy}) {
      attempts.Control("the rightful request, " + when + " (" + std::string(VersionOf(era)) + ")",
                       era, team.token());
    }
  };
  control("before");
  TryHosts(attempts, team.target().host);
  TryOrigins(attempts, team.target().host);
  TryBatches(attempts);
  TryNotifications(attempts);
  TryEras(attempts);
  TryMismatches(attempts);
  TryReadings(attempts);
  TryFraming(attempts);
  control("after");
  return attempts.Finish();
}

}  // namespace proving_ground
