#include "analysis/rare/cuts.hpp"

#include <algorithm>

namespace nines::analysis {
namespace {

class Search {
 public:
  Search(const System& system, std::size_t order, Cuts& found) : system_(system), order_(order), found_(found), watch_(*system.model) {}
  void run() { extend(0); }

 private:
  void set(std::uint32_t part, bool down) { watch_.set(system_.parts[part].atom, down); }

  // A superset of a cut is never minimal, so below a cut nothing is tried; it is minimal when it needs every one of its parts.
  void extend(std::uint32_t first) {
    for (std::uint32_t part = first; part < system_.parts.size(); ++part) {
      set(part, true);
      chosen_.push_back(part);
      if (system_.lost(watch_)) {
        if (needs_all()) found_.sets.push_back(chosen_);
      } else if (chosen_.size() < order_) {
        extend(part + 1);
      }
      chosen_.pop_back();
      set(part, false);
    }
  }
  bool needs_all() {
    for (const std::uint32_t part : chosen_) {
      set(part, false);
      const bool lost = system_.lost(watch_);
      set(part, true);
      if (lost) return false;
    }
    return true;
  }

  const System& system_;
  std::size_t order_;
  Cuts& found_;
  Watch watch_;
  std::vector<std::uint32_t> chosen_;
};

}  // namespace

Cuts minimal_cuts(const System& system, std::size_t order, std::size_t most) {
  const double n = static_cast<double>(system.parts.size());
  Cuts cuts;
  double sets = 1, trials = 0;
  while (cuts.tried < std::min(order, system.parts.size())) {
    const auto k = static_cast<double>(cuts.tried);
    sets *= (n - k) / (k + 1);
    trials += sets;
    if (trials > static_cast<double>(most)) break;
    ++cuts.tried;
  }
  if (cuts.tried > 0) Search(system, cuts.tried, cuts).run();
  std::stable_sort(cuts.sets.begin(), cuts.sets.end(), [](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
  return cuts;
}

Distance::Distance(const Cuts& cuts, std::size_t parts) : of_part_(parts) {
  std::size_t largest = 0;
  for (std::uint32_t c = 0; c < cuts.sets.size(); ++c) {
    for (const std::uint32_t part : cuts.sets[c]) of_part_[part].push_back(c);
    wanting_.push_back(static_cast<std::uint16_t>(cuts.sets[c].size()));
    largest = std::max(largest, cuts.sets[c].size());
  }
  with_.resize(largest + 1);
  for (const std::uint16_t wanting : wanting_) ++with_[wanting];
  while (nearest_ + 1 < with_.size() && with_[nearest_] == 0) ++nearest_;
}

void Distance::set(std::uint32_t part, bool down) {
  for (const std::uint32_t c : of_part_[part]) {
    --with_[wanting_[c]];
    wanting_[c] = static_cast<std::uint16_t>(wanting_[c] + (down ? -1 : 1));
    ++with_[wanting_[c]];
    if (down) nearest_ = std::min<std::size_t>(nearest_, wanting_[c]);
  }
  while (nearest_ + 1 < with_.size() && with_[nearest_] == 0) ++nearest_;
}

}  // namespace nines::analysis
