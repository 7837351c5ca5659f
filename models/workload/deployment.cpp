#include "models/workload/deployment.hpp"

#include <algorithm>

namespace nines::workload {

std::vector<std::uint16_t> brokers_at(const std::vector<std::uint16_t>& place_of, int place) {
  std::vector<std::uint16_t> all;
  for (std::size_t broker = 0; broker < place_of.size(); ++broker)
    if (place_of[broker] == place) all.push_back(static_cast<std::uint16_t>(broker));
  return all;
}

State healthy(const Deployment& deployment) { return without(deployment, {}); }

State without(const Deployment& deployment, const std::vector<std::uint16_t>& down) {
  State state;
  state.up.assign(deployment.brokers(), 1);
  for (const std::uint16_t broker : down) state.up[broker] = 0;
  for (const Partition& partition : deployment.partitions) {
    const auto runs = [&](std::uint16_t broker) { return state.up[broker] != 0; };
    const auto running = std::count_if(partition.brokers.begin(), partition.brokers.end(), runs);
    const auto first = std::find_if(partition.brokers.begin(), partition.brokers.end(), runs);
    state.leader.push_back(running >= partition.quorum() ? static_cast<std::int16_t>(*first) : std::int16_t{-1});
  }
  return state;
}

}  // namespace nines::workload
