// What build servers are told: the same bytes every time, and nothing in a name that breaks out of its place.
#include "analysis/report/gate.hpp"

#include <gtest/gtest.h>

#include "tests/analysis/report/golden.hpp"

namespace nines::analysis {
namespace gate_test {

using test::expect_golden;

Report report_of(Verdict second) {
  Report report;
  report.provenance.version = "0.1.0";
  report.provenance.scenario = "three-zones";
  report.provenance.command = "nines run three-zones.yaml --seed 7";
  report.provenance.seed = 7;
  report.provenance.fingerprint = "4d5aa67c3ed84bdd";
  report.provenance.stop_reason = "budget: all of 300 replications";
  report.provenance.replications = 300;
  report.provenance.years = 300;
  report.metrics = {{.name = "uptime.all", .value = 0.99992, .low = 0.9999, .high = 0.99993, .unit = "1", .method = "gamma interval (Fay-Feuer), 9,200 outages"},
                    {.name = "nines", .value = 4.1, .low = 4.0, .high = 4.2, .unit = "nines", .method = "gamma interval (Fay-Feuer), 9,200 outages"},
                    {.name = "failover.p99", .value = 4.98, .low = 4.97, .high = 4.98, .unit = "s", .method = "order statistics, 9,000 failovers"}};
  report.expectations = {{"uptime.all >= 99.95%", Verdict::passed, "the whole interval meets it: uptime.all 99.990 to 99.993 %", {"three-zones.yaml", 21, 5}},
                         {"failover.p99 <= 4975ms", second, "failover.p99 4.97 to 4.98 s", {"three-zones.yaml", 22, 5}}};
  return report;
}

std::string told(const Report& report) { return github(gates_of(report), report.provenance, headline(report)); }

TEST(Gate, TellsWhatPassedFailedAndStayedUndecided) {
  for (const auto& [name, verdict] : {std::pair{"passing", Verdict::passed}, std::pair{"failing", Verdict::failed}, std::pair{"undecided", Verdict::undecided}}) {
    const Report report = report_of(verdict);
    expect_golden(junit(gates_of(report), report.provenance), std::string(name) + ".xml");
    expect_golden(told(report), std::string(name) + ".github");
    expect_golden(markdown(report), std::string(name) + ".md");
    EXPECT_EQ(worst(gates_of(report)), verdict);
  }
}

TEST(Gate, TellsOfARegressionWithTheLineThatDidIt) {
  const Report report = report_of(Verdict::passed);
  const std::vector<Gate> gates{
      {.text = "downtime.minutes_per_year is no worse than in main",
       .verdict = Verdict::failed,
       .because = "worse: 41.4 min a year in BASE, 212 min a year in HEAD: 171 min a year worse (95 %: 150 to 190 min a year worse; paired)",
       .details = {"changed: cluster.replication: 3 -> 1 (three-zones.yaml:18)"},
       .place = {"three-zones.yaml", 18, 16}},
      {.text = "cost.month is no worse than in main", .verdict = Verdict::passed, .because = "the same: 652.39 USD a month", .place = {"three-zones.yaml", 18, 16}}};
  expect_golden(junit(gates, report.provenance), "regression.xml");
  expect_golden(github(gates, report.provenance, "1 of 2 metrics are worse"), "regression.github");
}

TEST(Gate, ASuiteIsAScenarioOrAPoint) {
  const Report report = report_of(Verdict::failed);
  std::vector<Gate> gates = gates_of(report);
  gates[1].suite = "replication=5";
  gates.push_back({.text = "cost.month <= 10 USD", .verdict = Verdict::undecided, .suite = "replication=5"});
  const std::string xml = junit(gates, report.provenance);
  EXPECT_NE(xml.find("<testsuites name=\"nines\" tests=\"3\" failures=\"1\" errors=\"1\">"), std::string::npos) << xml;
  EXPECT_NE(xml.find("<testsuite name=\"three-zones\" tests=\"1\" failures=\"0\" errors=\"0\">"), std::string::npos) << xml;
  EXPECT_NE(xml.find("<testsuite name=\"replication=5\" tests=\"2\" failures=\"1\" errors=\"1\">"), std::string::npos) << xml;
  EXPECT_NE(junit({}, report.provenance).find("tests=\"0\""), std::string::npos);
}

// A name comes from a pull request: it must neither end an element nor begin a workflow command.
TEST(Gate, TellsWhatDoesNotCountAndIsNotStoppedByIt) {
  const Report report = report_of(Verdict::passed);
  std::vector<Gate> gates = gates_of(report);
  gates.push_back({.text = "cost.month is no worse than in main", .verdict = Verdict::undecided, .because = "cannot be compared: only BASE has it", .counts = false});
  EXPECT_EQ(worst(gates), Verdict::passed);
  const std::string xml = junit(gates, report.provenance);
  EXPECT_NE(xml.find("tests=\"3\" failures=\"0\" errors=\"0\" skipped=\"1\""), std::string::npos) << xml;
  EXPECT_NE(xml.find("<skipped message=\"cannot be compared: only BASE has it\"/>"), std::string::npos) << xml;
  EXPECT_NE(github(gates, report.provenance, "").find("cost.month is no worse than in main is undecided: cannot be compared"), std::string::npos);
  gates.back().counts = true;
  EXPECT_EQ(worst(gates), Verdict::undecided);
}

TEST(Gate, NothingBreaksOutOfItsPlace) {
  Report report = report_of(Verdict::failed);
  const std::string hostile = "a\"<b>&'\x01\x1b[31m\n::error::c,d:e%0A\xff\xed\xa0\x80]]>\x7f";
  report.provenance.scenario = hostile;
  report.expectations = {{hostile, Verdict::failed, hostile, {hostile, 3, 4}}};
  const std::string xml = junit(gates_of(report), report.provenance);
  for (const char c : xml) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << static_cast<int>(c);
  EXPECT_EQ(xml.find("<b>"), std::string::npos);
  EXPECT_NE(xml.find("a&quot;&lt;b&gt;&amp;&apos;[31m&#10;::error::c,d:e%0A\xef\xbf\xbd]]&gt;"), std::string::npos) << xml;
  EXPECT_EQ(xml.find("\xff"), std::string::npos);
  const std::string commands = told(report);
  EXPECT_EQ(std::count(commands.begin(), commands.end(), '\n'), 2) << commands;
  EXPECT_EQ(commands.rfind("::error file=a\"<b>&'[31m%0A%3A%3Aerror%3A%3Ac%2Cd%3Ae%250A", 0), 0u) << commands;
  EXPECT_NE(commands.find("line=3,col=4,title=nines%3A "), std::string::npos) << commands;
  EXPECT_EQ(commands.find('\x1b'), std::string::npos);
}

std::string table_of(std::size_t rows, const std::string& word) {
  std::string out = "| a | b |\n|---|---|\n";
  for (std::size_t r = 0; r < rows; ++r) out += "| " + word + ' ' + std::to_string(r) + " | " + std::string(60, 'x') + " |\n";
  return out;
}

TEST(Shortened, LeavesAloneWhatFits) {
  const std::string text = "## t\n\n" + table_of(10, "row") + "\nend\n";
  EXPECT_EQ(shortened(text, text.size()), text);
}

TEST(Shortened, CutsTheLongestTableAndSaysSo) {
  const std::string text = "## title\n\n" + table_of(5, "few") + "\nbetween\n\n" + table_of(5000, "many") + "\nthe last word\n";
  const std::string cut = shortened(text, most_of_a_comment);
  EXPECT_LE(cut.size(), most_of_a_comment);
  EXPECT_GT(cut.size(), most_of_a_comment - 200);
  EXPECT_NE(cut.find("| few 4 |"), std::string::npos);
  EXPECT_NE(cut.find("more rows of this table left out"), std::string::npos);
  EXPECT_TRUE(cut.ends_with("\nthe last word\n"));
  std::size_t rows = 0;
  for (std::size_t at = cut.find("| many"); at != std::string::npos; at = cut.find("| many", at + 1)) ++rows;
  EXPECT_NE(cut.find("\n*" + std::to_string(5000 - rows).insert(1, ",") + " more rows"), std::string::npos) << rows;
}

TEST(Shortened, CutsTextThatHasNoTables) {
  std::string text;
  for (int line = 0; line < 5000; ++line) text += "a line of text that says something\n";
  const std::string cut = shortened(text, 10'000);
  EXPECT_LE(cut.size(), 10'000u);
  EXPECT_TRUE(cut.ends_with("something\n\n*The rest is left out: the whole answer is too long for this place.*\n"));
  EXPECT_EQ(shortened(text, 0), "");
}

}  // namespace gate_test
}  // namespace nines::analysis
