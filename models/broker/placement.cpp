#include "models/broker/placement.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "sim/base/check.hpp"

namespace nines::broker {

Partitions round_robin(int brokers, int partitions, int replication) {
  SIM_CHECK(replication >= 1 && replication <= brokers, "a partition needs as many brokers as replicas");
  Partitions placement(static_cast<std::size_t>(partitions));
  for (int i = 0; i < partitions; ++i) {
    Partition& partition = placement[static_cast<std::size_t>(i)];
    const bool counts_down = (i / brokers) % 2 == 0;
    for (int j = 0; j < replication; ++j) {
      const int priority = j == 0 ? replication : counts_down ? replication - j : j;
      partition.push_back({.broker = (i + j) % brokers, .priority = priority});
    }
  }
  return placement;
}

Partitions zone_aware(std::span<const ZoneOfBrokers> zones, int partitions) {
  std::vector<std::size_t> order(zones.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return zones[a].priority > zones[b].priority; });
  int replication = 0;
  for (const ZoneOfBrokers& zone : zones) {
    SIM_CHECK(zone.replicas <= static_cast<int>(zone.brokers.size()), "a zone needs as many brokers as replicas of a partition");
    replication += zone.replicas;
  }
  Partitions placement(static_cast<std::size_t>(partitions));
  for (int i = 0; i < partitions; ++i) {
    Partition& partition = placement[static_cast<std::size_t>(i)];
    int priority = replication;
    const auto take = [&](const ZoneOfBrokers& zone, int turn) {
      for (int r = 0; r < zone.replicas; ++r)
        partition.push_back({.broker = zone.brokers[static_cast<std::size_t>(turn + r) % zone.brokers.size()], .priority = priority--});
    };
    for (std::size_t first = 0; first < order.size();) {
      std::size_t last = first;
      while (last < order.size() && zones[order[last]].priority == zones[order[first]].priority) ++last;
      const auto equal = static_cast<int>(last - first);
      // The k equal zones take turns, and each turns its own brokers once in k partitions: every one of them is first in turn.
      for (int k = 0; k < equal; ++k) take(zones[order[first + static_cast<std::size_t>((i + k) % equal)]], i / equal);
      first = last;
    }
  }
  return placement;
}

std::vector<std::string> faults_of(const Partitions& placement, int brokers, int replication) {
  std::vector<std::string> faults;
  for (std::size_t i = 0; i < placement.size(); ++i) {
    const std::string name = "partition " + std::to_string(i + 1);
    const Partition& partition = placement[i];
    if (static_cast<int>(partition.size()) != replication)
      faults.push_back(name + " has " + std::to_string(partition.size()) + " replicas instead of " + std::to_string(replication));
    for (std::size_t k = 0; k < partition.size(); ++k) {
      const Assignment& here = partition[k];
      if (here.broker < 0 || here.broker >= brokers)
        faults.push_back(name + " names broker " + std::to_string(here.broker) + ", and there are brokers 0 to " + std::to_string(brokers - 1));
      if (here.priority < 1) faults.push_back(name + " gives broker " + std::to_string(here.broker) + " a priority below 1");
      for (std::size_t j = 0; j < k; ++j)
        if (partition[j].broker == here.broker) faults.push_back(name + " names broker " + std::to_string(here.broker) + " twice");
    }
  }
  return faults;
}

bool has_primary(const Partition& partition) {
  int highest = 0;
  int holders = 0;
  for (const Assignment& here : partition) {
    if (here.priority > highest) holders = 0;
    highest = std::max(highest, here.priority);
    if (here.priority == highest) ++holders;
  }
  return holders == 1;
}

std::vector<int> primaries(const Partitions& placement, int brokers) {
  std::vector<int> counts(static_cast<std::size_t>(brokers), 0);
  for (const Partition& partition : placement) {
    const auto primary = std::max_element(partition.begin(), partition.end(), [](const auto& a, const auto& b) { return a.priority < b.priority; });
    if (primary != partition.end()) ++counts[static_cast<std::size_t>(primary->broker)];
  }
  return counts;
}

}  // namespace nines::broker
