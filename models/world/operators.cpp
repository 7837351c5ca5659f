// What operators see and do. They see which brokers run and reach each other, never Raft's state, so that every fidelity sees the same; and act at
// instants that are drawn once per loss.
//
// A region is lost for a cluster while none of its brokers there runs and reaches, both ways, a running one elsewhere. A region in which a single
// broker is left, or the loss of brokers here and there, calls nobody: no procedure says what to remove then. Where two regions are cut from each
// other, the one with fewer running brokers is given up; of two equal ones the later in the topology.
#include <algorithm>

#include "models/world/world.hpp"
#include "sim/base/check.hpp"

namespace nines::world {

using failure::Change;
using State = Operators::State;

namespace {

enum Step : std::uint64_t { detection, decision, reroute, removal, redeploy, restore };

}  // namespace

Instant World::next_action() const {
  Instant next = never;
  for (const Operators& team : operators_) next = std::min(next, team.due);
  for (const Restorers& team : restorers_) next = std::min(next, team.due);
  return next;
}

// All that is due before `t`, in the order of instants and then of the teams.
void World::operate_before(Instant t) {
  for (Instant at = next_action(); at < t; at = next_action()) {
    for (std::size_t i = 0; i < operators_.size(); ++i) {
      if (operators_[i].due != at) continue;
      operators_[i].due = never;
      operators_[i].state == State::reacting ? remove_region(i, at) : let_in_again(i, at);
    }
    for (std::size_t i = 0; i < restorers_.size(); ++i) {
      if (restorers_[i].due != at) continue;
      restorers_[i].due = never;
      restorers_[i].state == Restorers::State::reacting ? stop_for_restoring(i, at) : go_back(i, at);
    }
  }
}

Duration World::time_taken(std::size_t team, std::uint64_t step) const {
  const RegionFailover& failover = plan_->options.failovers[team];
  const std::string& cluster = plan_->options.clusters[failover.cluster].name;
  const Law* laws[] = {&failover.detection, &failover.decision, &failover.reroute, &failover.removal, &failover.redeploy, &failover.restore};
  return laws[step]->sample(streams_.of(stream_key("failover", cluster), Purpose::procedure).uniform({operators_[team].episode, step}));
}

// The first instant from `t` on at which somebody is there.
Instant World::with_somebody(const failure::Shift& shift, Instant t) const {
  if (shift.always() || t == never) return t;
  return after(t, failure::wait_for(shift, (failure::hour_of_start(streams_) + (t - Instant{}) % failure::week) % failure::week));
}

// The cluster's brokers in the region that is lost; empty: none is, or no broker runs elsewhere.
std::vector<std::uint32_t> World::lost_region(std::uint16_t cluster) const {
  const std::vector<std::uint32_t>& all = of_cluster_[cluster];
  const auto runs = [&](std::uint32_t b) { return brokers_[b].stopped == 0; };
  const auto region_of = [&](std::uint32_t b) { return world::region_of(plan_->options, BrokerId{b}); };
  const auto reaches_another_region = [&](std::uint32_t b) {
    return runs(b) && std::any_of(all.begin(), all.end(), [&](std::uint32_t other) {
             return region_of(other) != region_of(b) && runs(other) && passes(BrokerId{b}, BrokerId{other}) && passes(BrokerId{other}, BrokerId{b});
           });
  };
  std::vector<std::uint32_t> lost;
  std::size_t fewest = all.size();
  for (std::uint32_t region = 0; region < plan_->options.topology.regions.size(); ++region) {
    std::vector<std::uint32_t> inside;
    std::size_t running = 0, running_elsewhere = 0;
    bool reaches = false;
    for (const std::uint32_t b : all) {
      if (region_of(b) != RegionId{region}) {
        running_elsewhere += runs(b) ? 1u : 0u;
        continue;
      }
      inside.push_back(b);
      running += runs(b) ? 1u : 0u;
      reaches = reaches || reaches_another_region(b);
    }
    if (inside.empty() || reaches || running_elsewhere == 0 || running > fewest) continue;
    fewest = running;
    lost = std::move(inside);
  }
  return lost;
}

bool World::lacks_a_quorum(std::uint16_t cluster) const {
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    if (plan_->groups[g].cluster != cluster) continue;
    const Around& around = groups_[g].around();
    if (!quorum_among(around, around.alive, groups_[g].configuration())) return true;
  }
  return false;
}

bool World::is_back(const Operators& team) const {
  const std::vector<std::uint32_t>& all = of_cluster_[plan_->options.failovers[static_cast<std::size_t>(&team - operators_.data())].cluster];
  return std::all_of(team.removed.begin(), team.removed.end(), [&](std::uint32_t b) {
    return brokers_[b].stopped == 1 && std::all_of(all.begin(), all.end(), [&](std::uint32_t other) {
             return passes(BrokerId{b}, BrokerId{other}) && passes(BrokerId{other}, BrokerId{b});
           });
  });
}

// Something has changed at `at`, by `mode`.
void World::watch(std::size_t index, Instant at, std::uint16_t mode) {
  Operators& team = operators_[index];
  const RegionFailover& failover = plan_->options.failovers[index];
  const std::uint16_t cluster = failover.cluster;
  switch (team.state) {
    case State::joining:
      for (std::size_t g = 0; g < groups_.size(); ++g)
        if (plan_->groups[g].cluster == cluster && groups_[g].forced()) groups_[g].advance(*plan_, at, *scratch_);
      note_whole(index);
      [[fallthrough]];
    case State::watching: {
      const std::vector<std::uint32_t> lost = lost_region(cluster);
      if (lost.empty() || !lacks_a_quorum(cluster)) return;
      team.state = State::reacting;
      team.removed.clear();
      ++team.episode;
      Procedure procedure{.cluster = cluster, .mode = mode, .region = region_of(plan_->options, BrokerId{lost.front()}), .lost = at};
      procedure.detected = after(at, time_taken(index, detection));
      procedure.decided = after(with_somebody(failover.shift, procedure.detected), time_taken(index, decision));
      procedure.rerouted = after(procedure.decided, time_taken(index, reroute));
      team.due = after(procedure.rerouted, time_taken(index, removal));
      team.procedures.push_back(procedure);
      return;
    }
    case State::reacting: {
      const std::vector<std::uint32_t> lost = lost_region(cluster);
      if (!lost.empty() && region_of(plan_->options, BrokerId{lost.front()}) == team.procedures.back().region && lacks_a_quorum(cluster)) return;
      Procedure& procedure = team.procedures.back();
      procedure.stood_down = at;
      for (Instant* step : {&procedure.detected, &procedure.decided, &procedure.rerouted})
        if (*step >= at) *step = never;
      team.due = never;
      // What was not yet whole may go on; another region may be the lost one now.
      team.state = State::joining;
      return watch(index, at, mode);
    }
    case State::holding:
      if (!is_back(team)) return;
      team.state = State::redeploying;
      team.procedures.back().returned = at;
      team.due = after(after(with_somebody(failover.shift, at), time_taken(index, redeploy)), time_taken(index, restore));
      return;
    case State::redeploying:
      if (is_back(team)) return;
      team.state = State::holding;  // They begin anew when it is back once more.
      team.procedures.back().returned = never;
      team.due = never;
      return;
  }
}

void World::remove_region(std::size_t index, Instant at) {
  Operators& team = operators_[index];
  Procedure& procedure = team.procedures.back();
  team.removed = lost_region(procedure.cluster);
  SIM_CHECK(!team.removed.empty(), "whoever reacts to the loss of a region has been told of its return");
  procedure.forced = at;
  team.state = State::holding;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const GroupPlan& group = plan_->groups[g];
    if (group.cluster != procedure.cluster) continue;
    Members kept = 0;
    for (raft::Member m = 0; m < group.members; ++m)
      if (region_of(plan_->options, group.brokers[m]) != procedure.region) kept = static_cast<Members>(kept | only(m));
    if ((groups_[g].configuration().voters() & ~kept) != 0) groups_[g].force(*plan_, at, kept, procedure.mode, *scratch_);
  }
  fence(team, at, failure::Stage::begin);
  watch(index, at, procedure.mode);
}

void World::let_in_again(std::size_t index, Instant at) {
  Operators& team = operators_[index];
  team.procedures.back().rejoined = at;
  team.state = State::joining;
  fence(team, at, failure::Stage::end);
  team.removed.clear();
}

void World::fence(const Operators& team, Instant at, failure::Stage stage) {
  for (const std::uint32_t b : team.removed) keep_down(b, at, stage, team.procedures.back().mode);
}

// People keep a broker from running, and empty its disk; or let it run.
void World::keep_down(std::uint32_t broker, Instant at, failure::Stage stage, std::uint16_t mode) {
  Change change;
  change.at = at;
  change.element.a = broker;
  change.effect = failure::Effect::replace;
  change.stage = stage;
  change.mode = mode;
  fences_.push_back(change);
  take_effect(change);
}

// Whether the groups of one that joins are whole.
void World::note_whole(std::size_t index) {
  Operators& team = operators_[index];
  if (team.state != State::joining) return;
  const std::uint16_t cluster = plan_->options.failovers[index].cluster;
  Procedure& procedure = team.procedures.back();
  Instant whole = procedure.rejoined;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    if (plan_->groups[g].cluster != cluster) continue;
    if (groups_[g].forced()) return;
    if (groups_[g].whole_at() != never) whole = std::max(whole, groups_[g].whole_at());
  }
  if (procedure.rejoined != never) procedure.whole = whole;
  team.state = State::watching;
}

}  // namespace nines::world
