#include "analysis/rare/tally.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace nines::analysis {
namespace {

constexpr double z95 = 1.959963984540054;
constexpr std::uint64_t enough_hits = 100;
constexpr double enough_effective_hits = 100, too_large_a_share = 0.1, too_far_from_one = 4;

}  // namespace

std::string Diagnostics::text() const {
  char text[256];
  std::snprintf(text, sizeof text,
                "%llu of %llu excursions lost a quorum, as good as %.0f equal ones; the largest carries %.2g %%; mean likelihood ratio %.4f +- %.4f "
                "(1 in truth)",
                static_cast<unsigned long long>(hits), static_cast<unsigned long long>(paths), effective, 100 * largest_share, likelihood, likelihood_error);
  return text;
}

void Tally::add(const Path& path) {
  ++paths_;
  changes_ += path.changes;
  if (!path.finished) ++unfinished_;
  likelihood_ += path.likelihood;
  likelihood_squares_ += path.likelihood * path.likelihood;
  if (path.lost_s <= 0) return;
  ++hits_;
  const double contribution = path.weight * path.lost_s;
  sum_ += contribution;
  squares_ += contribution * contribution;
  plain_squares_ += path.weight * path.lost_s * path.lost_s;
  largest_ = std::max(largest_, contribution);
  losses_ += path.weight * path.losses;
  losses_squares_ += path.weight * path.losses * path.weight * path.losses;
}

void Tally::merge(const Tally& other) {
  paths_ += other.paths_;
  hits_ += other.hits_;
  changes_ += other.changes_;
  unfinished_ += other.unfinished_;
  sum_ += other.sum_;
  squares_ += other.squares_;
  plain_squares_ += other.plain_squares_;
  largest_ = std::max(largest_, other.largest_);
  losses_ += other.losses_;
  losses_squares_ += other.losses_squares_;
  likelihood_ += other.likelihood_;
  likelihood_squares_ += other.likelihood_squares_;
}

double Tally::relative_variance() const {
  if (sum_ <= 0) return std::numeric_limits<double>::infinity();
  return std::max(0.0, squares_ / count() / (value() * value()) - 1);
}

double Tally::plain_relative_variance(double excursions_per_s) const {
  if (sum_ <= 0) return std::numeric_limits<double>::infinity();
  return excursions_per_s * plain_squares_ / count() / (value() * value()) - 1;
}

double Tally::relative_error() const { return z95 * std::sqrt(relative_variance() / count()); }

double Tally::losses_error() const {
  if (losses_ <= 0) return std::numeric_limits<double>::infinity();
  return z95 * std::sqrt(std::max(0.0, losses_squares_ / (losses_ * losses_) - 1 / count()));
}

Diagnostics Tally::diagnostics() const {
  Diagnostics all{.paths = paths_, .hits = hits_, .changes = changes_, .endless = unfinished_ > 0};
  if (sum_ > 0) {
    all.effective = sum_ * sum_ / squares_;
    all.largest_share = largest_ / sum_;
  }
  if (paths_ > 0) {
    all.likelihood = likelihood_ / count();
    all.likelihood_error = std::sqrt(std::max(0.0, likelihood_squares_ / count() - all.likelihood * all.likelihood) / count());
  }
  return all;
}

std::string Tally::objection() const {
  const Diagnostics seen = diagnostics();
  char text[256] = "";
  if (unfinished_ > 0) {
    std::snprintf(text, sizeof text,
                  "%llu excursions were given up after %llu changes: all elements are hardly ever up at once, and nothing is rare here",
                  static_cast<unsigned long long>(unfinished_), static_cast<unsigned long long>(longest_path));
  } else if (seen.hits < enough_hits) {
    std::snprintf(text, sizeof text, "only %llu of %llu biased paths lost a quorum; %llu are needed", static_cast<unsigned long long>(seen.hits),
                  static_cast<unsigned long long>(seen.paths), static_cast<unsigned long long>(enough_hits));
  } else if (seen.largest_share >= too_large_a_share) {
    std::snprintf(text, sizeof text, "one path carries %.0f %% of the sum; at most %.0f %% may", 100 * seen.largest_share, 100 * too_large_a_share);
  } else if (seen.effective < enough_effective_hits) {
    std::snprintf(text, sizeof text, "the weights are so unlike that %llu hits count as %.1f; %.0f are needed",
                  static_cast<unsigned long long>(seen.hits), seen.effective, enough_effective_hits);
  } else if (std::fabs(seen.likelihood - 1) > too_far_from_one * seen.likelihood_error + 1e-9) {
    std::snprintf(text, sizeof text, "the mean likelihood ratio is %.4g with a standard error of %.2g, and must be 1", seen.likelihood, seen.likelihood_error);
  }
  return text;
}

}  // namespace nines::analysis
