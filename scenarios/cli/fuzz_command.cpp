#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/load.hpp"
#include "scenarios/cli/log.hpp"
#include "scenarios/cli/signals.hpp"
#include "scenarios/cli/suggest.hpp"
#include "scenarios/fuzz/campaign.hpp"
#include "scenarios/fuzz/faults.hpp"
#include "scenarios/fuzz/shrink.hpp"

namespace nines::scenarios {
namespace {

using Json = nlohmann::ordered_json;
using Seconds = std::chrono::duration<double>;

constexpr std::size_t shrinking_runs = 2000;
constexpr Seconds shrinking_time{60};
constexpr std::size_t story_lines = 150;

// The line that repeats one seed alone.
std::string to_repeat(const Arguments& arguments, std::uint64_t seed) {
  return "nines fuzz --seed " + std::to_string(seed) + " --seeds 1" + (arguments.profile.empty() ? "" : " --profile " + arguments.profile);
}

struct Row {
  const char* name;
  std::uint64_t count;
};

std::vector<Row> fault_rows(const fuzz::Coverage& coverage) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < fuzz::faults().size(); ++i) rows.push_back({fuzz::faults()[i].name, coverage.kinds[i]});
  return rows;
}

std::vector<Row> turn_rows(const fuzz::Coverage& coverage) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < fuzz::turns; ++i) rows.push_back({fuzz::name_of(static_cast<fuzz::Turn>(i)), coverage.taken[i]});
  return rows;
}

// Two of them side by side.
std::string in_columns(const std::vector<Row>& rows) {
  std::string out;
  const std::size_t half = (rows.size() + 1) / 2;
  for (std::size_t i = 0; i < half; ++i) {
    out += fmt::format("  {:<40}{:>12}", rows[i].name, rows[i].count);
    if (half + i < rows.size()) out += fmt::format("    {:<40}{:>12}", rows[half + i].name, rows[half + i].count);
    out += '\n';
  }
  return out;
}

std::string never_seen(const std::vector<Row>& rows) {
  std::string names;
  for (const Row& row : rows)
    if (row.count == 0) names += (names.empty() ? "" : ", ") + std::string(row.name);
  return names.empty() ? "none" : names;
}

double per_second(const fuzz::Report& report) {
  return report.elapsed.count() > 0 ? static_cast<double>(report.coverage.events) / report.elapsed.count() : 0;
}

std::string as_table(const fuzz::Report& report) {
  const fuzz::Coverage& c = report.coverage;
  std::string out = fmt::format("{} seeds, {} protocol events, {:.2f} million a second; {} elections, {} entries committed, {} histories undecided\n",
                                c.seeds, c.events, per_second(report) / 1e6, c.elections, c.committed, c.undecided);
  out += "\nDone to the clusters\n" + in_columns(fault_rows(c)) + "  never: " + never_seen(fault_rows(c)) + '\n';
  out += "\nTurns of the protocol\n" + in_columns(turn_rows(c)) + "  never: " + never_seen(turn_rows(c)) + '\n';
  return out;
}

std::string as_json(const fuzz::Report& report, const Arguments& arguments) {
  const fuzz::Coverage& c = report.coverage;
  Json json;
  json["tool"] = "nines fuzz";
  json["version"] = program_version();
  json["seeds"] = c.seeds;
  json["events"] = c.events;
  json["events_per_second"] = per_second(report);
  json["elections"] = c.elections;
  json["committed"] = c.committed;
  json["undecided"] = c.undecided;
  for (const Row& row : fault_rows(c)) json["faults"][row.name] = row.count;
  for (const Row& row : turn_rows(c)) json["turns"][row.name] = row.count;
  if (report.finding)
    json["finding"] = {
        {"seed", report.seed}, {"property", report.finding->property}, {"what", report.finding->what}, {"repeat", to_repeat(arguments, report.seed)}};
  else
    json["finding"] = nullptr;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

class Line {
 public:
  explicit Line(bool silent) : silent_(silent), terminal_(is_terminal(STDERR_FILENO)) {}
  void show(const fuzz::Coverage& c, Seconds elapsed) {
    if (silent_ || elapsed - shown_ < Seconds(terminal_ ? 0.1 : 10)) return;
    shown_ = elapsed;
    log_plain(fmt::format("{}  {} seeds, {:.1f} million events, {:.0f} s{}", terminal_ ? "\r\033[K" : "", c.seeds,
                          static_cast<double>(c.events) / 1e6, elapsed.count(), terminal_ ? "" : "\n"));
    on_screen_ = terminal_;
  }
  void clear() {
    if (on_screen_) log_plain("\r\033[K");
  }

 private:
  bool silent_, terminal_, on_screen_ = false;
  Seconds shown_{0};
};

void explain(const fuzz::Report& report, const fuzz::Plan& plan, const Arguments& arguments) {
  log_error("seed " + std::to_string(report.seed) + ": " + report.finding->property + ": " + report.finding->what);
  log_error("  to repeat it: " + to_repeat(arguments, report.seed));
  if (arguments.quiet) return;
  const auto began = std::chrono::steady_clock::now();
  const auto stop = [&] { return stop_asked() || std::chrono::steady_clock::now() - began > shrinking_time; };
  const fuzz::Plan small = fuzz::shrink(plan, *report.finding, shrinking_runs, stop);
  log_plain(fmt::format("\n{}\n{} of {} actions are enough:\n{}", plan.text, small.actions.size(), plan.actions.size(), fuzz::story_of(small, story_lines)));
}

}  // namespace

Exit fuzz(const Arguments& arguments) {
  const auto catalogs = built_in_catalogs();
  if (!catalogs) return Exit::internal_error;
  nines::fuzz::Campaign campaign;
  std::vector<std::string> names;
  for (const ProfileEntry& entry : catalogs->profiles) {
    campaign.profiles.push_back(entry.profile);
    names.push_back(entry.profile.name);
  }
  if (!arguments.profile.empty()) {
    const ProfileEntry* entry = catalogs->profile(arguments.profile);
    if (entry == nullptr) {
      log_error("there is no profile '" + arguments.profile + "'" + suggest(arguments.profile, names));
      return Exit::usage;
    }
    campaign.profiles = {entry->profile};
    campaign.rules = nines::fuzz::Rules::of_profiles;
  }
  campaign.first = arguments.first_seed;
  campaign.seeds = arguments.seeds;
  campaign.time = arguments.max_time;
  if (!campaign.seeds && !campaign.time) campaign.time = Seconds(60);
  campaign.jobs = arguments.threads();
  listen_to_signals();
  campaign.interrupted = stop_asked;
  Line line(arguments.quiet);
  campaign.progress = [&](const nines::fuzz::Coverage& coverage, Seconds elapsed) { line.show(coverage, elapsed); };
  const nines::fuzz::Report report = nines::fuzz::run(campaign);
  line.clear();

  if (report.finding) explain(report, nines::fuzz::draw_plan(report.seed, campaign.profiles, campaign.rules), arguments);
  const Exit printed = print(arguments.format == Format::json ? as_json(report, arguments) : as_table(report));
  if (report.finding) return Exit::internal_error;
  if (printed != Exit::fine) return printed;
  return report.interrupted ? Exit::interrupted : Exit::fine;
}

}  // namespace nines::scenarios
