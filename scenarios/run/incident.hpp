// `nines incident`: one history of a cluster under load, played with every command simulated.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/workload/pipeline.hpp"
#include "models/world/options.hpp"
#include "models/world/record.hpp"
#include "scenarios/schema/scenario.hpp"
#include "sim/base/result.hpp"

namespace nines::scenarios {

// What a scenario without incidents is asked: the zone in which the first partition's leader runs by then is lost, or its node where there is one zone,
// from a third of the time to the second.
Incident default_incident(const Scenario& scenario, std::uint64_t seed, Duration length = 10min);

// Between two things that happen: a fault begins or ends, the last partition without a leader has one again.
struct IncidentPhase {
  std::string name;
  Instant from{}, to{};
  workload::Interval of;  // With its own percentiles.
  workload::State state;  // At its end: who runs and who leads.
};

// A fault, in the words of a headline.
struct IncidentFault {
  Instant from{}, to{};
  std::string what;   // "zone us-east-1/b is lost"
  std::string label;  // "zone us-east-1/b lost"
};

struct Played {
  Incident incident;
  std::uint64_t seed = 1;
  world::Options world;
  world::Record record;  // Who ran and who led.
  workload::Deployment deployment;
  workload::PipelineOptions options;
  workload::Timeline timeline;  // By the second, and by tenths of one in the ten seconds around each change.
  std::vector<IncidentFault> faults;
  std::vector<IncidentPhase> phases;
  std::optional<workload::Timeline> unlimited;  // The same without flow control, over the whole time; absent where there is none.
  std::string unlimited_ends;                   // Why it is absent where there is flow control: it came to more than can be simulated.
  std::size_t too_late = 0;                     // Faults of the script that begin after the end; they are not among `faults`.
};

// The world of the incident: its script alone happens, for as long as it is watched.
world::Options world_of(const Scenario& scenario, const Incident& incident);

// Why there is no history.
struct NotPlayed {
  enum class Cause : std::uint8_t { interrupted, too_much } cause = Cause::interrupted;
  std::string why;  // Of too_much: what is too much, and how to ask for less.
};

// What is wrong with a load that comes whatever becomes of it, if it is more than can be simulated; else nothing.
std::string too_much(const workload::Load& load, Duration length);

// Equal arguments give equal histories. Every second `interrupted` is asked whether to stop.
tl::expected<Played, NotPlayed> play(const Scenario& scenario, const Incident& incident, std::uint64_t seed, const std::function<bool()>& interrupted = {});

// Edges of a timeline over [0, length): whole seconds (longer where there would be more than `most`), tenths of a second around `instants`.
std::vector<Instant> edges_of(Duration length, const std::vector<Instant>& instants, std::size_t most = 3600);

}  // namespace nines::scenarios
