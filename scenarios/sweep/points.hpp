// The points of a space as worlds: read when they are needed, kept while they are, and worked on unit by unit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "models/world/options.hpp"
#include "models/world/plan.hpp"
#include "scenarios/run/exact_point.hpp"
#include "scenarios/run/tally.hpp"
#include "scenarios/sweep/journal.hpp"
#include "scenarios/sweep/rows.hpp"
#include "scenarios/sweep/selection.hpp"
#include "scenarios/sweep/space.hpp"
#include "scenarios/sweep/unit.hpp"

namespace nines::scenarios {

class Point {
 public:
  explicit Point(Scenario read);
  const Scenario scenario;
  const world::Options world;
  const std::vector<double> levels;  // See promised_levels.
  // Made when it is first asked for, on any thread.
  const std::shared_ptr<const world::Plan>& plan() const;

 private:
  mutable std::once_flag once_;
  mutable std::shared_ptr<const world::Plan> plan_;
};

// Thrown where a point is no scenario, or cannot be solved: values of axes that do not go together.
class InvalidPoint : public std::runtime_error {
 public:
  explicit InvalidPoint(Errors all) : std::runtime_error(all.front().what), errors(std::move(all)) {}
  Errors errors;
};

// Copies share what they keep.
class Points {
 public:
  // `base`: at whose rates the gaps of solved points are measured, see ExactPoints. The last few points that were asked for are kept.
  Points(Space space, Selection selection, const world::Options& base, std::uint64_t seed, Sweep::Method method);

  const Space& space() const { return space_; }
  // On any thread. Null: `where` or the selection leaves it out. Throws InvalidPoint.
  std::shared_ptr<const Point> at(std::uint64_t point) const;

  // What a unit leaves in the journal: a tally's bytes, or rows of solved points. A point that cannot be solved, such as one with repairs that wait for
  // each other, is an InvalidPoint, and where it may still be simulated a row without metrics. On any thread.
  std::string work_on(const Unit& unit) const;

  // Relative error of the downtime of the first cluster, at the point where it is largest, among those simulated here. For progress.
  std::optional<double> widest() const;

  // Of the blocks of a point, merged in their order. Throws UnreadableJournal.
  Tally tally(const Point& point, const Journal& journal, std::span<const Journal::Entry> blocks) const;
  // The row of a simulated point from the tally of all its replications. Of adaptive sweeps, whose points are looked at again and again, limits are as
  // much wider as that asks for (see for_looking_again).
  Row row(std::uint64_t index, const Point& point, const Tally& tally) const;

 private:
  struct Kept;
  struct Seen;
  Row solved(std::uint64_t index, const Point& point) const;

  Space space_;
  Selection selection_;
  std::shared_ptr<Kept> kept_;
  std::shared_ptr<Seen> seen_;
  std::shared_ptr<const ExactPoints> solver_;
  Sweep::Method method_;
};

}  // namespace nines::scenarios
