// nines as a library: a scenario of the library, and beside the catalogue's failure modes one that nines does not know. The sprinklers of two zones hang on
// one water main; every second Monday, at an hour of its own, they are tested and flood both.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "analysis/stats/metric.hpp"
#include "models/world/simulate.hpp"
#include "scenarios/run/answer.hpp"
#include "scenarios/run/resources.hpp"
#include "scenarios/run/translate.hpp"

using namespace std::chrono_literals;

namespace {

constexpr nines::Duration fortnight = 14 * 24h, flooded = 2h;

// A failure source is anything with next(): here the n-th flood begins at a random hour of its Monday, drawn under the key (seed, replication, n).
class Sprinklers {
 public:
  Sprinklers(const nines::Streams& streams, std::pair<std::uint32_t, std::uint32_t> zones, std::uint16_t mode)
      : hours_(streams.of(nines::world::stream_key("sprinklers", "water-main"), nines::Purpose::up_time)), zones_(zones), mode_(mode) {}

  nines::failure::Change next(nines::Instant) {
    const std::uint64_t step = told_++;
    const std::uint64_t flood = step / 4;  // Of it: two zones begin, two zones end.
    const bool ends = step % 4 >= 2;
    nines::failure::Change change;
    const nines::Duration hour = nines::from_seconds(8 * 3600 * hours_.uniform({.index = flood}));
    change.at = nines::Instant{} + static_cast<std::int64_t>(flood) * fortnight + 8h + hour + (ends ? flooded : 0h);
    change.element = {nines::failure::Scope::zone, step % 2 == 0 ? zones_.first : zones_.second, 0};
    change.effect = nines::failure::Effect::stop;
    change.stage = ends ? nines::failure::Stage::end : nines::failure::Stage::begin;
    change.mode = mode_;
    return change;
  }

 private:
  nines::Stream hours_;
  std::pair<std::uint32_t, std::uint32_t> zones_;
  std::uint16_t mode_;
  std::uint64_t told_ = 0;
};
static_assert(nines::failure::FailureSource<Sprinklers>);

}  // namespace

int main() {
  using namespace nines;

  // A scenario as `nines run camunda-three-zones --set ...` reads it; any YAML text does.
  const auto catalogs = scenarios::read_catalogs(scenarios::embedded_files("catalog"));
  const auto file = scenarios::library_file("camunda-three-zones");
  if (!catalogs || !file) return 1;
  const auto scenario = scenarios::read_scenario(file->text, file->name, *catalogs, {{"catalogs.faults", "none"}});
  if (!scenario) {
    std::fputs(scenarios::render(scenario.error(), file->text).c_str(), stderr);
    return 3;
  }

  // The world of the scenario, in which floods have a name.
  world::Options options = scenarios::to_world(*scenario);
  failure::Mode mode;
  mode.name = "sprinklers";
  mode.scope = failure::Scope::zone;
  mode.up_time = Law::fixed(fortnight - flooded);
  mode.duration = Law::fixed(flooded);
  mode.recorded = true;  // It happens when our source says so.
  mode.source = "the building's maintenance plan";
  options.modes.push_back(mode);
  const auto number = static_cast<std::uint16_t>(options.modes.size() - 1);
  options.horizon = 10 * fortnight;
  const auto plan = std::make_shared<const world::Plan>(options);
  const failure::Site& site = plan->site;
  const std::pair<std::uint32_t, std::uint32_t> zones{failure::find_element(site, {"us-east-1/a"}).element.a,
                                                      failure::find_element(site, {"us-east-1/b"}).element.a};

  // One replication by hand.
  const world::Record record = world::simulate(plan, 1, 0, Sprinklers(Streams(1, 0), zones, number));
  std::printf("faults %llu, losses of a quorum %zu\n", static_cast<unsigned long long>(record.faults), record.quorum_losses.size());

  // A hundred of them on all threads, summed up as `nines run` does.
  scenarios::Question question;
  question.scenario = &*scenario;
  question.world = options;
  question.provenance.seed = 1;
  question.replications = 100;
  question.jobs = 2;
  question.simulate = [&](const world::Options&, std::uint64_t seed, std::uint64_t replication) {
    return world::simulate(plan, seed, replication, Sprinklers(Streams(seed, replication), zones, number));
  };
  const scenarios::Answer answer = scenarios::answer(question);
  for (const analysis::Metric& metric : answer.report.metrics)
    if (metric.name == "uptime.all" || metric.name == "quorum_loss.fraction")
      std::printf("%s %.6f\n", metric.name.c_str(), metric.value.value_or(NAN));
  return answer.broken.empty() ? 0 : 1;
}
