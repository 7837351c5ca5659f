// Solved against published and independently computed tables: majorities of independent nodes, machine repairmen, a common shock, replicas
// that share zones and regions. Every printed digit.
#include <array>
#include <cmath>
#include <cstdio>
#include <string>

#include <gtest/gtest.h>

#include "analysis/exact/chain.hpp"
#include "analysis/exact/count.hpp"
#include "analysis/exact/structure.hpp"

namespace nines::reference {
namespace exact_majority_test {

using analysis::Structure;

std::string printed(const char* format, double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

double lost_majority(std::size_t n, double down) { return analysis::fewer_than_up(std::vector<double>(n, down), n / 2 + 1); }

// Frank et al., "Real Life Is Uncertain. Consensus Should Be Too!", HotOS 2025, table 2: Raft is live while a majority is up.
TEST(Majority, OfNodesThatFailWithAFewPercentIsThePublishedTable) {
  const double failing[] = {0.01, 0.02, 0.04, 0.08};
  const char* of_three[] = {"99.97", "99.88", "99.53", "98.18"};
  const char* of_five[] = {"99.9990", "99.992", "99.94", "99.55"};
  const char* digits_of_five[] = {"%.4f", "%.3f", "%.2f", "%.2f"};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(printed("%.2f", 100 * (1 - lost_majority(3, failing[i]))), of_three[i]);
    EXPECT_EQ(printed(digits_of_five[i], 100 * (1 - lost_majority(5, failing[i]))), of_five[i]);
  }
}

// Elements that run for 2,000 h and are repaired in 1 h, each by itself or all by one crew: k of n in balance, and the mean time from all up
// until no majority is left. The figures were computed apart from this program, by the birth-death recursion.
TEST(Majority, OfRepairedNodesIsTheMachineRepairmansTable) {
  struct Row {
    std::size_t n;
    const char *independent, *one_crew, *mean_time, *mean_time_one_crew;
  };
  const Row rows[] = {{1, "4.997501249375e-04", "4.997501249375e-04", "2.000000e+03", "2.000000e+03"},
                      {3, "7.490009367505e-07", "1.498500001124e-06", "6.683333e+05", "6.683333e+05"},
                      {5, "1.247191433129e-09", "7.488744389084e-09", "2.675349e+08", "1.338682e+08"}};
  for (const Row& row : rows) {
    const std::size_t lost = row.n / 2 + 1;  // Down.
    const auto is_lost = [lost](std::size_t down) { return down >= lost; };
    const analysis::Chain each = analysis::repairman(row.n, row.n, 1 / 2000.0, 1), crew = analysis::repairman(row.n, 1, 1 / 2000.0, 1);
    EXPECT_EQ(printed("%.12e", each.stationary_of(is_lost)), row.independent) << row.n;
    EXPECT_EQ(printed("%.12e", crew.stationary_of(is_lost)), row.one_crew) << row.n;
    EXPECT_EQ(printed("%.6e", each.mean_time_to(0, is_lost)), row.mean_time) << row.n;
    EXPECT_EQ(printed("%.6e", crew.mean_time_to(0, is_lost)), row.mean_time_one_crew) << row.n;
    EXPECT_EQ(printed("%.12e", lost_majority(row.n, 1 / 2001.0)), row.independent) << row.n;
  }
}

// A share of all failures hits every node at once (the beta factor of IEC 61508-6, annex D), and is repaired as one.
TEST(Majority, WithACommonCauseGainsNothingFromFiveNodes) {
  struct Row {
    double beta;
    const char *of_three, *of_five;
  };
  const Row rows[] = {{0, "7.490009368e-07", "1.247191433e-09"},
                      {0.01, "5.734076930e-06", "5.001185170e-06"},
                      {0.05, "2.567537650e-05", "2.500044442e-05"},
                      {0.1, "5.060424140e-05", "4.999840949e-05"}};
  for (const Row& row : rows) {
    const auto down = [](double rate) { return rate / (rate + 1); };
    const auto solved = [&](std::uint32_t n) {
      std::vector<Structure> nodes;
      std::vector<double> failed;
      for (std::uint32_t i = 0; i < n; ++i) {
        nodes.push_back(Structure::element(i));
        failed.push_back(down((1 - row.beta) / 2000));
      }
      failed.push_back(down(row.beta / 2000));
      return analysis::Diagram::of(Structure::any_of({Structure::element(n), Structure::at_least(n / 2 + 1, nodes)}))->probability(failed);
    };
    EXPECT_EQ(printed("%.9e", solved(3)), row.of_three) << row.beta;
    EXPECT_EQ(printed("%.9e", solved(5)), row.of_five) << row.beta;
    // The same as a chain: down nodes, and the shock beside them.
    const std::size_t n = 5;
    analysis::Chain chain(2 * (n + 1));
    for (std::size_t k = 0; k <= n; ++k) {
      if (row.beta > 0) chain.add(2 * k, 2 * k + 1, row.beta / 2000);
      if (row.beta > 0) chain.add(2 * k + 1, 2 * k, 1);
      for (std::size_t shock = 0; shock < 2 && k < n; ++shock) {
        chain.add(2 * k + shock, 2 * k + 2 + shock, static_cast<double>(n - k) * (1 - row.beta) / 2000);
        chain.add(2 * k + 2 + shock, 2 * k + shock, static_cast<double>(k + 1));
      }
    }
    if (row.beta > 0) {
      EXPECT_EQ(printed("%.9e", chain.stationary_of([](std::size_t s) { return s % 2 == 1 || s / 2 >= 3; })), row.of_five);
    }
  }
}

// Nodes are down with 5e-4, zones with 1e-4, regions with 2e-5, each on its own; a replica with any of the three. The table was computed
// apart from this program, by conditioning on regions and zones.
TEST(Majority, OfReplicasThatShareZonesAndRegionsIsThePlacementTable) {
  struct Replica {
    std::uint32_t zone, region;
  };
  struct Row {
    const char* placement;
    std::vector<Replica> replicas;
    const char* unavailability;
  };
  const Row rows[] = {{"one", {{0, 0}}, "6.199380010e-04"},
                      {"three in a zone", {{0, 0}, {0, 0}, {0, 0}}, "1.207476600e-04"},
                      {"three zones", {{0, 0}, {1, 0}, {2, 0}}, "2.107936653e-05"},
                      {"five in three zones", {{0, 0}, {0, 0}, {1, 0}, {1, 0}, {2, 0}}, "2.033117999e-05"},
                      {"two and two regions", {{0, 0}, {1, 0}, {2, 1}, {3, 1}}, "4.215742652e-05"},
                      {"three regions", {{0, 0}, {1, 1}, {2, 2}}, "1.152492862e-06"}};
  for (const Row& row : rows) {
    std::vector<double> failed(15, 5e-4);  // Nodes 0..4, zones 5..9, regions 10..14.
    std::fill(failed.begin() + 5, failed.begin() + 10, 1e-4);
    std::fill(failed.begin() + 10, failed.end(), 2e-5);
    std::vector<Structure> replicas;
    for (std::uint32_t i = 0; i < row.replicas.size(); ++i) {
      const Replica& r = row.replicas[i];
      replicas.push_back(Structure::any_of({Structure::element(i), Structure::element(5 + r.zone), Structure::element(10 + r.region)}));
    }
    const std::size_t needed = replicas.size() / 2 + 1, lost = replicas.size() - needed + 1;
    EXPECT_EQ(printed("%.9e", analysis::Diagram::of(Structure::at_least(lost, replicas))->probability(failed)), row.unavailability) << row.placement;
  }
}

}  // namespace exact_majority_test
}  // namespace nines::reference
