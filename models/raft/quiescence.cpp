// Groups that fall silent when there is nothing to do, so that thousands of them cost nothing.
#include "models/raft/core.hpp"

namespace nines::raft {

namespace {

constexpr std::uint32_t by_waking = 108;  // Keys the draw of the wait that begins then.

}  // namespace

// CockroachDB replica_raft_quiesce.go, TiKV hibernate: with nothing to do, everybody up to date and nobody missing, the leader's last heartbeat
// says so, and no timer runs until somebody speaks.
void Core::fall_quiet(Instant now, Output& out) {
  if (now - busy_at_ < profile_->quiesce_after || transferee_ != nobody || reads_waiting_ > 0) return;
  if (commit_ != log_.last_index() || durable_index_ != log_.last_index() || !committed_in_term_) return;
  for (Member member = 0; member < identity_.members; ++member)
    if (quorum::contains(peers(), member) && progress_[member].match != log_.last_index()) return;
  for (Member to = 0; to < identity_.members; ++to) {
    if (!quorum::contains(peers(), to)) continue;
    heartbeat(to, out).transfer = true;
  }
  quiescent_ = true;
}

void Core::wake(Instant now) {
  quiescent_ = false;
  if (role_ == Role::leader) {
    for (Progress& p : progress_) p.last_ack = now;  // Nobody was asked meanwhile: a check of the quorum begins anew.
    first_beat_ = now + profile_->heartbeat - static_cast<std::int64_t>(beat_) * profile_->heartbeat;
    deadline_ = beat_time(beat_);
    return;
  }
  heard_leader_ = now;  // It was trusted until now.
  wait_for_leader(now, {term_, attempt_, by_waking});
}

}  // namespace nines::raft
