// Failure modes: what can happen to which elements, how often, for how long, and to what effect. One hyphenated name a mode.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/failure/calendar.hpp"
#include "sim/base/law.hpp"
#include "sim/base/time.hpp"

namespace nines::failure {

// The kind of element a mode hits; each element of the kind runs the mode on its own.
enum class Scope : std::uint8_t {
  broker,
  node,
  rack,
  zone,
  region,
  zone_pair,
  region_pair,
  cluster,
  broker_pair,   // In scripts only.
  pool_in_zone,  // Every node of one pool in one zone: what a provider takes back together.
  component,     // A process beside the brokers; see models/services.
  external,      // A service that somebody else runs.
};

enum class Effect : std::uint8_t {
  stop,          // Every broker inside the element is down for the duration, and restarts from what was durable.
  planned_stop,  // The same, in good order: a leader may hand over first where its profile does.
  pause,         // The processes stand still and run on with their memory intact.
  cut,           // No message passes: between the pair, or between the element and everything outside it.
  cut_out,       // One way: nothing leaves the first of the pair (the element) towards the other (the outside).
  slow,          // Every message through the element takes `extra_delay` longer.
  lossy,         // Every packet through the element is lost with probability `loss`; TCP resends it.
  replace,       // As stop, and the disks are lost: every broker inside comes back with an empty one.
  corrupt,       // As stop, and the end of each log cannot be read when its broker starts.
  slow_disk,     // Every write to the disks takes `extra_delay` longer.
  hung_disk,     // No write to the disks ends while it lasts; the processes run on.
};

// The effect called `name`, spelled as above with hyphens ("planned-stop"); stop when none is.
Effect effect_named(const std::string& name);

// Low and high bound the plausible values; they are the catalogue's own uncertainty, not a confidence interval.
struct Range {
  double low = 0;
  double high = 0;
};

// A fault that grows: when it begins it hits, with this probability, the whole of what encloses its element instead of the element alone. An
// element that nothing of that scope encloses (a node without a rack) keeps its faults to itself.
struct Escalation {
  Scope to = Scope::region;
  double probability = 0;
  Range range;  // Of the probability.
};

// Can faults of `from` grow to `to`: does every element of the one lie in at most one of the other?
bool encloses(Scope to, Scope from);

// Is an effect one that can grow? What is announced, or widens later, has named its element before.
bool can_escalate(Effect effect);

// What a repair takes from a shelf. Each fault orders another one when it begins, and takes what is there, or comes, first: never later than its own.
struct Parts {
  int spares = 0;  // On the shelf when nothing has failed for long.
  Law delivery;    // From the order.

  bool operator==(const Parts&) const = default;
};

// Who repairs. What began goes on until it is done; the duration counts from there.
struct Repair {
  bool people = false;  // Somebody has to come: it begins when the shift is there. Without, it begins at once.
  Shift shift;          // Always there, unless the scenario's operations say otherwise.
  std::string crew;     // Faults of all modes that name the same crew wait for each other, first come, first served. Empty: nobody waits.
  int crews = 0;        // How many faults that crew repairs at a time.
  std::optional<Parts> parts = std::nullopt;  // Nothing: no fault waits for any. Not with a crew.

  bool operator==(const Repair&) const = default;
};

struct Mode {
  std::string name;  // "zone-outage"; of one pool's own "spot/node-loss".
  Scope scope = Scope::broker;
  std::vector<std::string> pools;  // It hits what stands on nodes of these pools only; empty: of all. For scopes that have a pool, see has_pool().
  std::vector<std::string> components;  // Scope::component and Scope::external: it hits these only; empty: all.
  Effect effect = Effect::stop;
  Law up_time;                  // From the end of one fault to the start of the next, per element.
  Law duration;                 // Of one fault.
  Range rate_per_year;          // Of up-time, for sensitivity.
  Range duration_factor{1, 1};  // Plausible means of the duration, as factors on it.
  std::optional<Escalation> escalation;
  Repair repair;
  Duration extra_delay{0};   // slow, slow_disk
  double loss = 0;           // lossy: of each packet, in [0, 1).
  int most_unavailable = 0;  // planned_stop: as many brokers of a cluster are down for planned work at a time, the rest of it waits. 0: no limit.
  bool recorded = false;     // Its faults are those of a trace (trace.hpp) or a source of one's own, and no others; the laws sum them up.
  std::string source;        // Where rate and duration come from; "assumption" when nobody measured them.
};

// Does every element of the scope stand on the nodes of one pool?
bool has_pool(Scope scope);

// Is it the link between two places?
bool is_pair(Scope scope);

// What its random numbers are keyed by: the name without the pool. A node draws the same whether a mode of that name is its pool's own or everybody's,
// so that a pool that is given faults of its own is compared with itself.
std::string_view stem_of(const Mode& mode);

// Does one of its faults last longer because of others, or of the hour? Then elements are not independent.
bool is_coupled(const Mode& mode);

// Is an effect one that somebody repairs, rather than one that was planned or passes?
bool can_be_repaired(Effect effect);

// One scripted fault: at, on what, for how long.
struct ScriptedFault {
  Duration at{0};
  std::string mode;             // A mode's name, or an effect's: "stop", "pause", "cut".
  std::vector<std::string> on;  // Names: "us-east-1/b", "broker-0", two of them for a pair.
  Duration duration{0};
};

// What it does: the effect of its mode, or the effect that it names.
Effect effect_of(const ScriptedFault& fault, const std::vector<Mode>& modes);

}  // namespace nines::failure
