#include "analysis/rare/system.hpp"

#include <algorithm>
#include <cmath>

namespace nines::analysis {
namespace {

bool touches(const Model& model, const Atom& atom, const ModelCluster& cluster, std::size_t number) {
  const auto holds_some = [&](std::uint32_t index) {
    const std::vector<std::uint32_t> inside = brokers_inside(model, atom.element.scope, index);
    return std::any_of(inside.begin(), inside.end(),
                       [&](std::uint32_t b) { return std::binary_search(cluster.brokers.begin(), cluster.brokers.end(), b); });
  };
  if (atom.element.scope == failure::Scope::cluster) return atom.element.a == number;
  return holds_some(atom.element.a) && (!failure::is_pair(atom.element.scope) || holds_some(atom.element.b));
}

}  // namespace

System::System(const Model& of_model, const world::Options& options, std::size_t of_cluster) : model(&of_model), cluster(of_cluster) {
  const ModelCluster& wanted = of_model.clusters[of_cluster];
  for (std::uint32_t a = 0; a < of_model.atoms.size(); ++a) {
    const Atom& atom = of_model.atoms[a];
    const failure::Mode& mode = options.modes[atom.mode];
    Part part{.atom = a, .up = Hazard(mode.up_time), .down = Hazard(mode.duration)};
    bool matters = touches(of_model, atom, wanted, of_cluster);
    if (atom.share < 1) {  // The whole's atom follows.
      part.whole = ++a;
      part.grows = of_model.atoms[a].share;
      matters = matters || touches(of_model, of_model.atoms[a], wanted, of_cluster);
    }
    if (!matters) continue;
    if (!std::isfinite(part.up.mean()) || !std::isfinite(part.down.mean())) finite = false;
    part.fails_per_s = 1 / part.up.mean();
    part.repairs_per_s = 1 / part.down.mean();
    memoryless = memoryless && part.up.memoryless() && part.down.memoryless();
    all_up *= part.up.mean() / (part.up.mean() + part.down.mean());
    parts.push_back(part);
  }
  for (Part& part : parts) {
    part.excursions_per_s = all_up * part.fails_per_s;
    excursions_per_s += part.excursions_per_s;
  }
}

void repair(const Part& part, Watch& watch) {
  watch.set(part.atom, false);
  if (part.whole != no_atom) watch.set(part.whole, false);
}

double fail(const Part& part, Watch& watch, double u, Bias bias) {
  const double share = bias == Bias::balanced && part.whole != no_atom ? std::max(part.grows, 0.25) : part.grows;
  const bool grown = u < share;
  watch.set(grown ? part.whole : part.atom, true);
  if (share == part.grows) return 1;
  return grown ? part.grows / share : (1 - part.grows) / (1 - share);
}

Start draw_start(const System& system, double u, double v, Bias bias) {
  const auto n = static_cast<double>(system.parts.size());
  std::size_t i = 0;
  if (bias == Bias::balanced && u < 0.5) {
    i = static_cast<std::size_t>(v * n);
  } else {
    for (double rest = v * system.excursions_per_s; i + 1 < system.parts.size(); ++i) {
      rest -= system.parts[i].excursions_per_s;
      if (rest < 0) break;
    }
  }
  const double rate = system.parts[i].excursions_per_s;
  if (bias == Bias::none) return {i, system.excursions_per_s};
  return {i, rate / (0.5 / n + 0.5 * rate / system.excursions_per_s)};
}

}  // namespace nines::analysis
