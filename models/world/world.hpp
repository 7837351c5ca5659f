// The whole simulated world as a value: what is down, cut and degraded now, and the groups that live in it. A copy continues identically.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/failure/timeline.hpp"
#include "models/topology/reach.hpp"
#include "models/world/group.hpp"
#include "models/world/operators.hpp"
#include "models/world/plan.hpp"
#include "models/world/record.hpp"
#include "models/world/restorers.hpp"

namespace nines::world {

class World {
 public:
  // `active` is what is already going on at the start, see failure::Timeline::active().
  World(std::shared_ptr<const Plan> plan, const Streams& streams, const std::vector<failure::Change>& active);

  // Faults first: everything before change.at happens, then the change.
  void apply(const failure::Change& change);
  // Runs every group up to `t`; a group that nothing happened to may otherwise lag behind.
  void advance(Instant t);
  // Closes the books at the horizon. `faults` is the failure source's count.
  Record finish(Instant horizon, std::uint64_t faults);

  Group& group(PartitionId partition) { return groups_[partition.index()]; }
  const Group& group(PartitionId partition) const { return groups_[partition.index()]; }
  std::size_t groups() const { return groups_.size(); }
  raft::Output& scratch() { return *scratch_; }
  // What people do next (Options::failovers, Options::restores), at the earliest; never: they wait for something to happen.
  Instant next_action() const;
  std::uint64_t digest() const;  // Over all groups, after advance().
  const Plan& plan() const { return *plan_; }

  World(const World& other);
  World(World&&) noexcept = default;
  World& operator=(const World& other);
  World& operator=(World&&) noexcept = default;
  ~World() = default;

 private:
  struct BrokerState {
    NodeId node;
    ZoneId zone;
    RackId rack;
    std::uint16_t stopped = 0;  // Faults that keep it down now.
    std::uint16_t paused = 0;
    std::uint16_t cut_in = 0;  // Nothing comes in from other nodes.
    std::uint16_t cut_out = 0;
    std::uint16_t dark = 0;  // Faults that keep its machine down, not only its process.
    std::uint16_t hung = 0;  // Faults by which its disk finishes nothing.
    bool lost = false;       // Its disk; until it runs again.
    bool corrupt = false;    // The end of its log; until it runs again.
    Duration slow_disk{0};
  };
  enum class Way : std::uint8_t { out, in };  // Of a pair: from the first to the second, or back. Of one element: from it, or to it.

  Around around(const GroupPlan& group) const;
  bool passes(BrokerId from, BrokerId to) const;
  Quality quality(BrokerId from, BrokerId to) const;
  void disks_around(const GroupPlan& group, Around& around) const;
  Members reached_by_clients(const GroupPlan& group, ZoneId zone) const;
  const std::vector<std::uint32_t>& brokers_of(failure::Scope scope, std::uint32_t index) const;
  bool inside(BrokerId broker, failure::Scope scope, std::uint32_t index) const;
  void mark(const failure::Change& change);
  void stop(const failure::Change& change, int sign);
  void note(Instant at, std::uint32_t broker, BrokerChange::What what);
  void note_links(Instant at);
  void cut(const failure::Element& element, Way way, int sign);
  void cut_zones(ZoneId from, ZoneId to, int sign);
  void touch(const std::vector<std::uint32_t>& brokers);
  void take_effect(const failure::Change& change);

  // operators.cpp
  void operate_before(Instant t);
  Duration time_taken(std::size_t team, std::uint64_t step) const;
  Instant with_somebody(const failure::Shift& shift, Instant t) const;
  std::vector<std::uint32_t> lost_region(std::uint16_t cluster) const;
  bool lacks_a_quorum(std::uint16_t cluster) const;
  bool is_back(const Operators& team) const;
  void watch(std::size_t index, Instant at, std::uint16_t mode);
  void remove_region(std::size_t index, Instant at);
  void let_in_again(std::size_t index, Instant at);
  void fence(const Operators& team, Instant at, failure::Stage stage);
  void note_whole(std::size_t index);
  // Of restorers.cpp.
  Duration restoring_takes(std::size_t team, std::uint64_t step) const;
  Instant last_backup(std::size_t team, Instant t) const;
  std::uint64_t majorities_lost(std::uint16_t cluster) const;
  bool machines_run(const Restorers& team) const;
  void watch_data(std::size_t index, Instant at, std::uint16_t mode);
  void hold(Restorers& team, std::uint32_t broker, Instant at);
  void stop_for_restoring(std::size_t index, Instant at);
  void go_back(std::size_t index, Instant at);
  void keep_down(std::uint32_t broker, Instant at, failure::Stage stage, std::uint16_t mode);

  std::shared_ptr<const Plan> plan_;
  Streams streams_;
  std::vector<BrokerState> brokers_;
  topology::Network network_;
  std::vector<std::uint16_t> rack_cut_in_;  // Per rack: faults by which nothing comes in from outside it.
  std::vector<std::uint16_t> rack_cut_out_;
  std::vector<failure::Change> pair_cuts_;     // Between two brokers; stage widen: the way back.
  std::vector<failure::Change> widened_;       // One-way cuts that have become two-way.
  std::vector<failure::Change> degradations_;  // Slow and lossy faults that are going on.
  std::size_t disk_faults_ = 0;                // Slow and hung disks that are going on.
  std::size_t cuts_ = 0;                       // Ways that are cut now, of any kind: 0 means that everything passes.
  std::vector<std::vector<std::uint32_t>> of_broker_, of_node_, of_rack_, of_zone_, of_region_, of_cluster_;  // Brokers.
  std::vector<std::uint32_t> touched_;  // Scratch: groups of one change, each once.
  std::vector<std::uint64_t> stamp_;
  std::uint64_t stamps_ = 0;
  std::vector<Group> groups_;
  std::unique_ptr<raft::Output> scratch_;
  std::vector<Operators> operators_;     // Per Options::failovers.
  std::vector<Restorers> restorers_;     // Per Options::restores.
  std::vector<failure::Change> fences_;  // What both did to brokers.
  Hash faults_seen_;
  std::vector<BrokerChange> broker_changes_;
  std::vector<LinkChange> link_changes_;
  std::vector<std::uint8_t> passing_;  // From * brokers + to; only where links are kept.
};

}  // namespace nines::world
