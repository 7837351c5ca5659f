#include "scenarios/run/incident.hpp"

#include <algorithm>
#include <set>

#include "analysis/stats/text.hpp"
#include "models/world/simulate.hpp"
#include "scenarios/run/deployment_of.hpp"
#include "scenarios/run/incident_changes.hpp"
#include "scenarios/run/incident_picture.hpp"
#include "scenarios/run/translate.hpp"
#include "sim/base/check.hpp"

namespace nines::scenarios {
namespace {

constexpr Duration around_a_change = 10s;
constexpr std::size_t most_phases = 200;

// Half an hour of a fast core, and a gigabyte. A second at the greatest rate adds less than a `Pipeline` has places beyond these.
constexpr double most_per_s = 1e6;
constexpr std::uint64_t most_commands = 100'000'000;
constexpr std::size_t most_places = 8'000'000;
constexpr const char* how_to_ask_less = "; ask for a smaller rate, fewer clients or a shorter time";

tl::expected<workload::Timeline, NotPlayed> simulated(const workload::Deployment& deployment, const workload::PipelineOptions& options,
                                                      const std::function<bool()>& interrupted) {
  using Cause = NotPlayed::Cause;
  workload::Pipeline pipeline(deployment, options);
  for (Instant at{}; at < options.edges.back();) {
    at = std::min(at + 1s, options.edges.back());
    pipeline.run_until(at);
    if (interrupted && interrupted()) return tl::unexpected<NotPlayed>(NotPlayed{Cause::interrupted, {}});
    const auto too_much_of = [&](std::uint64_t most, const char* what) {
      return tl::unexpected<NotPlayed>(NotPlayed{Cause::too_much, "at " + clock_text(at) + " there are more than " + analysis::grouped(most) + ' ' + what});
    };
    if (pipeline.offered() > most_commands) return too_much_of(most_commands, "commands, and each is simulated");
    if (pipeline.places() > most_places) return too_much_of(most_places, "commands and batches of them in work at once");
  }
  return pipeline.timeline();
}

std::string kind_of(const world::Options& world, const std::string& name) {
  const topology::Topology& places = world.topology;
  const auto named = [&](const auto& list) { return std::any_of(list.begin(), list.end(), [&](const auto& one) { return one.name == name; }); };
  if (named(places.zones)) return "zone ";
  if (named(places.regions)) return "region ";
  if (named(places.racks)) return "rack ";
  if (named(places.nodes)) return "node ";
  if (named(world.brokers)) return "broker ";
  if (named(world.clusters)) return "cluster ";
  return "";
}

IncidentFault described(const failure::ScriptedFault& fault, const world::Options& world) {
  IncidentFault out{.from = Instant{} + fault.at, .to = Instant{} + fault.at + fault.duration, .what = {}, .label = {}};
  std::string on;
  for (const std::string& name : fault.on) on += (on.empty() ? "" : " and ") + kind_of(world, name) + name;
  const bool two = fault.on.size() > 1;
  const auto say = [&](const char* one, const char* several, const char* label) {
    out.what = (two ? several : one);
    out.label = label;
  };
  using enum failure::Effect;
  switch (failure::effect_of(fault, world.modes)) {
    case stop:
      fault.on.size() == 1 && kind_of(world, fault.on.front()) == "broker " ? say("crashes", "", "down") : say("is lost", "are lost", "lost");
      break;
    case planned_stop: say("is stopped in good order", "are stopped in good order", "stopped"); break;
    case pause: say("stands still", "stand still", "paused"); break;
    case cut: say("is cut off", "are cut off from each other", "cut off"); break;
    case cut_out: say("is heard by nobody", "are cut off from each other, one way", "unheard"); break;
    case slow: say("is slow to reach", "are slow to reach", "slow"); break;
    case lossy: say("loses packets", "lose packets", "lossy"); break;
    case replace: say("is lost with its disks", "are lost with their disks", "lost with disks"); break;
    case corrupt: say("is lost and finds its log damaged", "are lost and find their logs damaged", "lost, log damaged"); break;
    case slow_disk: say("writes slowly", "write slowly", "disk slow"); break;
    case hung_disk: say("has a disk that hangs", "have disks that hang", "disk hangs"); break;
  }
  out.what = on + ' ' + out.what;
  out.label = on + ' ' + out.label;
  return out;
}

// Those that begin before the end.
std::vector<IncidentFault> faults_of(const Incident& incident, const world::Options& world, const std::string& cluster) {
  std::vector<IncidentFault> faults;
  for (const failure::ScriptedFault& fault : incident.script) faults.push_back(described(fault, world));
  for (const Incident::ExportStop& stop : incident.export_stops)
    faults.push_back(
        {Instant{} + stop.at, Instant{} + stop.at + stop.duration, "the secondary storage of " + cluster + " takes nothing", "no export"});
  std::erase_if(faults, [&](const IncidentFault& fault) { return fault.from >= Instant{} + incident.length; });
  std::stable_sort(faults.begin(), faults.end(), [](const IncidentFault& a, const IncidentFault& b) { return a.from < b.from; });
  return faults;
}

// Outages of the cluster's partitions, where they overlap or touch one.
std::vector<std::pair<Instant, Instant>> leaderless(const Played& played) {
  std::size_t first = 0;
  for (std::size_t c = 0; c < played.incident.cluster; ++c) first += played.world.clusters[c].partitions.size();
  const std::size_t count = played.deployment.partitions.size();
  std::vector<std::pair<Instant, Instant>> all, joined;
  for (const world::Outage& outage : played.record.outages)
    if (outage.partition.index() >= first && outage.partition.index() < first + count) all.emplace_back(outage.start, outage.end);
  std::sort(all.begin(), all.end());
  for (const auto& one : all) {
    if (!joined.empty() && one.first <= joined.back().second)
      joined.back().second = std::max(joined.back().second, one.second);
    else
      joined.push_back(one);
  }
  return joined;
}

std::vector<IncidentPhase> phases_of(const Played& played) {
  const Instant end = Instant{} + played.incident.length;
  const auto down = leaderless(played);
  std::set<Instant> cuts{Instant{}, end};
  const auto add = [&](Instant at) {
    if (at > Instant{} && at < end && cuts.size() < most_phases) cuts.insert(at);
  };
  for (const IncidentFault& fault : played.faults) {
    add(fault.from);
    add(fault.to);
  }
  for (const auto& [from, to] : down) {
    add(from);
    add(to);
  }
  std::vector<IncidentPhase> phases;
  for (auto at = cuts.begin(); std::next(at) != cuts.end(); ++at) {
    IncidentPhase phase{.name = {}, .from = *at, .to = *std::next(at), .of = {}, .state = {}};
    for (const IncidentFault& fault : played.faults)
      if (fault.from < phase.to && fault.to > phase.from) phase.name += (phase.name.empty() ? "" : ", ") + fault.label;
    if (phase.name.empty()) phase.name = played.faults.empty() ? "all the time" : phases.empty() ? "before" : "after";
    if (std::any_of(down.begin(), down.end(), [&](const auto& one) { return one.first < phase.to && one.second > phase.from; }))
      phase.name += ", a partition cannot be written";
    phases.push_back(std::move(phase));
  }
  return phases;
}

// Who runs just before `end`, and who leads as the phase ends.
workload::State state_of(const Played& played, const IncidentPhase& phase) {
  workload::State state = workload::healthy(played.deployment);
  using Kind = workload::Change::Kind;
  for (const workload::Change& change : played.options.changes) {
    if (change.at >= phase.to) break;
    if (change.kind == Kind::broker_stops || change.kind == Kind::broker_vanishes) state.up[change.broker] = 0;
    if (change.kind == Kind::broker_returns) state.up[change.broker] = 1;
  }
  for (std::size_t p = 0; p < state.leader.size(); ++p) state.leader[p] = phase.of.partitions[p].leader;
  return state;
}

}  // namespace

Incident default_incident(const Scenario& scenario, std::uint64_t seed, Duration length) {
  Incident incident;
  incident.name = "default";
  incident.length = length;
  incident.load = default_load(scenario.clusters[incident.cluster]);
  const world::Options world = world_of(scenario, incident);
  BrokerId leader = world.clusters[incident.cluster].partitions.front().front().broker;
  for (const world::Leadership& lead : world::simulate(world, seed, 0).leaderships)
    if (lead.partition.index() == 0 && lead.from <= Instant{} + length / 3) leader = lead.leader;
  const topology::Node& node = world.topology.nodes[world.brokers[leader.index()].node.index()];
  std::set<std::uint32_t> zones;
  for (int b = 0; b < scenario.clusters[incident.cluster].brokers; ++b)
    zones.insert(world.topology.nodes[world.brokers[static_cast<std::size_t>(b)].node.index()].zone.value);
  const std::string& what = zones.size() > 1 ? world.topology.zones[node.zone.index()].name : node.name;
  incident.script = {{.at = length / 3, .mode = "stop", .on = {what}, .duration = length / 3}};
  return incident;
}

world::Options world_of(const Scenario& scenario, const Incident& incident) {
  world::Options world = to_world(scenario);
  world.script = incident.script;
  world.trace = nullptr;
  for (failure::Mode& mode : world.modes) mode.recorded = true;  // The script may name them; by themselves they do not happen.
  world.horizon = incident.length;
  world.keeps_links = true;
  return world;
}

std::vector<Instant> edges_of(Duration length, const std::vector<Instant>& instants, std::size_t most) {
  const auto whole = static_cast<std::size_t>((length + 1s - 1ns) / 1s);
  const Duration step = 1s * static_cast<std::int64_t>((whole + most - 1) / most);
  const Instant end = Instant{} + length;
  std::set<Instant> edges{Instant{}, end};
  for (Instant at{}; at < end; at += step) edges.insert(at);
  for (const Instant instant : instants) {
    if (edges.size() > 4 * most) break;
    const Instant first = std::max(Instant{}, instant - around_a_change), last = std::min(end, instant + around_a_change);
    for (Instant at = Instant{} + (first - Instant{}) / 100ms * 100ms; at < last; at += 100ms) edges.insert(at);
  }
  return {edges.begin(), edges.end()};
}

std::string too_much(const workload::Load& load, Duration length) {
  if (load.kind == workload::Load::Kind::closed || load.kind == workload::Load::Kind::trace) return {};
  double commands = 0;
  for (std::size_t i = 0; i < load.rates.size(); ++i) {
    const workload::Load::Step& step = load.rates[i];
    if (step.from >= Instant{} + length) break;
    if (step.per_s > most_per_s)
      return analysis::grouped(static_cast<std::uint64_t>(step.per_s)) +
             " commands a second are more than can be simulated one by one: at most 1,000,000 a second";
    const Instant to = i + 1 < load.rates.size() ? std::min(load.rates[i + 1].from, Instant{} + length) : Instant{} + length;
    commands += step.per_s * seconds(to - step.from);
  }
  if (commands <= static_cast<double>(most_commands)) return {};
  return analysis::grouped(static_cast<std::uint64_t>(commands)) + " commands are more than can be simulated one by one: at most " +
         analysis::grouped(most_commands) + how_to_ask_less;
}

tl::expected<Played, NotPlayed> play(const Scenario& scenario, const Incident& incident, std::uint64_t seed, const std::function<bool()>& interrupted) {
  using Cause = NotPlayed::Cause;
  if (std::string why = too_much(incident.load, incident.length); !why.empty())
    return tl::unexpected<NotPlayed>(NotPlayed{Cause::too_much, std::move(why)});
  const auto why_not = [](NotPlayed&& not_played) {
    if (not_played.cause == Cause::too_much) not_played.why += how_to_ask_less;
    return tl::unexpected<NotPlayed>(std::move(not_played));
  };
  Played played;
  played.incident = incident;
  played.seed = seed;
  played.world = world_of(scenario, incident);
  played.record = world::simulate(played.world, seed, 0);
  if (interrupted && interrupted()) return tl::unexpected<NotPlayed>(NotPlayed{});
  played.deployment = deployment_of(scenario, played.world, incident.cluster);
  played.faults = faults_of(incident, played.world, scenario.clusters[incident.cluster].name);
  played.too_late = incident.script.size() + incident.export_stops.size() - played.faults.size();
  played.phases = phases_of(played);

  workload::PipelineOptions& options = played.options;
  options.load = incident.load;
  options.flow = scenario.clusters[incident.cluster].flow;
  options.seed = seed;
  options.changes = changes_of(scenario, incident, played.world, played.record);
  std::vector<Instant> instants;
  for (const workload::Change& change : options.changes) instants.push_back(change.at);
  // An interval holds something of each partition: of many partitions fewer intervals are kept.
  options.edges = edges_of(incident.length, instants, std::clamp<std::size_t>(2'000'000 / played.deployment.partitions.size(), 100, 3600));
  auto timeline = simulated(played.deployment, options, interrupted);
  if (!timeline) return why_not(std::move(timeline.error()));
  played.timeline = std::move(*timeline);

  // A percentile of a phase cannot be put together from those of its seconds: the same history once more, with its edges.
  workload::PipelineOptions coarse = options;
  coarse.edges.clear();
  for (const IncidentPhase& phase : played.phases) coarse.edges.push_back(phase.from);
  coarse.edges.push_back(Instant{} + incident.length);
  auto by_phase = simulated(played.deployment, coarse, interrupted);
  if (!by_phase) return why_not(std::move(by_phase.error()));
  SIM_CHECK(by_phase->total == played.timeline.total, "where a timeline is cut has changed what happened");
  for (std::size_t i = 0; i < played.phases.size(); ++i) {
    played.phases[i].of = by_phase->intervals[i];
    played.phases[i].state = state_of(played, played.phases[i]);
  }

  if (options.flow != workload::FlowControl{}) {
    coarse.flow = {};
    auto unlimited = simulated(played.deployment, coarse, interrupted);
    if (!unlimited && unlimited.error().cause == Cause::interrupted) return why_not(std::move(unlimited.error()));
    if (unlimited)
      played.unlimited = std::move(*unlimited);
    else
      played.unlimited_ends = std::move(unlimited.error().why);
  }
  return played;
}

}  // namespace nines::scenarios
