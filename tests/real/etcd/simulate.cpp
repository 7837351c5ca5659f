#include "tests/real/etcd/simulate.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/support/worlds.hpp"

namespace nines::real_etcd {

namespace {

constexpr std::uint64_t seed = 20;
// What a hop takes beside its delay, from the puts of a healthy cluster 20 ms wide (recorded/healthy.csv): 1.16 ms more than a round trip at the
// leader, two hops and a member's work; 1.61 ms more than two at a follower, four hops and its work. So a hop takes 0.22 ms, its work 0.7 ms. The
// spread is that of the same puts. The same numbers for all configurations.
constexpr Duration hop_least = 90us, hop_jitter = 130us, hop_most = 3ms;
constexpr double hop_sigma = 0.8;

failure::Effect effect_of(const std::string& fault) {
  if (fault == "pause") return failure::Effect::pause;
  return fault == "partition" ? failure::Effect::cut : failure::Effect::stop;
}

}  // namespace

Duration one_way(const Configuration& c) { return c.round_trip / 2 + hop_least + hop_jitter; }

std::vector<Configuration> read_configurations(const std::string& file) {
  std::vector<Configuration> all;
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream cells(line);
    std::vector<std::string> cell;
    for (std::string text; std::getline(cells, text, ',');) cell.push_back(text);
    if (cell.size() != 8) continue;
    const auto ms = [&](std::size_t i) { return from_seconds(std::stod(cell[i]) / 1000); };
    all.push_back({cell[0], std::stoul(cell[1]), ms(2), ms(3), cell[4] == "1" ? raft::PreVote::freshness : raft::PreVote::off, ms(5), cell[6], ms(7)});
  }
  return all;
}

raft::Profile etcd_profile(const Configuration& c) {
  raft::Profile p = reference::catalog_profile("etcd-3.4");
  // The command line: etcdserver/raft.go counts everything in ticks of the heartbeat interval.
  p.heartbeat = p.tick = c.heartbeat;
  p.election_timeout = c.election_timeout;
  p.election_timeout_max = 2 * c.election_timeout - c.heartbeat;
  p.check_quorum = {c.election_timeout, c.election_timeout};
  p.pre_vote = c.pre_vote;
  return p;
}

std::shared_ptr<const world::Plan> plan_of(const Configuration& c, const raft::Profile& profile) {
  world::Options options = testing_worlds::cluster(c.members, 1, 1, c.members, profile);
  topology::LinkLaw& link = options.topology.same_zone;
  link.minimum = c.round_trip / 2 + hop_least;
  link.jitter_median = hop_jitter;
  link.jitter_sigma = hop_sigma;
  link.maximum = c.round_trip / 2 + hop_most;
  for (world::Broker& broker : options.brokers) broker.flush = Law::fixed(1us);  // A file system in memory.
  options.fidelity = world::Fidelity::full;                                      // Proposals come from outside.
  return std::make_shared<const world::Plan>(std::move(options));
}

std::optional<Outcome> trial_of(const Configuration& c, const std::shared_ptr<const world::Plan>& plan, std::uint64_t number) {
  reference::Trial trial(plan, seed, number);
  const Instant begin = testing_worlds::at(1s) + from_seconds(reference::chance(seed, number, 0));
  Client client(trial, {}, one_way(c), begin);
  const Instant at = begin + 2s + from_seconds(reference::chance(seed, number, 1) * 2);
  client.run_until(at);
  trial.run_until(at);
  const raft::Member old = trial.leader();
  if (c.fault == "transfer") {
    const auto others = static_cast<double>(c.members - 1);
    trial.hand_over(at, old, static_cast<raft::Member>((old + 1 + static_cast<std::size_t>(reference::chance(seed, number, 2) * others)) % c.members));
  } else {
    trial.begin(at, effect_of(c.fault), old);
    if (c.fault == "kill") client.reset(old);
  }
  const Instant limit = at + (c.hold > 0ns ? c.hold : 30s);
  std::optional<world::RoleChange> leader;
  std::size_t seen = 0;
  for (Instant t = at; !leader && t < limit;) {
    client.run_until(t = std::min(limit, t + 10ms));
    for (; seen < trial.roles().size() && !leader; ++seen)
      if (const world::RoleChange& change = trial.roles()[seen]; change.at >= at && change.role == raft::Role::leader) leader = change;
  }
  if (!leader) return std::nullopt;
  const Instant until = leader->at + 500ms;
  if (c.hold > 0ns) {
    client.run_until(limit);
    trial.end(limit, effect_of(c.fault), old);
  }
  client.run_until(std::max(limit - 30s, until) + 2500ms);

  Outcome o;
  o.to_leader_ms = seconds(leader->at - at) * 1e3;
  std::vector<Instant> done;
  std::vector<double> before;
  for (const Put& put : client.puts()) {
    if (put.done == never) continue;
    done.push_back(put.done);
    if (put.issued >= at - 500ms && put.issued < until) o.longest_put_ms = std::max(o.longest_put_ms, seconds(put.done - put.issued) * 1e3);
    if (put.issued >= at - 1s && put.done < at) before.push_back(seconds(put.done - put.issued) * 1e3);
  }
  std::sort(done.begin(), done.end());
  for (std::size_t i = 1; i < done.size(); ++i)
    if (done[i] > at && done[i - 1] < until) o.outage_ms = std::max(o.outage_ms, seconds(done[i] - done[i - 1]) * 1e3);
  o.put_p50_ms = reference::quantile_of(before, 0.5);
  const raft::Role first_role = c.pre_vote != raft::PreVote::off ? raft::Role::pre_candidate : raft::Role::candidate;
  for (const world::RoleChange& change : trial.roles())
    if (change.at >= at && change.at <= leader->at && change.role == first_role) ++o.campaigns;
  return o;
}

}  // namespace nines::real_etcd
