// One replication, from options to record.
#pragma once

#include <cstdint>
#include <memory>

#include "models/failure/beside.hpp"
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

// The same with a failure source of your own beside the plan's. `own` starts at Instant{} and is used up: give each replication a fresh one, and let
// it draw from Streams(seed, replication) so that the run can be repeated. Its changes name elements by their place in plan->site, and as mode an
// index into Options::modes, where a mode that is `recorded` gives its faults a name and happens in no other way; no_mode leaves them unnamed.
template <failure::FailureSource Source>
Record simulate(const std::shared_ptr<const Plan>& plan, std::uint64_t seed, std::uint64_t replication, Source own) {
  const Streams streams(seed, replication);
  failure::Timeline timeline(plan->options.modes, plan->options.script, plan->site, streams, plan->options.trace);
  World world(plan, streams, timeline.active());
  failure::Beside both(timeline, own);
  const Instant horizon = Instant{} + plan->options.horizon;
  run(world, both, horizon);
  return world.finish(horizon, timeline.faults() + both.begun());
}

}  // namespace nines::world
