#include "models/world/simulate.hpp"

namespace nines::world {

Record simulate(const std::shared_ptr<const Plan>& plan, std::uint64_t seed, std::uint64_t replication) {
  const Streams streams(seed, replication);
  const Options& options = plan->options;
  failure::Timeline timeline(options.modes, options.script, plan->site, streams, options.trace);
  World world(plan, streams, timeline.active());
  const Instant horizon = Instant{} + options.horizon;
  run(world, timeline, horizon);
  return world.finish(horizon, timeline.faults());
}

Record simulate(const Options& options, std::uint64_t seed, std::uint64_t replication) {
  return simulate(std::make_shared<const Plan>(options), seed, replication);
}

}  // namespace nines::world
