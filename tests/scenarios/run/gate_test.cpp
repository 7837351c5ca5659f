// Whether HEAD is worse than BASE, told on answers that are made up.
#include "scenarios/run/gate.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "scenarios/run/changes.hpp"
#include "scenarios/run/resources.hpp"

namespace nines::scenarios {
namespace gate_test {

using analysis::Metric;
using analysis::Verdict;

Metric exactly(const std::string& name, double value, const std::string& unit) {
  return {.name = name, .value = value, .low = value, .high = value, .unit = unit, .method = "exact", .exact = true};
}
Metric about(const std::string& name, double value, double low, double high, const std::string& unit) {
  return {.name = name, .value = value, .low = low, .high = high, .unit = unit, .method = "made up"};
}

const Catalogs& catalogs() {
  static const Catalogs all = *read_catalogs(embedded_files("catalog"));
  return all;
}

Scenario three_zones(const std::vector<Setting>& settings = {}, const std::string& file = "base.yaml") {
  const auto known = library_file("camunda-three-zones");
  auto scenario = read_scenario(known->text, file, catalogs(), settings);
  EXPECT_TRUE(scenario);
  return *scenario;
}

// The library's file with other words in it.
Scenario edited(const std::string& from, const std::string& to) {
  std::string text(library_file("camunda-three-zones")->text);
  text.replace(text.find(from), from.size(), to);
  auto scenario = read_scenario(text, "head.yaml", catalogs(), {});
  EXPECT_TRUE(scenario);
  return *scenario;
}

// 200 replications of a year with half an hour of downtime each, and `more` seconds in every one.
Side side(const std::string& name, double more = 0) {
  Side out{.name = name, .operand = name + ".yaml", .metrics = {}, .series = {{"cluster", {}, {}}}, .horizon_s = 31'557'600, .seed = 1};
  out.storms = Storms{.longest_s = 3600};
  for (int r = 0; r < 200; ++r) out.series[0].down_s.push_back(1800 + 100 * (r % 7) + (more > 0 ? more + r % 3 : 0));
  const double minutes = 35 + more / 60;
  out.metrics = {about("uptime.all", 1 - minutes / 525'960, 1 - 1.3 * minutes / 525'960, 1 - 0.7 * minutes / 525'960, "1"),
                 about("downtime.minutes_per_year", minutes, 0.7 * minutes, 1.3 * minutes, "min/year"), about("failover.p99", 5, 4.9, 5.1, "s"),
                 about("throughput.long_run", 180, 178, 182, "1/s"), exactly("cost.month", 652.39, "USD/month")};
  return out;
}

const analysis::Gate& of(const Gated& gated, const std::string& metric) {
  for (const analysis::Gate& gate : gated.gates)
    if (gate.text.starts_with(metric)) return gate;
  throw std::runtime_error(metric);
}

TEST(Gating, PairsWhatMetTheSameStorms) {
  const Gated gated = gate(side("base"), side("head", 120), {});
  const analysis::Gate& downtime = of(gated, "downtime.minutes_per_year");
  EXPECT_EQ(downtime.verdict, Verdict::failed);
  EXPECT_NE(downtime.because.find("2.02 min a year worse"), std::string::npos) << downtime.because;
  EXPECT_NE(downtime.because.find("paired, 200 replications, all of them differ"), std::string::npos) << downtime.because;
  // Their own intervals overlap: unpaired, nobody could tell.
  Side other = side("head", 120);
  other.seed = 2;
  const Gated apart = gate(side("base"), other, {});
  EXPECT_EQ(of(apart, "downtime.minutes_per_year").verdict, Verdict::passed);
  EXPECT_NE(of(apart, "downtime.minutes_per_year").because.find("not distinguishable"), std::string::npos);
  EXPECT_FALSE(apart.decided);
  ASSERT_EQ(apart.notes.size(), 1u);
}

// Found by two results in the place of scenarios: an outage of 12 h that nobody had met cost no width, and what was worse was called better.
TEST(Gating, PairsOnlyWhereItIsKnownHowLongAnOutageCanLast) {
  Side base = side("base"), head = side("head", 120);
  EXPECT_NE(of(gate(base, head, {}), "downtime").because.find("worse: "), std::string::npos);
  head.storms.reset();
  const analysis::Gate apart = of(gate(base, head, {}), "downtime");
  EXPECT_NE(apart.because.find("not distinguishable"), std::string::npos) << apart.because;
  EXPECT_NE(apart.because.find("unpaired: how long an outage can last is not known of HEAD"), std::string::npos) << apart.because;
  head.storms = Storms{.longest_s = 12 * 3600};
  EXPECT_NE(of(gate(base, head, {}), "downtime").because.find("not distinguishable"), std::string::npos);
}

TEST(Gating, SaysHowMuchOfTheStormsIsCommon) {
  Side base = side("base"), head = side("head", 120);
  base.storms->sources = {"node-loss 1 a", "node-loss 1 b"};
  const auto told = [&](std::vector<std::string> sources) {
    head.storms->sources = std::move(sources);
    const Gated gated = gate(base, head, {});
    return of(gated, "downtime").because + '\n' + gated.sheets[0].method;
  };
  EXPECT_NE(told({"node-loss 1 a", "node-loss 1 b"}).find("under the same storms"), std::string::npos);
  const std::string some = told({"node-loss 1 a", "node-loss 1 c", "node-loss 1 d"});
  EXPECT_EQ(some.find("under the same storms"), std::string::npos) << some;
  EXPECT_NE(some.find("; 1 of 3 sources of faults in common)"), std::string::npos) << some;
  EXPECT_NE(some.find("of 2 sources of faults in BASE and 3 in HEAD 1 are the same"), std::string::npos) << some;
  const std::string none = told({"node-loss 1 c", "node-loss 1 d"});
  EXPECT_EQ(none.find("under the same storms"), std::string::npos) << none;
  EXPECT_NE(none.find("; under different storms)"), std::string::npos) << none;
}

// Found by a design that differed in prices only: its downtime was "not distinguishable" from itself.
TEST(Gating, KnowsOneWorldWhenItMeetsItTwice) {
  GateRules strict;
  strict.strict = true;
  Side base = side("base"), head = side("head");
  base.storms->world = head.storms->world = "one world";
  const auto verdicts = [&] { return analysis::worst(gate(base, head, strict).gates); };
  EXPECT_EQ(verdicts(), Verdict::passed);
  EXPECT_EQ(of(gate(base, head, strict), "downtime").because,
            "the same: 35.0 min a year in BASE, 35.0 min a year in HEAD: 0 (exact: one world under one seed)");
  // Other machines carry another load.
  head.storms->load.emplace_back().demand_per_s = 5;
  EXPECT_NE(of(gate(base, head, strict), "throughput.long_run").because.find("not distinguishable"), std::string::npos);
  EXPECT_EQ(of(gate(base, head, strict), "downtime").verdict, Verdict::passed);
  head.storms->load.clear();
  // What another build has simulated of that world need not be the same.
  head.series[0].down_s[3] += 1;
  EXPECT_EQ(verdicts(), Verdict::undecided);
  head = side("head");
  head.storms->world = "another world";
  EXPECT_EQ(verdicts(), Verdict::undecided);
}

TEST(Gating, AllowsWhatIsTolerated) {
  GateRules rules;
  rules.tolerances = {*read_tolerance("downtime.minutes_per_year=50%")};
  EXPECT_EQ(of(gate(side("base"), side("head", 120), rules), "downtime").verdict, Verdict::passed);
  rules.tolerances = {*read_tolerance("downtime.minutes_per_year=10min")};
  EXPECT_EQ(of(gate(side("base"), side("head", 120), rules), "downtime").verdict, Verdict::passed);
  rules.tolerances = {*read_tolerance("downtime.minutes_per_year=30s")};
  EXPECT_EQ(of(gate(side("base"), side("head", 120), rules), "downtime").verdict, Verdict::failed);
}

TEST(Gating, ReadsTolerancesInTheMetricsUnit) {
  EXPECT_DOUBLE_EQ(read_tolerance("failover.p99=500ms")->amount, 0.5);
  EXPECT_DOUBLE_EQ(read_tolerance("throughput.long_run=5/s")->amount, 5);
  EXPECT_DOUBLE_EQ(read_tolerance("cost.month=50 USD")->amount, 50);
  EXPECT_EQ(read_tolerance("cost.month=50 USD")->currency, "USD");
  EXPECT_TRUE(read_tolerance("orders.uptime.all=5%")->is_share);
  for (const char* wrong :
       {"", "cost.month", "cost.month=", "=5%", "nothing=5%", "cost.month=-5%", "cost.month=much", "failover.p99=5 USD", "downtime.share.x=5%"})
    EXPECT_FALSE(read_tolerance(wrong)) << wrong;
}

TEST(Gating, HoldsEachMetricTheRightWayRound) {
  Side head = side("head");
  head.metrics[3] = about("throughput.long_run", 150, 148, 152, "1/s");
  head.metrics[4] = exactly("cost.month", 600, "USD/month");
  head.metrics[2] = about("failover.p99", 7, 6.9, 7.1, "s");
  const Gated gated = gate(side("base"), head, {});
  EXPECT_EQ(of(gated, "throughput.long_run").verdict, Verdict::failed);
  EXPECT_NE(of(gated, "throughput.long_run").because.find("30.0 a second worse (95 %: 26.0 a second to 34.0 a second worse; unpaired)"), std::string::npos)
      << of(gated, "throughput.long_run").because;
  EXPECT_EQ(of(gated, "cost.month").because, "better: 652.39 USD a month in BASE, 600.00 USD a month in HEAD: 52.39 USD a month better (exact)");
  EXPECT_EQ(of(gated, "failover.p99").verdict, Verdict::failed);
}

TEST(Gating, IsStrictWhenTold) {
  GateRules rules;
  EXPECT_EQ(analysis::worst(gate(side("base"), side("head"), rules).gates), Verdict::passed);
  rules.strict = true;
  const Gated gated = gate(side("base"), side("head"), rules);
  EXPECT_EQ(analysis::worst(gated.gates), Verdict::undecided);
  // Two thousand quiet replications more would not make it a zero.
  EXPECT_NE(of(gated, "downtime").because.find("0 of them differ"), std::string::npos) << of(gated, "downtime").because;
  EXPECT_EQ(of(gated, "cost.month").verdict, Verdict::passed);
}

TEST(Gating, SaysWhatCannotBeComparedAndLetsItPassUnlessItIsNamed) {
  Side head = side("head");
  head.metrics.erase(head.metrics.begin() + 3);
  GateRules rules;
  EXPECT_EQ(of(gate(side("base"), head, rules), "throughput.long_run").verdict, Verdict::undecided);
  EXPECT_EQ(of(gate(side("base"), head, rules), "throughput.long_run").because, "cannot be compared: only BASE has it");
  const auto counts = [&] { return of(gate(side("base"), head, rules), "throughput.long_run").counts; };
  EXPECT_FALSE(counts());
  EXPECT_EQ(analysis::worst(gate(side("base"), head, rules).gates), Verdict::passed);
  rules.strict = true;
  EXPECT_TRUE(counts());
  rules.strict = false;
  rules.named = true;
  EXPECT_TRUE(counts());
  EXPECT_EQ(of(gate(side("base"), head, rules), "throughput.long_run").verdict, Verdict::undecided);
  head = side("head");
  head.metrics[4].unit = "EUR/month";
  EXPECT_EQ(of(gate(side("base"), head, rules), "cost.month").verdict, Verdict::undecided);
}

// Found by --tolerance "cost.month=50 EUR" on bills in USD: the gate was gone.
TEST(Gating, IsUndecidedWhereATolerancesMetricCannotBeCompared) {
  GateRules rules;
  rules.tolerances = {*read_tolerance("cost.month=50 EUR")};
  const Gated foreign = gate(side("base"), side("head"), rules);
  EXPECT_EQ(of(foreign, "cost.month").verdict, Verdict::undecided);
  EXPECT_EQ(of(foreign, "cost.month").because, "cannot be compared: its tolerance is in EUR, the bill in USD");
  EXPECT_NE(of(foreign, "cost.month").text.find("by more than 50 EUR"), std::string::npos) << of(foreign, "cost.month").text;
  rules.tolerances = {*read_tolerance("failover.p99=5%")};
  Side head = side("head");
  head.metrics.erase(head.metrics.begin() + 2);
  EXPECT_EQ(of(gate(side("base"), head, rules), "failover.p99").because, "cannot be compared: only BASE has it");
  rules.tolerances = {*read_tolerance("ordres.cost.month=5%")};
  EXPECT_EQ(of(gate(side("base"), side("head"), rules), "ordres.cost.month").because, "cannot be compared: neither answer has it");
}

TEST(Gating, RefusesATolerancesMetricThatIsNotJudged) {
  GateRules rules;
  const auto why = [&](const char* tolerance) {
    rules.tolerances = {*read_tolerance(tolerance)};
    const auto checked = check_tolerances(rules);
    return checked ? "" : checked.error().front().what;
  };
  EXPECT_EQ(why("cost.month=5%"), "");
  EXPECT_EQ(why("orders.cost.month=5%"), "");
  rules.metrics = {"orders.uptime.all", "cost.month"};
  EXPECT_EQ(why("uptime.all=5%"), "");
  EXPECT_EQ(why("failover.p99=1s"),
            "--tolerance failover.p99=1s is of a metric that is not judged; judged: orders.uptime.all, cost.month; --fail-on names what is");
  EXPECT_NE(why("shipping.uptime.all=5%"), "");
}

// Found by --fail-on data_loss.per_year, which ended undecided.
TEST(Gating, TakesTwoDesignsThatCannotLoseDataForEqual) {
  const Scenario scenario = three_zones();
  Side base = side("base"), head = side("head");
  base.scenario = head.scenario = &scenario;
  GateRules rules;
  EXPECT_THROW(of(gate(base, head, rules), "data_loss"), std::runtime_error);
  rules.metrics = {"data_loss.per_year"};
  rules.named = true;
  const Gated equal = gate(base, head, rules);
  EXPECT_EQ(of(equal, "data_loss").verdict, Verdict::passed);
  EXPECT_TRUE(of(equal, "data_loss").because.starts_with("the same: ")) << of(equal, "data_loss").because;
  rules.metrics = {"ordres.data_loss.per_year"};
  EXPECT_EQ(of(gate(base, head, rules), "ordres.data_loss").verdict, Verdict::undecided);
  // Solved: nobody says what is lost of what can be.
  const Scenario lossy = three_zones({{"faults.node-loss", "{scope: node, effect: replace, rate: 1/year, duration: {exponential: {mean: 1h}}}"}});
  head.scenario = &lossy;
  rules.metrics = {"data_loss.per_year"};
  EXPECT_EQ(of(gate(base, head, rules), "data_loss").verdict, Verdict::undecided);
}

// Found by answers to scenarios none of whose metrics were there on both sides: the empty gate passed, strictly too.
TEST(Gating, IsUndecidedWhereNothingIsJudged) {
  Side head = side("head");
  head.metrics = {exactly("throughput.healthy", 100, "1/s")};
  const Gated gated = gate(side("base"), head, {});
  EXPECT_EQ(analysis::worst(gated.gates), Verdict::undecided);
  EXPECT_NE(of(gated, "something is judged").because.find("nothing could be judged: of downtime.minutes_per_year, failover.p99"), std::string::npos);
  EXPECT_THROW(of(gate(side("base"), side("head"), {}), "something is judged"), std::runtime_error);
}

TEST(Gating, TakesDataThatCannotBeLostForNotLost) {
  const Scenario scenario = three_zones();
  Side base = side("base"), head = side("head");
  base.scenario = &scenario;
  head.metrics.push_back(about("data_loss.per_year", 0.5, 0.4, 0.6, "1/year"));
  EXPECT_EQ(of(gate(base, head, {}), "data_loss.per_year").verdict, Verdict::failed);
  EXPECT_NE(of(gate(head, base, {}), "data_loss.per_year").because.find("better: "), std::string::npos);
}

// Found by a solved answer held against a simulated one of the same scenario: what was not counted was taken for nothing lost.
TEST(Gating, TakesLossesThatNobodyCountedForNotKnown) {
  Side base = side("base"), head = side("head");
  head.metrics.push_back(about("data_loss.per_year", 0.5, 0.4, 0.6, "1/year"));
  const auto told = [&] { return of(gate(base, head, {}), "data_loss.per_year").because; };
  EXPECT_EQ(told(), "cannot be compared: only HEAD has it, and of BASE nothing says that no data can be lost");
  const Scenario loses = three_zones({{"faults.disk-gone", "{scope: node, effect: replace, rate: 1/year, duration: 1h}"}});
  base.scenario = &loses;
  EXPECT_EQ(told(), "cannot be compared: only HEAD has it, and of BASE nothing says that no data can be lost");
}

TEST(Gating, NeverCallsAClosedFormExact) {
  Side base = side("base"), head = side("head");
  const Metric latency{.name = "latency.p99", .value = 0.04, .low = {}, .high = {}, .unit = "s", .method = "approximation in closed form"};
  base.metrics.push_back(latency);
  head.metrics.push_back(latency);
  head.metrics.back().value = 0.05;
  GateRules rules;
  rules.metrics = {"latency.p99"};
  const Gated gated = gate(base, head, rules);
  EXPECT_EQ(of(gated, "latency.p99").verdict, Verdict::failed);
  EXPECT_NE(of(gated, "latency.p99").because.find("10.0 ms worse (closed form, no interval)"), std::string::npos) << of(gated, "latency.p99").because;
  for (const auto& row : gated.sheets[0].rows) {
    if (row[0].text != "latency.p99") continue;
    EXPECT_EQ(row[5].text, "no interval");
    EXPECT_EQ(row.back().text, "closed form, no interval");
  }
}

// Found by a bill of 285.998: it read 285.00.
TEST(Gating, RoundsMoneyAsAWhole) {
  Side base = side("base"), head = side("head");
  base.metrics[4] = exactly("cost.month", 285.998, "USD/month");
  head.metrics[4] = exactly("cost.month", 1287.08, "USD/month");
  EXPECT_EQ(of(gate(base, head, {}), "cost.month").because,
            "worse: 286.00 USD a month in BASE, 1,287.08 USD a month in HEAD: 1,001.08 USD a month worse (exact)");
}

TEST(Gating, LooksAgainWithWiderLimits) {
  GateRules rules;
  Side head = side("head");
  head.metrics[2] = about("failover.p99", 5.25, 5.15, 5.35, "s");
  EXPECT_EQ(of(gate(side("base"), head, rules), "failover.p99").verdict, Verdict::failed);
  rules.further = 1.4;
  EXPECT_EQ(of(gate(side("base"), head, rules), "failover.p99").verdict, Verdict::passed);
}

TEST(Gating, PointsAtTheOneLineThatWasChanged) {
  const Scenario before = three_zones(), after = edited("replication: 3", "replication: 1");
  Side base = side("base"), head = side("head", 900);
  base.scenario = &before;
  head.scenario = &after;
  const analysis::Gate downtime = of(gate(base, head, {}), "downtime");
  EXPECT_EQ(downtime.place.file, "head.yaml");
  EXPECT_EQ(downtime.place.line, 18);
  ASSERT_EQ(downtime.details.size(), 1u);
  EXPECT_EQ(downtime.details[0], "changed: cluster.replication: 3 -> 1 (head.yaml:18)");
}

TEST(Gating, PointsAtWhatIsExpectedWhereMuchWasChanged) {
  const Scenario before = three_zones(), after = edited("partitions: 3\n  replication: 3", "partitions: 6\n  replication: 1");
  Side base = side("base"), head = side("head", 900);
  base.scenario = &before;
  head.scenario = &after;
  GateRules rules;
  rules.metrics = {"uptime.all", "failover.p99"};
  const Gated gated = gate(base, head, rules);
  EXPECT_EQ(of(gated, "uptime.all").verdict, Verdict::failed);
  EXPECT_EQ(of(gated, "uptime.all").place.line, 21);
  EXPECT_EQ(of(gated, "uptime.all").details.size(), 2u);
  EXPECT_EQ(of(gated, "failover.p99").place.line, 1);
}

TEST(Changes, AreWhatSomebodyWrote) {
  EXPECT_TRUE(changed_settings(three_zones(), three_zones()).empty());
  const auto profile = changed_settings(three_zones(), edited("camunda-8.9", "etcd-3.5"));
  ASSERT_EQ(profile.size(), 1u);
  EXPECT_EQ(line_of(profile[0]), "cluster.profile: camunda-8.9 -> etcd-3.5 (head.yaml:15)");
  const auto gone = changed_settings(edited("replication: 3", "replication: 3\n  spread: node"), three_zones());
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(line_of(gone[0]), "cluster.spread: node -> zone");
  EXPECT_TRUE(changed_settings(three_zones(), edited("uptime.all >= 99.95%", "uptime.all >= 99%")).empty());
}

TEST(Changes, PairTheItemsOfBothBills) {
  const auto bill = bill_difference(three_zones(), edited("nodes: 3, type: m6i.xlarge", "nodes: 6, type: m6i.2xlarge"));
  ASSERT_TRUE(bill);
  ASSERT_GE(bill->rows.size(), 2u);
  EXPECT_EQ(bill->rows[0][1].text, "m6i.xlarge, 3 nodes of pool brokers in us-east-1 -> m6i.2xlarge, 6 nodes of pool brokers in us-east-1");
  EXPECT_DOUBLE_EQ(*bill->rows[0][3].value, 4 * *bill->rows[0][2].value);
  EXPECT_EQ(bill->rows.back()[0].text, "total");
  double sum = 0;
  for (std::size_t r = 0; r + 1 < bill->rows.size(); ++r) sum += *bill->rows[r][4].value;
  EXPECT_NEAR(sum, *bill->rows.back()[4].value, 1e-9);
  EXPECT_EQ(bill_difference(three_zones(), three_zones())->rows.size(), 1u);
}

TEST(Gating, TellsARegressionInMarkdown) {
  const Scenario before = three_zones(), after = edited("nodes: 3, type: m6i.xlarge", "nodes: 3, type: m6i.2xlarge");
  Side base = side("base"), head = side("head", 120);
  base.scenario = &before;
  head.scenario = &after;
  const Gated gated = gate(base, head, {});
  Book book{.title = "Compared: base, head", .headline = {}, .sheets = {gates_sheet(gated.gates)}, .notes = {}};
  book.sheets.insert(book.sheets.end(), gated.sheets.begin(), gated.sheets.end());
  const std::string text = markdown(book);
  const std::filesystem::path path = std::filesystem::path(NINES_SOURCE_DIR) / "tests/scenarios/run/golden/regression.md";
  if (std::getenv("NINES_REGENERATE") != nullptr) std::ofstream(path) << text;
  std::ifstream file(path);
  std::stringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(text, golden.str());
}

}  // namespace gate_test
}  // namespace nines::scenarios
