// Who and what repairs, and the procedures that people follow.
#include <set>
#include <utility>

#include "scenarios/schema/resolve.hpp"

namespace nines::scenarios {

namespace {

std::size_t regions_of(const Cluster& cluster, const Scenario& scenario) {
  std::set<std::string> regions;
  for (const NodePool& pool : scenario.topology.pools)
    for (const std::string& name : cluster.pools)
      if (pool.name == name)
        for (const std::string& zone : pool.occupied) regions.insert(zone.substr(0, zone.find('/')));
  return regions.size();
}

// Somewhere there has to be another region, and members have to leave and come back as a system lets them.
void resolve_failover(const RegionFailoverDocument& written, const Place& place, Operations& operations, Scenario& scenario, Context& context) {
  if (written.off.ok) return;
  operations.failover = RegionFailover{.detection = *written.detection,
                                       .decision = *written.decision,
                                       .reroute = *written.reroute,
                                       .removal = *written.removal,
                                       .redeploy = *written.redeploy,
                                       .restore = *written.restore};
  bool spans_regions = false;
  for (const Cluster& cluster : scenario.clusters) {
    if (regions_of(cluster, scenario) < 2) continue;
    spans_regions = true;
    if (cluster.profile.membership != raft::Membership::joint)
      context.error(
          place, cluster.name + ": " + cluster.profile.name +
                     " changes its members one at a time, and a failover is simulated for systems that change several at once; leave failover out");
  }
  if (!spans_regions) context.warning(place, "'operations.failover' has no effect: no cluster has brokers in two regions");
  if (operations.coverage != "24x7")
    context.warning(place, "the steps of a failover do not wait for " + operations.coverage + "; a longer detection says who is not there at night");
}

}  // namespace

void resolve_operations(const Document& document, Scenario& scenario, Context& context) {
  if (!document.operations) return;
  const OperationsDocument& written = *document.operations;
  Operations operations{.platform = *written.platform, .coverage = *written.coverage, .failover = {}, .downtime_cost_per_h = {}};
  if (written.max_unavailable.ok) operations.max_unavailable = *written.max_unavailable;
  if (written.backup && written.backup->every.ok) operations.backup_every = *written.backup->every;
  if (written.failover.ok) resolve_failover(*written.failover, written.failover.place, operations, scenario, context);
  if (written.downtime_cost.ok) operations.downtime_cost_per_h = *written.downtime_cost;
  scenario.operations = std::move(operations);
}

}  // namespace nines::scenarios
