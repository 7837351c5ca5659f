// Quiet time costs nothing: when a group is calm, and the jump over a calm stretch. After a jump the look-back window is run by the same core
// on the same keyed draws, and what the jump had to assume is forgotten within it.
#include <algorithm>

#include "models/topology/delay.hpp"
#include "models/world/group.hpp"

namespace nines::world {

// How long a state is remembered, and whether a timer could fire although everybody follows.
void Group::work_out_window(const Context& c) {
  const raft::Profile& profile = c.profile;
  Duration least = Duration::max(), most{0}, flush{0};
  bool lossy = false;
  for (raft::Member from = 0; from < c.group.members; ++from) {
    flush = std::max(flush, c.plan.flushes[c.group.flushes[from]].most());
    for (raft::Member to = 0; to < c.group.members; ++to) {
      if (from == to) continue;
      const Link& link = c.plan.link(c.group, from, to);
      const std::size_t channel = static_cast<std::size_t>(from) * c.group.members + to;
      const Quality quality = around_.quality.empty() ? Quality{} : around_.quality[channel];
      least = std::min(least, link.delay.least() + quality.extra_delay);
      most = std::max(most, link.delay.most() + quality.extra_delay);
      lossy = lossy || link.loss > 0 || quality.loss > 0;
    }
  }
  if (c.group.members == 1) least = 0ns;
  lag_ = 2 * most + flush;
  most_delay_ = most;
  // Heartbeats that wait for appends in flight wait no longer than an append's answer takes.
  const Duration contact_gap = profile.heartbeat + (profile.heartbeat_only_when_idle ? lag_ : 0ns) + (most - least) + profile.tick;
  window_ = 2 * profile.heartbeat + 2 * lag_ + 2 * profile.tick;
  const bool window_fits = c.group.arrival_interval == 0ns || profile.append_window == 1 ||
                           lag_ < c.group.arrival_interval * (profile.append_window - 1);
  const bool answers_in_time = c.group.arrival_interval == 0ns || profile.append_window > 1 || lag_ < c.group.arrival_interval;
  can_be_calm_ = !lossy && window_fits && answers_in_time && contact_gap + lag_ < profile.election_timeout - profile.tick &&
                 (profile.check_quorum.window == 0ns || contact_gap + lag_ < profile.check_quorum.window);
}

// The leader of a calm group, or nobody.
raft::Member Group::calm_leader(const Context& c) const {
  if (around_.paused != 0 || writer_ == raft::nobody || !writable_) return raft::nobody;
  const raft::Member leader = writer_;
  const raft::Core& lead = cores_[leader];
  const bool loaded = c.group.arrival_interval > 0ns;
  for (raft::Member m = 0; m < c.group.members; ++m) {
    if (!has(around_.alive, m) || m == leader) continue;
    // Somebody who runs but cannot follow campaigns, and its messages may get in.
    if (!around_.both_ways(leader, m)) return raft::nobody;
    // The first contact after now comes with the next heartbeat at the latest, which has just been sent or is one interval away.
    const Instant next_contact = now_ + c.profile.heartbeat + lag_;
    if (!cores_[m].follows_calmly(lead, next_contact)) return raft::nobody;
  }
  if (!lead.leads_calmly(now_, around_.alive, loaded)) return raft::nobody;
  std::array<std::uint32_t, raft::max_members> on_the_way{};   // Appends to each member, and their answers.
  for (const sim::Key key : queue_.keys()) {
    const std::uint32_t slot = sim::slot_of(key);
    const auto event = static_cast<Event>(slot >> index_bits);
    if (event == Event::alarm || event == Event::proposal) continue;
    if (event == Event::serve) return raft::nobody;
    const Parcel& parcel = parcels_[slot & ((1u << index_bits) - 1)];
    if (event == Event::durable) {
      if (!loaded) return raft::nobody;
      for (std::uint32_t w = parcel.next; w != no_parcel; w = parcels_[w].next) ++on_the_way[parcel.writer];
      continue;
    }
    const raft::Message& m = parcel.message;
    // What was delayed by a degradation that is over still holds up its connection.
    if (sim::time_of(key) > now_ + most_delay_) return raft::nobody;
    const bool routine = m.kind == raft::Kind::heartbeat || m.kind == raft::Kind::heartbeat_ack ||
                         (loaded && (m.kind == raft::Kind::append || m.kind == raft::Kind::append_ack));
    if (m.kind == raft::Kind::append) ++on_the_way[m.to];
    if (m.kind == raft::Kind::append_ack) ++on_the_way[m.from];
    if (!routine || m.term != lead.term() || m.reject || (m.from != leader && m.to != leader) || !has(around_.alive, m.from)) return raft::nobody;
  }
  // What a fault swallowed is still counted as in flight, and its effect is yet to come.
  for (raft::Member m = 0; m < c.group.members; ++m)
    if (m != leader && has(around_.alive, m) && on_the_way[m] != lead.progress(m).in_flight) return raft::nobody;
  return leader;
}

void Group::jump(const Context& c, raft::Member leader, Instant to) {
  raft::Core::Jump jump;
  jump.to = to;
  jump.live = around_.alive;
  jump.edge = edge_;
  // The last heartbeat arrived no sooner than it was sent; one that waited for an append had contact through that.
  jump.contact = cores_[leader].last_beat_by(to) - (c.profile.heartbeat_only_when_idle ? lag_ : 0ns);
  const Duration interval = c.group.arrival_interval;
  if (interval > 0ns) {
    const std::uint64_t arrivals = next_arrival_ > to ? 0 : static_cast<std::uint64_t>((to - next_arrival_) / interval) + 1;
    jump.arrivals = arrivals * c.group.arrival_entries;
    jump.bytes_each = c.group.arrival_bytes;
    // Answers that are still on the way are made up for by the next proposals, so only where those come soon can they be left out.
    if (4 * interval < window_) jump.unacked = (static_cast<std::uint64_t>(lag_ / interval) + 1) * c.group.arrival_entries;
    next_arrival_ += static_cast<std::int64_t>(arrivals) * interval;
  }
  ++wakes_;
  calm_time_ += to - now_;
  now_ = to;
  queue_.clear();
  parcels_.clear();
  free_parcels_ = no_parcel;
  alarm_queued_.fill(never);
  last_flush_.fill(long_ago);
  std::fill(last_arrival_.begin(), last_arrival_.end(), long_ago);
  cores_[leader].jump_as_leader(jump);
  arm(leader, cores_[leader].deadline());
  for (raft::Member m = 0; m < c.group.members; ++m) {
    if (m == leader || !has(around_.alive, m)) continue;
    cores_[m].jump_as_follower(cores_[leader], jump);
    arm(m, cores_[m].deadline());
  }
  if (interval > 0ns) push(next_arrival_, sim::Class::arrival, 15, 15, Event::proposal, 0);
}

}  // namespace nines::world
