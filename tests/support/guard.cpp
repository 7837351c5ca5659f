#include "tests/support/guard.hpp"

namespace nines::testing_worlds {

Guard::Guard(Stage& stage) : stage_(&stage), roles_read_(stage.world.groups()) {
  for (std::size_t g = 0; g < stage.world.groups(); ++g) {
    stage.world.group(PartitionId{g}).keep_roles(true);
    const world::GroupPlan& plan = stage.plan->groups[g];
    checkers_.emplace_back(plan.members, stage.plan->profile(plan).flush.follower_before_ack ? fuzz::Promise::durable : fuzz::Promise::in_memory);
    look(g);
  }
}

void Guard::look(std::size_t g) {
  const world::Group& group = stage_->world.group(PartitionId{g});
  const raft::Member members = stage_->plan->groups[g].members;
  views_.clear();
  for (raft::Member m = 0; m < members; ++m) {
    const raft::Core& core = group.core(m);
    views_.push_back({world::has(group.around().alive, m), core.role(), core.term(), core.voted_for(), core.commit(), core.log().runs(),
                      core.durable(), core.durable_term(), core.durable_vote()});
  }
  for (; roles_read_[g] < group.roles().size(); ++roles_read_[g]) {
    const world::RoleChange& change = group.roles()[roles_read_[g]];
    if (change.role == raft::Role::leader) checkers_[g].led(change.term, change.member);
  }
  checkers_[g].look(group.now(), views_);
}

void Guard::events_before(Instant t) {
  for (std::size_t g = 0; g < checkers_.size(); ++g) {
    world::Group& group = stage_->world.group(PartitionId{g});
    while (group.next().at < t) {
      group.advance_by_one(*stage_->plan, stage_->world.scratch());
      look(g);
    }
  }
}

void Guard::apply(const failure::Change& change) {
  events_before(change.at);
  stage_->world.apply(change);
  for (std::size_t g = 0; g < checkers_.size(); ++g) look(g);
}

void Guard::run_until(Instant t) {
  for (; stage_->upcoming.at < t; stage_->upcoming = stage_->timeline.next(stage_->upcoming.at)) apply(stage_->upcoming);
  events_before(t);
  stage_->world.advance(t);
}

std::vector<std::string> Guard::violations() const {
  std::vector<std::string> all;
  for (std::size_t g = 0; g < checkers_.size(); ++g)
    for (const fuzz::Violation& violation : checkers_[g].violations()) all.push_back("group " + std::to_string(g) + ", " + violation.text());
  return all;
}

std::uint64_t Guard::looks() const {
  std::uint64_t sum = 0;
  for (const fuzz::Safety& checker : checkers_) sum += checker.looks();
  return sum;
}

std::uint64_t Guard::elections() const {
  std::uint64_t sum = 0;
  for (const fuzz::Safety& checker : checkers_) sum += checker.elections();
  return sum;
}

}  // namespace nines::testing_worlds
