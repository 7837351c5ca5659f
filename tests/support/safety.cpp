#include "tests/support/safety.hpp"

#include <algorithm>

namespace nines::testing_worlds {

namespace {

constexpr std::size_t enough = 8;  // Violations; what follows the first ones says nothing new.

}  // namespace

Safety::Safety(std::size_t members, Promise promise)
    : promise_(promise), quorum_(members / 2 + 1), views_(members), seen_(members), after_(members) {}

void Safety::wrong(raft::Member member, const std::string& what) {
  if (violations_.size() >= enough) return;
  violations_.push_back(std::to_string(seconds(now_ - Instant{})) + " s, member " + std::to_string(member) + ": " + what);
}

Safety::Origin& Safety::origin(raft::Term term) {
  if (origins_.size() <= term) origins_.resize(std::size_t{term} + 1);
  return origins_[term];
}

Safety::Leader& Safety::leader(raft::Term term) {
  if (leaders_.size() <= term) leaders_.resize(std::size_t{term} + 1);
  return leaders_[term];
}

raft::Term Safety::term_in(const std::vector<raft::Run>& log, raft::Index index) {
  for (auto run = log.rbegin(); run != log.rend(); ++run)
    if (index >= run->first) return index < run->first + run->count ? run->term : 0;
  return 0;
}

raft::Term Safety::term_in(Last log, raft::Index index) {
  if (index > log.index) return 0;
  while (log.term != 0 && origin(log.term).before.index >= index) log = origin(log.term).before;
  return log.term;
}

Safety::Seen Safety::seen(const View& view) {
  Seen s;
  s.alive = view.alive;
  s.role = view.role;
  s.term = view.term;
  s.vote = view.vote;
  s.commit = view.commit;
  s.runs = view.log->size();
  if (!view.log->empty()) {
    const raft::Run& run = view.log->back();
    s.last_run_at = run.first;
    s.last = {run.first + run.count - 1, run.term};
  }
  s.disk = {view.durable, view.durable == s.last.index ? s.last.term : term_in(*view.log, view.durable)};
  s.durable_term = view.durable_term;
  s.durable_vote = view.durable_vote;
  return s;
}

// Terms, votes and commit indexes, from one look to the next and over a restart.
void Safety::check_memory(const Seen& before, const Seen& after, raft::Member member) {
  if (!before.alive || !after.alive) {
    const bool same_disk = after.durable_term == before.durable_term && after.durable_vote == before.durable_vote && after.disk == before.disk;
    if (!same_disk) wrong(member, "its disk changed while it was stopped");
  }
  if (!after.alive) return;
  if (!before.alive) {
    if (after.term != before.durable_term) wrong(member, "restarted in another term than the one on its disk");
    if (after.vote != before.durable_vote) wrong(member, "restarted with another vote than the one on its disk");
    if (after.last != before.disk) wrong(member, "restarted with another log than the one on its disk");
    if (after.role != raft::Role::follower) wrong(member, "restarted as something else than a follower");
    return;
  }
  if (after.term < before.term) wrong(member, "its term fell");
  if (after.term == before.term && before.vote != raft::nobody && after.vote != before.vote) wrong(member, "changed its vote within a term");
  if (after.commit < before.commit) wrong(member, "its commit index fell");
  if (after.durable_term < before.durable_term) wrong(member, "the term on its disk fell");
  if (after.durable_term == before.durable_term && before.durable_vote != raft::nobody && after.durable_vote != before.durable_vote)
    wrong(member, "the vote on its disk changed within a term");
}

// Log matching: the entries of a term begin in one place, whoever holds them. Leader append-only.
void Safety::check_log(const View& view, const Seen& before, const Seen& after, raft::Member member) {
  if (!after.alive) return;
  const bool appended_only = before.alive && after.runs == before.runs && after.last_run_at == before.last_run_at &&
                             after.last.term == before.last.term && after.last.index >= before.last.index;
  if (after.commit > after.last.index) wrong(member, "committed more than its log holds");
  if (view.durable > after.last.index) wrong(member, "has more on its disk than in its log");
  if (appended_only) return;
  disks_to_check_ = true;
  Last at;
  for (const raft::Run& run : *view.log) {
    if (run.first != at.index + 1 || run.count == 0) wrong(member, "its log has a gap at " + std::to_string(run.first));
    if (run.term < at.term) wrong(member, "the terms of its log fall at " + std::to_string(run.first));
    if (run.term != at.term) {
      Origin& known = origin(run.term);
      if (!known.known) known = {true, at};
      if (known.before != at)
        wrong(member, "log matching: the entries of term " + std::to_string(run.term) + " begin after " + std::to_string(at.index) +
                          ", elsewhere after " + std::to_string(known.before.index));
    }
    at = {run.first + run.count - 1, run.term};
  }
  const bool led_on = before.alive && before.role == raft::Role::leader && after.role == raft::Role::leader && before.term == after.term;
  if (led_on && term_in(*view.log, before.last.index) != before.last.term) wrong(member, "leader append-only: it replaced entries of its own log");
}

void Safety::led(raft::Term term, raft::Member member) {
  Leader& known = leader(term);
  if (known.member == raft::nobody) {
    known.member = member;
    ++elections_;
  }
  if (known.member != member) wrong(member, "election safety: leads term " + std::to_string(term) + " like member " + std::to_string(known.member));
}

void Safety::check_new_leader(const Seen& after, raft::Member member) {
  led(after.term, member);
  leader(after.term).elected_with = after.last;
  for (const Commitment& commitment : commitments_)
    if (commitment.by < after.term && term_in(after.last, commitment.up_to) != term_in(committed_, commitment.up_to))
      wrong(member,
            "leader completeness: leads without entry " + std::to_string(commitment.up_to) + ", committed in term " + std::to_string(commitment.by));
  if (quorum_ == 1 || looks_ == 0) return;
  std::size_t votes = 0;
  for (const View& voter : views_)
    if (voter.durable_term > after.term || (voter.durable_term == after.term && voter.durable_vote == member)) ++votes;
  if (votes < quorum_) wrong(member, "leads term " + std::to_string(after.term) + " with too few votes on disks");
}

void Safety::check_commit(const View& view, const Seen& after, raft::Member member) {
  const raft::Term term = term_in(*view.log, after.commit);
  if (after.commit <= committed_.index) {
    if (term_in(committed_, after.commit) != term)
      wrong(member, "state-machine safety: committed entry " + std::to_string(after.commit) + " of term " + std::to_string(term) +
                        ", others one of term " + std::to_string(term_in(committed_, after.commit)));
    return;
  }
  if (committed_.index > 0 && term_in(*view.log, committed_.index) != committed_.term)
    wrong(member,
          "state-machine safety: committed up to " + std::to_string(after.commit) + " without the committed entry " + std::to_string(committed_.index));
  committed_ = {after.commit, term};
  if (commitments_.empty() || commitments_.back().by != after.term) commitments_.push_back({0, after.term});
  commitments_.back().up_to = after.commit;
  disks_to_check_ = true;
  for (std::size_t later = std::size_t{after.term} + 1; later < leaders_.size(); ++later)
    if (leaders_[later].member != raft::nobody && leaders_[later].elected_with.index > 0 && term_in(leaders_[later].elected_with, after.commit) != term)
      wrong(member, "leader completeness: committed entry " + std::to_string(after.commit) + " that the leader of term " + std::to_string(later) +
                        " never had");
}

void Safety::check_disks() {
  disks_to_check_ = false;
  if (promise_ == Promise::in_memory || committed_.index == 0) return;
  std::size_t holding = 0;
  for (const View& view : views_)
    if (view.durable >= committed_.index && term_in(*view.log, committed_.index) == committed_.term) ++holding;
  if (holding < quorum_)
    wrong(raft::nobody, "committed is durable: entry " + std::to_string(committed_.index) + " is on " + std::to_string(holding) + " disks only");
}

void Safety::look_at_views() {
  for (raft::Member m = 0; m < views_.size(); ++m) {
    after_[m] = seen(views_[m]);
    if (after_[m] == seen_[m]) continue;
    if (looks_ > 0) check_memory(seen_[m], after_[m], m);
    check_log(views_[m], seen_[m], after_[m], m);
  }
  for (raft::Member m = 0; m < views_.size(); ++m) {
    const Seen &before = seen_[m], &after = after_[m];
    if (!after.alive || after == before) continue;
    const bool leads = after.role == raft::Role::leader;
    if (leads && (before.role != raft::Role::leader || before.term != after.term || !before.alive)) check_new_leader(after, m);
    if (after.commit > before.commit || (!before.alive && after.commit > 0)) check_commit(views_[m], after, m);
  }
  if (disks_to_check_) check_disks();
  std::swap(seen_, after_);
  ++looks_;
}

void Safety::look(Instant now, std::span<const Replica> group) {
  now_ = now;
  for (std::size_t m = 0; m < group.size(); ++m) {
    const Replica& r = group[m];
    views_[m] = {r.alive, r.role, r.term, r.vote, r.commit, &r.log, r.durable, r.durable_term, r.durable_vote};
  }
  look_at_views();
}

void Safety::look(const world::Group& group) {
  now_ = group.now();
  for (raft::Member m = 0; m < views_.size(); ++m) {
    const raft::Core& core = group.core(m);
    views_[m] = {
        world::has(group.around().alive, m), core.role(), core.term(), core.voted_for(), core.commit(), &core.log().runs(), core.durable(), core.durable_term(), core.durable_vote()};
  }
  for (; roles_read_ < group.roles().size(); ++roles_read_) {
    const world::RoleChange& change = group.roles()[roles_read_];
    if (change.role == raft::Role::leader) led(change.term, change.member);
  }
  look_at_views();
}

Guard::Guard(Stage& stage) : stage_(&stage) {
  for (std::size_t g = 0; g < stage.world.groups(); ++g) {
    world::Group& group = stage.world.group(PartitionId{g});
    group.keep_roles(true);
    const world::GroupPlan& plan = stage.plan->groups[g];
    checkers_.emplace_back(plan.members, stage.plan->profile(plan).flush.follower_before_ack ? Promise::durable : Promise::in_memory);
    checkers_.back().look(group);
  }
}

void Guard::events_before(Instant t) {
  for (std::size_t g = 0; g < checkers_.size(); ++g) {
    world::Group& group = stage_->world.group(PartitionId{g});
    while (group.next().at < t) {
      group.advance_by_one(*stage_->plan, stage_->world.scratch());
      checkers_[g].look(group);
    }
  }
}

void Guard::apply(const failure::Change& change) {
  events_before(change.at);
  stage_->world.apply(change);
  for (std::size_t g = 0; g < checkers_.size(); ++g) checkers_[g].look(stage_->world.group(PartitionId{g}));
}

void Guard::run_until(Instant t) {
  for (; stage_->upcoming.at < t; stage_->upcoming = stage_->timeline.next(stage_->upcoming.at)) apply(stage_->upcoming);
  events_before(t);
  stage_->world.advance(t);
}

std::vector<std::string> Guard::violations() const {
  std::vector<std::string> all;
  for (std::size_t g = 0; g < checkers_.size(); ++g)
    for (const std::string& violation : checkers_[g].violations()) all.push_back("group " + std::to_string(g) + ", " + violation);
  return all;
}

std::uint64_t Guard::looks() const {
  std::uint64_t sum = 0;
  for (const Safety& checker : checkers_) sum += checker.looks();
  return sum;
}

std::uint64_t Guard::elections() const {
  std::uint64_t sum = 0;
  for (const Safety& checker : checkers_) sum += checker.elections();
  return sum;
}

}  // namespace nines::testing_worlds
