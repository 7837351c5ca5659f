// One replication, from options to record.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/failure/beside.hpp"
#include "models/world/world.hpp"

namespace nines::world {

// Feeds a world from any failure source until the horizon. The source is a template parameter: it needs next() and no event type of ours.
template <failure::FailureSource Source>
void run(World& world, Source& source, Instant horizon) {
  for (failure::Change change = source.next(Instant{}); change.at < horizon; change = source.next(change.at)) world.apply(change);
}

// A source, and where services are watched all that it told.
template <failure::FailureSource Source>
class Told {
 public:
  Told(Source& source, const std::vector<failure::Change>& active, bool is_kept) : source_(source), is_kept_(is_kept) {
    if (is_kept_) changes_ = active;
  }
  failure::Change next(Instant now) {
    const failure::Change change = source_.next(now);
    if (is_kept_) changes_.push_back(change);
    return change;
  }
  const std::vector<failure::Change>& changes() const { return changes_; }

 private:
  Source& source_;
  bool is_kept_;
  std::vector<failure::Change> changes_;
};

// What these faults, and those of what runs beside the brokers, left of what users can do: Record::capability_outages.
void look_at_services(const Plan& plan, const Streams& streams, const std::vector<failure::Change>& changes, Record& record);

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
  Told told(both, timeline.active(), plan->watch != nullptr);
  const Instant horizon = Instant{} + plan->options.horizon;
  run(world, told, horizon);
  Record record = world.finish(horizon, timeline.faults() + both.begun());
  if (plan->watch) look_at_services(*plan, streams, told.changes(), record);
  return record;
}

}  // namespace nines::world
