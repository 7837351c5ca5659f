// Puts of a healthy cluster, recorded and simulated: what the simulated hop and a member's work were measured by (at 20 ms), elsewhere too.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "tests/real/etcd/simulate.hpp"
#include "tests/support/worlds.hpp"

namespace nines::real_etcd {
namespace healthy_test {

struct Healthy {
  std::vector<double> at_leader_ms, at_follower_ms;
};

Healthy simulated(const Configuration& c) {
  Healthy taken;
  const auto plan = plan_of(c, etcd_profile(c));
  for (std::uint64_t k = 0; k < 10; ++k) {
    reference::Trial trial(plan, 5, k);
    Client client(trial, {}, one_way(c), testing_worlds::at(1s) + from_seconds(reference::chance(5, k, 0)));
    client.run_until(testing_worlds::at(7s));
    for (std::size_t put = 0; put < 500; ++put) {
      const Put& p = client.puts()[put];
      (put % c.members == trial.leader() ? taken.at_leader_ms : taken.at_follower_ms).push_back(seconds(p.done - p.issued) * 1e3);
    }
  }
  return taken;
}

TEST(HealthyEtcd, PutsTakeAsLongAsRecorded) {
  const std::string folder = NINES_SOURCE_DIR "/tests/real/etcd/";
  std::map<std::string, Configuration> known;
  for (const Configuration& c : read_configurations(folder + "configurations.csv")) known[c.name] = c;
  std::ifstream recorded(folder + "recorded/healthy.csv");
  std::string line;
  std::getline(recorded, line);
  int rows = 0;
  for (; std::getline(recorded, line); ++rows) {
    std::istringstream cells(line);
    std::vector<std::string> cell;
    for (std::string text; std::getline(cells, text, ',');) cell.push_back(text);
    ASSERT_EQ(cell.size(), 10u) << line;
    const Healthy taken = simulated(known.at(cell[0]));
    const std::vector<double>& ms = cell[2] == "leader" ? taken.at_leader_ms : taken.at_follower_ms;
    for (const auto& [p, column] : {std::pair{0.1, 5}, std::pair{0.5, 6}, std::pair{0.9, 7}}) {
      const double real = std::stod(cell[static_cast<std::size_t>(column)]), now = reference::quantile_of(ms, p);
      std::printf("%s %s %g: %.2f recorded, %.2f simulated\n", cell[0].c_str(), cell[2].c_str(), p, real, now);
      EXPECT_NEAR(now, real, 0.3) << line;
    }
  }
  EXPECT_GE(rows, 8);
}

}  // namespace healthy_test
}  // namespace nines::real_etcd
