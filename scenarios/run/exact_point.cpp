#include "scenarios/run/exact_point.hpp"

#include <string>
#include <utility>
#include <vector>

#include "analysis/exact/content.hpp"
#include "analysis/exact/gaps.hpp"
#include "analysis/exact/kind.hpp"
#include "analysis/stats/replication.hpp"
#include "models/world/plan.hpp"
#include "models/world/site.hpp"
#include "scenarios/run/deployment_of.hpp"
#include "scenarios/run/exact_metrics.hpp"
#include "scenarios/run/load_answer.hpp"
#include "scenarios/run/memo.hpp"

namespace nines::scenarios {
namespace {

// What all points of a kind share.
struct Kind {
  Structure structure;
  analysis::Lives lives;
  double election_s = 0;

  Kind(const world::Options& world, std::uint64_t seed)
      : structure(*analysis::model_of(world)),
        lives(analysis::live(analysis::GapSampler(std::make_shared<const world::Plan>(world), seed), ExactPoints::lives)),
        election_s(seconds(analysis::RepairTimes(world).election())) {}

  std::size_t bytes() const {
    std::size_t sum = structure.bytes();
    for (const auto& life : lives.excess) sum += life.size() * sizeof(analysis::Excess);
    return sum;
  }
};

// What all points with the same world share.
struct Availability {
  analysis::Report report;

  std::size_t bytes() const { return sizeof(*this) + report.metrics.size() * (sizeof(analysis::Metric) + 128); }
};

class LoadContent : public analysis::Content<LoadContent> {
 public:
  using Content::put;

  void put(const workload::Service& service) {
    const auto& [rounds, bytes, processing_s, leader_s, leader_batch_s, follower_s, follower_batch_s, gateway_s, exporter_s, exported, idle_cores,
                 request_bytes, variability] = service;
    add(rounds, bytes, processing_s, leader_s, leader_batch_s, follower_s, follower_batch_s, gateway_s, exporter_s, exported, idle_cores, request_bytes);
    add(variability);
  }
  void put(const workload::Replication& replication) {
    const auto& [window, batch_bytes, leader_flush, follower_flush] = replication;
    add(window, batch_bytes, leader_flush, follower_flush);
  }
  void put(const workload::Machine& machine) {
    const auto& [name, cores, speed, cap, flush, flushes_per_s, disk_bytes_per_s, network_bytes_per_s, disk_bytes] = machine;
    add(name, cores, speed, cap, flush, flushes_per_s, disk_bytes_per_s, network_bytes_per_s, disk_bytes);
  }
  void put(const workload::SecondaryStorage& storage) {
    const auto& [records_per_s] = storage;
    add(records_per_s);
  }
  void put(const workload::Partition& partition) {
    const auto& [brokers] = partition;
    add(brokers);
  }
  void put(const workload::Deployment& deployment) {
    const auto& [service, replication, machines, machine_of, zone_of, region_of, partitions, links, client_link, storage, entrance, workers_per_s] = deployment;
    add(service, replication, machines, machine_of, zone_of, region_of, partitions, links, client_link, storage, entrance, workers_per_s);
  }
};

// Everything that the load's answer without records depends on.
std::string load_content(const Scenario& scenario, const world::Options& world) {
  LoadContent content;
  for (std::size_t c = 0; c < scenario.clusters.size(); ++c) {
    const Cluster& cluster = scenario.clusters[c];
    content.add(cluster.name, deployment_of(scenario, world, c), demand_of(cluster), std::string(command_words(cluster)));
  }
  for (const topology::Zone& zone : world.topology.zones) content.add(zone.name);
  for (const topology::Region& region : world.topology.regions) content.add(region.name);
  return content.take();
}

// What all points share that carry the same load on the same machines.
struct Carried {
  LoadAnswer answer;
  std::size_t size = 0;

  std::size_t bytes() const { return size; }
};

}  // namespace

struct ExactPoints::Memory {
  std::vector<failure::Mode> base;
  std::uint64_t seed;
  Memo<Kind> kinds;
  Memo<analysis::Draws> draws;
  Memo<Availability> worlds;
  Memo<Carried> loads;

  std::shared_ptr<const analysis::Draws> draws_of(const std::vector<failure::Mode>& modes) {
    std::string names;
    for (const failure::Mode& mode : modes) names += std::string(failure::stem_of(mode)) + '\n';
    return draws.get(names, [&] { return std::make_shared<const analysis::Draws>(modes, seed); });
  }

  std::shared_ptr<const Availability> availability(const world::Options& world) {
    const analysis::Canonical canonical = analysis::canonical(world.modes, base);
    const auto kind = kinds.get(analysis::content_of(world, canonical.modes), [&] {
      world::Options options = world;
      options.modes = canonical.modes;
      return std::make_shared<const Kind>(options, seed);
    });
    const std::vector<analysis::Dual> laws = analysis::laws_of(kind->structure.model(), world.modes);
    std::vector<analysis::QuorumAnswer> solved;
    for (std::size_t c = 0; c < world.clusters.size(); ++c) solved.push_back(kind->structure.solver(c).solve(laws));
    const std::vector<double> rates = analysis::fault_rates(world::site_of(world), world.modes);
    const std::vector<analysis::GapSum> sums = analysis::sum_of(kind->lives, rates, world.clusters.size());
    const Gaps gaps{.of = sums, .election_s = kind->election_s, .off = canonical.differs ? off : 0};
    auto result = std::make_shared<Availability>();
    put_availability(world, kind->structure, solved, gaps, *draws_of(world.modes), result->report);
    return result;
  }
};

ExactPoints::ExactPoints(const world::Options& base, std::uint64_t seed, std::size_t memory_bytes)
    : memory_(new Memory{base.modes, seed, Memo<Kind>(memory_bytes / 2), Memo<analysis::Draws>(memory_bytes / 8),
                         Memo<Availability>(memory_bytes / 4), Memo<Carried>(memory_bytes / 8)}) {}

ExactPoints::~ExactPoints() = default;

Result<analysis::Report> ExactPoints::operator()(const Scenario& scenario, const world::Options& world) const {
  if (const auto can = analysis::expressible(world); !can) return fail(can.error());
  const std::string name = analysis::content_of(world, world.modes) + analysis::content_of(world.services) + analysis::bounds_of(world.modes);
  analysis::Report report = memory_->worlds.get(name, [&] { return memory_->availability(world); })->report;
  const std::string named = load_content(scenario, world);
  const auto load = memory_->loads.get(named, [&] {
    return std::make_shared<const Carried>(Carried{LoadAnswer(scenario, world), 4 * named.size()});
  });
  put_rest(scenario, load->answer, report);
  report.provenance.scenario = scenario.metadata.name;
  report.provenance.question = scenario.metadata.question;
  report.provenance.seed = memory_->seed;
  report.provenance.replications = lives;
  report.provenance.stop_reason = "gaps of " + std::to_string(lives) + " lives";
  return report;
}

ExactPoints::Counts ExactPoints::counts() const {
  return {.points = memory_->worlds.asked(), .kinds = memory_->kinds.made(), .worlds = memory_->worlds.made()};
}

}  // namespace nines::scenarios
