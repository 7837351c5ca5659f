// One replication, from options to record.
#pragma once

#include <cstdint>
#include <memory>

#include "models/world/world.hpp"

namespace nines::world {

// Feeds a world from any failure source until the horizon. The source is a template parameter: it needs next() and no event type of ours.
template <failure::FailureSource Source>
void run(World& world, Source& source, Instant horizon) {
  for (failure::Change change = source.next(Instant{}); change.at < horizon; change = source.next(change.at)) world.apply(change);
}

// Replication number `replication` under `seed`: equal arguments and build give an equal record. Throws BrokenInvariant when this program is wrong.
Record simulate(const std::shared_ptr<const Plan>& plan, std::uint64_t seed, std::uint64_t replication);
Record simulate(const Options& options, std::uint64_t seed, std::uint64_t replication);

}  // namespace nines::world
