#include "scenarios/sweep/estimate.hpp"

#include <chrono>
#include <cmath>
#include <vector>

namespace nines::scenarios {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double enough_s = 2;
constexpr std::size_t most_tried = 16;

// Seconds for all units, from some of them, far apart.
double tried(const Points& points, const Survey& survey, const std::vector<Unit>& units, std::uint64_t& count) {
  const auto weight = [&](const Unit& unit) {
    if (unit.count == 0) return static_cast<double>(unit.points);
    return unit.count * static_cast<double>(survey.points[static_cast<std::size_t>(unit.point)].guess);
  };
  double all = 0, done = 0;
  for (const Unit& unit : units) all += weight(unit);
  const auto start = Clock::now();
  double seconds = 0;
  for (std::size_t i = 0; i < std::min(most_tried, units.size()) && (i == 0 || seconds < enough_s); ++i) {
    // The golden ratio's multiples spread over the whole.
    const double at = std::fmod(0.5 + static_cast<double>(i) * 0.6180339887498949, 1.0);
    const Unit& unit = units[static_cast<std::size_t>(at * static_cast<double>(units.size()))];
    static_cast<void>(points.work_on(unit));
    done += weight(unit);
    ++count;
    seconds = std::chrono::duration<double>(Clock::now() - start).count();
  }
  return done > 0 ? seconds / done * all : 0;
}

}  // namespace

Estimate estimate_work(const Points& points, const Survey& survey, Sweep::Method method) {
  Estimate estimate;
  std::vector<Unit> units = units_of(points, survey, method);
  estimate.units = units.size();
  if (units.empty()) return estimate;
  estimate.seconds = tried(points, survey, units, estimate.tried);
  if (method == Sweep::Method::adaptive) {
    units = units_of(points, survey, Sweep::Method::simulate);
    estimate.seconds += budget_share * tried(points, survey, units, estimate.tried);
  }
  if (method == Sweep::Method::exact) return estimate;
  for (const Survey::Of& point : survey.points) estimate.replications += point.replications;
  if (method == Sweep::Method::adaptive) {
    estimate.units += static_cast<std::uint64_t>(budget_share * static_cast<double>(units.size()));
    estimate.replications = static_cast<std::uint64_t>(budget_share * static_cast<double>(estimate.replications));
  }
  return estimate;
}

}  // namespace nines::scenarios
