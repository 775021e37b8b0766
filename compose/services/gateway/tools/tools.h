// The groups of tools, one file each.
#pragma once

#include <vector>

#include "compose/services/gateway/tool.h"

namespace platform {

// text_digest: needs no storage.
std::vector<Tool> TextTools();

// memory_put, memory_get, memory_list, memory_delete: names and values, in the hash
// team:{team}:memory.
std::vector<Tool> MemoryTools();

// journal_append, journal_read: an append-only record, in the stream team:{team}:journal.
std::vector<Tool> JournalTools();

// ledger_record, ledger_balance: balances of accounts in the smallest unit of money, in the hash
// team:{team}:ledger.
std::vector<Tool> LedgerTools();

// publish_post: queues a post for publication, in the stream team:{team}:posts.
std::vector<Tool> PublishTools();

}  // namespace platform
