#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "analysis/report/format.hpp"
#include "analysis/stats/text.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/environment.hpp"
#include "scenarios/cli/log.hpp"
#include "scenarios/cli/signals.hpp"
#include "scenarios/cli/stoppable.hpp"
#include "scenarios/cli/sweep_answer.hpp"
#include "scenarios/cli/sweep_setup.hpp"
#include "scenarios/run/progress.hpp"
#include "scenarios/sweep/estimate.hpp"

namespace nines::scenarios {
namespace {

// Without a file for the results there is no journal either: what is finished stays in memory.
constexpr std::uint64_t most_points_in_memory = 20'000;

std::string journal_of(const Arguments& arguments) { return arguments.out.empty() ? std::string() : arguments.out + ".journal"; }

std::string suffix_of(const Shard& shard) { return "-of-" + std::to_string(shard.of); }
std::string name_of(const Shard& shard) { return shard.of == 1 ? "main" : std::to_string(shard.number + 1) + suffix_of(shard); }

std::string line_of(const SweepProgress& progress) {
  std::string line = "  ";
  if (progress.round > 0) line += "round " + std::to_string(progress.round) + ", ";
  line += analysis::grouped(progress.done) + " of " + analysis::counted(progress.of, "units") + ", " +
          analysis::significant(progress.points_per_s, 3) + " points/s";
  if (progress.widest) line += ", widest interval +- " + analysis::significant(100 * *progress.widest, 2) + " % of the downtime";
  line += ", " + analysis::human_time(progress.elapsed.count(), 2);
  if (progress.left && progress.left->count() > 0) line += ", about " + analysis::human_time(progress.left->count(), 2) + " left";
  return line;
}

Exit list_points(const SweepSetup& setup) {
  const Space& space = setup.points->space();
  Exit exit = Exit::fine;
  std::string waiting;
  for (std::uint64_t point = 0; point < space.points() && exit == Exit::fine; ++point) {
    try {
      if (setup.points->at(point) == nullptr) continue;
      waiting += std::to_string(point) + "  " + space.label(point) + '\n';
    } catch (const InvalidPoint& invalid) {
      waiting += std::to_string(point) + "  " + space.label(point) + "  (invalid: " + invalid.what() + ")\n";
    }
    if (waiting.size() > (std::size_t{1} << 16)) exit = print(std::exchange(waiting, {}));
  }
  return exit == Exit::fine ? print(waiting) : exit;
}

Exit dry_run(const SweepSetup& setup, const Survey& survey, int jobs) {
  Estimate estimate;
  try {
    estimate = estimate_work(*setup.points, survey, setup.method);
  } catch (const InvalidPoint& invalid) {
    log_errors(invalid.errors);
    return Exit::scenario_invalid;
  }
  std::string out = analysis::counted(setup.points->space().points(), "points");
  if (setup.method != Sweep::Method::exact) out += ", " + analysis::grouped(survey.included) + " of them count";
  out += "\n" + analysis::counted(estimate.units, "units");
  if (estimate.replications > 0) out += ", " + analysis::counted(estimate.replications, "replications");
  out += setup.method == Sweep::Method::adaptive ? " at most, beside solving each point\n" : "\n";
  out += "about " + analysis::human_time(estimate.seconds / jobs, 2) + " on " + analysis::counted(static_cast<std::uint64_t>(jobs), "threads") +
         ", by trying " + analysis::counted(estimate.tried, "units") + "\n";
  return print(out);
}

void say_invalid(const Errors& errors, std::uint64_t points) {
  log_errors(errors);
  if (points > errors.size())
    log_error("... and " + std::to_string(points - errors.size()) + " more points that are no scenarios; 'where' leaves points out");
}

void say_broken(const SweepSetup& setup, const Arguments& arguments, const Worked& worked) {
  constexpr std::size_t most = 5;
  for (std::size_t i = 0; i < std::min(most, worked.broken.size()); ++i) {
    const Worked::BrokenUnit& broken = worked.broken[i];
    const std::uint64_t first = broken.unit.point, last = first + broken.unit.points - 1;
    log_error((first == last ? "point " + std::to_string(first) + " (" + setup.points->space().label(first) + ')'
                             : "one of the points " + std::to_string(first) + " to " + std::to_string(last)) +
              " broke an invariant of nines itself: " + broken.what);
    log_error("  to repeat it: " + to_repeat(arguments, broken.unit));
  }
}

// Whether what is there says something of every point that counts.
bool every_point_has_something(const SweepSetup& setup, const Survey& survey, Journal& journal) {
  const std::vector<Unit> units = units_of(*setup.points, survey, setup.method);
  return std::all_of(units.begin(), units.end(), [&](const Unit& unit) { return unit.first > 0 || journal.holds(unit); });
}

}  // namespace

Exit sweep(const Arguments& arguments, Ranks* ranks) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();  // What --max-time is counted from.
  auto setup = set_up_sweep(arguments);
  if (!setup) return setup.error();
  if (arguments.sweep.list) return list_points(*setup);
  if (const auto refused = refuse_target(arguments, *setup)) return *refused;
  const std::string folder = journal_of(arguments);
  if (folder.empty() && setup->selected > most_points_in_memory && !arguments.sweep.dry_run) {
    log_error(analysis::counted(setup->selected, "points") +
              " need a file for the results: -o sweep.h5, beside which a journal keeps what is finished");
    return Exit::usage;
  }
  const Environment environment = environment_of_this_process();
  if (ranks == nullptr && ranks_in(environment) > 1) {
    if (rank_in(environment) == 0)
      log_error("this nines is built without MPI, and would do all of the sweep " + std::to_string(ranks_in(environment)) +
                " times: build it with -DNINES_MPI=ON, or leave mpirun out");
    return Exit::usage;
  }
  const int jobs = arguments.threads();
  Deadline deadline;
  if (!arguments.sweep.dry_run) {
    listen_to_signals();
    if (arguments.max_time) deadline = start + std::chrono::duration_cast<Clock::duration>(*arguments.max_time);
  }
  Survey surveyed;
  work_unless_stopped([&] { surveyed = survey(*setup->points, setup->method, jobs); }, deadline, "before every point was read",
                      [&] {
                        if (ranks != nullptr) ranks->end();
                      });
  if (surveyed.invalid_points > 0) {
    say_invalid(surveyed.invalid, surveyed.invalid_points);
    return Exit::scenario_invalid;
  }
  if (const double units = units_in(*setup->points, surveyed, setup->method); units > most_units) {
    log_error(analysis::significant(units, 3) + " units of work (" + analysis::counted(block, "replications") + " of a point, or " +
              analysis::counted(solved_block, "solved points") + ") are too many; at most " + analysis::significant(most_units, 3) +
              ": fewer --replications, or fewer points by 'where' or --only");
    return Exit::usage;
  }
  if (arguments.sweep.dry_run) return dry_run(*setup, surveyed, jobs);

  const Result<std::optional<FoundShard>> found = arguments.sweep.shard ? std::optional<FoundShard>() : shard_in(environment);
  if (!found) {
    log_errors(found.error());
    return Exit::usage;
  }
  const Shard shard = arguments.sweep.shard.value_or(*found ? (*found)->shard : Shard{});
  if (*found && !arguments.quiet)
    log_plain("Shard " + std::to_string(shard.number + 1) + " of " + std::to_string(shard.of) + ", by " + (*found)->by + '\n');
  if (shard.of > 1 && folder.empty()) {
    log_error("a shard needs -o, the file that 'nines merge' is to write: its journal lies beside it");
    return Exit::usage;
  }
  if (shard.of > 1 && setup->method == Sweep::Method::adaptive) {
    log_error("an adaptive sweep decides from what all have found: not in shards; on threads, or under mpirun");
    return Exit::usage;
  }
  const bool resume = arguments.sweep.resume || is_started_again(environment);
  auto journal = folder.empty() ? Result<Journal>(Journal::in_memory()) : Journal::open(folder, name_of(shard), setup->identity, [&](std::string_view name) {
    return shard.of > 1 && name.ends_with(suffix_of(shard));  // Its siblings do other units.
  });
  if (!journal) {
    log_errors(journal.error());
    if (!resume && Journal::identity_of(folder)) log_error("if the journal is no longer wanted, remove " + folder);
    return Exit::input_or_output;
  }
  for (const std::string& damage : journal->damage()) log_warning(damage);
  if (journal->own_units() > 0 && !resume) {
    log_error(folder + " holds " + analysis::counted(journal->own_units(), "finished units") +
              " of an earlier run: --resume goes on with them; to begin again, remove it");
    return Exit::input_or_output;
  }

  ProgressLine line(arguments.quiet              ? ProgressLine::Kind::silent
                    : is_terminal(STDERR_FILENO) ? ProgressLine::Kind::rewritten
                                                 : ProgressLine::Kind::appended,
                    stderr);
  Working working{.shard = shard, .jobs = jobs};
  if (deadline) working.max_time = *deadline - Clock::now();
  if (ranks != nullptr) {
    const int of_each = std::max(1, arguments.jobs);  // mpirun starts a rank for every processor.
    ranks->begin(setup->identity, of_each);
    working.workers = ranks->count() * of_each;
    working.perform = [ranks, here = setup->points](const Unit& unit) {
      return ranks->perform(unit, [&](const Unit& own) { return here->work_on(own); });
    };
  }
  working.interrupted = [] { return stop_asked(); };
  working.progress = [&](const SweepProgress& progress) { line.show(progress.elapsed, [&] { return line_of(progress); }); };
  const Course course = work_through(*setup->points, surveyed, setup->method, *journal, working);
  line.clear();
  const Worked& worked = course.worked;
  const double away_s = ranks != nullptr ? ranks->seconds_away() : 0;
  const std::string left =
      folder.empty() ? std::string() : "; " + analysis::counted(course.finished, "finished units") + " are in " + folder + ": --resume goes on";

  const auto exit = [&]() -> Exit {
    if (!course.invalid.empty()) {
      log_errors(course.invalid);
      return Exit::scenario_invalid;
    }
    if (!worked.broken.empty()) {
      say_broken(*setup, arguments, worked);
      return Exit::internal_error;
    }
    if (!worked.journal.empty()) {
      log_errors(worked.journal);
      log_error("the sweep stopped" + left);
      return course.finished > 0 ? Exit::interrupted : Exit::input_or_output;
    }
    if (worked.stop == Stop::interrupted) {
      log_error("interrupted" + left);
      return Exit::interrupted;
    }
    if (shard.of > 1) {
      if (worked.stop != Stop::budget) {
        log_error("time is up" + left);
        return Exit::interrupted;
      }
      if (!arguments.quiet)
        log_plain("Shard " + std::to_string(shard.number + 1) + " of " + std::to_string(shard.of) + " has done its part. When all have: nines merge " + folder + '\n');
      return Exit::fine;
    }
    if (!course.complete() && !every_point_has_something(*setup, surveyed, *journal)) {
      log_error("time was up before every point had a result" + left);
      return Exit::interrupted;
    }
    std::string note;
    if (worked.units > 0 && !arguments.quiet) {
      const double all = worked.busy_s + worked.handing_out_s + worked.journal_s + worked.idle_s;
      const auto each = [&](double seconds) { return analysis::significant(1e6 * seconds / static_cast<double>(worked.units), 3) + " us"; };
      log_plain("Workers: " + analysis::counted(worked.units, "units") + ", " + analysis::human_time(worked.busy_s - away_s, 3) +
                " of work; a unit is handed out in " + each(worked.handing_out_s + away_s) + " and written to the journal in " +
                each(worked.journal_s) + "; " + analysis::significant(100 * worked.idle_s / std::max(1e-9, all), 2) + " % idle at the end\n");
    }
    if (!course.complete()) note = "Time was up: some points have fewer replications than were asked for.";
    const Exit concluded = conclude_sweep(arguments, *setup, *journal, course.stop_reason(), note);
    if (course.complete() && !folder.empty() && !arguments.sweep.keep_journal && concluded != Exit::interrupted && concluded != Exit::input_or_output) {
      if (const auto removed = journal->remove(); !removed) log_errors(removed.error());
    }
    return concluded;
  }();
  // Not to wait for a unit that is still under way.
  if (worked.under_way) {
    if (ranks != nullptr) ranks->end();
    std::_Exit(static_cast<int>(exit));
  }
  return exit;
}

}  // namespace nines::scenarios
