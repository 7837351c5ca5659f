#include "scenarios/run/deployment_of.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/base/check.hpp"

namespace nines::scenarios {
namespace {

workload::Service service_of(const Cluster& cluster) {
  workload::Service service = cluster.costs.service;
  const double appends = cluster.load.kind == Load::Kind::process_instances ? cluster.load.appends_per_instance : 1;
  service.rounds = static_cast<int>(std::max(1L, std::lround(appends)));
  service.bytes = cluster.load.kind == Load::Kind::none ? 1024 : std::max<std::int64_t>(1, std::llround(static_cast<double>(cluster.load.bytes) * appends));
  for (double* cost : {&service.processing_s, &service.leader_s, &service.leader_batch_s, &service.follower_s, &service.follower_batch_s,
                       &service.gateway_s, &service.exporter_s, &service.exported})
    *cost *= cost == &service.leader_batch_s || cost == &service.follower_batch_s ? 1 : appends;
  if (!cluster.exports()) service.exporter_s = service.exported = 0;
  return service;
}

workload::Replication replication_of(const raft::Profile& profile) {
  const bool waits = profile.flush.follower_before_ack && profile.flush.delay == Duration{0};
  return {.window = profile.append_window,
          .batch_bytes = profile.append_batch_bytes,
          .leader_flush = !waits                               ? workload::LeaderFlush::none
                          : profile.flush.leader_before_commit ? workload::LeaderFlush::after
                                                               : workload::LeaderFlush::beside,
          .follower_flush = waits};
}

}  // namespace

std::size_t first_broker(const Scenario& scenario, std::size_t cluster) {
  std::size_t first = 0;
  for (std::size_t c = 0; c < cluster; ++c) first += static_cast<std::size_t>(scenario.clusters[c].brokers);
  return first;
}

double demand_of(const Cluster& cluster) {
  switch (cluster.load.kind) {
    case Load::Kind::none: return 0;
    case Load::Kind::process_instances: return cluster.load.process_instances_per_s;
    case Load::Kind::appends: return cluster.load.appends_per_s;
  }
  return 0;
}

const char* command_words(const Cluster& cluster) { return cluster.load.kind == Load::Kind::process_instances ? "process instances" : "appends"; }

workload::Deployment deployment_of(const Scenario& scenario, const world::Options& world, std::size_t index) {
  const Cluster& cluster = scenario.clusters[index];
  const std::size_t first = first_broker(scenario, index);
  const auto brokers = static_cast<std::size_t>(cluster.brokers);
  workload::Deployment deployment;
  deployment.service = service_of(cluster);
  deployment.replication = replication_of(cluster.profile);
  // A closed loop is fitted as one core of each broker.
  const double limit = cluster.calibration && cluster.calibration->kind == Calibration::Kind::closed_loop ? 1 : cluster.cpu_limit;
  std::map<NodeId, std::uint16_t> machine_of_node;
  for (std::size_t b = 0; b < brokers; ++b) {
    const world::Broker& broker = world.brokers[first + b];
    const topology::Node& node = world.topology.nodes[broker.node.index()];
    deployment.zone_of.push_back(static_cast<std::uint16_t>(node.zone.index()));
    deployment.region_of.push_back(static_cast<std::uint16_t>(world.topology.zones[node.zone.index()].region.index()));
    const auto next = static_cast<std::uint16_t>(deployment.machines.size());
    const std::uint16_t machine = limit > 0 ? next : machine_of_node.try_emplace(broker.node, next).first->second;
    deployment.machine_of.push_back(machine);
    if (machine != next) continue;
    const auto pool =
        std::find_if(scenario.topology.pools.begin(), scenario.topology.pools.end(), [&](const NodePool& p) { return p.name == node.pool; });
    SIM_CHECK(pool != scenario.topology.pools.end(), "a node of a pool that is not there");
    workload::Machine& to = deployment.machines.emplace_back();
    to.name = limit > 0 ? broker.name : node.name;
    const double cores = limit > 0 ? std::min(limit, static_cast<double>(pool->machine.cores)) : pool->machine.cores;
    to.cores = static_cast<int>(std::ceil(cores));
    to.speed = pool->machine.speed;
    to.cap = cluster.costs.cpu_share * cores / to.cores;
    to.flush = broker.flush;
    to.flushes_per_s = pool->disk.iops;
    to.disk_bytes_per_s = pool->disk.bytes_per_s;
    to.network_bytes_per_s = pool->machine.network_bytes_per_s;
    to.disk_bytes = pool->disk.size_bytes;
  }
  for (const auto& replicas : world.clusters[index].partitions) {
    std::vector<world::Replica> by_priority = replicas;
    std::stable_sort(by_priority.begin(), by_priority.end(), [](const world::Replica& a, const world::Replica& b) { return a.priority > b.priority; });
    workload::Partition& partition = deployment.partitions.emplace_back();
    for (const world::Replica& replica : by_priority) partition.brokers.push_back(static_cast<std::uint16_t>(replica.broker.index() - first));
  }
  for (std::size_t from = 0; from < brokers; ++from)
    for (std::size_t to = 0; to < brokers; ++to)
      deployment.links.push_back(world.topology.link(world.brokers[first + from].node, world.brokers[first + to].node));
  deployment.client_link = world.topology.same_zone;
  if (cluster.client_round_trip) {
    deployment.client_link.minimum = deployment.client_link.maximum = *cluster.client_round_trip / 2;
    deployment.client_link.jitter_median = Duration{0};
  }
  return deployment;
}

}  // namespace nines::scenarios
