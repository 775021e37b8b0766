// A small stack of two teams that no rule has anything to say about, and ways to spoil it.
#pragma once

#include <functional>
#include <string>

#include "support/audit/audit_input.h"

namespace proving_ground::audit {

// Services redis, gateway, and coordinator and worker of the teams sales and support, each with one
// running container, everything inspected and read from inside.
AuditInput CleanStack();

// The same with more replicas of its workers: `containers` in all, at least six.
AuditInput ScaledStack(int containers);

// One change to a stack. JSON texts are merge patches (RFC 7396): null removes, lists are replaced.
using Change = std::function<void(AuditInput&)>;

Change Model(const std::string& patch);                                 // the whole model
Change Declared(const std::string& service, const std::string& patch);  // one service of it
Change Given(const std::string& service, const std::string& patch);  // its container's inspection
Change NetworkGiven(const std::string& name, const std::string& patch);  // "shop_edge"
Change ImageGiven(const std::string& patch);                             // every image
Change HistoryGiven(const std::string& step);                            // a step of every image
Change EngineGiven(const std::string& patch);                            // GET /info
Change Inside(const std::string& service, const std::function<void(LiveTruth&)>& change);
Change RedisConf(const std::string& line);  // adds a line; directives read later win
Change RedisAcl(const std::string& line);   // adds a line to the ACL file
Change ComposeFile(const std::string& text);
Change All(const std::vector<Change>& changes);

// The same change to a service as declared and to its container's host configuration.
Change Both(const std::string& service, const std::string& declared,
            const std::string& host_config);

// Takes texts that begin with "S3CRET-" for secrets; "S3CRET-known" for one that is known.
const SecretSearch& FakeSearch();

}  // namespace proving_ground::audit
