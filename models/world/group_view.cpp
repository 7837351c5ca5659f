// The group as seen from outside: who can write, since when nobody can, and why.
#include <algorithm>

#include "models/world/group.hpp"

namespace nines::world {

// A running leader that has committed in its term and reaches, both ways, a quorum of running voters that would accept its term.
raft::Member Group::find_writer() const {
  const Members running = around_.running();
  // Where somebody waits for disks, a disk that hangs acknowledges nothing; nor does who has yet to be sent what it lost.
  const raft::Flush& flush = cores_.front().profile().flush;
  const Members stuck = flush.follower_before_ack && flush.delay == 0ns ? around_.hung : Members{0};
  const auto able = static_cast<Members>(running & ~(stuck | disks_.behind));
  for (raft::Member m = 0; m < cores_.size(); ++m) {
    if (!has(running, m) || !cores_[m].committed_in_term()) continue;
    if (has(stuck, m) && cores_[m].profile().flush.leader_before_commit) continue;
    Members accepting = 0;
    for (raft::Member voter = 0; voter < cores_.size(); ++voter)
      if (has(able, voter) && around_.both_ways(m, voter) && cores_[voter].term() <= cores_[m].term())
        accepting = static_cast<Members>(accepting | only(voter));
    if (quorum::has_quorum(accepting, cores_[m].configuration())) return m;
  }
  return raft::nobody;
}

void Group::look(const Context& c) {
  if (forced_.on) see_configuration();
  note_quorum();
  raft::Member writer = find_writer();
  if (writer != raft::nobody) {
    const raft::Term term = cores_[writer].term();
    if (term != serving_term_ || writer != serving_) {
      serving_ = writer;
      serving_term_ = term;
      serves_at_ = now_ + c.profile.services_start;
      if (serves_at_ > now_) push(serves_at_, sim::Class::alarm, writer, 1, Event::serve, 0);
    }
    if (now_ < serves_at_) writer = raft::nobody;
  }
  writer_ = writer;
  if (writer != raft::nobody) {
    last_writer_ = writer;
    last_writer_term_ = serving_term_;
    if (tenures_.empty() || tenures_.back().leader != writer) tenures_.push_back({now_, writer});
  }
  if (writable_ && writer == raft::nobody) open_outage();
  if (!writable_ && writer != raft::nobody) close_outage();
  if (!around_.clients.empty() || !access_lost_at_.empty()) note_access();
}

// While nobody can write the partition's own outage says so; this adds whose clients are cut off from a partition that others can write.
void Group::note_access() {
  access_lost_at_.resize(std::max(access_lost_at_.size(), around_.clients.size()), never);
  for (std::uint32_t zone = 0; zone < access_lost_at_.size(); ++zone) {
    const bool lost = writer_ != raft::nobody && zone < around_.clients.size() && !has(around_.clients[zone], writer_);
    Instant& since = access_lost_at_[zone];
    if (lost && since == never) since = now_;
    if (!lost && since != never) {
      if (now_ > since) access_losses_.push_back(AccessLoss{zone, since, now_});
      since = never;
    }
  }
}

void Group::open_outage() {
  writable_ = false;
  open_ = Open{now_, cause_, !has_quorum_, last_writer_, last_writer_term_, never};
}

void Group::close_outage() {
  writable_ = true;
  if (now_ == open_.start) return;  // It lasted no time: one fault ended and another began, or a handover took none.
  Outage outage;
  outage.partition = partition_;
  outage.start = open_.start;
  outage.end = now_;
  outage.mode = open_.mode;
  const bool same_leader = writer_ != raft::nobody && writer_ == open_.writer && serving_term_ == open_.term;
  outage.phase = open_.lost_quorum ? Phase::quorum : same_leader ? Phase::pause : Phase::election;
  if (open_.regained != never) outage.recovery = now_ - open_.regained;
  outages_.push_back(outage);
  history_.add(outage.start);
  history_.add(outage.end);
  history_.add(static_cast<std::uint64_t>(outage.phase) << 16 | outage.mode);
}

void Group::note_quorum() {
  const auto reached = [&](Members voters) {
    return forced_.on ? quorum_among(around_, voters, forced_.configuration) : quorum_among(around_, voters, cores_.size());
  };
  const bool quorum = reached(around_.alive);
  if (has_quorum_ && !quorum) {
    quorum_lost_at_ = now_;
    quorum_lost_by_ = cause_;
  }
  if (has_quorum_ != quorum) open_.regained = quorum ? now_ : never;
  if (!has_quorum_ && quorum && now_ > quorum_lost_at_) losses_.push_back(QuorumLoss{partition_, quorum_lost_at_, now_, quorum_lost_by_});
  has_quorum_ = quorum;
  if (!quorum && !writable_) open_.lost_quorum = true;
  // Who has no data makes up no quorum, although it is reached.
  if (disks_.behind != 0 && !writable_ && !reached(static_cast<Members>(around_.alive & ~disks_.behind))) open_.lost_quorum = true;
}

void Group::note_role(raft::Member member) {
  const raft::Core& core = cores_[member];
  const std::uint64_t note = (static_cast<std::uint64_t>(core.term()) << 2) | static_cast<std::uint64_t>(core.role());
  if (note == seats_[member].noted) return;
  // A pre-candidate is still a follower to everybody else: polling in vain is no history.
  const auto known = [](std::uint64_t n) { return (n & 3) == static_cast<std::uint64_t>(raft::Role::pre_candidate) ? n & ~std::uint64_t{3} : n; };
  if (known(note) != known(seats_[member].noted)) {
    history_.add(now_);
    history_.add(known(note) << 4 | member);
  }
  seats_[member].noted = note;
  if (keep_roles_) roles_.push_back(RoleChange{now_, partition_, member, core.role(), core.term()});
}

void Group::finish(const Plan& plan, Instant horizon, raft::Output& scratch) {
  advance(plan, horizon, scratch);
  if (!writable_) close_outage();
  writer_ = raft::nobody;
  if (!access_lost_at_.empty()) note_access();
  if (!has_quorum_ && horizon > quorum_lost_at_) losses_.push_back(QuorumLoss{partition_, quorum_lost_at_, horizon, quorum_lost_by_});
}

}  // namespace nines::world
