// People who bring a cluster back that has lost its quorums with a region (Options::failovers): what one such team is about now.
#pragma once

#include <cstdint>
#include <vector>

#include "models/world/options.hpp"
#include "models/world/record.hpp"
#include "sim/base/time.hpp"

namespace nines::world {

struct Operators {
  enum class State : std::uint8_t {
    watching,     // A quorum is there, or was lost otherwise than with one whole region.
    reacting,     // On the way to force the other regions' brokers on without it, at `due`.
    holding,      // The lost region's brokers are removed and kept down.
    redeploying,  // The region is back; its brokers may run again at `due`.
    joining,      // They run, and groups let them in.
  };
  State state = State::watching;
  Instant due = never;
  std::uint64_t episode = 0;           // Of the losses so far: names their draws.
  std::vector<std::uint32_t> removed;  // Brokers that are kept down.
  std::vector<Procedure> procedures;   // The last one is under way, unless the state is watching.
};

}  // namespace nines::world
