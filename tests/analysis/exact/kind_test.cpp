// Which designs are of one kind: nothing that a single fault's cost depends on is overlooked, and rates are counted from the base's.
#include "analysis/exact/kind.hpp"

#include <memory>
#include <type_traits>

#include <gtest/gtest.h>

#include "analysis/exact/gaps.hpp"

namespace nines::analysis {
namespace kind_test {

// Three brokers in three zones, two partitions, under load; a mode for each kind of thing that one can say of a mode.
world::Options three_brokers() {
  world::Options options;
  topology::Topology& places = options.topology;
  places.regions = {{"r"}};
  world::Cluster cluster;
  cluster.name = "cluster";
  cluster.load = {.appends_per_second = 10, .bytes = 100, .together = 1s};
  cluster.partitions.resize(2);
  for (std::size_t b = 0; b < 3; ++b) {
    const std::string name = "r/" + std::string(1, static_cast<char>('a' + b));
    places.zones.push_back({name, RegionId{std::size_t{0}}});
    places.racks.push_back({name + "/1", ZoneId{b}});
    places.nodes.push_back({"n-" + std::to_string(b), ZoneId{b}, RackId{b}, "pool"});
    options.brokers.push_back({"cluster/" + std::to_string(b), NodeId{b}, Law::fixed(1ms)});
    for (auto& replicas : cluster.partitions) replicas.push_back({BrokerId{b}, static_cast<int>(3 - b)});
  }
  places.between = {{"r/a", "r/b", places.same_region}};
  options.clusters = {cluster};
  failure::Mode mode;
  mode.name = "broker-loss";
  mode.pools = {"pool"};
  mode.up_time = Law::exponential(90 * 24h);
  mode.duration = Law::lognormal(10min, 0.5).truncated(1min, 5h);
  mode.rate_per_year = {1, 10};
  mode.escalation = {.to = failure::Scope::zone, .probability = 0.1, .range = {0.05, 0.2}};
  mode.source = "a book";
  options.modes = {mode};
  options.horizon = year;
  return options;
}

template <class T>
void change(T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    value = !value;
  } else if constexpr (std::is_enum_v<T>) {
    value = static_cast<T>(static_cast<int>(value) + 1);
  } else if constexpr (std::is_same_v<T, Duration>) {
    value += 1ms;
  } else if constexpr (std::is_same_v<T, std::string>) {
    value += 'x';
  } else if constexpr (std::is_arithmetic_v<T>) {
    value = static_cast<T>(value + 1);
  } else {
    ++value.value;  // An Id.
  }
}

// Changes one field after the other of a world that it keeps: each makes another kind, or leaves what faults cost as it was.
class Fields {
 public:
  world::Options world = three_brokers();
  int changed = 0, without_effect = 0;

  template <class... T>
  void each(T&... fields) {
    (one(fields), ...);
  }
  template <class T, class By>
  void by(T& field, const By& alter) {
    const T before = field;
    alter(field);
    ++changed;
    if (content_of(world, world.modes) == kind_) {
      ++without_effect;
      EXPECT_EQ(gaps(), gaps_) << "field " << changed << " changes what faults cost, and not the kind";
    }
    field = before;
  }
  void law(Law& law) {
    auto& [kind, a, b, minimum, maximum, points] = law;
    each(kind, a, b, minimum);
    by(maximum, [](Duration& most) { most = 7h; });
    by(points, [](std::vector<double>& samples) { samples.push_back(1); });
  }
  void link(topology::LinkLaw& law) {
    auto& [minimum, jitter_median, jitter_sigma, maximum, loss, bandwidth] = law;
    each(minimum, jitter_median, jitter_sigma, maximum, loss, bandwidth);
  }

 private:
  template <class T>
  void one(T& field) {
    by(field, [](T& value) { change(value); });
  }
  std::vector<std::vector<Excess>> gaps() const { return live(GapSampler(std::make_shared<const world::Plan>(world), 1), 2).excess; }

  const std::string kind_ = content_of(world, world.modes);
  const std::vector<std::vector<Excess>> gaps_ = gaps();
};

// Structured bindings name every field: one more does not compile here before somebody has said how to change it.
TEST(Kind, EveryFieldOfAWorldMakesAnotherKindOrCostsTheSame) {
  Fields fields;
  auto& [topology, brokers, clusters, modes, script, trace, failovers, restores, services, horizon, fidelity, keeps_links] = fields.world;
  static_cast<void>(services);  // It moves nothing in the world: tests/models/services.
  fields.each(horizon, fidelity, keeps_links);
  fields.by(script, [](auto& faults) { faults.push_back({.at = 1h, .mode = "stop", .on = {"cluster/0"}, .duration = 1h}); });
  fields.by(trace,
            [](auto& replay) { replay = std::make_shared<const failure::Trace>(std::vector<failure::RecordedFault>{}, 1h, failure::Rotation::none); });

  fields.by(failovers, [](auto& list) { list.push_back({}); });
  fields.by(restores, [](auto& list) { list.push_back({}); });

  auto& [regions, zones, racks, nodes, same_node, same_zone, same_region, other_region, between] = topology;
  fields.each(regions[0].name, zones[1].name, zones[1].region, racks[1].name, racks[1].zone, nodes[1].name, nodes[1].zone, nodes[1].rack, nodes[1].pool);
  fields.each(between[0].from, between[0].to);
  for (topology::LinkLaw* law : {&same_node, &same_zone, &same_region, &other_region, &between[0].law}) fields.link(*law);
  fields.by(racks, [](auto& list) { list.push_back(list.back()); });
  fields.by(nodes, [](auto& list) { list.push_back(list.back()); });

  auto& [broker_name, node, flush] = brokers[1];
  fields.each(broker_name, node);
  fields.law(flush);

  auto& [name, profile, load, state_bytes, partitions] = clusters[0];
  fields.each(name, load.appends_per_second, load.bytes, load.together, state_bytes, partitions[1][0].broker, partitions[1][0].priority);
  fields.by(partitions, [](auto& list) { list.push_back(list.back()); });
  {
    auto& [of, heartbeat, heartbeat_only_when_idle, election_timeout, election_timeout_max, timeout_law, redraw, tick, priority_election, pre_vote,
           pre_vote_timeout, leader_grants_pre_votes, vote_lease, trust, answers_stale_votes, answers_stale_leaders, check_quorum, vote_timeout_min,
           vote_timeout_max, vote_attempts, candidate_yields, append_window, append_batch_bytes, probe_after_election, heartbeat_checks_log,
           match_may_fall, announce_commit, replication, transfer_on_stop, transfer_timeout, rebalance, membership, configuration_counts, snapshots, reads,
           lease, quiesce_after, hung_disk_stops_heartbeats, leader_gone_after, disk, after_pause, gateway, client_timeout, services_start] = profile;
    fields.each(of, heartbeat, heartbeat_only_when_idle, election_timeout, election_timeout_max, timeout_law, redraw, tick, priority_election, pre_vote);
    fields.each(pre_vote_timeout, leader_grants_pre_votes, vote_lease, trust, answers_stale_votes, answers_stale_leaders, vote_timeout_min);
    fields.each(vote_timeout_max, vote_attempts, candidate_yields, append_window, append_batch_bytes, probe_after_election, heartbeat_checks_log);
    fields.each(match_may_fall, announce_commit, replication, transfer_on_stop, transfer_timeout, rebalance, membership, configuration_counts, reads);
    fields.each(lease, quiesce_after, hung_disk_stops_heartbeats, leader_gone_after, after_pause, gateway, client_timeout, services_start);
    fields.each(check_quorum.window, check_quorum.interval, disk.follower_before_ack, disk.leader_before_commit, disk.delay);
    auto& [period, entries, keep, prefer, on_demand, chunk_bytes, timeout] = snapshots;
    fields.each(period, entries, keep, prefer, on_demand, chunk_bytes, timeout);
  }

  auto& [mode, scope, pools, components, effect, up_time, duration, rate_per_year, duration_factor, escalation, repair, extra_delay, loss,
         most_unavailable, recorded, source] = modes[0];
  static_cast<void>(components);  // Of what runs beside the brokers.
  fields.each(mode, scope, pools[0], effect, extra_delay, loss, most_unavailable, recorded, escalation->to, escalation->probability, repair.people);
  fields.each(repair.shift.days, repair.shift.from_hour, repair.shift.to_hour, repair.crew, repair.crews);
  fields.by(repair.parts, [](auto& parts) { parts.emplace(); });
  repair.parts = failure::Parts{1, Law::fixed(24h)};
  fields.each(repair.parts->spares);
  fields.law(repair.parts->delivery);
  repair.parts.reset();
  fields.law(up_time);
  fields.law(duration);
  fields.by(escalation, [](auto& grows) { grows.reset(); });
  EXPECT_GT(fields.changed, 130);
  EXPECT_EQ(fields.without_effect, 0);

  // What the catalogue says about itself.
  fields.each(source, rate_per_year.low, rate_per_year.high, duration_factor.low, duration_factor.high, escalation->range.low, escalation->range.high);
  EXPECT_EQ(fields.without_effect, 7);
  const std::string before = bounds_of(modes);
  rate_per_year.high += 1;
  EXPECT_NE(bounds_of(modes), before);
  rate_per_year.high -= 1;

  fields.by(modes, [](auto& list) { list.push_back(list.back()); });
  EXPECT_EQ(fields.without_effect, 7);
}

failure::Mode with(const std::string& name, const Law& up_time) {
  failure::Mode mode;
  mode.name = name;
  mode.up_time = up_time;
  mode.duration = Law::fixed(1h);
  return mode;
}

TEST(Kind, RatesOfTheBaseStandForThoseNearby) {
  const std::vector<failure::Mode> base{with("loss", Law::exponential(1000h)), with("aging", Law::weibull(1000h, 2))};
  std::vector<failure::Mode> design{with("aging", Law::weibull(1400h, 2)), with("loss", Law::exponential(750h)), with("own", Law::exponential(77h))};
  const Canonical near = canonical(design, base);
  EXPECT_TRUE(near.differs);
  EXPECT_EQ(near.modes[0].up_time, base[1].up_time);
  EXPECT_EQ(near.modes[1].up_time, base[0].up_time);
  EXPECT_EQ(near.modes[2].up_time, design[2].up_time) << "the base knows nothing of it";

  design[0].up_time = Law::weibull(12'000h, 2);
  design[1].up_time = Law::exponential(8h);
  const Canonical far = canonical(design, base);
  EXPECT_EQ(far.modes[0].up_time, Law::weibull(16'000h, 2));
  EXPECT_EQ(far.modes[1].up_time, Law::exponential(28'125s));
}

TEST(Kind, ADesignWithTheBasesRatesStandsForItself) {
  const std::vector<failure::Mode> base{with("loss", Law::exponential(1000h))};
  std::vector<failure::Mode> design = base;
  design[0].duration = Law::fixed(5h);
  const Canonical same = canonical(design, base);
  EXPECT_FALSE(same.differs);
  EXPECT_EQ(same.modes[0].up_time, base[0].up_time);
  EXPECT_EQ(same.modes[0].duration, design[0].duration);
  design[0].up_time = Law::exponential(250h);
  EXPECT_FALSE(canonical(design, base).differs) << "four times as often is measured as it is";
}

// Another law, another shape, and what comes regularly where the other comes as it likes: nothing of it is the base's rate.
TEST(Kind, LawsThatAreNotTheBasesStretchedStay) {
  const std::vector<failure::Mode> base{with("loss", Law::weibull(1000h, 2))};
  for (const Law& other : {Law::weibull(900h, 1.5), Law::exponential(900h), Law::weibull(900h, 2).truncated(1h, 2000h), Law::uniform(1h, 2000h)}) {
    const Canonical kept = canonical({with("loss", other)}, base);
    EXPECT_EQ(kept.modes[0].up_time, other);
    EXPECT_FALSE(kept.differs);
  }
  const std::vector<failure::Mode> monthly{with("upgrade", Law::fixed(30 * 24h))};
  const Law rare = Law::fixed(340 * 24h);  // Within a year, and the nearest of the base's is not.
  EXPECT_EQ(canonical({with("upgrade", rare)}, monthly).modes[0].up_time, rare);
  EXPECT_EQ(canonical({with("upgrade", Law::fixed(40 * 24h))}, monthly).modes[0].up_time, monthly[0].up_time);
}

}  // namespace kind_test
}  // namespace nines::analysis
