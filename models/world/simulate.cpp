#include "models/world/simulate.hpp"

namespace nines::world {
namespace {

// A source, and all that it told.
class Kept {
 public:
  explicit Kept(failure::Timeline& timeline) : timeline_(&timeline), changes_(timeline.active()) {}
  failure::Change next(Instant now) {
    changes_.push_back(timeline_->next(now));
    return changes_.back();
  }
  const std::vector<failure::Change>& changes() const { return changes_; }

 private:
  failure::Timeline* timeline_;
  std::vector<failure::Change> changes_;
};

// What the faults of the world, and those of what runs beside it, left of what users can do.
void look_at_services(const Plan& plan, const Streams& streams, const std::vector<failure::Change>& world, Instant horizon, Record& record) {
  failure::Timeline timeline(plan.options.services.modes, {}, plan.site, streams);
  Kept own(timeline);
  for (failure::Change change = own.next(Instant{}); change.at < horizon; change = own.next(change.at)) {
  }
  std::vector<services::PartitionDown> downs;
  for (const Outage& outage : record.outages) downs.push_back({outage.partition.value, outage.start, outage.end, outage.mode});
  record.capability_outages = plan.watch->outages(world, own.changes(), downs, horizon);
}

}  // namespace

Record simulate(const std::shared_ptr<const Plan>& plan, std::uint64_t seed, std::uint64_t replication) {
  const Streams streams(seed, replication);
  const Options& options = plan->options;
  failure::Timeline timeline(options.modes, options.script, plan->site, streams, options.trace);
  World world(plan, streams, timeline.active());
  const Instant horizon = Instant{} + options.horizon;
  if (!plan->watch) {
    run(world, timeline, horizon);
    return world.finish(horizon, timeline.faults());
  }
  Kept kept(timeline);
  run(world, kept, horizon);
  Record record = world.finish(horizon, timeline.faults());
  look_at_services(*plan, streams, kept.changes(), horizon, record);
  return record;
}

Record simulate(const Options& options, std::uint64_t seed, std::uint64_t replication) {
  return simulate(std::make_shared<const Plan>(options), seed, replication);
}

}  // namespace nines::world
