#include "analysis/stats/error_budget.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "analysis/stats/text.hpp"

namespace nines::analysis {

ErrorBudget::ErrorBudget(Duration period, double level) : period_(period), level_(level), budget_s_((1 - level) * seconds(period)) {}

void ErrorBudget::set_scheduled() {
  scheduled_ = true;
  over_.set_scheduled();
}

void ErrorBudget::add(std::span<const Episode> down, Duration horizon) {
  const auto periods = static_cast<std::size_t>(horizon / period_);
  down_s_.assign(periods, 0);
  for (const Episode& episode : down) {
    const Duration start = episode.start - Instant{}, end = start + episode.length;
    for (auto p = static_cast<std::size_t>(start / period_); p < periods; ++p) {
      const Duration begins = period_ * static_cast<std::int64_t>(p);
      if (begins >= end) break;
      down_s_[p] += seconds(std::min(end, begins + period_) - std::max(start, begins));
    }
  }
  for (const double spent : down_s_)
    if (spent > budget_s_) over_.add(1);
  over_.close_replication();
  periods_ += periods;
}

void ErrorBudget::merge(const ErrorBudget& later) {
  over_.merge(later.over_);
  periods_ += later.periods_;
}

void ErrorBudget::write(ByteWriter& out) const {
  over_.write(out);
  out.number(periods_);
}

void ErrorBudget::read(ByteReader& in) {
  over_.read(in);
  periods_ = in.number();
}

Estimate ErrorBudget::exhausted(const std::vector<CompoundPoisson::Outages>& seen, double exposure_s) const {
  const std::string budget = "; budget " + human_time(budget_s_, 3) + " (" + shortest(std::round(1e11 * level_) / 1e9) + " %)";
  const CompoundPoisson sums(seen, exposure_s, seconds(period_));
  Estimate stream = scheduled_ ? Estimate{std::nullopt, std::nullopt, std::nullopt, "not available: faults follow a script"} : sums.exceeds(budget_s_);
  if (periods_ > 0) {
    Estimate share = over_.counts(static_cast<double>(periods_), 1, "periods over it");
    if (share.high && *share.high >= 1) share.high = share.value ? std::optional<double>(1) : std::nullopt;
    const bool contradicted = (stream.high && share.low && *stream.high < *share.low) || (stream.low && share.high && *stream.low > *share.high);
    if (over_.seen().events >= enough_events || contradicted || scheduled_) {
      share.method = grouped(over_.seen().events) + " of " + counted(periods_, "periods");
      stream = share;
    }
  }
  stream.method += budget;
  return stream;
}

}  // namespace nines::analysis
