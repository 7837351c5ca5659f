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

Effect effect_of(const ScriptedFault& fault, const std::vector<Mode>& modes) {
  for (const Mode& mode : modes)
    if (mode.name == fault.mode) return mode.effect;
  return effect_named(fault.mode);
}

}  // namespace nines::failure
