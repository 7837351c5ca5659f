#include "scenarios/run/people.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "analysis/stats/text.hpp"
#include "analysis/why/data_loss.hpp"
#include "models/failure/timeline.hpp"
#include "models/world/site.hpp"

namespace nines::scenarios {
namespace {

struct Task {
  std::string what, kind;
  double per_year = 0;
  double takes_s = 0;
  int steps = 1;
};

double faults_per_year(const failure::Site& site, const failure::Mode& mode) {
  const double cycle = mode.up_time.sample_mean_s() + mode.duration.sample_mean_s();
  return static_cast<double>(failure::elements_of(site, mode).size()) * seconds(year) / cycle;
}

double mean_of(std::initializer_list<const Law*> steps) {
  double sum = 0;
  for (const Law* step : steps) sum += step->sample_mean_s();
  return sum;
}

// A region is lost as often as the modes say that take or cut off a whole one.
double lost_regions_per_year(const failure::Site& site, const world::Options& world) {
  double sum = 0;
  for (const failure::Mode& mode : world.modes) {
    const bool takes = mode.effect == failure::Effect::stop || mode.effect == failure::Effect::replace || mode.effect == failure::Effect::corrupt ||
                       mode.effect == failure::Effect::cut;
    if (mode.scope == failure::Scope::region && takes) sum += faults_per_year(site, mode);
  }
  return sum;
}

std::vector<Task> tasks_of(const world::Options& world) {
  std::vector<Task> tasks;
  const failure::Site site = world::site_of(world);
  for (const auto* modes : {&world.modes, &world.services.modes}) {
    for (const failure::Mode& mode : *modes) {
      const bool planned = mode.effect == failure::Effect::planned_stop;
      if (!planned && !mode.repair.people && mode.repair.crew.empty()) continue;
      tasks.push_back({mode.name, planned ? "planned work" : "repair by people", faults_per_year(site, mode), mode.duration.sample_mean_s()});
    }
  }
  const auto of = [&](std::uint16_t cluster) { return world.clusters.size() > 1 ? " of " + world.clusters[cluster].name : std::string(); };
  for (const world::RegionFailover& steps : world.failovers) {
    const double often = lost_regions_per_year(site, world);
    tasks.push_back({"failover" + of(steps.cluster), "procedure", often, mean_of({&steps.detection, &steps.decision, &steps.reroute, &steps.removal}), 4});
    tasks.push_back({"failback" + of(steps.cluster), "procedure", often, mean_of({&steps.redeploy, &steps.restore}), 2});
  }
  for (const world::BackupRestore& steps : world.restores) {
    world::Options plain = world;
    plain.failovers.clear();
    if (const auto loss = analysis::data_loss_of(plain, steps.cluster))
      tasks.push_back({"restore" + of(steps.cluster), "procedure", loss->lost.per_s * seconds(year),
                       mean_of({&steps.detection, &steps.decision, &steps.download, &steps.start}), 4});
  }
  std::stable_sort(tasks.begin(), tasks.end(), [](const Task& a, const Task& b) { return a.per_year > b.per_year; });
  return tasks;
}

}  // namespace

double restoring_takes_s(const world::BackupRestore& backup) {
  return mean_of({&backup.detection, &backup.decision, &backup.download, &backup.start}) + seconds(failure::mean_wait(backup.shift));
}

std::optional<Sheet> people_sheet(const Scenario& scenario, const world::Options& world) {
  const std::vector<Task> tasks = tasks_of(world);
  if (tasks.empty()) return std::nullopt;
  const auto number = [](double value) { return Cell{analysis::significant(value, 3), value}; };
  Sheet sheet{.key = "people",
              .title = "What people have to do",
              .method = "exact: expected over all elements, from rates and mean durations",
              .columns = {{"what", "what", ""},
                          {"kind", "kind", ""},
                          {"per_year", "times/year", "1/year"},
                          {"takes", "each takes", "s"},
                          {"hours_per_year", "hours/year", "h/year"},
                          {"steps", "steps", "1"}},
              .rows = {},
              .shown = 12,
              .notes = {}};
  for (const Task& task : tasks)
    sheet.rows.push_back({{task.what, {}},
                          {task.kind, {}},
                          number(task.per_year),
                          {analysis::human_time(task.takes_s, 3), task.takes_s},
                          number(task.per_year * task.takes_s / 3600),
                          {std::to_string(task.steps), static_cast<double>(task.steps)}});
  if (scenario.operations)
    sheet.notes.push_back("On " + scenario.operations->platform + ", with somebody there " + scenario.operations->coverage +
                          " (waiting for them is not in the times); what is not here is restarted by the platform or the provider. What people cost: "
                          "nines cost, with costs.staff.");
  return sheet;
}

}  // namespace nines::scenarios
