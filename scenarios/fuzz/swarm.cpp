#include "scenarios/fuzz/swarm.hpp"

#include <algorithm>
#include <array>

#include "scenarios/fuzz/dice.hpp"
#include "scenarios/fuzz/faults.hpp"
#include "scenarios/fuzz/mixed_rules.hpp"

namespace nines::fuzz {

namespace {

// What a seed looks at more closely than at the rest; three in five have such a subject.
enum class Focus : std::uint8_t { none, members, reads, disks };

// Whether a kind of fault is about it.
bool about(Focus focus, const Fault& fault) {
  switch (focus) {
    case Focus::none: return false;
    case Focus::members:
      return fault.hold == Hold::fell_leaders || fault.hold == Hold::cut_in_turns || fault.hold == Hold::change ||
             fault.hold == Hold::stop_at_write || fault.whom == Whom::around_leader || fault.whom == Whom::halves;
    case Focus::reads:
      return fault.hold == Hold::pause || fault.hold == Hold::clog || fault.hold == Hold::clog_in_turns || fault.hold == Hold::slow ||
             fault.whom == Whom::around_leader || fault.whom == Whom::to_leader;
    case Focus::disks:
      return fault.hold == Hold::slow_disk || fault.hold == Hold::hang_disk || fault.hold == Hold::stop || fault.hold == Hold::stop_torn ||
             fault.hold == Hold::stop_at_write || fault.hold == Hold::fell_leaders || fault.hold == Hold::cut_in_turns;
  }
  return false;
}

// Turns after which what a member holds in memory, has on its way to the disk, has sent and has promised differ.
constexpr std::array tender_turns{Turn::wins_pre_vote,    Turn::stands_for_election, Turn::wins_election,  Turn::loses_election,
                                  Turn::deposed_by_term,  Turn::vote_granted,        Turn::append_refused, Turn::log_replaced,
                                  Turn::probe_to_stream,  Turn::stream_to_probe,     Turn::first_commit,   Turn::leadership_offered,
                                  Turn::leadership_taken, Turn::write_overtaken,     Turn::snapshot_taken, Turn::snapshot_installed,
                                  Turn::change_begun,     Turn::change_undone,       Turn::joint_entered,  Turn::joint_left,
                                  Turn::read_waits,       Turn::falls_quiet,         Turn::wakes};

void draw_surroundings(Dice& dice, Plan& plan, Focus focus) {
  const Duration timeout = plan.profile.election_timeout;
  Wire& wire = plan.wire;
  wire.least = dice.magnitude(timeout / 20'000, timeout / 40);
  if (dice.chance(0.7)) wire.spread = dice.magnitude(wire.least / 10, timeout / 20);
  if (dice.chance(0.3)) {
    wire.tail_share = dice.magnitude(0.001, 0.1);
    wire.tail = dice.magnitude(timeout / 20, 3 * timeout);
  }
  if (dice.chance(0.3)) wire.loss = dice.magnitude(0.001, 0.2);
  if (dice.chance(0.3)) wire.duplicates = dice.magnitude(0.001, 0.3);
  wire.connections = dice.chance(0.5);
  wire.cut = static_cast<Cut>(dice.between(0, 2));
  if (dice.chance(0.8)) plan.disk.least = dice.magnitude(timeout / 100'000, timeout / 50);
  if (dice.chance(0.6)) plan.disk.spread = dice.magnitude(timeout / 100'000, timeout / 25);
  if (dice.chance(focus == Focus::disks ? 0.7 : 0.2)) {
    plan.disk.tail_share = dice.magnitude(0.001, 0.2);
    plan.disk.tail = dice.magnitude(timeout / 20, 4 * timeout);
  }
  const bool drifts = dice.chance(0.4);
  const int zones = dice.between(1, 3);
  for (raft::Member m = 0; m < plan.members; ++m) {
    plan.zone[m] = static_cast<std::uint8_t>(m % zones);
    plan.priority[m] = plan.members - m;
    if (drifts) plan.drift_ppm[m] = static_cast<int>(dice.magnitude(1.0, 50'000.0)) * (dice.chance(0.5) ? 1 : -1);
  }
}

void draw_core(Dice& dice, Plan& plan) {
  const int quorum = plan.members / 2 + 1;
  const bool whole = plan.profile.membership != raft::Membership::fixed || dice.chance(0.4);  // Who will be a voter then is not known yet.
  const int size = whole ? plan.members : dice.between(quorum, plan.members);
  plan.core = static_cast<Members>((1u << plan.members) - 1);
  for (int surplus = plan.members - size; surplus > 0;) {
    const auto out = static_cast<Members>(1u << dice.between(0, plan.members - 1));
    if ((plan.core & out) == 0) continue;
    plan.core = static_cast<Members>(plan.core & ~out);
    --surplus;
  }
}

Action drawn(Dice& dice, const Plan& plan, std::uint8_t kind, Instant at) {
  const Fault& fault = faults()[kind];
  Action action;
  action.at = at;
  action.kind = kind;
  action.word = dice.word();
  if (fault.longest > 0) action.lasts = from_seconds(seconds(plan.profile.election_timeout) * dice.magnitude(fault.shortest, fault.longest));
  if (fault.strongest > 0) action.strength = dice.magnitude(fault.weakest, fault.strongest);
  return action;
}

// A group that can change has members that wait outside.
void draw_configuration(Dice& dice, Plan& plan) {
  int voters = plan.members;
  if (plan.profile.membership != raft::Membership::fixed) {
    plan.members = static_cast<raft::Member>(std::min(plan.members + dice.between(0, 3), 7));
    constexpr std::array sizes{1, 2, 3, 4, 4, 4, 5, 6};
    voters = std::min<int>(plan.members, sizes[static_cast<std::size_t>(dice.between(0, static_cast<int>(sizes.size()) - 1))]);
  }
  plan.configuration.incoming = quorum::first_members(voters);
}

void draw_demand(Dice& dice, Plan& plan, Focus focus) {
  Demand& demand = plan.demand;
  demand.clients = static_cast<std::uint32_t>(dice.between(1, 16));
  demand.registers = static_cast<std::uint32_t>(std::max(1, dice.between(-1, 3)));
  demand.patience = dice.magnitude(plan.profile.election_timeout / 8, 4 * plan.profile.election_timeout);
  demand.informed = dice.uniform();
  if (focus == Focus::reads) demand.clients += 8;
  if (dice.chance(0.4)) demand.loyal = dice.uniform();
  demand.wishes = static_cast<std::uint8_t>(dice.between(0, 15));
  demand.joint = dice.uniform();
  if (dice.chance(0.8)) demand.insistent = focus == Focus::members ? 1 : dice.uniform();
}

// Kinds that are on, and how many election timeouts lie between two faults on average.
void draw_actions(Dice& dice, Plan& plan, Focus focus) {
  const Duration timeout = plan.profile.election_timeout;
  const double share = focus == Focus::none ? dice.magnitude(0.05, 0.8) : dice.magnitude(0.01, 0.3);
  std::vector<std::uint8_t> on;
  for (std::uint8_t kind = client_kinds; kind < faults().size(); ++kind)
    if (dice.chance(about(focus, faults()[kind]) ? 0.5 : share)) on.push_back(kind);
  const double calm = dice.magnitude(0.2, 8.0);
  const auto exponential = [&](double mean) { return from_seconds(seconds(timeout) * mean * 2 * dice.uniform()); };
  // One trouble seldom comes alone.
  const double together = dice.chance(0.4) ? 0.8 * dice.uniform() : 0, soon = std::min(calm, dice.magnitude(0.01, 1.0));
  // Some wait until something of one of these kinds happens, and hit whoever it happens to.
  const double waiting = dice.chance(0.6) ? dice.uniform() : 0;
  std::array<Turn, 3> moments{};
  for (Turn& moment : moments) moment = tender_turns[static_cast<std::size_t>(dice.between(0, static_cast<int>(tender_turns.size()) - 1))];
  // What not all rules have comes up more often where these rules have it.
  if (plan.profile.membership != raft::Membership::fixed && dice.chance(focus == Focus::members ? 0.8 : 0.3)) moments[0] = Turn::change_begun;
  if (plan.profile.reads == raft::Reads::heartbeat && dice.chance(focus == Focus::reads ? 0.8 : 0.3)) moments[1] = Turn::read_waits;
  const bool silence = plan.profile.quiesce_after > 0ns;
  if (silence && dice.chance(0.5)) moments[2] = Turn::falls_quiet;
  if (!on.empty())
    for (Instant at = Instant{} + exponential(calm); at < Instant{plan.hostile}; at += exponential(dice.chance(together) ? soon : calm)) {
      plan.actions.push_back(drawn(dice, plan, on[static_cast<std::size_t>(dice.between(0, static_cast<int>(on.size()) - 1))], at));
      if (dice.chance(waiting)) plan.actions.back().awaits = moments[static_cast<std::size_t>(dice.between(0, 2))];
    }
  plan.text += ", " + std::to_string(on.size()) + " kinds of faults, " + std::to_string(plan.actions.size()) + " faults";

  draw_demand(dice, plan, focus);
  double busy = dice.magnitude(0.03, 1.5);
  const double writes = 0.1 + 0.8 * dice.uniform(), everywhere = dice.uniform();
  // Who is to fall silent must be left alone for long enough.
  if (silence && dice.chance(0.5)) busy += 2 * seconds(plan.profile.quiesce_after) / seconds(timeout);
  const double through_log = focus == Focus::reads ? 0 : dice.uniform();
  // Calls come in bursts: the next one follows at once, or after a pause that makes up for it.
  const double burst = dice.chance(0.4) ? 0.9 * dice.uniform() : 0, close = std::min(busy, dice.magnitude(0.0005, 0.05));
  const std::size_t faults_drawn = plan.actions.size();
  for (Instant at = Instant{} + exponential(busy); at < Instant{plan.hostile}; at += exponential(dice.chance(burst) ? close : busy / (1 - burst)))
    plan.actions.push_back(drawn(dice, plan, dice.chance(writes) ? 0 : dice.chance(through_log) ? 1 : dice.chance(everywhere) ? 3 : 2, at));
  if (plan.profile.membership != raft::Membership::fixed && (focus == Focus::members || dice.chance(0.5))) {
    const double restless = dice.magnitude(0.05, 3.0);
    for (Instant at = Instant{} + exponential(restless); at < Instant{plan.hostile}; at += exponential(restless))
      plan.actions.push_back(drawn(dice, plan, 4, at));
  }
  plan.text += ", " + std::to_string(plan.actions.size() - faults_drawn) + " calls";
  std::stable_sort(plan.actions.begin(), plan.actions.end(), [](const Action& a, const Action& b) { return a.at < b.at; });
}

}  // namespace

Plan draw_plan(std::uint64_t seed, std::span<const raft::Profile> profiles, Rules rules) {
  Dice dice(seed, 7);
  Plan plan;
  plan.seed = seed;
  constexpr std::array sizes{1, 2, 3, 3, 3, 3, 3, 4, 5, 5, 5, 6, 7};
  plan.members = static_cast<raft::Member>(sizes[static_cast<std::size_t>(dice.between(0, static_cast<int>(sizes.size()) - 1))]);
  plan.profile = profiles[static_cast<std::size_t>(dice.between(0, static_cast<int>(profiles.size()) - 1))];
  plan.text = std::to_string(plan.members) + " members, " + plan.profile.name;
  if (rules == Rules::also_mixed && dice.chance(0.5)) plan.text += mix_rules(plan.profile, dice);
  const Focus focus = std::array{Focus::none, Focus::none, Focus::members, Focus::reads, Focus::disks}[static_cast<std::size_t>(dice.between(0, 4))];
  if (rules == Rules::also_mixed && dice.chance(focus == Focus::members || focus == Focus::reads ? 1 : 0.6)) {
    plan.text += mix_features(plan.profile, dice);
    if (focus == Focus::members && plan.profile.membership == raft::Membership::fixed) plan.profile.membership = raft::Membership::single;
    if (focus == Focus::reads && plan.profile.replication == raft::Replication::push) plan.profile.reads = raft::Reads::heartbeat;
  }
  plan.text += std::array{"", "; about members", "; about reads", "; about disks"}[static_cast<std::size_t>(focus)];
  draw_configuration(dice, plan);
  plan.hostile = from_seconds(seconds(plan.profile.election_timeout) * dice.magnitude(15.0, 120.0));
  plan.patience = patience_for(plan.profile, plan.members);
  draw_surroundings(dice, plan, focus);
  draw_core(dice, plan);
  draw_actions(dice, plan, focus);
  return plan;
}

Duration patience_for(const raft::Profile& profile, raft::Member members) {
  Duration wait = std::max(2 * profile.election_timeout, profile.election_timeout_max);
  if (profile.priority_election) wait += members * profile.election_timeout;
  wait += profile.quiesce_after + profile.pre_vote_timeout + std::max(profile.vote_timeout_max, profile.election_timeout) + profile.check_quorum.window;
  return 40 * wait;
}

Outcome run_plan(const Plan& plan) {
  Arena arena(plan);
  Outcome outcome;
  outcome.finding = arena.run();
  outcome.coverage = arena.coverage();
  return outcome;
}

}  // namespace nines::fuzz
