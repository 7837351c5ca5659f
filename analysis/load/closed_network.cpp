#include "analysis/load/closed_network.hpp"

#include <algorithm>

#include "sim/base/check.hpp"

namespace nines::analysis {

double total_demand_s(const ClosedNetwork& network) {
  double sum = 0;
  for (const Station& station : network.stations) sum += station.demand_s;
  return sum;
}

double bottleneck_s(const ClosedNetwork& network) {
  double most = 0;
  for (const Station& station : network.stations) most = std::max(most, station.demand_s / station.servers);
  return most;
}

double knee(const ClosedNetwork& network) { return (network.think_s + total_demand_s(network)) / bottleneck_s(network); }

LoopBounds asymptotic_bounds(const ClosedNetwork& network, int customers) {
  const double demand = total_demand_s(network), most = bottleneck_s(network), think = network.think_s, n = customers;
  LoopBounds bounds;
  bounds.least_per_s = n / (n * demand + think);
  bounds.most_per_s = std::min(1 / most, n / (demand + think));
  bounds.least_time_s = std::max(demand, n * most - think);
  bounds.most_time_s = n * demand;
  return bounds;
}

LoopBounds balanced_bounds(const ClosedNetwork& network, int customers) {
  const double demand = total_demand_s(network), most = bottleneck_s(network), think = network.think_s, n = customers;
  const double average = demand / static_cast<double>(network.stations.size());
  LoopBounds bounds;
  bounds.least_per_s = n / (demand + think + (n - 1) * most / (1 + think / (n * demand)));
  bounds.most_per_s = std::min(1 / most, n / (demand + think + (n - 1) * average / (1 + think / demand)));
  bounds.least_time_s = std::max(n * most - think, demand + (n - 1) * average / (1 + think / demand));
  bounds.most_time_s = demand + (n - 1) * most / (1 + think / (n * demand));
  return bounds;
}

Loop mean_value_analysis(const ClosedNetwork& network, int customers) {
  SIM_CHECK(customers >= 0, "a number of customers is not negative");
  Loop loop;
  loop.present.assign(network.stations.size(), 0);
  std::vector<double> queued(network.stations.size(), 0);
  for (int n = 1; n <= customers; ++n) {
    loop.time_s = 0;
    for (std::size_t k = 0; k < queued.size(); ++k) {
      const Station& station = network.stations[k];
      const double one = station.demand_s / station.servers;
      const double delay = station.demand_s - one;
      loop.present[k] = delay + one * (1 + queued[k]);  // Still a time.
      loop.time_s += loop.present[k];
    }
    loop.per_s = n / (network.think_s + loop.time_s);
    for (std::size_t k = 0; k < queued.size(); ++k) {
      const Station& station = network.stations[k];
      const double delay = station.demand_s - station.demand_s / station.servers;
      loop.present[k] *= loop.per_s;
      queued[k] = loop.present[k] - loop.per_s * delay;
    }
  }
  return loop;
}

}  // namespace nines::analysis
