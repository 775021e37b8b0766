// The kernel's table of neighbours: who answers at which address of a network.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace proving_ground {

// How often the kernel had no room for one more neighbour, as /proc/net/stat/arp_cache and
// ndisc_cache tell it since the machine started. What was sent then was dropped without a word, so
// an attempt that met no answer proves nothing. Only the first network namespace of a machine has
// these files; nullopt elsewhere: it cannot be told.
std::optional<std::int64_t> NeighboursRefused();

// The sum of the column table_fulls in the text of such a file: hexadecimal, one line a processor.
// nullopt where there is no such column.
std::optional<std::int64_t> TableFulls(const std::string& text);

}  // namespace proving_ground
