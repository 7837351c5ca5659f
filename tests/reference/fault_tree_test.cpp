// Static fault trees whose figures another program publishes: Storm's TestBdd.cpp (probability, importance, MTTF of six trees) and
// DftModelCheckerTest.cpp (MTTFs of voting gates; HECS), storm 1.7, src/test/storm-dft. Every printed digit.
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "analysis/exact/chain.hpp"
#include "analysis/exact/structure.hpp"

namespace nines::reference {
namespace fault_tree_test {

using analysis::Importance;
using analysis::Structure;

constexpr double ln2 = 0.6931471805599453;

Structure x(std::uint32_t i) { return Structure::element(i - 1); }

// `text` is how somebody printed `value`: the difference is at most one unit of its last digit, so that cut-off digits pass too.
void expect_printed(double value, std::string_view text, const std::string& what) {
  if (text == "inf") {
    EXPECT_TRUE(std::isinf(value)) << what;
    return;
  }
  const std::size_t point = text.find('.');
  const double unit = point == std::string_view::npos ? 1e-12 : std::pow(10.0, -static_cast<double>(text.size() - point - 1));
  const bool whole = point == std::string_view::npos;
  EXPECT_NEAR(value, std::stod(std::string(text)), whole ? 1e-12 : 1.0001 * unit) << what;
}

struct Tree {
  const char* name;
  Structure structure;
  std::vector<double> rates;
  const char *probability, *mttf;
  std::vector<const char*> birnbaum, cif, dif, raw, rrw;
};

std::vector<double> failed_by(const std::vector<double>& rates, double t) {
  std::vector<double> failed;
  for (const double rate : rates) failed.push_back(-std::expm1(-rate * t));
  return failed;
}

bool fails(const Structure& structure, std::size_t failed) {
  if (structure.parts.empty() && structure.k == 0) return (failed >> structure.index & 1) != 0;
  std::size_t count = 0;
  for (const Structure& part : structure.parts) count += fails(part, failed) ? 1u : 0u;
  return count >= structure.k;
}

// Over the sets of failed elements.
double mean_time_to_failure(const Structure& structure, const std::vector<double>& rates) {
  analysis::Chain chain(std::size_t{1} << rates.size());
  for (std::size_t state = 0; state < chain.states(); ++state)
    for (std::size_t e = 0; e < rates.size(); ++e)
      if ((state >> e & 1) == 0) chain.add(state, state | std::size_t{1} << e, rates[e]);
  return chain.mean_time_to(0, [&](std::size_t state) { return fails(structure, state); });
}

std::vector<Tree> trees() {
  return {
      {"And", Structure::all_of({x(1), x(2)}), {ln2, ln2}, "0.25", "2.164042561", {"0.5", "0.5"}, {"1", "1"}, {"1", "1"}, {"2", "2"}, {"inf", "inf"}},
      {"Or",
       Structure::any_of({x(1), x(2)}),
       {ln2, ln2},
       "0.75",
       "0.7213475204",
       {"0.5", "0.5"},
       {"0.3333333333", "0.3333333333"},
       {"0.666667", "0.666667"},
       {"1.333333333", "1.333333333"},
       {"1.5", "1.5"}},
      {"AndOr",
       Structure::all_of({Structure::any_of({x(1), x(2)}), Structure::any_of({x(3), x(4)})}),
       {ln2, ln2, ln2, ln2},
       "0.5625",
       "1.082021281",
       {"0.375", "0.375", "0.375", "0.375"},
       {"0.3333333333", "0.3333333333", "0.3333333333", "0.3333333333"},
       {"0.666667", "0.666667", "0.666667", "0.666667"},
       {"1.333333333", "1.333333333", "1.333333333", "1.333333333"},
       {"1.5", "1.5", "1.5", "1.5"}},
      {"Vot",
       Structure::at_least(2, {x(1), x(2), x(3), x(4)}),
       {ln2, ln2, ln2, ln2},
       "0.6875",
       "0.8415721072",
       {"0.375", "0.375", "0.375", "0.375"},
       {"0.27272727", "0.27272727", "0.27272727", "0.27272727"},
       {"0.636364", "0.636364", "0.636364", "0.636364"},
       {"1.27272727", "1.27272727", "1.27272727", "1.27272727"},
       {"1.375", "1.375", "1.375", "1.375"}},
      {"Importance",
       Structure::all_of({x(1), Structure::any_of({x(2), x(3)}), Structure::any_of({x(4), x(5), x(6)})}),
       {ln2, ln2, 0.2, ln2, 0.6, 1.0, ln2},  // The seventh occurs nowhere.
       "0.2655055433",
       "1.977074913",
       {"0.531011", "0.368041", "0.224763", "0.0596235", "0.0543206", "0.0810368", "0"},
       {"1", "0.693094", "0.153453", "0.112283", "0.09231", "0.192934", "0"},
       {"1", "0.846547", "0.306906", "0.556142", "0.501849", "0.703097", "0.5"},
       {"2", "1.693094106", "1.693094106", "1.112283035", "1.112283035", "1.112283035", "1"},
       {"inf", "3.25832778", "1.18127", "1.126485175", "1.1016977", "1.23905588", "1"}},
  };
}

TEST(FaultTree, HasTheProbabilityAndTheImportanceThatStormPublishes) {
  for (const Tree& tree : trees()) {
    const std::vector<double> failed = failed_by(tree.rates, 1);
    const auto diagram = analysis::Diagram::of(tree.structure);
    ASSERT_TRUE(diagram.has_value());
    expect_printed(diagram->probability(failed), tree.probability, tree.name);
    const std::vector<Importance> importance = diagram->importance(failed);
    ASSERT_EQ(importance.size(), tree.birnbaum.size());
    for (std::size_t e = 0; e < importance.size(); ++e) {
      const std::string what = std::string(tree.name) + " x" + std::to_string(e + 1);
      expect_printed(importance[e].birnbaum, tree.birnbaum[e], what + " Birnbaum");
      expect_printed(importance[e].criticality, tree.cif[e], what + " CIF");
      expect_printed(importance[e].diagnostic, tree.dif[e], what + " DIF");
      expect_printed(importance[e].achievement, tree.raw[e], what + " RAW");
      expect_printed(importance[e].reduction, tree.rrw[e], what + " RRW");
    }
  }
}

TEST(FaultTree, FailsAfterTheMeanTimeThatStormPublishes) {
  for (const Tree& tree : trees()) expect_printed(mean_time_to_failure(tree.structure, tree.rates), tree.mttf, tree.name);
  struct Voting {
    std::size_t k;
    std::vector<double> rates;
    double mttf;
  };
  const Voting gates[] = {
      {1, {0.1, 0.2, 0.3}, 5 / 3.0}, {1, {0.3, 0.4, 1}, 10 / 17.0}, {2, {0.3, 0.4, 1}, 2685 / 1547.0}, {2, {1, 1, 1}, 5 / 6.0}, {2, {0.5, 0.5}, 3}, {1, {0.5, 0.5}, 1}};
  for (const Voting& gate : gates) {
    std::vector<Structure> parts;
    for (std::uint32_t i = 1; i <= gate.rates.size(); ++i) parts.push_back(x(i));
    EXPECT_DOUBLE_EQ(mean_time_to_failure(Structure::at_least(gate.k, parts), gate.rates), gate.mttf);
  }
}

// Two hypothetical example computer systems (hecs_2_2.dft): processors with a shared cold spare are a chain, the rest is a structure.
TEST(FaultTree, OfTwoComputersWithColdSparesIsAsUnreliableAsStormSays) {
  analysis::Chain processors(4);  // Failures so far: the first is answered by the spare.
  processors.add(0, 1, 2e-4);
  processors.add(1, 2, 2e-4);
  processors.add(2, 3, 1e-4);
  const double no_processor = processors.transient(std::vector<double>{1, 0, 0, 0}, 1)[3];
  std::vector<double> failed;
  const auto fails_at = [&](double rate) {
    failed.push_back(-std::expm1(-rate));
    return Structure::element(static_cast<std::uint32_t>(failed.size() - 1));
  };
  const auto computer = [&] {
    failed.push_back(no_processor);
    const Structure processor = Structure::element(static_cast<std::uint32_t>(failed.size() - 1));
    std::vector<Structure> memory;
    for (int i = 0; i < 5; ++i) memory.push_back(fails_at(6e-5));
    const Structure buses = Structure::all_of({fails_at(1e-6), fails_at(1e-6)});
    return Structure::any_of({processor, Structure::at_least(3, memory), buses, fails_at(5e-5), fails_at(6e-5)});
  };
  const Structure first = computer(), second = computer();
  const double solved = analysis::Diagram::of(Structure::any_of({first, second}))->probability(failed);
  EXPECT_FLOAT_EQ(static_cast<float>(solved), 0.00021997582f);  // As closely as Storm's own test asks for: one unit of the last digit here.
}

}  // namespace fault_tree_test
}  // namespace nines::reference
