#include "analysis/why/data_loss.hpp"

#include <algorithm>
#include <cmath>

#include "models/world/plan.hpp"

namespace nines::analysis {
namespace {

double slowest_bytes_per_s(const topology::Topology& topology) {
  double rate = world::snapshot_bytes_per_s;
  const auto limit = [&](const topology::LinkLaw& law) {
    if (law.bandwidth_bytes_per_s > 0) rate = std::min(rate, law.bandwidth_bytes_per_s);
  };
  for (const topology::LinkLaw& law : {topology.same_zone, topology.same_region, topology.other_region}) limit(law);
  for (const topology::LinkBetween& link : topology.between) limit(link.law);
  return rate;
}

}  // namespace

double DataLoss::within_a_year() const { return -std::expm1(-lost.per_s * seconds(year)); }

Result<DataLoss> data_loss_of(const world::Options& options, std::size_t index) {
  DataLoss result;
  result.reseed_s = static_cast<double>(options.clusters[index].state_bytes) / slowest_bytes_per_s(options.topology);
  world::Options disks = options;
  disks.restores.clear();  // What is lost is lost, whatever is gone back to.
  for (std::uint16_t m = 0; m < disks.modes.size(); ++m) {
    failure::Mode& mode = disks.modes[m];
    if (mode.effect != failure::Effect::replace) continue;
    result.modes.push_back(m);
    mode.duration = Law::fixed(Duration{static_cast<std::int64_t>((mode.duration.sample_mean_s() + result.reseed_s) * 1e9)});
  }
  auto model = model_of(disks);
  if (!model) return fail(model.error());
  if (result.modes.empty()) return result;
  // A majority of four is three, and the other one alone is no majority: where voters are even, one more that never fails makes the quorum of the rest
  // break only when a majority of them is gone.
  ModelCluster& cluster = model->clusters[index];
  const auto spare = static_cast<std::uint32_t>(model->brokers.size());
  bool even = false;
  for (auto& voters : cluster.partitions) {
    if (voters.size() % 2 != 0) continue;
    voters.push_back(spare);
    even = true;
  }
  if (even) {
    model->brokers.push_back({.node = model->nodes++, .zone = static_cast<std::uint32_t>(model->zone_region.size()), .region = model->regions, .rack = -1});
    model->zone_region.push_back(model->regions++);
  }
  std::erase_if(model->atoms, [&](const Atom& atom) { return std::find(result.modes.begin(), result.modes.end(), atom.mode) == result.modes.end(); });
  result.lost = QuorumSolver(*model, index).some_lost(laws_of(*model));
  return result;
}

}  // namespace nines::analysis
