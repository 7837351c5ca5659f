#include "scenarios/run/incident_people.hpp"

#include <algorithm>
#include <utility>

#include "analysis/stats/text.hpp"
#include "scenarios/run/incident_picture.hpp"

namespace nines::scenarios {
namespace {

struct Step {
  Instant at;
  std::string what;
};

std::string lost_region(const Played& played, const world::Procedure& procedure) {
  return played.world.topology.regions[procedure.region.index()].name;
}

std::string before_the_loss(const world::Restoration& restoration) {
  return analysis::human_time(seconds(restoration.lost - restoration.backup), 3) + " before the loss";
}

std::vector<Step> steps_of(const Played& played) {
  std::vector<Step> steps;
  const auto add = [&](Instant at, std::string what) {
    if (at != never && at < Instant{} + played.incident.length) steps.push_back({at, std::move(what)});
  };
  for (const world::Procedure& procedure : played.record.procedures) {
    if (procedure.cluster != played.incident.cluster) continue;
    const std::string region = lost_region(played, procedure);
    add(procedure.lost, "quorums are lost with region " + region);
    add(procedure.detected, "somebody knows that it is the region");
    add(procedure.decided, "somebody has decided to go on without it");
    add(procedure.rerouted, "users are sent elsewhere");
    add(procedure.stood_down, "the quorums are back; nobody is removed");
    add(procedure.forced, "its brokers are removed by force");
    add(procedure.writable, "every partition can be written again");
    add(procedure.returned, "nothing keeps its brokers from running any more");
    add(procedure.rejoined, "its brokers run again, empty");
    add(procedure.whole, "all of them hold everything, and vote");
  }
  for (const world::Restoration& restoration : played.record.restorations) {
    if (restoration.cluster != played.incident.cluster) continue;
    add(restoration.lost, "a partition has lost the disks of a majority");
    add(restoration.detected, "somebody knows");
    add(restoration.decided, "somebody has decided to go back to the backup of " + before_the_loss(restoration) + "; all brokers stop");
    add(restoration.ready, "all machines run");
    add(restoration.restored, "all brokers run with what the backup held");
    add(restoration.writable, "every partition can be written again");
  }
  std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.at < b.at; });
  return steps;
}

// ", written again at 12:00", or that it is not before the end.
std::string written_again(const Played& played, Instant at) {
  return at == never || at >= Instant{} + played.incident.length ? ", not written again before the end" : ", all written again at " + clock_text(at);
}

}  // namespace

std::vector<std::string> people_lines(const Played& played) {
  std::vector<std::string> lines;
  for (const world::Procedure& procedure : played.record.procedures) {
    if (procedure.cluster != played.incident.cluster) continue;
    const std::string region = lost_region(played, procedure);
    if (procedure.stood_down != never)
      lines.push_back("People began to give up region " + region + ", and left it at " + clock_text(procedure.stood_down) +
                      ": the quorums were back.");
    else if (procedure.forced != never)
      lines.push_back("People give up region " + region + ": its brokers removed by force at " + clock_text(procedure.forced) +
                      written_again(played, procedure.writable) + '.');
    else
      lines.push_back("People begin to give up region " + region + " and are not done before the end.");
  }
  for (const world::Restoration& restoration : played.record.restorations) {
    if (restoration.cluster != played.incident.cluster) continue;
    lines.push_back(restoration.decided == never || restoration.decided >= Instant{} + played.incident.length
                        ? "Data are lost, and nobody has decided to go back to a backup before the end."
                        : "People go back to the backup of " + before_the_loss(restoration) + ": decided at " + clock_text(restoration.decided) +
                              written_again(played, restoration.writable) + '.');
  }
  return lines;
}

std::optional<Sheet> steps_sheet(const Played& played) {
  const std::vector<Step> steps = steps_of(played);
  if (steps.empty()) return std::nullopt;
  Sheet sheet{.key = "people",
              .title = "What people do",
              .method = "one simulated history, seed " + std::to_string(played.seed) + "; steps take what their laws in operations say",
              .columns = {{"at", "at", "s"}, {"step", "step", ""}},
              .rows = {},
              .shown = 20,
              .notes = {}};
  for (const Step& step : steps) sheet.rows.push_back({{clock_text(step.at), seconds(step.at - Instant{})}, {step.what, {}}});
  return sheet;
}

}  // namespace nines::scenarios
