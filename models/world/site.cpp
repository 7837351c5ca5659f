#include "models/world/site.hpp"

#include <map>
#include <string>

namespace nines::world {

failure::Site site_of(const Options& options) {
  failure::Site site;
  for (const Broker& broker : options.brokers) {
    site.brokers.push_back(broker.name);
    site.broker_node.push_back(broker.node.value);
  }
  site.broker_cluster.assign(options.brokers.size(), failure::Site::nowhere);
  for (std::uint32_t c = 0; c < options.clusters.size(); ++c)
    for (const auto& partition : options.clusters[c].partitions)
      for (const Replica& replica : partition) site.broker_cluster[replica.broker.index()] = c;
  std::map<std::string, std::uint32_t> pool_zones;
  for (const auto& node : options.topology.nodes) {
    site.nodes.push_back(node.name);
    site.node_rack.push_back(node.rack.exists() ? node.rack.value : failure::Site::nowhere);
    site.node_zone.push_back(node.zone.value);
    const std::string place = node.pool + '/' + options.topology.zones[node.zone.index()].name;
    const auto [known, fresh] = pool_zones.try_emplace(place, static_cast<std::uint32_t>(site.pool_zones.size()));
    site.node_pool.push_back(node.pool);
    site.node_pool_zone.push_back(known->second);
    if (!fresh) continue;
    site.pool_zones.push_back(place);
    site.pool_zone_zone.push_back(node.zone.value);
  }
  for (const auto& rack : options.topology.racks) {
    site.racks.push_back(rack.name);
    site.rack_zone.push_back(rack.zone.value);
  }
  for (const auto& zone : options.topology.zones) {
    site.zones.push_back(zone.name);
    site.zone_region.push_back(zone.region.value);
  }
  for (const auto& region : options.topology.regions) site.regions.push_back(region.name);
  for (const Cluster& cluster : options.clusters) site.clusters.push_back(cluster.name);
  for (const services::Process& process : options.services.processes) {
    (process.node.exists() ? site.processes : site.externals).push_back(process.name);
    (process.node.exists() ? site.process_component : site.external_component).push_back(process.component);
  }
  return site;
}

}  // namespace nines::world
