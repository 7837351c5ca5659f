// Simulation against solution, on the library's scenarios with the whole catalogue; and three mistakes in the solution, which must be noticed.
// NINES_SELF_CHECK_LONG=1: seeds 1, 2 and 3, and more years.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "analysis/exact/combine.hpp"
#include "analysis/exact/gaps.hpp"
#include "analysis/exact/quorum.hpp"
#include "models/world/simulate.hpp"
#include "scenarios/run/resources.hpp"
#include "scenarios/run/translate.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::analysis {
namespace self_check_test {

world::Options library(const std::string& name) {
  const auto catalogs = scenarios::read_catalogs(scenarios::embedded_files("catalog"));
  const auto file = scenarios::library_file(name);
  return scenarios::to_world(*scenarios::read_scenario(file->text, file->name, *catalogs));
}

Summary simulated(const world::Options& options, std::uint64_t seed, std::uint64_t replications) {
  const auto plan = std::make_shared<const world::Plan>(options);
  Summary summary(options);
  for (std::uint64_t r = 0; r < replications; ++r) summary.add(world::simulate(plan, seed, r));
  return summary;
}

MeasuredGaps measured(const world::Options& options, std::uint64_t seed, std::uint64_t lives) {
  const GapSampler sampler(std::make_shared<const world::Plan>(options), seed);
  const std::vector<std::uint32_t> few(sampler.modes(), least_faults);
  GapSum pilot(sampler, 0, few);
  for (std::uint64_t life = 0; life < 8; ++life) pilot.add(sampler.life(1'000'000 + life, few));
  const std::vector<std::uint32_t> times = allocate(pilot, sampler.modes(), 40);
  GapSum sum(sampler, 0, times);
  for (std::uint64_t life = 0; life < lives; ++life) sum.add(sampler.life(life, times));
  return {sum.some().value, sum.some().error, 0};
}

QuorumAnswer solved(const Model& model) { return QuorumSolver(model, 0).solve(laws_of(model)); }

class SelfCheckOf : public testing::TestWithParam<std::string> {};

TEST_P(SelfCheckOf, SimulationAndSolutionAgree) {
  const bool all = std::getenv("NINES_SELF_CHECK_LONG") != nullptr;
  const world::Options options = library(GetParam());
  const auto model = model_of(options);
  if (!model) GTEST_SKIP() << "refused: " << model.error()[0].what;
  for (std::uint64_t seed = 1; seed <= (all ? 3u : 1u); ++seed) {
    const Summary summary = simulated(options, seed, all ? 300 : 20);
    const SelfCheck check =
        self_check(solved(*model), variance_of_losses(*model, 0, options.modes), summary, 0, "cluster", measured(options, seed, all ? 100 : 12));
    ASSERT_TRUE(check.quorum) << "not informative: " << check.quorum_over;
    ASSERT_TRUE(check.gaps) << "not informative: " << check.gaps_over;
    EXPECT_GE(*check.quorum, SelfCheck::alarm) << "seed " << seed << ": " << check.quorum_over;
    EXPECT_GE(*check.gaps, SelfCheck::alarm) << "seed " << seed;
    RecordProperty("quorum_p_" + std::to_string(seed), std::to_string(*check.quorum));
    RecordProperty("gaps_p_" + std::to_string(seed), std::to_string(*check.gaps));
    if (all)
      std::printf("%s seed %d: quorum p = %.3g (%s), gaps p = %.3g\n", GetParam().c_str(), static_cast<int>(seed), *check.quorum,
                  check.quorum_over.c_str(), *check.gaps);
  }
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name)
    if (c == '-') c = '_';
  return name;
}

// One layout of each kind in every run, all of the library with NINES_SELF_CHECK_LONG.
std::vector<std::string> checked() {
  if (std::getenv("NINES_SELF_CHECK_LONG") != nullptr) return scenarios::library_names();
  return {"camunda-single-node", "camunda-single-zone", "camunda-three-zones", "camunda-two-regions", "etcd-five-nodes", "etcd-three-zones"};
}
INSTANTIATE_TEST_SUITE_P(Library, SelfCheckOf, testing::ValuesIn(checked()), test_name);

// One simulation, held against a sound solution and three that are wrong. Each mistake moves the unavailability by at least five standard errors.
class PlantedMistake : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    options_ = std::make_unique<world::Options>(library("camunda-three-zones"));
    summary_ = std::make_unique<Summary>(simulated(*options_, 1, 120));
    gaps_ = measured(*options_, 1, 60);
  }
  static void TearDownTestSuite() {
    options_.reset();
    summary_.reset();
  }
  static SelfCheck check(const QuorumAnswer& quorum, const MeasuredGaps& gaps) {
    return self_check(quorum, variance_of_losses(*model_of(*options_), 0, options_->modes), *summary_, 0, "cluster", gaps);
  }
  static double gap_error(const MeasuredGaps& gaps) {
    return std::hypot(gaps.error, std::sqrt(summary_->excess_time(0).variance) / summary_->exposure_s());
  }

  static std::unique_ptr<world::Options> options_;
  static std::unique_ptr<Summary> summary_;
  static MeasuredGaps gaps_;
};
std::unique_ptr<world::Options> PlantedMistake::options_;
std::unique_ptr<Summary> PlantedMistake::summary_;
MeasuredGaps PlantedMistake::gaps_;

TEST_F(PlantedMistake, NoneIsSeenWhereThereIsNone) { EXPECT_FALSE(check(solved(*model_of(*options_)), gaps_).flagged()); }

// A quorum of two of two: what one of the three holds is not counted.
TEST_F(PlantedMistake, InTheQuorumRuleIsSeen) {
  Model model = *model_of(*options_);
  const QuorumAnswer right = solved(model);
  for (auto& voters : model.clusters[0].partitions) voters.pop_back();
  const QuorumAnswer wrong = solved(model);
  const double counted = std::sqrt(right.some.per_s * summary_->exposure_s());
  ASSERT_GT((wrong.some.per_s - right.some.per_s) * summary_->exposure_s(), 5 * counted);
  EXPECT_TRUE(check(wrong, gaps_).flagged());
}

// Every leader on one broker.
TEST_F(PlantedMistake, InTheLeadersPlacesIsSeen) {
  world::Options together = *options_;
  together.horizon = 24h;  // Before faults have moved them.
  for (auto& replicas : together.clusters[0].partitions)
    for (world::Replica& replica : replicas) replica.priority = 3 - static_cast<int>(replica.broker.value);
  const MeasuredGaps wrong = measured(together, 1, 60);
  ASSERT_GT(std::abs(wrong.value - gaps_.value), 5 * gap_error(wrong));
  EXPECT_TRUE(check(solved(*model_of(*options_)), wrong).flagged());
}

// Elections that take half as long again.
TEST_F(PlantedMistake, InTheGapsIsSeen) {
  world::Options slow = *options_;
  raft::Profile& profile = slow.clusters[0].profile;
  profile.election_timeout = profile.election_timeout * 3 / 2;
  profile.election_timeout_max = profile.election_timeout_max * 3 / 2;
  const MeasuredGaps wrong = measured(slow, 1, 60);
  ASSERT_GT(std::abs(wrong.value - gaps_.value), 5 * gap_error(wrong));
  EXPECT_TRUE(check(solved(*model_of(*options_)), wrong).flagged());
}

}  // namespace self_check_test
}  // namespace nines::analysis
