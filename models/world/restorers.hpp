// People who bring a cluster back from its last backup when its data are lost (Options::restores): what one such team is about now.
#pragma once

#include <cstdint>
#include <vector>

#include "models/world/options.hpp"
#include "models/world/record.hpp"
#include "sim/base/time.hpp"

namespace nines::world {

struct Restorers {
  enum class State : std::uint8_t {
    watching,   // No partition has lost the disks of a majority since the last restoration.
    reacting,   // Until `due` nobody has decided to go back to a backup; whoever lost its disk is kept down.
    waiting,    // All brokers are down; some machine does not run.
    restoring,  // All machines run; at `due` the brokers hold what the backup holds.
  };
  State state = State::watching;
  Instant due = never;
  std::uint64_t episode = 0;              // Of the losses so far: names their draws.
  std::uint64_t majorities_lost = 0;      // Of the cluster's groups, up to the last restoration.
  std::vector<std::uint32_t> held;        // Brokers that are kept down.
  std::vector<Restoration> restorations;  // The last one is under way, unless the state is watching.
};

}  // namespace nines::world
