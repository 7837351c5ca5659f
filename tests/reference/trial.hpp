// One group that a test drives by hand: found with a leader, hit, watched until the next leader. Profiles come from the catalogue.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/world/world.hpp"

namespace nines::reference {

// The catalogue's profile of that name (scenarios/catalog/profiles).
raft::Profile catalog_profile(const std::string& name);

// Partition 0 of a world without random faults.
class Trial {
 public:
  Trial(std::shared_ptr<const world::Plan> plan, std::uint64_t seed, std::uint64_t number);

  void run_until(Instant t) { world_.advance(t); }
  // At `at`, on the broker of `member`: stop, pause, cut from all others, or the notice of a planned stop.
  void begin(Instant at, failure::Effect effect, raft::Member member) { apply(at, effect, failure::Stage::begin, member, member); }
  void end(Instant at, failure::Effect effect, raft::Member member) { apply(at, effect, failure::Stage::end, member, member); }
  void announce(Instant at, raft::Member member) { apply(at, failure::Effect::planned_stop, failure::Stage::announce, member, member); }
  void hand_over(Instant at, raft::Member member, raft::Member to) {
    world_.group(PartitionId{0u}).hand_over(*plan_, at, member, world::no_mode, world_.scratch(), to);
  }
  // No message passes between the two, either way.
  void cut_between(Instant at, raft::Member a, raft::Member b) { apply(at, failure::Effect::cut, failure::Stage::begin, a, b); }

  // Event by event: when the next one comes, and doing it.
  Instant next_event() const { return group().next().at; }
  void advance_by_one() { world_.group(PartitionId{0u}).advance_by_one(*plan_, world_.scratch()); }
  // A client's request reaches `member`: the index of its entry, or 0 where it is not taken.
  raft::Index propose(Instant at, raft::Member member, std::int64_t bytes) {
    return world_.group(PartitionId{0u}).propose(*plan_, at, member, bytes, world_.scratch());
  }

  const world::Group& group() const { return world_.group(PartitionId{0u}); }
  const raft::Core& core(raft::Member member) const { return group().core(member); }
  raft::Member members() const { return members_; }
  raft::Member leader() const;  // Of the highest term among those in office, or nobody.

  // What replicas did from `since` on, in order of time.
  using RoleChanges = std::vector<world::RoleChange>;
  // Runs until the first one at or after `since` that `wanted` likes, at most until `limit`.
  std::optional<world::RoleChange> first(Instant since, Instant limit, Duration stride, const std::function<bool(const world::RoleChange&)>& wanted);
  std::optional<world::RoleChange> next_leader(Instant since, Instant limit, Duration stride);
  const RoleChanges& roles() const { return group().roles(); }

 private:
  void apply(Instant at, failure::Effect effect, failure::Stage stage, raft::Member a, raft::Member b);

  std::shared_ptr<const world::Plan> plan_;
  world::World world_;
  raft::Member members_;
};

// A uniform number of trial `number` for a test's own choices: when a fault strikes, whom it hits.
double chance(std::uint64_t seed, std::uint64_t number, std::uint64_t which);

double mean_of(const std::vector<double>& sample);
double standard_error_of(const std::vector<double>& sample);
double quantile_of(std::vector<double> sample, double p);  // By linear interpolation between order statistics.
// The greatest distance of two empirical distribution functions.
double kolmogorov_smirnov(std::vector<double> a, std::vector<double> b);

}  // namespace nines::reference
