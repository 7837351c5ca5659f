#include "scenarios/fuzz/faults.hpp"

namespace nines::fuzz {

namespace {

// Calls come first: client_kinds of them. Lengths in election timeouts.
constexpr std::array table{
    Fault{"client-write", Hold::call_write, Whom::nobody},
    Fault{"client-read", Hold::call_read, Whom::nobody},
    Fault{"client-read-index", Hold::call_index, Whom::nobody},
    Fault{"client-read-everywhere", Hold::call_all, Whom::nobody},
    Fault{"operator-change", Hold::call_change, Whom::nobody},

    Fault{"crash", Hold::stop, Whom::one, 0.05, 8},
    Fault{"crash-leader", Hold::stop, Whom::leader, 0.05, 8},
    Fault{"restart", Hold::stop, Whom::one},
    Fault{"restart-leader", Hold::stop, Whom::leader},
    Fault{"torn-write", Hold::stop_torn, Whom::one, 0.001, 4},
    Fault{"torn-write-leader", Hold::stop_torn, Whom::leader, 0.001, 4},
    Fault{"crash-after-write", Hold::stop_at_write, Whom::one, 0.001, 4},
    Fault{"crash-leader-after-write", Hold::stop_at_write, Whom::leader, 0.001, 4},
    Fault{"write-error", Hold::write_fails, Whom::one, 0.001, 4},
    Fault{"kill-zone", Hold::stop, Whom::zone, 0.05, 8},
    Fault{"kill-majority", Hold::stop, Whom::majority, 0.001, 4},
    Fault{"kill-all", Hold::stop_torn, Whom::everybody, 0.001, 2},
    Fault{"disk-lost", Hold::stop_for_good, Whom::one},
    Fault{"planned-stop", Hold::stop_in_order, Whom::leader, 0.05, 4},
    Fault{"hand-over", Hold::hand_over, Whom::leader},
    Fault{"step-down", Hold::step_down, Whom::leader},
    Fault{"campaign", Hold::campaign, Whom::one},
    Fault{"unreachable", Hold::unreachable, Whom::leader},
    Fault{"snapshot", Hold::snapshot, Whom::one},
    Fault{"snapshot-leader", Hold::snapshot, Whom::leader},
    Fault{"snapshot-all", Hold::snapshot, Whom::everybody},
    Fault{"change-members", Hold::change, Whom::leader},
    Fault{"change-everywhere", Hold::change, Whom::everybody},

    Fault{"pause", Hold::pause, Whom::one, 0.05, 12},
    Fault{"pause-leader", Hold::pause, Whom::leader, 0.05, 12},
    Fault{"pause-all", Hold::pause, Whom::everybody, 0.01, 3},
    Fault{"clock-drift", Hold::drift, Whom::one, 1, 20, 1000, 300'000},
    Fault{"clock-jump", Hold::jump, Whom::one, 0, 0, 0.01, 10},

    Fault{"isolate", Hold::cut, Whom::around, 0.1, 12},
    Fault{"isolate-leader", Hold::cut, Whom::around_leader, 0.1, 12},
    Fault{"halves", Hold::cut, Whom::halves, 0.1, 12},
    Fault{"zone-cut", Hold::cut, Whom::zones, 0.1, 12},
    Fault{"bridge", Hold::cut, Whom::bridge, 0.1, 12},
    Fault{"ring", Hold::cut, Whom::ring, 0.1, 12},
    Fault{"link-cut", Hold::cut, Whom::pair, 0.1, 12},
    Fault{"one-way-cut", Hold::cut, Whom::link, 0.1, 12},
    Fault{"mute", Hold::cut, Whom::outbound, 0.1, 12},
    Fault{"deaf", Hold::cut, Whom::inbound, 0.1, 12},
    Fault{"some-links-cut", Hold::cut, Whom::some, 0.1, 12},
    Fault{"halves-in-turn", Hold::cut_in_turns, Whom::halves, 2, 24},
    Fault{"leaders-in-turn", Hold::cut_in_turns, Whom::around_leader, 2, 24},
    Fault{"figure-8", Hold::fell_leaders, Whom::nobody, 4, 60},
    Fault{"figure-8-crashes", Hold::fell_leaders, Whom::leader, 4, 60},
    Fault{"clog", Hold::clog, Whom::around, 0.05, 12},
    Fault{"clog-link", Hold::clog, Whom::link, 0.05, 5},
    Fault{"clog-to-leader", Hold::clog, Whom::to_leader, 0.05, 5},
    Fault{"swizzle", Hold::clog_in_turns, Whom::some, 0.05, 5},
    Fault{"swizzle-leader", Hold::clog_in_turns, Whom::around_leader, 0.5, 12},
    Fault{"slow-link", Hold::slow, Whom::pair, 0.5, 12, 0.01, 6},
    Fault{"slow-member", Hold::slow, Whom::around, 0.5, 12, 0.01, 6},
    Fault{"slow-to-leader", Hold::slow, Whom::to_leader, 0.5, 12, 0.01, 6},
    Fault{"slow-from-leader", Hold::slow, Whom::from_leader, 0.5, 12, 0.01, 6},
    Fault{"slow-network", Hold::slow, Whom::all_links, 0.5, 6, 0.01, 2},
    Fault{"loss", Hold::lossy, Whom::all_links, 0.5, 12, 0.01, 0.7},
    Fault{"loss-of-one", Hold::lossy, Whom::around, 0.5, 12, 0.1, 0.95},
    Fault{"duplicates", Hold::doubling, Whom::all_links, 0.5, 12, 0.05, 0.9},
    Fault{"replay", Hold::replay, Whom::nobody, 0.01, 2, 4, 200},

    Fault{"slow-disk", Hold::slow_disk, Whom::one, 0.5, 12, 0.01, 1},
    Fault{"slow-disks", Hold::slow_disk, Whom::everybody, 0.5, 6, 0.01, 1},
    Fault{"hung-disk", Hold::hang_disk, Whom::one, 0.1, 8},
    Fault{"hung-disk-leader", Hold::hang_disk, Whom::leader, 0.1, 8},
};
static_assert(table.size() <= max_kinds);

constexpr Members only(unsigned m) { return static_cast<Members>(1u << m); }

std::array<unsigned, raft::max_members> shuffled(std::uint64_t word, unsigned n) {
  std::array<unsigned, raft::max_members> order{};
  for (unsigned i = 0; i < n; ++i) {
    word = word * 0x9e3779b97f4a7c15ull + 1;
    const auto place = static_cast<unsigned>((word >> 33) % (i + 1));
    order[i] = order[place];
    order[place] = i;
  }
  return order;
}

// Both ways between everybody of `a` and everybody of `b`.
void between(Grip& grip, Members a, Members b, unsigned members) {
  for (unsigned m = 0; m < members; ++m) {
    if ((a >> m & 1) != 0) grip.links[m] = static_cast<Members>(grip.links[m] | b);
    if ((b >> m & 1) != 0) grip.links[m] = static_cast<Members>(grip.links[m] | a);
  }
}

}  // namespace

std::span<const Fault> faults() { return table; }

std::string describe(const Action& action, const Grip& grip, raft::Member members) {
  std::string text = table[action.kind].name;
  for (raft::Member m = 0; m < members; ++m)
    if ((grip.members >> m & 1) != 0) text += " b" + std::to_string(m);
  for (raft::Member from = 0; from < members; ++from) {
    if (grip.links[from] == 0) continue;
    text += " b" + std::to_string(from) + "->";
    for (raft::Member to = 0; to < members; ++to)
      if ((grip.links[from] >> to & 1) != 0) text += std::to_string(to);
  }
  if (action.strength > 0) text += ", strength " + std::to_string(action.strength);
  if (action.lasts > 0ns) text += ", for " + std::to_string(seconds(action.lasts)) + " s";
  return text;
}

Grip take(Whom whom, std::uint64_t word, const Situation& s) {
  Grip grip;
  const unsigned n = s.members;
  const auto all = static_cast<Members>((1u << n) - 1);
  const auto one = static_cast<unsigned>(word % n), other = (one + 1 + static_cast<unsigned>((word >> 8) % (n > 1 ? n - 1 : 1))) % n;
  const unsigned leader = s.leader == raft::nobody ? one : s.leader;
  const auto rest = [&](Members members) { return static_cast<Members>(all & ~members); };
  const auto order = shuffled(word, n);
  switch (whom) {
    case Whom::nobody: break;
    case Whom::one: grip.members = only(one); break;
    case Whom::leader: grip.members = only(leader); break;
    case Whom::everybody: grip.members = all; break;
    case Whom::zone:
    case Whom::zones:
      for (unsigned m = 0; m < n; ++m)
        if (s.zone[m] == s.zone[one]) grip.members = static_cast<Members>(grip.members | only(m));
      if (whom == Whom::zones) between(grip, grip.members, rest(grip.members), n);
      break;
    case Whom::majority:
      for (unsigned i = 0; i < n / 2 + 1; ++i) grip.members = static_cast<Members>(grip.members | only(order[i]));
      break;
    case Whom::link: grip.links[one] = n > 1 ? only(other) : Members{0}; break;
    case Whom::pair:
      if (n > 1) between(grip, only(one), only(other), n);
      break;
    case Whom::outbound: grip.links[one] = rest(only(one)); break;
    case Whom::inbound:
      for (unsigned m = 0; m < n; ++m)
        if (m != one) grip.links[m] = only(one);
      break;
    case Whom::around: between(grip, only(one), rest(only(one)), n); break;
    case Whom::around_leader: between(grip, only(leader), rest(only(leader)), n); break;
    case Whom::to_leader:
      for (unsigned m = 0; m < n; ++m)
        if (m != leader) grip.links[m] = only(leader);
      break;
    case Whom::from_leader: grip.links[leader] = rest(only(leader)); break;
    case Whom::halves: {
      const auto half = static_cast<Members>(word >> 16 & all);
      between(grip, half, rest(half), n);
      break;
    }
    case Whom::bridge: {
      const auto half = static_cast<Members>(word >> 16 & rest(only(one)));
      between(grip, half, rest(static_cast<Members>(half | only(one))), n);
      break;
    }
    case Whom::ring:
      for (unsigned i = 0; i < n; ++i)
        grip.links[order[i]] = rest(static_cast<Members>(only(order[i]) | only(order[(i + 1) % n]) | only(order[(i + n - 1) % n])));
      break;
    case Whom::some: {
      std::uint64_t bits = word;
      for (unsigned from = 0; from < n; ++from)
        for (unsigned to = 0; to < n; ++to) {
          bits = bits * 0x9e3779b97f4a7c15ull + 1;
          if (from != to && (bits >> 40) % 3 == 0) grip.links[from] = static_cast<Members>(grip.links[from] | only(to));
        }
      break;
    }
    case Whom::all_links:
      for (unsigned m = 0; m < n; ++m) grip.links[m] = rest(only(m));
      break;
  }
  return grip;
}

}  // namespace nines::fuzz
