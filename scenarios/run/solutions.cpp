#include "scenarios/run/solutions.hpp"

namespace nines::scenarios {

std::optional<Solutions> Solutions::of(const world::Options& options) {
  const auto model = analysis::model_of(options);
  if (!model) return std::nullopt;
  const std::vector<analysis::Dual> laws = analysis::laws_of(*model);
  Solutions solutions;
  for (std::size_t c = 0; c < model->clusters.size(); ++c) {
    const std::string& name = model->clusters[c].name;
    solutions.clusters_.push_back({name, model->clusters.size() > 1 ? name + "." : std::string(), analysis::QuorumSolver(*model, c).solve(laws)});
  }
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
    checks.push_back(analysis::self_check(clusters_[c].quorum, summary, c, clusters_[c].name, gaps));
  }
  return checks;
}

void Solutions::put_into(const analysis::Summary& summary, analysis::Metrics& metrics) const {
  for (std::size_t c = 0; c < clusters_.size(); ++c) analysis::put_solved(clusters_[c].quorum, summary.excess(c), clusters_[c].prefix, metrics);
}

}  // namespace nines::scenarios
