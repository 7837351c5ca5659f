#include "scenarios/fuzz/safety.hpp"

#include <algorithm>
#include <bit>

namespace nines::fuzz {

namespace {

constexpr std::size_t enough = 8;  // Violations; what follows the first ones says nothing new.

constexpr std::string_view election_safety = "election safety", append_only = "leader append-only", log_matching = "log matching",
                           completeness = "leader completeness", state_machine = "state-machine safety", durable = "committed is durable",
                           votes_on_disk = "votes on disks", memory = "memory", order = "order";

std::string number(std::uint64_t n) { return std::to_string(n); }

}  // namespace

std::string Violation::text() const {
  std::string text = std::to_string(seconds(at - Instant{})) + " s, ";
  if (member != raft::nobody) text += "member " + number(member) + ": ";
  return text + std::string(property) + ": " + what;
}

Safety::Safety(std::size_t members, Promise promise)
    : promise_(promise), everybody_(static_cast<raft::Members>((1u << members) - 1)), views_(members), seen_(members), before_(members) {}

void Safety::wrong(raft::Member member, std::string_view property, const std::string& what) {
  if (violations_.size() < enough) violations_.push_back({now_, member, property, what});
}

Safety::Origin& Safety::origin(raft::Term term) {
  if (origins_.size() <= term) origins_.resize(std::size_t{term} + 1);
  return origins_[term];
}

Safety::Leader& Safety::leader(raft::Term term) {
  if (leaders_.size() <= term) leaders_.resize(std::size_t{term} + 1);
  return leaders_[term];
}

raft::Term Safety::term_in(const View& view, raft::Index index) {
  for (auto run = view.log.rbegin(); run != view.log.rend(); ++run)
    if (index >= run->first) return index < run->first + run->count ? run->term : 0;
  return index == view.base ? view.base_term : term_in(Last{view.base, view.base_term}, index);
}

bool Safety::has_quorum(raft::Members members, const View& view) const {
  const auto majority = [&](raft::Members of) { return of == 0 || 2 * std::popcount(static_cast<raft::Members>(members & of)) > std::popcount(of); };
  if (view.incoming == 0) return majority(everybody_);
  return majority(view.incoming) && majority(view.outgoing);
}

raft::Term Safety::term_in(Last log, raft::Index index) {
  if (index > log.index) return 0;
  while (log.term != 0 && origin(log.term).before.index >= index) log = origin(log.term).before;
  return log.term;
}

Safety::Seen Safety::seen(const View& view, const Seen& before) {
  Seen s;
  s.known = true;
  s.alive = view.alive;
  s.role = view.role;
  s.term = view.term;
  s.vote = view.vote;
  s.commit = view.commit;
  s.runs = view.log.size();
  s.base = s.last = {view.base, view.base_term};
  if (!view.log.empty()) {
    const raft::Run& run = view.log.back();
    s.last_run_at = run.first;
    s.last = {run.first + run.count - 1, run.term};
  }
  s.durable_term = view.durable_term;
  s.durable_vote = view.durable_vote;
  if (view.durable < view.base) {  // A snapshot is on its way to the disk, where the old log still is.
    s.disk = before.disk;
    s.snapshot_pending = true;
    return s;
  }
  s.disk.index = view.durable;
  // Most looks find the disk as it was, or inside the last run.
  if (view.durable == view.base)
    s.disk.term = view.base_term;
  else if (view.durable >= s.last_run_at && view.durable <= s.last.index)
    s.disk.term = s.last.term;
  else if (before.known && !before.snapshot_pending && before.disk.index == view.durable && before.last == s.last && before.runs == s.runs && before.base == s.base)
    s.disk.term = before.disk.term;
  else
    s.disk.term = term_in(view, view.durable);
  return s;
}

// Terms, votes and commit indexes, from one look to the next and over a restart.
void Safety::check_memory(const Seen& before, const Seen& after, raft::Member member) {
  if (!before.alive || !after.alive) {
    const bool same_disk = after.durable_term == before.durable_term && after.durable_vote == before.durable_vote && after.disk == before.disk;
    if (!same_disk) wrong(member, memory, "its disk changed while it was stopped");
  }
  if (!after.alive) return;
  if (!before.alive) {
    if (after.term != before.durable_term) wrong(member, memory, "restarted in another term than the one on its disk");
    if (after.vote != before.durable_vote) wrong(member, memory, "restarted with another vote than the one on its disk");
    if (after.last != before.disk) wrong(member, memory, "restarted with another log than the one on its disk");
    if (after.role != raft::Role::follower) wrong(member, memory, "restarted as something else than a follower");
    return;
  }
  if (after.term < before.term) wrong(member, order, "its term fell");
  if (after.term == before.term && before.vote != raft::nobody && after.vote != before.vote) wrong(member, order, "changed its vote within a term");
  if (after.commit < before.commit) wrong(member, order, "its commit index fell");
  if (after.durable_term < before.durable_term) wrong(member, order, "the term on its disk fell");
  if (after.durable_term == before.durable_term && before.durable_vote != raft::nobody && after.durable_vote != before.durable_vote)
    wrong(member, order, "the vote on its disk changed within a term");
}

// Log matching: the entries of a term begin in one place, whoever holds them. Leader append-only.
void Safety::check_log(const View& view, const Seen& before, const Seen& after, raft::Member member) {
  if (!after.alive) return;
  const bool appended_only = before.alive && after.runs == before.runs && after.base == before.base && after.last_run_at == before.last_run_at &&
                             after.last.term == before.last.term && after.last.index >= before.last.index;
  if (after.commit > after.last.index) wrong(member, state_machine, "committed more than its log holds");
  if (view.durable > after.last.index) wrong(member, memory, "has more on its disk than in its log");
  if (appended_only) return;
  disks_to_check_ = true;
  Last at = after.base;
  if (at.index > after.commit) wrong(member, state_machine, "forgot entries up to " + number(at.index) + " before they were committed");
  for (const raft::Run& run : view.log) {
    if (run.first != at.index + 1 || run.count == 0) wrong(member, log_matching, "its log has a gap at " + number(run.first));
    if (run.term < at.term) wrong(member, log_matching, "the terms of its log fall at " + number(run.first));
    if (run.term != at.term) {
      Origin& known = origin(run.term);
      if (!known.known) known = {true, at};
      if (known.before != at)
        wrong(member, log_matching,
              "the entries of term " + number(run.term) + " begin after " + number(at.index) + ", elsewhere after " + number(known.before.index));
    }
    at = {run.first + run.count - 1, run.term};
  }
  const bool led_on = before.alive && before.role == raft::Role::leader && after.role == raft::Role::leader && before.term == after.term;
  if (led_on && term_in(view, before.last.index) != before.last.term) wrong(member, append_only, "it replaced entries of its own log");
  const raft::Index common = std::min(after.commit, committed_.index);
  if (term_in(view, common) != term_in(committed_, common)) wrong(member, state_machine, "replaced the committed entry " + number(common));
}

void Safety::led(raft::Term term, raft::Member member) {
  Leader& known = leader(term);
  if (known.member == raft::nobody) {
    known.member = member;
    ++elections_;
  }
  if (known.member != member) wrong(member, election_safety, "leads term " + number(term) + " like member " + number(known.member));
}

void Safety::check_new_leader(const View& view, const Seen& before, const Seen& after, raft::Member member) {
  led(after.term, member);
  leader(after.term).elected_with = after.last;
  for (const Commitment& commitment : commitments_)
    if (commitment.by < after.term && term_in(after.last, commitment.up_to) != term_in(committed_, commitment.up_to))
      wrong(member, completeness, "leads without entry " + number(commitment.up_to) + ", committed in term " + number(commitment.by));
  if (!before.known) return;
  raft::Members votes = 0;
  for (raft::Member m = 0; m < views_.size(); ++m)
    if (views_[m].durable_term > after.term || (views_[m].durable_term == after.term && views_[m].durable_vote == member))
      votes = static_cast<raft::Members>(votes | 1u << m);
  if (!has_quorum(votes, view)) wrong(member, votes_on_disk, "leads term " + number(after.term) + " with too few votes on disks");
}

void Safety::check_commit(const View& view, const Seen& after, raft::Member member) {
  const raft::Term term = term_in(view, after.commit);
  if (after.commit <= committed_.index) {
    if (term_in(committed_, after.commit) != term)
      wrong(member, state_machine,
            "committed entry " + number(after.commit) + " of term " + number(term) + ", others one of term " + number(term_in(committed_, after.commit)));
    return;
  }
  if (committed_.index > 0 && term_in(view, committed_.index) != committed_.term)
    wrong(member, state_machine, "committed up to " + number(after.commit) + " without the committed entry " + number(committed_.index));
  committed_ = {after.commit, term};
  committed_incoming_ = view.incoming;
  committed_outgoing_ = view.outgoing;
  if (commitments_.empty() || commitments_.back().by != after.term) commitments_.push_back({0, after.term});
  commitments_.back().up_to = after.commit;
  disks_to_check_ = true;
  for (std::size_t later = std::size_t{after.term} + 1; later < leaders_.size(); ++later)
    if (leaders_[later].member != raft::nobody && leaders_[later].elected_with.index > 0 && term_in(leaders_[later].elected_with, after.commit) != term)
      wrong(member, completeness, "committed entry " + number(after.commit) + " that the leader of term " + number(later) + " never had");
}

void Safety::wrote(raft::Member member, raft::Index index, raft::Term term) {
  written_.resize(views_.size());
  Last& disk = written_[member];
  if (term_in(disk, index) == term) return;  // All of it was there, and more.
  disk = {index, term};
}

// What a replica takes for durable, its disk holds.
void Safety::check_claim(raft::Member member) {
  if (written_.empty()) return;
  const Last claim = seen_[member].disk, disk = written_[member];
  if (term_in(disk, claim.index) != claim.term)
    wrong(member, memory,
          "takes entry " + number(claim.index) + " of term " + number(claim.term) + " for durable, and its disk ends with entry " +
              number(disk.index) + " of term " + number(disk.term));
}

void Safety::check_disks() {
  disks_to_check_ = false;
  if (promise_ == Promise::in_memory || committed_.index == 0) return;
  raft::Members holding = 0;
  for (raft::Member m = 0; m < views_.size(); ++m)
    if (term_in(seen_[m].disk, committed_.index) == committed_.term) holding = static_cast<raft::Members>(holding | 1u << m);
  View voters;
  voters.incoming = committed_incoming_;
  voters.outgoing = committed_outgoing_;
  if (!has_quorum(holding, voters))
    wrong(raft::nobody, durable,
          "entry " + number(committed_.index) + " is on " + number(static_cast<std::uint64_t>(std::popcount(holding))) + " disks only");
}

void Safety::check_roles(const View& view, const Seen& before, const Seen& after, raft::Member member) {
  if (!after.alive) return;
  const bool leads = after.role == raft::Role::leader;
  if (leads && (before.role != raft::Role::leader || before.term != after.term || !before.alive)) check_new_leader(view, before, after, member);
  if (after.commit > before.commit || (!before.alive && after.commit > 0)) check_commit(view, after, member);
}

void Safety::look(Instant now, raft::Member member, const View& view) {
  now_ = now;
  ++looks_;
  views_[member] = view;
  const Seen after = seen(view, seen_[member]);
  if (after == seen_[member]) return check_claim(member);
  const Seen before = seen_[member];
  seen_[member] = after;
  if (before.known) check_memory(before, after, member);
  check_log(view, before, after, member);
  check_claim(member);
  check_roles(view, before, after, member);
  if (disks_to_check_) check_disks();
}

// Several at once: every log is looked at before anybody's role, so that the order of members says nothing.
void Safety::look(Instant now, std::span<const View> group) {
  now_ = now;
  ++looks_;
  for (raft::Member m = 0; m < group.size(); ++m) {
    views_[m] = group[m];
    before_[m] = seen_[m];
    seen_[m] = seen(group[m], before_[m]);
    if (seen_[m] == before_[m]) continue;
    if (before_[m].known) check_memory(before_[m], seen_[m], m);
    check_log(group[m], before_[m], seen_[m], m);
  }
  for (raft::Member m = 0; m < group.size(); ++m) {
    check_claim(m);
    if (seen_[m] != before_[m]) check_roles(group[m], before_[m], seen_[m], m);
  }
  if (disks_to_check_) check_disks();
}

}  // namespace nines::fuzz
