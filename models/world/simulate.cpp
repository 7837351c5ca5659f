#include "models/world/simulate.hpp"

#include <algorithm>

namespace nines::world {

void look_at_services(const Plan& plan, const Streams& streams, const std::vector<failure::Change>& changes, Record& record) {
  const Instant horizon = Instant{} + record.horizon;
  failure::Timeline timeline(plan.options.services.modes, {}, plan.site, streams);
  std::vector<failure::Change> own = timeline.active();
  for (failure::Change change = timeline.next(Instant{}); change.at < horizon; change = timeline.next(change.at)) own.push_back(change);
  std::vector<services::PartitionDown> downs;
  for (const Outage& outage : record.outages) downs.push_back({outage.partition.value, outage.start, outage.end, outage.mode});
  // Who is kept down after a failover is down whatever the faults say.
  std::vector<failure::Change> all = changes;
  all.insert(all.end(), record.fences.begin(), record.fences.end());
  std::stable_sort(all.begin(), all.end(), [](const failure::Change& a, const failure::Change& b) { return a.at < b.at; });
  record.capability_outages = plan.watch->outages(all, own, downs, horizon);
}

Record simulate(const std::shared_ptr<const Plan>& plan, std::uint64_t seed, std::uint64_t replication) {
  const Streams streams(seed, replication);
  const Options& options = plan->options;
  failure::Timeline timeline(options.modes, options.script, plan->site, streams, options.trace);
  World world(plan, streams, timeline.active());
  Told told(timeline, timeline.active(), plan->watch != nullptr);
  const Instant horizon = Instant{} + options.horizon;
  run(world, told, horizon);
  Record record = world.finish(horizon, timeline.faults());
  if (plan->watch) look_at_services(*plan, streams, told.changes(), record);
  return record;
}

Record simulate(const Options& options, std::uint64_t seed, std::uint64_t replication) {
  return simulate(std::make_shared<const Plan>(options), seed, replication);
}

}  // namespace nines::world
