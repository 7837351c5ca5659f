#include "models/failure/mode.hpp"

namespace nines::failure {

Effect effect_named(const std::string& name) {
  if (name == "planned-stop") return Effect::planned_stop;
  if (name == "pause") return Effect::pause;
  if (name == "cut") return Effect::cut;
  if (name == "cut-out") return Effect::cut_out;
  if (name == "slow") return Effect::slow;
  if (name == "lossy") return Effect::lossy;
  if (name == "replace") return Effect::replace;
  if (name == "corrupt") return Effect::corrupt;
  if (name == "slow-disk") return Effect::slow_disk;
  if (name == "hung-disk") return Effect::hung_disk;
  return Effect::stop;
}

bool encloses(Scope to, Scope from) {
  switch (from) {
    case Scope::broker:
      return to == Scope::node || to == Scope::pool_in_zone || to == Scope::rack || to == Scope::zone || to == Scope::region || to == Scope::cluster;
    case Scope::node: return to == Scope::pool_in_zone || to == Scope::rack || to == Scope::zone || to == Scope::region;
    case Scope::pool_in_zone:
    case Scope::rack: return to == Scope::zone || to == Scope::region;
    case Scope::zone: return to == Scope::region;
    default: return false;
  }
}

bool can_escalate(Effect effect) { return effect != Effect::planned_stop && effect != Effect::cut_out; }

bool is_pair(Scope scope) { return scope == Scope::zone_pair || scope == Scope::region_pair || scope == Scope::broker_pair; }

bool has_pool(Scope scope) { return scope == Scope::broker || scope == Scope::node || scope == Scope::pool_in_zone; }

std::string_view stem_of(const Mode& mode) {
  const std::string_view name = mode.name;
  return name.substr(mode.pools.empty() ? 0 : name.rfind('/') + 1);
}

bool is_coupled(const Mode& mode) { return !mode.repair.crew.empty() || mode.repair.parts || (mode.repair.people && !mode.repair.shift.always()); }

bool can_be_repaired(Effect effect) { return effect != Effect::planned_stop && effect != Effect::pause && effect != Effect::cut_out; }

Effect effect_of(const ScriptedFault& fault, const std::vector<Mode>& modes) {
  for (const Mode& mode : modes)
    if (mode.name == fault.mode) return mode.effect;
  return effect_named(fault.mode);
}

}  // namespace nines::failure
