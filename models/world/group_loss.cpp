// Delays and losses are keyed by message slot, so the first slot at which a timer could fire is found without simulating what comes before it.
#include <algorithm>
#include <cmath>
#include <vector>

#include "models/world/group.hpp"

namespace nines::world {

namespace {

constexpr std::uint64_t slots_a_draw = 16;  // One draw of 256 bits decides 16 slots, 16 bits each.

std::uint32_t sixteen_bits(const Words& words, std::uint64_t slot) {
  return static_cast<std::uint32_t>(words[(slot % slots_a_draw) / 4] >> (16 * (slot % 4)) & 0xffff);
}

// How many of the 65,536 values lie below `probability`, as unit_of() places them.
std::uint64_t bits_below(double probability) { return static_cast<std::uint64_t>(std::max(0.0, std::ceil(probability * 65536.0 - 0.5))); }

// Is any of the 16 parts less than `limit`? Word by word as long as the limit leaves the top bit free (Hacker's Delight, 6-1).
bool any_below(const Words& words, std::uint64_t limit) {
  if (limit > 0x8000) return true;
  constexpr std::uint64_t each = 0x0001'0001'0001'0001, top = 0x8000'8000'8000'8000;
  std::uint64_t found = 0;
  for (const std::uint64_t word : words) found |= (word - each * limit) & ~word & top;
  return found != 0;
}

double unit_of(std::uint32_t bits) { return (static_cast<double>(bits) + 0.5) / 65536.0; }

}  // namespace

double Group::loss_between(const Context& c, std::size_t channel) const {
  const double link = c.plan.links[c.group.links[channel]].loss;
  return around_.quality.empty() ? link : 1 - (1 - link) * (1 - around_.quality[channel].loss);
}

// Uniform in (0, 1): decides how often this message is lost. Its resolution ends at 2^-17, and with it the longest run of losses.
double Group::loss_draw(std::size_t channel, raft::Kind kind, raft::Term term, std::uint64_t slot) const {
  return unit_of(sixteen_bits(streams_.of(key_ + channel, Purpose::message_loss).words({term, slot / slots_a_draw, static_cast<std::uint32_t>(kind)}), slot));
}

std::uint32_t Group::delay_draw(std::size_t channel, raft::Kind kind, raft::Term term, std::uint64_t slot) {
  const Stream stream = streams_.of(key_ + channel, Purpose::message_delay);
  const Slot block{term, slot / slots_a_draw, static_cast<std::uint32_t>(kind)};
  if (kind != raft::Kind::heartbeat && kind != raft::Kind::heartbeat_ack) return sixteen_bits(stream.words(block), slot);
  Channel& drawn = channels_[channel];
  if (drawn.block != block.index || drawn.term != term || drawn.kind != kind) {
    drawn.block = block.index;
    drawn.term = term;
    drawn.kind = kind;
    drawn.words = stream.words(block);
  }
  return sixteen_bits(drawn.words, slot);
}

// The earliest instant in (now, before) at which a message may be sent that is lost too often for comfort; `before` when there is none. Every
// slot is looked at, also of heartbeats that are not sent while an append is in flight: to be woken for nothing does no harm. All channels are
// followed side by side, for twice as long each time: what one of them finds soon, the others need not look beyond.
Instant Group::first_late_message(const Context& c, raft::Member leader, Instant before) const {
  struct Scan {
    Stream stream;
    std::uint64_t rare = 0;  // Of 65,536 draws.
    raft::Kind kind = raft::Kind::heartbeat;
    std::uint64_t slot = 0, step = 1;
    Instant at;  // Of the slot.
    Duration apart{0};
  };
  const raft::Core& lead = cores_[leader];
  const Duration beat = c.profile.heartbeat, interval = c.group.arrival_interval;
  Instant first = before;
  const auto follow = [&](Scan& scan) {
    while (scan.at < first) {
      const std::uint64_t block = scan.slot / slots_a_draw, end = (block + 1) * slots_a_draw;
      const Words words = scan.stream.words({lead.term(), block, static_cast<std::uint32_t>(scan.kind)});
      if (!any_below(words, scan.rare)) {
        const std::uint64_t steps = (end - scan.slot + scan.step - 1) / scan.step;
        scan.slot += steps * scan.step;
        scan.at += static_cast<std::int64_t>(steps) * scan.apart;
        continue;
      }
      for (; scan.slot < end && scan.at < first; scan.at += scan.apart, scan.slot += scan.step)
        if (sixteen_bits(words, scan.slot) < scan.rare) first = std::max(scan.at, now_);
    }
  };
  std::vector<Scan> scans;
  // Answers that are still to be sent belong to heartbeats and appends of up to one delay ago.
  const auto older = static_cast<std::uint64_t>(most_delay_ / beat) + 1;
  const std::uint64_t next_beat = lead.next_beat(), first_beat = next_beat - std::min(next_beat, older);
  for (raft::Member m = 0; m < c.group.members; ++m) {
    if (m == leader || !has(around_.alive, m)) continue;
    const std::size_t there = static_cast<std::size_t>(leader) * c.group.members + m, back = static_cast<std::size_t>(m) * c.group.members + leader;
    for (const std::size_t channel : {there, back}) {
      const double loss = loss_between(c, channel);
      if (loss <= 0) continue;
      const std::uint64_t rare = bits_below(std::pow(loss, losses_in_a_row_ + 1));
      const Stream stream = streams_.of(key_ + channel, Purpose::message_loss);
      scans.push_back({stream, rare, channel == there ? raft::Kind::heartbeat : raft::Kind::heartbeat_ack, first_beat, 1, lead.beat_time(first_beat), beat});
      if (interval <= 0ns) continue;
      const std::uint64_t behind = std::min<std::uint64_t>(static_cast<std::uint64_t>(lag_ / interval) + 1, lead.log().last_index() / c.group.arrival_entries);
      scans.push_back({stream, rare, channel == there ? raft::Kind::append : raft::Kind::append_ack,
                       lead.log().last_index() + c.group.arrival_entries * (1 - behind), c.group.arrival_entries,
                       next_arrival_ - static_cast<std::int64_t>(behind) * interval, interval});
    }
  }
  for (Duration ahead = 16 * beat;; ahead *= 2) {
    const Instant until = before - now_ <= ahead ? before : now_ + ahead;
    first = until;
    for (Scan& scan : scans) follow(scan);
    if (first < until || until == before) return first;
  }
}

}  // namespace nines::world
