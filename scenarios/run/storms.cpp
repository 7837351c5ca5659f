#include "scenarios/run/storms.hpp"

#include <algorithm>
#include <iterator>

#include "analysis/exact/kind.hpp"
#include "analysis/stats/paired.hpp"
#include "models/failure/timeline.hpp"
#include "models/world/site.hpp"
#include "scenarios/run/deployment_of.hpp"

namespace nines::scenarios {
namespace {

// As failure::Timeline keys its streams: by the mode without its pool, and the element's names. What is recorded is one storm only where all of it is.
std::vector<std::string> sources_of(const world::Options& world) {
  const failure::Site site = world::site_of(world);
  std::vector<std::string> sources;
  for (const failure::Mode& mode : world.modes) {
    const std::string trace =
        mode.recorded && world.trace ? " recorded " + std::to_string(world.trace->length().count()) + ' ' + std::to_string(world.trace->faults().size()) : "";
    for (const failure::Element& element : failure::elements_of(site, mode)) {
      const std::vector<std::string>& names = failure::names_of(site, element.scope);
      std::string source = std::string(failure::stem_of(mode)) + ' ' + std::to_string(static_cast<int>(element.scope)) + ' ' + names[element.a];
      if (failure::is_pair(element.scope)) source += ' ' + names[element.b];
      sources.push_back(source + trace);
    }
  }
  std::sort(sources.begin(), sources.end());
  return sources;
}

}  // namespace

Storms storms_of(const Scenario& scenario, const world::Options& world) {
  const analysis::Series series(world);
  Storms out{.longest_s = series.longest_s(), .longest_beside_s = series.longest_beside_s()};
  out.sources = sources_of(world);
  out.world = analysis::content_of(world, world.modes);
  for (std::size_t c = 0; c < scenario.clusters.size(); ++c) out.load.push_back({deployment_of(scenario, world, c), demand_of(scenario.clusters[c])});
  return out;
}

bool is_one_world(const Storms& a, const Storms& b) { return !a.world.empty() && a.world == b.world; }

std::size_t common_sources(const Storms& a, const Storms& b) {
  std::vector<std::string> common;
  std::set_intersection(a.sources.begin(), a.sources.end(), b.sources.begin(), b.sources.end(), std::back_inserter(common));
  return common.size();
}

}  // namespace nines::scenarios
