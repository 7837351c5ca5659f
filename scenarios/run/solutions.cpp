#include "scenarios/run/solutions.hpp"

#include "analysis/why/data_loss.hpp"
#include "scenarios/run/people.hpp"

namespace nines::scenarios {
namespace {

constexpr double hardly = 1e-3;  // Of the time without a quorum.

// Is a cluster gone back to its backup so rarely that the time it takes vanishes in that without a quorum?
bool hardly_ever(const world::BackupRestore& restore, const world::Options& options, const analysis::Recurring& without_quorum) {
  const auto loss = analysis::data_loss_of(options, restore.cluster);
  if (!loss) return false;
  return (loss->lost.per_s * restoring_takes_s(restore) + loss->lost.unexamined) <= hardly * without_quorum.fraction;
}

}  // namespace

std::optional<Solutions> Solutions::of(const world::Options& given) {
  world::Options options = given;
  options.restores.clear();
  const auto model = analysis::model_of(options);
  if (!model) return std::nullopt;
  const std::vector<analysis::Dual> laws = analysis::laws_of(*model);
  Solutions solutions;
  for (std::size_t c = 0; c < model->clusters.size(); ++c) {
    const std::string& name = model->clusters[c].name;
    solutions.clusters_.push_back({name, model->clusters.size() > 1 ? name + "." : std::string(), analysis::QuorumSolver(*model, c).solve(laws),
                                   analysis::variance_of_losses(*model, c, options.modes)});
  }
  for (const world::BackupRestore& restore : given.restores)
    if (!hardly_ever(restore, options, solutions.clusters_[restore.cluster].quorum.some)) return std::nullopt;
  return solutions;
}

std::vector<analysis::SelfCheck> Solutions::check(const analysis::Summary& summary, const GapLives* lives) const {
  std::vector<analysis::SelfCheck> checks;
  for (std::size_t c = 0; c < clusters_.size(); ++c) {
    std::optional<analysis::MeasuredGaps> gaps;
    if (lives != nullptr) {
      const analysis::GapSum& sum = lives->of(c);
      gaps = {.value = sum.some().value, .error = sum.some().error, .faults = sum.faults()};
    }
    checks.push_back(analysis::self_check(clusters_[c].quorum, clusters_[c].variance_per_s, summary, c, clusters_[c].name, gaps));
  }
  return checks;
}

void Solutions::put_into(const analysis::Summary& summary, analysis::Metrics& metrics) const {
  for (std::size_t c = 0; c < clusters_.size(); ++c) analysis::put_solved(clusters_[c].quorum, summary.excess(c), clusters_[c].prefix, metrics);
}

void put_band(const world::Options& options, std::size_t cluster, const std::vector<double>& gaps, std::uint64_t seed, const std::string& prefix,
              analysis::Metrics& metrics) {
  put_band(analysis::catalogue_band(options, cluster, gaps, seed), prefix, metrics);
}

void put_band(const std::optional<analysis::Band>& band, const std::string& prefix, analysis::Metrics& metrics) {
  if (!band || band->low <= 0) return;
  const auto put = [&](const std::string& name, double low, double high) {
    for (analysis::Metric& metric : metrics) {
      if (metric.name != prefix + name) continue;
      metric.band_low = low;
      metric.band_high = high;
    }
  };
  const double minutes = seconds(year) / 60;
  put("uptime.all", analysis::uptime_of(band->high), analysis::uptime_of(band->low));
  put("nines", analysis::nines_of(band->high), analysis::nines_of(band->low));
  put("downtime.minutes_per_year", band->low * minutes, band->high * minutes);
}

}  // namespace nines::scenarios
