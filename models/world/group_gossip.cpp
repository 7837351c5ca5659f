// News that a leader is gone: what wakes a silent group, which by itself would never miss its leader.
//
// A member that believes in a leader campaigns `leader_gone_after` after it lost every way to it, unless the leader is back by then, or the
// member believes in another or in nobody.
// * Gone is whose process does not run, and who is cut off: no way leads there and back, directly or through others. SWIM asks others to probe
//   before it removes a member (Das et al. 2002; Zeebe FollowerRole.java, handleClusterEvent: then every follower polls), a liveness record
//   ends when its node reaches no majority (CockroachDB replica_raft.go, shouldCampaignOnWake), a store is reported when its connection breaks
//   (TiKV fsm/peer.rs, StoreUnreachable; there one broken pair is enough). Who stands still is not gone, nor is a way through it.
// * In systems whose groups fall silent, only silent members are told: the news ends their silence, and who is awake has a timer of its own
//   (TiKV fsm/peer.rs, on_raft_base_tick; CockroachDB replica_raft_quiesce.go, maybeUnquiesceLocked).
// * It is noticed with the member's next tick, where its process ticks. That lets one of them campaign before the others.
#include "models/world/group.hpp"

namespace nines::world {

bool Group::parted(raft::Member member, raft::Member other) const {
  if (!has(around_.alive, other)) return true;
  if (around_.both_ways(member, other)) return false;
  Members met = only(member);
  for (Members before = 0; before != met;) {
    before = met;
    for (raft::Member a = 0; a < cores_.size(); ++a)
      for (raft::Member b = 0; has(met, a) && b < cores_.size(); ++b)
        if (has(around_.alive, b) && around_.both_ways(a, b)) met = static_cast<Members>(met | only(b));
  }
  return !has(met, other);
}

bool Group::lost_its_leader(raft::Member member) const {
  const raft::Member leader = cores_[member].leader();
  return has(around_.alive, member) && leader != raft::nobody && leader != member && parted(member, leader);
}

// What is on its way and has become wrong is no news any more, whenever one looks.
bool Group::awaits_news(raft::Member member) const {
  return !news_.empty() && news_[member].of != raft::nobody && news_[member].of == cores_[member].leader() && lost_its_leader(member);
}

// After something changed that `member` may be told of.
void Group::expect_news(const Context& c, raft::Member member) {
  if (awaits_news(member)) return;
  News& news = news_[member];
  news = News{};
  if (!lost_its_leader(member) || (c.profile.quiesce_after > 0ns && !cores_[member].quiescent())) return;
  news.of = cores_[member].leader();
  news.at = now_ + c.profile.leader_gone_after;
  if (const Duration tick = c.profile.tick; tick > 0ns) {
    const Duration past = (news.at - Instant{} - tick_phase(c, member)) % tick;
    if (past != 0ns) news.at += past > 0ns ? tick - past : -past;
  }
  push(news.at, sim::Class::alarm, member, 2, Event::gossip, member);
}

void Group::hear_gossip(const Context& c, sim::Key key) {
  const auto member = static_cast<raft::Member>(sim::slot_of(key) & ((1u << index_bits) - 1));
  if (news_[member].at != sim::time_of(key)) return;  // Other news has taken its place.
  if (awaits_news(member) && has(around_.paused, member)) return seats_[member].held.push_back(key);
  const bool news = awaits_news(member);
  news_[member] = News{};
  if (news) step(c, member, raft::Campaign{});
}

}  // namespace nines::world
