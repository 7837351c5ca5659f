// A world of one broker a node, with partitions over all of them and leaders in turn.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/world/options.hpp"

namespace nines::analysis::test {

// Node n stands in zone `zones[n]`; all zones are in region r. Partition p prefers node p.
inline world::Options world_of(const std::vector<std::uint32_t>& zones, std::uint32_t zone_count) {
  world::Options options;
  options.topology.regions = {{"r"}};
  for (std::uint32_t z = 0; z < zone_count; ++z)
    options.topology.zones.push_back({"r/" + std::string(1, static_cast<char>('a' + z)), RegionId{std::size_t{0}}});
  world::Cluster cluster;
  cluster.name = "orders";
  for (std::size_t n = 0; n < zones.size(); ++n) {
    options.topology.nodes.push_back({"n-" + std::to_string(n), ZoneId{std::size_t{zones[n]}}, {}});
    options.brokers.push_back({"orders/" + std::to_string(n), NodeId{n}, {}});
  }
  for (std::size_t p = 0; p < zones.size(); ++p) {
    cluster.partitions.emplace_back();
    for (std::size_t n = 0; n < zones.size(); ++n) cluster.partitions.back().push_back({BrokerId{n}, n == p ? 2 : 1});
  }
  options.clusters = {cluster};
  return options;
}

inline failure::Mode mode_of(const std::string& name, failure::Scope scope, double mean_up_s, double mean_down_s) {
  failure::Mode mode;
  mode.name = name;
  mode.scope = scope;
  mode.up_time = Law::exponential(Duration{static_cast<std::int64_t>(mean_up_s * 1e9)});
  mode.duration = Law::exponential(Duration{static_cast<std::int64_t>(mean_down_s * 1e9)});
  return mode;
}

}  // namespace nines::analysis::test
