#include "scenarios/sweep/points.hpp"

#include <algorithm>
#include <cmath>
#include <list>
#include <map>
#include <set>
#include <utility>

#include "analysis/stats/decision.hpp"
#include "models/world/simulate.hpp"
#include "scenarios/run/expect.hpp"
#include "scenarios/run/translate.hpp"
#include "sim/base/check.hpp"

namespace nines::scenarios {
namespace {

constexpr std::size_t kept = 64;
constexpr std::size_t solver_bytes = std::size_t{64} << 20;

Row row_of(std::uint64_t index, analysis::Report report) {
  Row row;
  row.point = index;
  row.fingerprint = std::move(report.provenance.fingerprint);
  row.metrics = std::move(report.metrics);
  row.expectations = std::move(report.expectations);
  row.warnings = std::move(report.warnings);
  return row;
}

}  // namespace

Point::Point(Scenario read) : scenario(std::move(read)), world(to_world(scenario)), levels(promised_levels(scenario, world)) {}

const std::shared_ptr<const world::Plan>& Point::plan() const {
  std::call_once(once_, [&] { plan_ = std::make_shared<const world::Plan>(world); });
  return plan_;
}

struct Points::Kept {
  std::mutex mutex;
  std::list<std::pair<std::uint64_t, std::shared_ptr<const Point>>> latest;  // First the one that was asked for last.
};

// Of the replications of points that were simulated here: how many, and the sums of their downtimes and of the squares.
struct Points::Seen {
  struct Sums {
    double number = 0, sum = 0, squares = 0;
    std::multiset<double>::const_iterator error{};  // Its own, if it has one.
    bool has_error = false;
  };
  std::mutex mutex;
  std::map<std::uint64_t, Sums> points;
  std::multiset<double> errors;  // Relative, of the points' downtimes.
};

Points::Points(Space space, Selection selection, const world::Options& base, std::uint64_t seed, Sweep::Method method)
    : space_(std::move(space)),
      selection_(std::move(selection)),
      kept_(std::make_shared<Kept>()),
      seen_(std::make_shared<Seen>()),
      solver_(std::make_shared<const ExactPoints>(base, seed, solver_bytes)),
      method_(method) {}

std::shared_ptr<const Point> Points::at(std::uint64_t point) const {
  if (!selection_.holds(space_, point)) return nullptr;
  {
    const std::lock_guard lock(kept_->mutex);
    for (auto at = kept_->latest.begin(); at != kept_->latest.end(); ++at) {
      if (at->first != point) continue;
      kept_->latest.splice(kept_->latest.begin(), kept_->latest, at);
      return kept_->latest.front().second;
    }
  }
  auto scenario = space_.scenario(point);
  if (!scenario) throw InvalidPoint(std::move(scenario.error()));
  std::shared_ptr<const Point> read;
  if (*scenario) read = std::make_shared<const Point>(std::move(**scenario));
  const std::lock_guard lock(kept_->mutex);
  kept_->latest.emplace_front(point, read);
  if (kept_->latest.size() > kept) kept_->latest.pop_back();
  return read;
}

std::string Points::work_on(const Unit& unit) const {
  if (unit.count == 0) {
    RowWriter rows;
    for (std::uint64_t index = unit.point; index < unit.point + unit.points; ++index)
      if (const auto point = at(index)) rows.add(solved(index, *point));
    return rows.take();
  }
  const auto point = at(unit.point);
  SIM_CHECK(point != nullptr, "nobody works on a point that is left out");
  Tally tally(point->scenario, point->world, point->levels);
  for (std::uint64_t replication = unit.first; replication < unit.first + unit.count; ++replication)
    tally.add(world::simulate(point->plan(), point->scenario.simulation.seed, replication));
  {
    const std::lock_guard lock(seen_->mutex);
    Seen::Sums& sums = seen_->points[unit.point];
    for (const double down : tally.downtime_s(0)) {
      sums.number += 1;
      sums.sum += down;
      sums.squares += down * down;
    }
    if (sums.has_error) seen_->errors.erase(sums.error);
    sums.has_error = sums.number >= 2 && sums.sum > 0;
    if (sums.has_error) {
      const double mean = sums.sum / sums.number, variance = (sums.squares - sums.sum * mean) / (sums.number - 1);
      sums.error = seen_->errors.insert(1.96 * std::sqrt(std::max(0.0, variance) / sums.number) / mean);
    }
  }
  return tally.bytes();
}

std::optional<double> Points::widest() const {
  const std::lock_guard lock(seen_->mutex);
  return seen_->errors.empty() ? std::nullopt : std::optional(*seen_->errors.rbegin());
}

Row Points::solved(std::uint64_t index, const Point& point) const {
  auto report = (*solver_)(point.scenario, point.world);
  if (!report && method_ == Sweep::Method::exact) throw InvalidPoint(std::move(report.error()));
  if (!report) return row_of(index, {});
  return row_of(index, std::move(*report));
}

Tally Points::tally(const Point& point, const Journal& journal, std::span<const Journal::Entry> blocks) const {
  std::optional<Tally> sum;
  for (const Journal::Entry& entry : blocks) {
    Tally tally(point.scenario, point.world, point.levels);
    SIM_CHECK(tally.read(payload_of(journal, entry)), "a tally whose checksum is right is one of this point");
    if (sum)
      sum->merge(tally);
    else
      sum.emplace(std::move(tally));
  }
  SIM_CHECK(sum, "a point has a block");
  return std::move(*sum);
}

Row Points::row(std::uint64_t index, const Point& point, const Tally& tally) const {
  const Known known(point.scenario, point.world);
  analysis::Provenance from;
  from.seed = point.scenario.simulation.seed;
  analysis::Report report = tally.report(known, from);
  if (method_ == Sweep::Method::adaptive) {
    for (analysis::Metric& metric : report.metrics) metric = analysis::stretched(std::move(metric));
    report.expectations = judge(point.scenario.expect, report.metrics);
  }
  const std::uint64_t replications = report.provenance.replications;
  const double years = report.provenance.years;
  Row row = row_of(index, std::move(report));
  row.replications = replications;
  row.years = years;
  return row;
}

}  // namespace nines::scenarios
