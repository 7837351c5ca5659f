#include "scenarios/sweep/course.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

#include "analysis/stats/text.hpp"
#include "scenarios/sweep/adaptive.hpp"
#include "scenarios/sweep/in_order.hpp"
#include "sim/base/check.hpp"

namespace nines::scenarios {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_told = 10;

// What a replication costs grows with the replicas that are simulated and the years.
float guess_of(const Point& point) {
  double replicas = 0;
  for (const world::Cluster& cluster : point.world.clusters)
    for (const auto& partition : cluster.partitions) replicas += static_cast<double>(partition.size());
  return static_cast<float>(replicas * point.scenario.simulation.years);
}

double points_in(const Unit& unit, const Survey& survey) {
  if (unit.count == 0) return unit.points;
  return static_cast<double>(unit.count) / survey.points[static_cast<std::size_t>(unit.point)].replications;
}

}  // namespace

std::string Course::stop_reason() const {
  if (complete() && !why.empty()) return why + " (" + analysis::counted(rounds, "rounds") + ")";
  if (complete()) return "all " + analysis::counted(units, "units");
  return std::string(word(worked.stop)) + ": " + analysis::grouped(finished) + " of " + analysis::counted(units, "units");
}

Survey survey(const Points& points, Sweep::Method method, int jobs) {
  Survey all;
  if (method == Sweep::Method::exact) return all;
  struct Read {
    Survey::Of of;
    Errors invalid;
  };
  all.points.reserve(static_cast<std::size_t>(points.space().points()));
  const auto read = [&](std::uint64_t index) {
    Read one;
    try {
      if (const auto point = points.at(index))
        one.of = {.replications = static_cast<std::uint32_t>(point->scenario.simulation.replications), .guess = guess_of(*point)};
    } catch (const InvalidPoint& invalid) {
      one.invalid = invalid.errors;
    }
    return one;
  };
  in_order<Read>(points.space().points(), jobs, read, [&](std::uint64_t, Read&& one) {
    all.points.push_back(one.of);
    if (one.of.replications > 0) ++all.included;
    if (one.invalid.empty()) return;
    ++all.invalid_points;
    if (all.invalid.size() < most_told) all.invalid.push_back(std::move(one.invalid.front()));
  });
  return all;
}

double units_in(const Points& points, const Survey& survey, Sweep::Method method) {
  if (method != Sweep::Method::simulate) return std::ceil(static_cast<double>(points.space().points()) / solved_block);
  double units = 0;
  for (const Survey::Of& point : survey.points) units += std::ceil(static_cast<double>(point.replications) / block);
  return units;
}

std::vector<Unit> units_of(const Points& points, const Survey& survey, Sweep::Method method) {
  std::vector<Unit> units;
  if (method != Sweep::Method::simulate) {
    const std::uint64_t count = points.space().points();
    for (std::uint64_t first = 0; first < count; first += solved_block)
      units.push_back({.point = first, .first = 0, .points = static_cast<std::uint32_t>(std::min<std::uint64_t>(solved_block, count - first)), .count = 0});
    return units;
  }
  for (std::uint64_t point = 0; point < survey.points.size(); ++point) {
    const std::uint32_t replications = survey.points[static_cast<std::size_t>(point)].replications;
    for (std::uint32_t first = 0; first < replications; first += block)
      units.push_back({.point = point, .first = first, .points = 1, .count = std::min(block, replications - first)});
  }
  return units;
}

namespace {

// One round: works on those units that are not in the journal.
class Round {
 public:
  Round(const Points& points, const Survey& survey, Journal& journal, const Working& working, Clock::time_point start)
      : points_(points), survey_(std::make_shared<const Survey>(survey)), journal_(journal), working_(working), start_(start) {}

  // False: not all of them are finished, for whatever reason.
  bool operator()(const std::vector<Unit>& units, Course& course) {
    std::vector<Unit> todo;
    course.units += units.size();
    for (std::size_t i = 0; i < units.size(); ++i) {
      if (journal_.holds(units[i]))
        ++course.finished;
      else if (i % working_.shard.of == working_.shard.number)
        todo.push_back(units[i]);
    }
    if (todo.empty()) return course.finished == course.units;
    Queue queue(std::move(todo), guess());
    Worked worked = working_.work(queue, execute(), journal_, watch(course.rounds - 1));
    course.finished += worked.units;
    worked.units += course.worked.units;
    worked.busy_s += course.worked.busy_s;
    worked.handing_out_s += course.worked.handing_out_s;
    worked.journal_s += course.worked.journal_s;
    worked.idle_s += course.worked.idle_s;
    course.worked = std::move(worked);
    const std::lock_guard lock(found_->mutex);
    course.invalid = found_->invalid;
    return course.finished == course.units;
  }

 private:
  // Held by workers that outlive the round.
  struct Found {
    std::mutex mutex;
    Errors invalid;
    double points = 0;
  };

  std::function<double(std::uint64_t)> guess() const {
    if (survey_->points.empty()) return {};
    return [survey = survey_](std::uint64_t point) { return static_cast<double>(survey->points[static_cast<std::size_t>(point)].guess); };
  }

  int workers() const { return working_.workers > 0 ? working_.workers : working_.jobs; }

  Execute execute() const {
    return [found = found_, points = points_, survey = survey_, perform = working_.perform](const Unit& unit) {
      try {
        std::string payload = perform ? perform(unit) : points.work_on(unit);
        const std::lock_guard lock(found->mutex);
        found->points += points_in(unit, *survey);
        return payload;
      } catch (const InvalidPoint& invalid) {
        const std::lock_guard lock(found->mutex);
        if (found->invalid.empty()) found->invalid = invalid.errors;
        throw;
      }
    };
  }

  Watch watch(std::uint64_t round) const {
    Watch watch{.jobs = workers()};
    if (working_.max_time) watch.deadline = start_ + std::chrono::duration_cast<Clock::duration>(*working_.max_time);
    watch.interrupted = [this] {
      if (working_.interrupted && working_.interrupted()) return true;
      const std::lock_guard lock(found_->mutex);
      return !found_->invalid.empty();
    };
    watch.progress = [this, round](const Queue& now) {
      if (!working_.progress) return;
      SweepProgress progress{.round = round, .done = now.finished(), .of = now.size(), .elapsed = Clock::now() - start_, .widest = points_.widest()};
      {
        const std::lock_guard lock(found_->mutex);
        progress.points_per_s = found_->points / std::max(1e-9, progress.elapsed.count());
      }
      if (const auto left = now.seconds_left()) progress.left = std::chrono::duration<double>(*left / std::max(1, workers()));
      if (working_.max_time && progress.left) progress.left = std::min(*progress.left, *working_.max_time - progress.elapsed);
      working_.progress(progress);
    };
    return watch;
  }

  Points points_;
  std::shared_ptr<const Survey> survey_;
  Journal& journal_;
  const Working& working_;
  Clock::time_point start_;
  std::shared_ptr<Found> found_ = std::make_shared<Found>();
};

}  // namespace

Course work_through(const Points& points, const Survey& survey, Sweep::Method method, Journal& journal, const Working& working) {
  Course course;
  Round round(points, survey, journal, working, Clock::now());
  if (!round(units_of(points, survey, method), course) || method != Sweep::Method::adaptive) return course;
  Adaptive adaptive(points, survey, journal, working.jobs);
  for (;;) {
    const std::vector<Unit> units = adaptive.next();
    course.why = adaptive.why();
    if (units.empty()) return course;
    ++course.rounds;
    if (!round(units, course)) return course;
  }
}

SweepRows::SweepRows(const Points& points, Journal& journal, int jobs) : journal_(&journal) {
  const std::vector<Journal::Entry>& entries = journal.entries();
  std::vector<std::vector<Journal::Entry>> blocks;  // By point.
  for (const Journal::Entry& entry : entries) {
    if (entry.unit.count == 0) {
      solved_.push_back(entry);
      continue;
    }
    if (blocks.empty() || blocks.back().front().unit.point != entry.unit.point) {
      if (entry.unit.first == 0) blocks.push_back({entry});
      continue;
    }
    const Unit& last = blocks.back().back().unit;
    if (entry.unit.first == last.first + last.count) blocks.back().push_back(entry);
  }
  RowWriter rows;
  const auto make = [&](std::uint64_t index) {
    const std::vector<Journal::Entry>& own = blocks[static_cast<std::size_t>(index)];
    const std::uint64_t which = own.front().unit.point;
    const auto point = points.at(which);
    SIM_CHECK(point != nullptr, "a point in the journal is one that counts");
    return points.row(which, *point, points.tally(*point, journal, own));
  };
  in_order<Row>(blocks.size(), jobs, make, [&](std::uint64_t, Row&& row) { rows.add(row); });
  simulated_ = rows.take();
}

// Both kinds come sorted by point; what was simulated goes before what was solved.
void SweepRows::each(const std::function<void(Row&&)>& to) const {
  std::vector<Row> waiting;  // Solved rows of one unit, the last of them first.
  std::size_t next = 0;
  const auto solved_before = [&](std::uint64_t point, bool and_it) {
    for (;;) {
      while (!waiting.empty() && (waiting.back().point < point || (and_it && waiting.back().point == point))) {
        if (waiting.back().point < point && !waiting.back().metrics.empty()) to(std::move(waiting.back()));
        waiting.pop_back();
      }
      if (!waiting.empty() || next == solved_.size() || solved_[next].unit.point > point) return;
      SIM_CHECK(read_rows(payload_of(*journal_, solved_[next++]), [&](Row&& row) { waiting.push_back(std::move(row)); }),
                "rows whose checksum is right can be read");
      std::reverse(waiting.begin(), waiting.end());
    }
  };
  const bool good = read_rows(simulated_, [&](Row&& row) {
    solved_before(row.point, true);
    to(std::move(row));
  });
  SIM_CHECK(good, "rows of our own can be read");
  solved_before(~std::uint64_t{0}, false);
}

}  // namespace nines::scenarios
