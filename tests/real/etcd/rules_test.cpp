// The comparison with the recorded trials sees a rule that is missing: leave one out, and the distributions part.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/real/etcd/simulate.hpp"

namespace nines::real_etcd {
namespace rules_test {

constexpr std::uint64_t trials = 500;

Configuration named(const std::string& name) {
  for (const Configuration& c : read_configurations(NINES_SOURCE_DIR "/tests/real/etcd/configurations.csv"))
    if (c.name == name) return c;
  ADD_FAILURE() << "no configuration " << name;
  return {};
}

// From the new leader to the end of the outage, less what the last put before the fault took: outage_ms - to_leader_ms of each recorded trial.
std::vector<double> recorded_rest(const std::string& name) {
  std::ifstream in(NINES_SOURCE_DIR "/tests/real/etcd/recorded/" + name + ".csv");
  std::vector<double> rest;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream cells(line);
    std::vector<std::string> cell;
    for (std::string text; std::getline(cells, text, ',');) cell.push_back(text);
    rest.push_back(std::stod(cell.at(3)) - std::stod(cell.at(2)));
  }
  return rest;
}

std::vector<double> simulated_rest(const Configuration& c, const raft::Profile& profile) {
  const auto plan = plan_of(c, profile);
  std::vector<double> rest;
  for (std::uint64_t k = 0; k < trials; ++k)
    if (const auto o = trial_of(c, plan, k)) rest.push_back(o->outage_ms - o->to_leader_ms);
  return rest;
}

// 1.68 / sqrt(n) is passed by chance against its own law with probability 0.7 %.
double limit(const std::vector<double>& real) { return 1.68 / std::sqrt(static_cast<double>(real.size())); }

// A new leader may send one append to each follower until it is answered, and that one carries the entry of its term only.
TEST(RecordedEtcd, AnElectedLeaderProbesSoTheFirstPutTakesASecondRoundTrip) {
  const Configuration c = named("n3_rtt50_kill");
  const std::vector<double> real = recorded_rest(c.name);
  ASSERT_GE(real.size(), 40u);
  raft::Profile profile = etcd_profile(c);
  EXPECT_LE(reference::kolmogorov_smirnov(real, simulated_rest(c, profile)), limit(real));
  profile.probe_after_election = false;
  EXPECT_GT(reference::kolmogorov_smirnov(real, simulated_rest(c, profile)), 2 * limit(real));
}

}  // namespace rules_test
}  // namespace nines::real_etcd
