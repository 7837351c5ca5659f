// A failure mode as a catalogue or a scenario writes it, and its translation to models/failure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/failure/mode.hpp"
#include "scenarios/schema/decode.hpp"

namespace nines::scenarios {

// Per second of up-time.
struct RateRange {
  double base = 0;
  double low = 0;
  double high = 0;
};

// How up-times scatter about their mean.
struct Arrival {
  Law::Kind kind = Law::Kind::exponential;
  double shape = 1;
};

struct EscalationDocument {
  Written<bool> off;
  Written<failure::Scope> to;
  Written<RateRange> probability;  // The same three values, of a probability.
};

enum class Repairer : std::uint8_t { itself, people };
struct RepairDocument {
  Written<Repairer> by;
  Written<std::string> crew;
  Written<int> crews, spares;
  Written<Law> delivery;
};

struct ModeDocument {
  Written<std::string> name;
  Written<bool> off;
  Written<failure::Scope> scope;
  std::vector<Written<std::string>> components;
  Written<failure::Effect> effect;
  Written<RateRange> rate;
  Written<Arrival> arrival;
  Written<Law> duration;
  Written<failure::Range> duration_range;
  std::optional<EscalationDocument> escalates;
  std::optional<RepairDocument> repair;
  Written<double> loss;
  Written<Duration> extra_delay;
  Written<std::string> source;
};

template <>
struct Words<failure::Scope> {
  using enum failure::Scope;
  static constexpr std::pair<const char*, failure::Scope> words[] = {{"broker", broker},
                                                                     {"node", node},
                                                                     {"rack", rack},
                                                                     {"zone", zone},
                                                                     {"region", region},
                                                                     {"zone-pair", zone_pair},
                                                                     {"region-pair", region_pair},
                                                                     {"cluster", cluster},
                                                                     {"pool-in-zone", pool_in_zone},
                                                                     {"component", component},
                                                                     {"external", external}};
};
template <>
struct Words<failure::Effect> {
  using enum failure::Effect;
  static constexpr std::pair<const char*, failure::Effect> words[] = {{"stop", stop},          {"planned-stop", planned_stop},
                                                                      {"pause", pause},        {"cut", cut},
                                                                      {"cut-out", cut_out},    {"slow", slow},
                                                                      {"lossy", lossy},        {"replace", replace},
                                                                      {"corrupt", corrupt},    {"slow-disk", slow_disk},
                                                                      {"hung-disk", hung_disk}};
};

template <>
struct Words<Repairer> {
  static constexpr std::pair<const char*, Repairer> words[] = {{"itself", Repairer::itself}, {"people", Repairer::people}};
};

template <>
struct Table<ModeDocument> {
  static const char* name() { return "fault"; }
  static const std::vector<Field<ModeDocument>>& fields();
};

// What must be there for a mode that no catalogue knows. True when it is.
bool check_new_mode(const ModeDocument& document, const Place& place, Context& context);

// A mode of that name before anything is known of it. Its faults come independently of each other.
failure::Mode new_mode(const std::string& name);

// Lays what is written over `mode`; a new rate keeps the shape of the arrivals.
bool apply(const ModeDocument& document, failure::Mode& mode, Context& context);

}  // namespace nines::scenarios
