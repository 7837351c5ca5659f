// Quiet time costs nothing: when a group is calm, and the jump over a calm stretch. After a jump the look-back window is run by the same core
// on the same keyed draws, and what the jump had to assume is forgotten within it.
#include <algorithm>
#include <utility>

#include "models/topology/delay.hpp"
#include "models/world/group.hpp"

namespace nines::world {

// How long a state is remembered, and whether a timer could fire although everybody follows.
void Group::work_out_window(const Context& c) {
  Duration least = Duration::max(), most{0}, flush{0};
  bool links_keep_up = true;
  lossy_ = false;
  scanned_term_ = 0;
  for (raft::Member from = 0; from < c.group.members; ++from) {
    flush = std::max(flush, c.plan.flushes[c.group.flushes[from]].most() + slowed(from));
    for (raft::Member to = 0; to < c.group.members; ++to) {
      if (from == to) continue;
      const Link& link = c.plan.link(c.group, from, to);
      const std::size_t channel = static_cast<std::size_t>(from) * c.group.members + to;
      const Duration extra = around_.quality.empty() ? 0ns : around_.quality[channel].extra_delay;
      least = std::min(least, link.delay.least() + extra);
      const Duration takes = link.transmission(c.group.arrival_entries * c.group.arrival_bytes);
      most = std::max(most, link.delay.most() + takes + extra);
      links_keep_up = links_keep_up && takes <= c.group.arrival_interval;
      lossy_ = lossy_ || loss_between(c, channel) > 0;
    }
  }
  if (c.group.members == 1) least = 0ns;
  can_be_calm_ = work_out_window(c, least, most, flush) && links_keep_up;
  // Writes that outlast the time between proposals overlap, and their end is no function of time.
  if (!around_.slow_disks.empty() && c.group.arrival_interval > 0ns && flush >= c.group.arrival_interval) can_be_calm_ = false;
  losses_in_a_row_ = 0;
  // A leader that flushes in series waits for a follower's write, the end of its own last one, and the next.
  const auto slower = [&] {
    if (!around_.slow_disks.empty()) window_ += 4 * *std::max_element(around_.slow_disks.begin(), around_.slow_disks.end());
  };
  slower();
  if (!lossy_ || !can_be_calm_) return;
  // The more resends of one message no timer minds, the fewer messages a group has to be woken for.
  for (Duration late = resend_timeout; work_out_window(c, least, most + late, flush); late = 2 * late + resend_timeout) ++losses_in_a_row_;
  const Duration late = resend_timeout * ((1 << losses_in_a_row_) - 1);
  can_be_calm_ = work_out_window(c, least, most + late, flush);
  slower();
}

// For delays between `least` and `most`: the window, and whether quiet stays quiet.
bool Group::work_out_window(const Context& c, Duration least, Duration most, Duration flush) {
  const raft::Profile& profile = c.profile;
  const Duration interval = c.group.arrival_interval;
  const bool loaded = interval > 0ns;
  most_delay_ = most;
  lag_ = 2 * most + flush;
  // A heartbeat that waits for an append in flight waits no longer than that append's answer takes; and the append was contact too.
  const Duration waits = loaded && profile.heartbeat_only_when_idle ? lag_ : 0ns;
  const Duration gap = profile.heartbeat + waits + (most - least) + profile.tick;
  // Everything that was on its way at the start has arrived, and the next contact and its answer have come on top of it.
  window_ = profile.heartbeat + waits + 2 * lag_ + 2 * profile.tick + 1ns;
  const bool pulls = profile.replication == raft::Replication::pull;
  const Duration patience = pulls ? profile.election_timeout / 2 : profile.election_timeout;  // Then a fetch is sent again.
  Duration unheard = 2 * profile.election_timeout - gap - lag_;  // Until a leader takes a follower for gone, or misses its quorum.
  if (profile.check_quorum.window > 0ns) unheard = std::min(unheard, profile.check_quorum.window - gap - lag_);
  const bool quiet = patience > gap && unheard > 0ns;
  slack_ = std::min(patience - profile.tick - gap, unheard);  // Who stood still has lost the count of one tick more.
  // Nor must its leader fall silent between two proposals, nor where some were lost on it while it stood still.
  const bool falls_silent = loaded && profile.quiesce_after > 0ns && profile.quiesce_after <= interval;
  if (loaded && profile.quiesce_after > 0ns) slack_ = std::min(slack_, profile.quiesce_after - 2 * interval);
  const bool window_never_fills = !loaded || lag_ < interval * std::max(1, profile.append_window - 1);
  // Fetches that meet losses go out whenever the last answer came: no function of time says when.
  if (pulls && (lossy_ || lag_ >= profile.heartbeat)) return false;
  if (loaded && exchanges(profile) > 1) {
    // What one proposal brings on has to be over before the next one: else an empty append holds up what comes after it, whose later answer brings
    // on the next, without end. Where what is lost would take too long, a group is woken for every loss.
    if (exchanges(profile) * lag_ > interval) return false;
    window_ += 3 * lag_;  // A heartbeat behind such an append is answered later, which brings on another one.
  }
  return window_never_fills && quiet && !falls_silent;
}

// Does `outsider`, cut off from the leader, poll again and again without moving anybody? Whoever it reaches refuses, now and as long as nothing
// changes, and so few that it never hears a majority of refusals.
bool Group::polls_in_vain(const Context& c, raft::Member outsider, raft::Member leader) const {
  const raft::Core& core = cores_[outsider];
  if (forced_.on || lossy_ || core.polls_every() == 0ns || core.term() != cores_[leader].term()) return false;
  if (has(around_.reaches[outsider], leader) || has(around_.reaches[leader], outsider)) return false;
  if (core.role() == raft::Role::pre_candidate && core.waits_since() <= changed_at_) return false;  // Others answer now than did then.
  const bool refuses_by_trust = c.profile.pre_vote == raft::PreVote::freshness || c.profile.vote_lease == raft::VoteLease::ignore;
  std::size_t reached = 0;
  for (raft::Member voter = 0; voter < c.group.members; ++voter) {
    if (voter == outsider || !has(around_.reaches[outsider], voter) || !has(around_.alive, voter)) continue;
    ++reached;
    const bool behind = !cores_[voter].log().up_to_date(core.log().last_index(), core.log().last_term());
    if (!behind && !refuses_by_trust) return false;
  }
  return reached <= c.group.members - (c.group.members / 2u + 1);
}

// The leader of a calm group, or nobody. One member may stand outside and poll in vain.
raft::Member Group::calm_leader(const Context& c, raft::Member& outsider) const {
  if (around_.paused != 0 || writer_ == raft::nobody || !writable_ || !disks_settled() || !settled_in()) return raft::nobody;
  const raft::Member leader = writer_;
  const raft::Core& lead = cores_[leader];
  const bool loaded = c.group.arrival_interval > 0ns;
  for (raft::Member m = 0; m < c.group.members; ++m) {
    if (!has(around_.alive, m) || m == leader) continue;
    if (awaits_news(m)) return raft::nobody;
    // Somebody who runs but cannot follow campaigns, and its messages may get in.
    if (!around_.both_ways(leader, m)) {
      if (outsider != raft::nobody || !polls_in_vain(c, m, leader)) return raft::nobody;
      outsider = m;
      continue;
    }
    // The first contact after now comes with the heartbeat that has just been sent, or with the next if this one waits for an append.
    const Instant next_contact = now_ + most_delay_ + (loaded && c.profile.heartbeat_only_when_idle ? c.profile.heartbeat + lag_ : 0ns);
    if (!cores_[m].follows_calmly(lead, next_contact)) return raft::nobody;
  }
  const Members live = outsider == raft::nobody ? around_.alive : static_cast<Members>(around_.alive & ~only(outsider));
  if (!lead.leads_calmly(now_, live, loaded) || lead.may_fall_silent(loaded ? next_arrival_ - c.group.arrival_interval : never, live))
    return raft::nobody;
  std::array<std::uint32_t, raft::max_members> on_the_way{};  // Appends to each member, and their answers.
  const bool pulls = c.profile.replication == raft::Replication::pull;
  Members turns = only(leader);                                      // pull: of whom one fetch, or its answer, is under way.
  if (pulls && lead.deadline() - now_ <= lag_) return raft::nobody;  // This one was late, and the next will find no fetch.
  // Is the append up to `slot` so late that its answer, yet to be sent, is not among those that are looked at for losses?
  const auto answer_is_overlooked = [&](raft::Index slot) {
    return lossy_ && static_cast<std::int64_t>((lead.log().last_index() - slot) / c.group.arrival_entries) * c.group.arrival_interval > lag_;
  };
  for (const sim::Key key : queue_.keys()) {
    const std::uint32_t slot = sim::slot_of(key);
    const auto event = static_cast<Event>(slot >> index_bits);
    if (event == Event::alarm || event == Event::proposal || event == Event::gossip) continue;
    if (event == Event::serve) return raft::nobody;
    const std::uint32_t index = slot & ((1u << index_bits) - 1);
    if (event == Event::durable) {
      if (!loaded) return raft::nobody;
      const Mail::Write& write = mail_.write(index);
      for (std::uint32_t w = write.waiting; w != Mail::none; w = mail_.after(w)) {
        if (mail_.brief(w).entries > 0) ++on_the_way[write.writer];
        if (mail_.brief(w).kind == raft::Kind::append_ack && answer_is_overlooked(mail_.brief(w).slot)) return raft::nobody;
        if (mail_.brief(w).kind != raft::Kind::fetch) continue;
        if (has(turns, write.writer)) return raft::nobody;
        turns = static_cast<Members>(turns | only(write.writer));
      }
      continue;
    }
    const raft::Brief& m = mail_.brief(index);
    // What was delayed by a degradation that is over still holds up its connection.
    if (sim::time_of(key) > now_ + most_delay_) return raft::nobody;
    const bool routine = m.kind == raft::Kind::heartbeat || m.kind == raft::Kind::heartbeat_ack ||
                         (loaded && (m.kind == raft::Kind::append || m.kind == raft::Kind::append_ack)) ||
                         (pulls && ((m.kind == raft::Kind::append && (loaded || m.entries == 0)) || (loaded && m.kind == raft::Kind::fetch)));
    if (pulls && (m.kind == raft::Kind::append || m.kind == raft::Kind::fetch)) {
      const raft::Member follower = m.kind == raft::Kind::append ? m.to : m.from;
      if (m.round != cores_[follower].fetch_round() || has(turns, follower)) return raft::nobody;
      turns = static_cast<Members>(turns | only(follower));
    }
    // And what waited behind it is answered later than what is looked at for losses.
    if (m.kind == raft::Kind::heartbeat && now_ - lead.beat_time(m.slot) > most_delay_) return raft::nobody;
    if (m.kind == raft::Kind::append && answer_is_overlooked(m.slot)) return raft::nobody;
    if (m.kind == raft::Kind::append && m.entries > 0) ++on_the_way[m.to];
    if (m.kind == raft::Kind::append_ack && m.entries > 0) ++on_the_way[m.from];
    if (!routine || m.term != lead.term() || m.reject || (m.from != leader && m.to != leader) || !has(around_.alive, m.from)) return raft::nobody;
  }
  // What a fault swallowed is still counted as in flight, and its effect is yet to come.
  for (raft::Member m = 0; m < c.group.members; ++m) {
    if (m == leader || !has(live, m)) continue;
    if (pulls ? !has(turns, m) && !lead.progress(m).fetching : on_the_way[m] != lead.progress(m).in_flight) return raft::nobody;
  }
  return leader;
}

// A hopeless group: whoever runs reaches nobody who runs, and polls in rounds that repeat themselves. Whole rounds are only counted. Without
// pre-votes each round is a term with draws of its own, and part of history: then they are run, one alarm each.
void Group::jump_in_vain(const Context& c, Instant t) {
  if (has_quorum_ || around_.paused != 0 || now_ < in_vain_until_ || around_.hung != 0 || disks_.waiting != 0) return;
  Duration least = Duration::max();
  for (raft::Member m = 0; m < c.group.members; ++m) {
    if (!has(around_.alive, m)) continue;
    if (awaits_news(m)) return;
    if ((around_.reaches[m] & around_.alive & ~only(m)) != 0 || cores_[m].polls_every() == 0ns) return;
    if (cores_[m].role() == raft::Role::pre_candidate && cores_[m].waits_since() <= changed_at_) return;  // Some may have answered then.
    least = std::min(least, cores_[m].polls_every());
  }
  if (least == Duration::max() || t - now_ <= 2 * least) return;  // Nobody runs: proposals only, which nobody takes.
  for (const sim::Key key : queue_.keys()) {
    const auto event = static_cast<Event>(sim::slot_of(key) >> index_bits);
    if (event != Event::alarm && event != Event::proposal && event != Event::gossip) return;
  }
  in_vain_until_ = t;  // Until then each is at an instant of its own.
  queue_.clear();
  std::fill(news_.begin(), news_.end(), News{});
  for (Seat& seat : seats_) seat.alarm_queued = never;
  for (raft::Member m = 0; m < c.group.members; ++m) {
    if (!has(around_.alive, m)) continue;
    const std::int64_t rounds = (t - now_ - 1ns) / cores_[m].polls_every();
    cores_[m].jump_as_outsider(rounds * cores_[m].polls_every(), static_cast<std::uint64_t>(rounds));
    arm(m, cores_[m].deadline());
  }
  const Duration interval = c.group.arrival_interval;
  if (interval <= 0ns) return;
  // Nobody leads, so nobody takes what comes.
  if (next_arrival_ < t) next_arrival_ += (t - next_arrival_ + interval - 1ns) / interval * interval;
  push(next_arrival_, sim::Class::arrival, 15, 15, Event::proposal, 0);
}

void Group::jump_before(const Context& c, Instant t) {
  raft::Member outsider = raft::nobody;
  const raft::Member leader = calm_leader(c, outsider);
  if (leader != raft::nobody) jump_before(c, leader, outsider, t);
}

void Group::jump_before(const Context& c, raft::Member leader, raft::Member outsider, Instant t) {
  if (lossy_) {
    // What was found stays true until it comes, as long as nothing around the group and no term changes.
    if (scanned_term_ != cores_[leader].term() || late_at_ <= now_ || (late_at_ > scanned_to_ && scanned_to_ < t)) {
      scanned_term_ = cores_[leader].term();
      scanned_to_ = t;
      late_at_ = first_late_message(c, leader, t);
      if (late_at_ == t) late_at_ = never;
    }
    t = std::min(t, late_at_);
  }
  if (t - now_ <= window_ + c.profile.heartbeat) return;
  Instant to = t - window_;
  if (outsider != raft::nobody) {
    // After whole rounds the outsider stands where it stands now, but for the answers to its last poll: who has found the leader since then
    // answers otherwise. So one poll is run.
    const Duration round = cores_[outsider].polls_every();
    to = std::min(to, t - round - 1ns);
    const std::int64_t rounds = (to - now_) / round;
    if (rounds <= 0) return;
    to = now_ + rounds * round;
    cores_[outsider].jump_as_outsider(rounds * round, static_cast<std::uint64_t>(rounds));
  }
  jump(c, leader, outsider, to);
}

void Group::jump(const Context& c, raft::Member leader, raft::Member outsider, Instant to) {
  raft::Core::Jump jump;
  jump.to = to;
  jump.live = outsider == raft::nobody ? around_.alive : static_cast<Members>(around_.alive & ~only(outsider));
  jump.edge = edge_;
  // The last heartbeat arrived no sooner than it was sent; one that waited for an append had contact through that.
  jump.contact = cores_[leader].last_beat_by(to) - (c.group.arrival_interval > 0ns && c.profile.heartbeat_only_when_idle ? lag_ : 0ns);
  const Duration interval = c.group.arrival_interval;
  if (interval > 0ns) {
    const std::uint64_t arrivals = next_arrival_ > to ? 0 : static_cast<std::uint64_t>((to - next_arrival_) / interval) + 1;
    jump.arrivals = (arrivals - static_cast<std::uint64_t>(std::exchange(missed_, 0))) * c.group.arrival_entries;
    jump.bytes_each = c.group.arrival_bytes;
    // Answers that are still on the way are made up for by the next proposals, so only where those come soon can they be left out.
    if (4 * interval < window_) jump.unacked = (static_cast<std::uint64_t>(lag_ / interval) + 1) * c.group.arrival_entries;
    next_arrival_ += static_cast<std::int64_t>(arrivals) * interval;
    jump.last_arrival = next_arrival_ - interval;
  }
  forgetful_ = false;
  ++wakes_;
  calm_time_ += to - now_;
  now_ = to;
  queue_.clear();
  std::fill(news_.begin(), news_.end(), News{});
  mail_.clear();
  for (Seat& seat : seats_) {
    seat.alarm_queued = never;
    seat.last_flush = long_ago;
  }
  for (Channel& channel : channels_) channel.last_arrival = long_ago;
  cores_[leader].jump_as_leader(jump);
  if (flushes_late(c) && jump.arrivals > 0)
    note_written(c, jump.last_arrival - static_cast<std::int64_t>(jump.arrivals / c.group.arrival_entries - 1) * interval, interval,
                 jump.arrivals / c.group.arrival_entries, cores_[leader].log().last_index(), c.group.arrival_entries);
  arm(leader, cores_[leader].deadline());
  for (raft::Member m = 0; m < c.group.members; ++m) {
    if (m == leader || !has(around_.alive, m)) continue;
    if (m != outsider) cores_[m].jump_as_follower(cores_[leader], jump);
    arm(m, cores_[m].deadline());
  }
  if (interval > 0ns) push(next_arrival_, sim::Class::arrival, 15, 15, Event::proposal, 0);
}

}  // namespace nines::world
