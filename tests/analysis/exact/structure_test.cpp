#include "analysis/exact/structure.hpp"

#include <cmath>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/exact/count.hpp"
#include "sim/base/random.hpp"

namespace nines::analysis {
namespace structure_test {

using testing::ElementsAre;

bool fails(const Structure& structure, unsigned failed) {
  if (structure.parts.empty() && structure.k == 0) return (failed >> structure.index & 1) != 0;
  std::size_t count = 0;
  for (const Structure& part : structure.parts) count += fails(part, failed) ? 1u : 0u;
  return count >= structure.k;
}

// A random expression over `elements` that come back: two levels of k-of-n.
Structure random_structure(std::uint64_t number, std::uint32_t elements) {
  const Stream stream(11, number, 0, Purpose::test);
  std::uint64_t draw = 0;
  const auto below = [&](std::uint64_t n) { return stream.word({0, draw++}) % n; };
  const std::function<Structure(int)> make = [&](int depth) {
    if (depth == 0 || below(4) == 0) return Structure::element(static_cast<std::uint32_t>(below(elements)));
    const std::size_t n = 1 + below(4);
    std::vector<Structure> parts;
    for (std::size_t i = 0; i < n; ++i) parts.push_back(make(depth - 1));
    return Structure::at_least(1 + below(n), std::move(parts));
  };
  return make(3);
}

TEST(Structure, WithRepeatedElementsAgreesWithTheSumOverAllStates) {
  constexpr std::uint32_t n = 7;
  const std::vector<double> failed{0.3, 0.05, 0.5, 0.01, 0.8, 0.2, 0.11};
  for (std::uint64_t number = 0; number < 500; ++number) {
    const Structure structure = random_structure(number, n);
    double total = 0;
    std::vector<double> given_failed(n, 0.0), given_works(n, 0.0);
    std::vector<CutSet> cuts;
    for (unsigned state = 0; state < 1u << n; ++state) {
      if (!fails(structure, state)) continue;
      double p = 1;
      for (unsigned e = 0; e < n; ++e) p *= (state >> e & 1) != 0 ? failed[e] : 1 - failed[e];
      total += p;
      bool minimal = true;
      CutSet cut;
      for (unsigned e = 0; e < n; ++e) {
        if ((state >> e & 1) != 0) {
          given_failed[e] += p / failed[e];
          cut.push_back(e);
          minimal = minimal && !fails(structure, state & ~(1u << e));
        } else {
          given_works[e] += p / (1 - failed[e]);
        }
      }
      if (minimal && cut.size() <= 3) cuts.push_back(cut);
    }
    std::sort(cuts.begin(), cuts.end(), [](const CutSet& a, const CutSet& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
    const auto diagram = Diagram::of(structure);
    ASSERT_TRUE(diagram.has_value());
    EXPECT_NEAR(diagram->probability(failed), total, 1e-14) << number;
    EXPECT_EQ(diagram->cut_sets(3), cuts) << number;
    const std::vector<Importance> importance = diagram->importance(failed);
    for (unsigned e = 0; e < n; ++e) {
      EXPECT_NEAR(importance[e].birnbaum, given_failed[e] - given_works[e], 1e-14) << number << " element " << e;
      EXPECT_NEAR(importance[e].achievement, given_failed[e] / total, 1e-12);
      EXPECT_NEAR(importance[e].diagnostic, given_failed[e] * failed[e] / total, 1e-12);
    }
  }
}

TEST(Structure, OfKOfNIsThePoissonBinomialLaw) {
  std::vector<double> failed;
  std::vector<Structure> nodes;
  for (std::uint32_t i = 0; i < 60; ++i) {
    failed.push_back(1e-4 * (i + 1));
    nodes.push_back(Structure::element(i));
  }
  const auto diagram = Diagram::of(Structure::at_least(9, nodes));
  ASSERT_TRUE(diagram.has_value());
  EXPECT_LE(diagram->nodes(), 2u + 10 * 60);          // Elements times levels, with what was built on the way.
  const double expected = fewer_than_up(failed, 52);  // Nine or more have failed.
  EXPECT_NEAR(diagram->probability(failed) / expected, 1, 1e-12);
}

TEST(Structure, KeepsTheDigitsOfAProbabilityFarBelowRoundingErrorsOfOne) {
  const auto diagram = Diagram::of(Structure::all_of({Structure::element(0), Structure::element(1), Structure::element(2)}));
  EXPECT_DOUBLE_EQ(diagram->probability(std::vector<double>{1e-6, 2e-6, 3e-6}), 6e-18);
}

TEST(Structure, ThatIsTooLargeForTheLimitIsRefusedAndNotApproximated) {
  std::vector<Structure> nodes;
  for (std::uint32_t i = 0; i < 40; ++i) nodes.push_back(Structure::element(i));
  EXPECT_FALSE(Diagram::of(Structure::at_least(20, nodes), 100).has_value());
  EXPECT_TRUE(Diagram::of(Structure::at_least(20, nodes), 1000).has_value());
}

TEST(Structure, WithAZoneUnderTwoReplicasHasTheZoneAsItsSinglePointOfFailure) {
  const auto in_zone = [](std::uint32_t node, std::uint32_t zone) { return Structure::any_of({Structure::element(node), Structure::element(zone)}); };
  const auto diagram = Diagram::of(Structure::at_least(2, {in_zone(0, 3), in_zone(1, 3), in_zone(2, 4)}));
  EXPECT_THAT(diagram->cut_sets(3), ElementsAre(ElementsAre(3), ElementsAre(0, 1), ElementsAre(0, 2), ElementsAre(0, 4), ElementsAre(1, 2), ElementsAre(1, 4)));
}

// The worked examples of the providers' reliability guides (AWS Reliability Pillar, availability with dependencies and redundancy; Google SRE's arithmetic of
// products), where what fails is independent: parts in a row multiply, copies side by side multiply what is missing, and k of n lies between.
TEST(Structure, TellsTheProvidersWorkedExamples) {
  const auto up = [](const Structure& structure, std::vector<double> uptimes) {
    for (double& one : uptimes) one = 1 - one;
    return 1 - Diagram::of(structure)->probability(uptimes);
  };
  const auto elements = [](std::uint32_t n) {
    std::vector<Structure> all;
    for (std::uint32_t i = 0; i < n; ++i) all.push_back(Structure::element(i));
    return all;
  };
  EXPECT_NEAR(up(Structure::any_of(elements(2)), {0.9995, 0.9999}), 0.99940005, 1e-12) << "99.94 %";
  EXPECT_NEAR(up(Structure::all_of(elements(2)), {0.9995, 0.9995}), 0.99999975, 1e-12) << "99.999975 %";
  const double two_of_three = up(Structure::at_least(2, elements(3)), {0.99, 0.99, 0.99});
  EXPECT_NEAR(two_of_three, 0.999702, 1e-12) << "99.9702 %";
  EXPECT_LT(up(Structure::at_least(2, elements(4)), {0.99, 0.99, 0.99, 0.99}), two_of_three) << "three of four are worse: one more to lose";
}

}  // namespace structure_test
}  // namespace nines::analysis
