#include "scenarios/sweep/queue.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "sim/base/check.hpp"

namespace nines::scenarios {

Queue::Queue(std::vector<Unit> units, const std::function<double(std::uint64_t)>& guess) : units_(std::move(units)) {
  SIM_CHECK(std::is_sorted(units_.begin(), units_.end()), "units come sorted, so that those of a point lie together");
  SIM_CHECK(units_.size() < ~std::uint32_t{0}, "units are counted in 32 bits");
  for (std::uint32_t i = 0; i < units_.size(); ++i) {
    if (i == 0 || units_[i].point != units_[i - 1].point) {
      groups_.push_back({.next = i, .end = i + 1, .cost = guess ? static_cast<float>(guess(units_[i].point)) : 1.0f, .known = false});
      if (guess) guesses_.push_back(groups_.back().cost);
    } else {
      groups_.back().end = i + 1;
    }
    guessed_left_ += weight(units_[i]) * static_cast<double>(groups_.back().cost);
  }
  fresh_.resize(groups_.size());
  std::iota(fresh_.begin(), fresh_.end(), std::uint32_t{0});
  // Of equals, neighbours go to one worker: several stretches side by side, since what neighbours have in common is worked out once, and whoever also
  // needs it waits.
  constexpr std::size_t stretches = 8;
  const std::size_t length = (groups_.size() + stretches - 1) / stretches;
  struct Rank {
    float cost;
    std::size_t within, stretch;
    bool operator<(const Rank& other) const { return std::tie(other.cost, within, stretch) < std::tie(cost, other.within, other.stretch); }
  };
  const auto rank = [&](std::uint32_t group) {
    return Rank{groups_[group].cost * static_cast<float>(weight(units_[groups_[group].next])), group % length, group / length};
  };
  std::sort(fresh_.begin(), fresh_.end(), [&](std::uint32_t a, std::uint32_t b) { return rank(b) < rank(a); });
}

std::size_t Queue::group_of(const Unit& unit) const {
  const auto after = std::upper_bound(groups_.begin(), groups_.end(), unit.point,
                                      [&](std::uint64_t point, const Group& group) { return point < units_[group.end - 1].point; });
  return static_cast<std::size_t>(after - groups_.begin()) - 1;
}

Unit Queue::take(std::size_t group) {
  Group& from = groups_[group];
  const Unit unit = units_[from.next++];
  if (from.next == from.end) return unit;
  const auto index = static_cast<std::uint32_t>(group);
  if (from.known)
    known_.push({from.cost * static_cast<float>(weight(units_[from.next])), index});
  else
    unknown_.insert(index);
  return unit;
}

std::optional<Unit> Queue::next() {
  if (!fresh_.empty()) {
    const std::uint32_t group = fresh_.back();
    fresh_.pop_back();
    return take(group);
  }
  if (!known_.empty()) {
    const std::uint32_t group = known_.top().group;
    known_.pop();
    return take(group);
  }
  if (!unknown_.empty()) {
    const std::uint32_t group = *unknown_.begin();
    unknown_.erase(unknown_.begin());
    return take(group);
  }
  return std::nullopt;
}

void Queue::done(const Unit& unit, double seconds) {
  ++finished_;
  const std::size_t index = group_of(unit);
  Group& group = groups_[index];
  const double guessed = weight(unit) * static_cast<double>(guesses_.empty() ? 1.0f : guesses_[index]);
  guessed_left_ -= guessed;
  guessed_done_ += guessed;
  seconds_done_ += seconds;
  if (group.known) return;
  group.known = true;
  group.cost = static_cast<float>(seconds / weight(unit));
  if (unknown_.erase(static_cast<std::uint32_t>(index)) > 0)
    known_.push({group.cost * static_cast<float>(weight(units_[group.next])), static_cast<std::uint32_t>(index)});
}

std::optional<double> Queue::seconds_left() const {
  if (finished_ == 0 || guessed_done_ <= 0) return std::nullopt;
  return std::max(0.0, guessed_left_) * seconds_done_ / guessed_done_;
}

}  // namespace nines::scenarios
