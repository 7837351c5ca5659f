// The liveness phase: everything is made whole, and a leader, a commit and equal logs must follow.
#include "scenarios/fuzz/arena.hpp"

namespace nines::fuzz {

// The members of the core run, on sound disks and even clocks, and reach each other without a loss; the others are gone for good.
void Arena::heal() {
  if (story_ != nullptr) tell("*   everything between the members of the core is whole again; the others stop for good");
  // Who belongs to no configuration that anybody goes by is none of the group: it would only disturb.
  Members wanted = 0;
  for (const raft::Core& core : cores_)
    wanted = static_cast<Members>(wanted | core.configuration().members() | core.log().changes().back().configuration.members());
  for (raft::Member m = 0; m < plan_.members; ++m) {
    Process& p = processes_[m];
    if (!has(plan_.core, m) || !has(wanted, m)) {
      if (runs(m)) crash(m, Tail::lost, 0);
      p.down = 1;
      p.lost = true;
    }
    p.doom = Doom::none;
    p.slow_disk = 0ns;
    if (p.hung_disk != 0) hang(m, -p.hung_disk);
    set_clock(m, 0, 0ns);
  }
  for (raft::Member from = 0; from < plan_.members; ++from)
    for (raft::Member to = 0; to < plan_.members; ++to) {
      Link& l = link(from, to);
      l.cut = 0;
      l.loss = l.duplicates = 0;
      l.slow = 0ns;
      if (l.clogged != 0) {
        l.clogged = 1;
        unclog(from, to);
      }
    }
  whole_ = true;
  for (raft::Member m = 0; m < plan_.members && !finding_; ++m) {
    Process& p = processes_[m];
    if (p.lost) continue;
    if (p.down != 0) {
      p.down = 0;
      restart(m);
    } else if (p.paused != 0) {
      p.paused = 0;
      resume(m);
    }
  }
  push(now_ + 1ns, sim::Class::alarm, 15, 15, Event::probe, 0);
}

// Whether a member of the core belongs to the group, as far as anybody who leads knows.
bool Arena::counts(raft::Member member) const {
  const raft::Member l = leader();
  return l == raft::nobody || has(cores_[l].configuration().members(), member);
}

// Four ways in which a group that is whole may never elect a leader again, all of them the rules' own. The newest log is a witness's, which stored
// what the leader's disk then lost, and may not lead; or it is a removed leader's, which has applied its removal while those who need its vote
// have not (only where configurations count when applied); or somebody who was removed and does not know it asks for votes again and again,
// sooner than those who could win (Raft paper 6: disruptive servers), and no pre-vote keeps it from raising the term. A lease does not: who hears
// no leader believes the stranger, and answers the leader with the stranger's term. The fourth is etcd's without pre-votes, which leaves a candidate
// of an older term without an answer: a voter that goes by an older configuration asks those of that one, raises its own term as fast, and is never
// heard by the one who could win and waits for its vote.
bool Arena::held_up_by_rules() const {
  const auto older = [&](raft::Member a, raft::Member b) {
    const raft::Log &x = cores_[a].log(), &y = cores_[b].log();
    return x.last_term() != y.last_term() ? x.last_term() < y.last_term() : x.last_index() < y.last_index();
  };
  const auto barred = [&](raft::Member m) {
    const raft::Configuration& c = cores_[m].configuration();
    const bool removed = !has(c.voters(), m) && plan_.profile.configuration_counts == raft::ConfigurationCounts::applied;
    return removed || has(c.witnesses, m);
  };
  raft::Member newest = raft::nobody;
  for (raft::Member m = 0; m < plan_.members; ++m)
    if (runs(m) && (newest == raft::nobody || older(newest, m))) newest = m;
  for (raft::Member m = 0; m < plan_.members && newest != raft::nobody && plan_.profile.pre_vote == raft::PreVote::off; ++m)
    if (runs(m) && has(cores_[m].configuration().voters(), m) && !has(cores_[newest].configuration().voters(), m)) return true;
  if (leader() != raft::nobody) return false;
  // Is nobody who could win among those whom `m` asks for votes?
  const auto unheard = [&](raft::Member m) {
    for (raft::Member x = 0; x < plan_.members; ++x)
      if (runs(x) && !older(x, newest) && has(cores_[x].configuration().voters(), x) && has(cores_[m].configuration().voters(), x)) return false;
    return true;
  };
  const bool stale_unanswered = plan_.profile.pre_vote == raft::PreVote::off && !plan_.profile.answers_stale_votes;
  for (raft::Member m = 0; m < plan_.members && newest != raft::nobody && stale_unanswered; ++m) {
    const raft::Configuration &old = cores_[m].configuration(), &now = cores_[newest].configuration();
    if (runs(m) && old != now && has(old.voters(), m) && has(now.voters(), m) && unheard(m)) return true;
  }
  for (raft::Member m = 0; m < plan_.members; ++m) {
    if (!runs(m) || !barred(m)) continue;
    bool newer = true;
    for (raft::Member other = 0; other < plan_.members; ++other) {
      const bool may_lead = runs(other) && !barred(other) && has(cores_[other].configuration().voters(), other);
      newer = newer && (!may_lead || older(other, m));
    }
    if (newer) return true;
  }
  return false;
}

bool Arena::converged() const {
  if (probe_index_ == 0) return false;
  for (raft::Member m = 0; m < plan_.members; ++m)
    if (!processes_[m].lost && counts(m) && (cores_[m].commit() < probe_index_ || cores_[m].log().last_index() < probe_index_)) return false;
  return true;
}

// Writes an entry a leader until one of them is committed everywhere.
void Arena::probe() {
  if (converged()) {
    has_converged_ = true;
    coverage_.took(Turn::converged);
    if (story_ != nullptr) tell("*   everybody has committed entry " + std::to_string(probe_index_));
    return;
  }
  const raft::Member l = leader();
  if (l != raft::nobody && (probe_index_ == 0 || cores_[l].term() != probe_term_)) {
    const raft::Index last = cores_[l].log().last_index();
    step(l, raft::Propose{1, 0});
    if (cores_[l].log().last_index() > last) {
      probe_index_ = cores_[l].log().last_index();
      probe_term_ = cores_[l].term();
    }
  }
  // A group that fell silent sleeps on without its leader until its surroundings say that it is gone.
  for (raft::Member m = 0; l == raft::nobody && m < plan_.members; ++m)
    if (runs(m) && cores_[m].quiescent()) step(m, raft::Campaign{});
  push(now_ + plan_.profile.election_timeout / 8, sim::Class::alarm, 15, 15, Event::probe, 0);
}

}  // namespace nines::fuzz
