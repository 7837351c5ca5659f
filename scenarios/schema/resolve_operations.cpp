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
}

void resolve_backup(const BackupDocument& written, Operations& operations, Context& context) {
  if (!written.every.ok) return;
  operations.backup = Backup{.every = *written.every,
                             .takes = *written.takes,
                             .detection = *written.detection,
                             .decision = *written.decision,
                             .download = {},
                             .start = *written.start};
  if (written.download.ok) operations.backup->download = *written.download;
  if (operations.failover)
    context.warning(written.every.place,
                    "a cluster that fails over is not simulated going back to a backup as well: where it has brokers in two regions, "
                    "'operations.backup' has no effect");
}

}  // namespace

Law download_of(const Backup& backup, double state_bytes) {
  if (backup.download) return *backup.download;
  return Law::fixed(from_seconds(27 + 10.2 * state_bytes / static_cast<double>(std::int64_t{1} << 30)));
}

void resolve_operations(const Document& document, Scenario& scenario, Context& context) {
  if (!document.operations) return;
  const OperationsDocument& written = *document.operations;
  Operations operations{.platform = *written.platform, .coverage = *written.coverage, .backup = {}, .failover = {}, .downtime_cost_per_h = {}};
  if (written.max_unavailable.ok) operations.max_unavailable = *written.max_unavailable;
  if (written.failover.ok) resolve_failover(*written.failover, written.failover.place, operations, scenario, context);
  if (written.backup) resolve_backup(*written.backup, operations, context);
  if (written.downtime_cost.ok) operations.downtime_cost_per_h = *written.downtime_cost;
  scenario.operations = std::move(operations);
}

}  // namespace nines::scenarios
