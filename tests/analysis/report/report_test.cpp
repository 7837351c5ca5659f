#include "analysis/report/report.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <sstream>

#include "analysis/report/format.hpp"
#include "analysis/stats/summary.hpp"
#include "tests/analysis/report/golden.hpp"
#include "tests/analysis/worlds.hpp"

namespace nines::analysis {
namespace report_test {

using namespace test;

Provenance provenance(const Summary& summary) {
  Provenance from;
  from.version = "0.1.0";
  from.scenario = "three-zones";
  from.question = "Does the cluster survive the loss of a zone?";
  from.scenario_hash = "0123456789abcdef";
  from.seed = 7;
  from.fingerprint = hexadecimal(summary.totals().history);
  from.stop_reason = "all replications done";
  from.replications = summary.totals().replications;
  from.years = summary.totals().years;
  return from;
}

Report report_of(const Summary& summary) {
  Report report;
  report.provenance = provenance(summary);
  report.metrics = summary.metrics();
  return report;
}

// Three partitions: a crash moves one leader thirty times a year, and in two years of three a zone takes the quorum for about an hour.
void live(Summary& summary, std::uint64_t years, std::size_t partitions) {
  for (std::uint64_t r = 0; r < years; ++r) {
    Draws draws(51, r);
    world::Record record = quiet_year();
    record.history = r;
    const bool zone_dies = r % 3 != 0;
    const Duration zone_down = from_seconds(600 + 3000 * draws.exponential());
    for (std::size_t p = 0; p < partitions; ++p) {
      for (std::size_t crash = p % 3; crash < 30; crash += 3) {
        const Duration start = Duration{24h} * static_cast<std::int64_t>(10 * crash + 1);
        const Duration gap = from_seconds(2.5 + 2.5 * draws.uniform());
        record.outages.push_back(outage(p, start, start + gap));
        record.failovers.push_back(failover(p, start, gap));
        record.client_outages.push_back(client_outage(1, p, start, start + gap + 1s));
      }
      if (!zone_dies) continue;
      record.outages.push_back(outage(p, 8000h, 8000h + zone_down + 5s, 1, world::Phase::quorum));
      record.quorum_losses.push_back(quorum_loss(p, 8000h, 8000h + zone_down));
      record.client_outages.push_back(client_outage(1, p, 8000h, 8000h + zone_down + 6s));
    }
    summary.add(record);
  }
}

Report ordinary() {
  world::Options options = three_zones(3);
  options.modes.push_back(mode("region-outage", Law::fixed(6h)));
  Summary summary(options);
  live(summary, 300, 3);
  Report report = report_of(summary);
  report.provenance.assumptions = 31;
  report.expectations = {{"uptime.all >= 99.99%", Verdict::passed, "the whole interval meets it"},
                         {"failover.p99 <= 1s", Verdict::failed, "none of the interval meets it"},
                         {"nines >= 4.1", Verdict::undecided, "the interval spans it"}};
  return report;
}

Report quiet(int years) {
  Summary summary(three_zones(3));
  for (int r = 0; r < years; ++r) summary.add(quiet_year());
  return report_of(summary);
}

Report few() {
  Summary summary(two_clusters());
  live(summary, 5, 4);
  return report_of(summary);
}

TEST(Report, ShowsAnOrdinaryAnswer) {
  Report report = ordinary();
  report.wall_s = 2.31;
  expect_golden(table(report, Color::off), "ordinary.txt");
  expect_golden(json(report), "ordinary.json");
  expect_golden(csv(report), "ordinary.csv");
  expect_golden(markdown(report), "ordinary.md");
}

TEST(Report, ShowsBoundsWhereNothingWasSeen) {
  const Report report = quiet(1000);
  expect_golden(table(report, Color::off), "quiet.txt");
  expect_golden(json(report), "quiet.json");
  expect_golden(csv(report), "quiet.csv");
  expect_golden(markdown(report), "quiet.md");
}

TEST(Report, ShowsUpperBoundsWhereLittleWasSeen) {
  const Report report = few();
  expect_golden(table(report, Color::off), "few.txt");
  expect_golden(markdown(report), "few.md");
}

// In every format, whatever the number of quiet years: not perfect, not infinite, not a number.
TEST(Report, NoOutputCallsASilentWorldPerfect) {
  for (const int years : {0, 1, 10, 100000}) {
    const Report report = quiet(years);
    for (const std::string& text : {table(report, Color::off), table(report, Color::on), json(report), csv(report), markdown(report)}) {
      for (const char* lie : {"100 %", "100.0", "inf", "nan"}) {
        EXPECT_EQ(text.find(lie), std::string::npos) << years << " years: '" << lie << "' in\n" << text;
      }
    }
    if (years == 0) continue;
    EXPECT_NE(csv(report).find("\nuptime.all,,0.99"), std::string::npos);  // No value, a lower limit, no upper one.
    EXPECT_NE(json(report).find("\"uptime.all\": {\n      \"value\": null,\n      \"low\": 0.99"), std::string::npos);
    EXPECT_NE(json(report).find("\"nines\": {\n      \"value\": null,\n      \"low\": "), std::string::npos);
    EXPECT_NE(table(report, Color::off).find("nines (95 % bound: no outage seen)"), std::string::npos);
    EXPECT_NE(markdown(report).find("nines (95 % bound: no outage seen)"), std::string::npos);
  }
}

TEST(Report, OfNothingSimulatedSaysSo) {
  EXPECT_NE(table(quiet(0), Color::off).find("no answer yet"), std::string::npos);
  EXPECT_NE(json(quiet(0)).find("\"metrics\": {}"), std::string::npos);
}

TEST(Report, ColoursOnlyWhenTold) {
  const Report report = ordinary();
  EXPECT_EQ(table(report, Color::off).find('\033'), std::string::npos);
  std::string coloured = table(report, Color::on);
  EXPECT_NE(coloured.find("\033[31mfailed"), std::string::npos);
  for (std::size_t at = coloured.find('\033'); at != std::string::npos; at = coloured.find('\033'))
    coloured.erase(at, coloured.find('m', at) - at + 1);
  EXPECT_EQ(coloured, table(report, Color::off));  // Colour changes no column.
}

TEST(Report, WallTimeIsForPeopleOnly) {
  Report report = ordinary();
  const std::string programs = json(report) + csv(report) + markdown(report);
  report.wall_s = 123.4;
  EXPECT_EQ(json(report) + csv(report) + markdown(report), programs);
  EXPECT_NE(table(report, Color::off).find("in 2.1 min"), std::string::npos);
}

TEST(Report, ExactValuesSayExact) {
  Report report;
  report.metrics = {{.name = "uptime.all", .value = 0.99995, .low = {}, .high = {}, .unit = "1", .method = "convolution", .exact = true},
                    {.name = "cost.month", .value = 1234.5, .low = {}, .high = {}, .unit = "USD", .method = "catalogue", .exact = true}};
  const std::string text = table(report, Color::off);
  EXPECT_NE(text.find("99.9950 % (exact)"), std::string::npos) << text;
  EXPECT_NE(text.find("exact"), text.rfind("exact")) << text;
  EXPECT_NE(markdown(report).find("| exact | catalogue |"), std::string::npos) << markdown(report);
}

Report banded(Report report) {
  for (Metric& metric : report.metrics) {
    if (metric.name == "uptime.all") metric.band_low = 0.9991, metric.band_high = 0.999998;
    if (metric.name == "uptime.mean") metric.band_low = 0.9992, metric.band_high = 0.999999;
    if (metric.name == "nines") metric.band_low = 3.045, metric.band_high = 5.7;
    if (metric.name == "downtime.minutes_per_year") metric.band_low = 1.05, metric.band_high = 473;
  }
  return report;
}

// Two kinds of not knowing stand side by side, and what tells them apart stands where they do.
TEST(Report, ShowsTheCatalogsRangesBesideTheInterval) {
  const Report report = banded(ordinary());
  expect_golden(table(report, Color::off), "banded.txt");
  expect_golden(markdown(report), "banded.md");
  EXPECT_NE(csv(report).find(",0.9991,0.999998\n"), std::string::npos) << csv(report);
  EXPECT_NE(json(report).find("\"band_low\": 0.9991,\n      \"band_high\": 0.999998"), std::string::npos) << json(report);
}

TEST(Report, SaysNothingOfRangesThatNobodyFollowed) {
  const Report report = ordinary();
  EXPECT_EQ(table(report, Color::off).find("catalogue's"), std::string::npos);
  EXPECT_EQ(markdown(report).find("catalogue's"), std::string::npos);
  EXPECT_NE(csv(report).find(",,\n"), std::string::npos);
  EXPECT_NE(json(report).find("\"band_low\": null"), std::string::npos);
}

// Also where nothing was seen, and whatever the ranges lead to: a bound stays a bound, and no band is perfect or endless.
TEST(Report, BandsOfASilentWorldAreNotPerfectEither) {
  Report report = banded(quiet(1000));
  const auto infinite = std::numeric_limits<double>::infinity();
  for (Metric& metric : report.metrics) {
    if (metric.name == "uptime.mean") metric.band_high = 1;
    if (metric.name == "uptime.any") metric.band_low = 0.9, metric.band_high = std::numeric_limits<double>::quiet_NaN();
    if (metric.name == "nines") metric.band_high = infinite;
  }
  for (const std::string& text : {table(report, Color::off), json(report), csv(report), markdown(report)}) {
    for (const char* lie : {"100 %", "100.0", "inf", "nan"}) EXPECT_EQ(text.find(lie), std::string::npos) << "'" << lie << "' in\n" << text;
  }
  EXPECT_NE(table(report, Color::off).find("(95 % bound; catalogue's ranges: 99.910 to 99.99980 %)"), std::string::npos) << table(report, Color::off);
}

// A scenario's names are its author's; none of them may steer a terminal, break a table or stop the writer.
TEST(Report, HostileNamesStayNames) {
  Report report = quiet(10);
  report.provenance.scenario = "a\033[31m|b\xff\n# c";
  report.metrics[0].method = "x, \"y\" | z\n";
  EXPECT_EQ(table(report, Color::off).find('\033'), std::string::npos);
  EXPECT_EQ(markdown(report).find("\n# c"), std::string::npos);
  EXPECT_NE(markdown(report).find("x, \"y\" \\| z"), std::string::npos);
  EXPECT_NE(csv(report).find("\"x, \"\"y\"\" | z\n\""), std::string::npos);
  EXPECT_NE(json(report).find("\xef\xbf\xbd"), std::string::npos);
}

TEST(Report, AssumptionsAreCountedInWords) {
  Report report = quiet(1);
  EXPECT_EQ(table(report, Color::off).find("assumption"), std::string::npos);
  report.provenance.assumptions = 1;
  EXPECT_NE(table(report, Color::off).find("1 input is an assumption"), std::string::npos);
  report.provenance.assumptions = 0;
  EXPECT_NE(table(report, Color::off).find("Every input has a source."), std::string::npos);
}

TEST(Format, AvailabilityNeverRoundsToAHundredPercent) {
  EXPECT_EQ(percent_up(0.9995), "99.950 %");
  EXPECT_EQ(percent_up(0.99995), "99.9950 %");
  EXPECT_EQ(percent_up(1 - 1.26e-9), "99.99999987 %");
  EXPECT_EQ(percent_up(0x1.fffffffffffffp-1), "99.999999999999986 %");
  EXPECT_EQ(percent_up(0.5), "50 %");
  EXPECT_EQ(percent_up(0), "0 %");
}

TEST(Format, BothLimitsOfAnAvailabilityHaveTheSameDecimals) {
  const Metric uptime{.name = "uptime.all", .value = 0.99987, .low = 0.9998, .high = 0.999909, .unit = "1", .method = ""};
  EXPECT_EQ(cells(uptime).range, "99.9800 to 99.9909 %");
}

TEST(Format, NinesAreCutTowardsThePessimist) {
  const Metric nines{.name = "nines", .value = 4.96, .low = 4.89, .high = 5.01, .unit = "nines", .method = ""};
  EXPECT_EQ(cells(nines).value, "4.9");
  EXPECT_EQ(cells(nines).range, "4.8 to 5.1");
}

TEST(Format, AShareThatIsThereIsNotZero) {
  const Metric share{.name = "downtime.share.vm-freeze", .value = 0.0004, .low = 0.0003, .high = 0.0005, .unit = "1", .method = ""};
  EXPECT_EQ(cells(share).value, "< 0.1 %");
  EXPECT_EQ(cells(share).range, "0.0 to 0.1 %");
}

TEST(Format, BothLimitsShareAUnitWhereTheyCan) {
  const Metric mean{.name = "failover.mean", .value = 3.1, .low = 2.9, .high = 3.3, .unit = "s", .method = ""};
  EXPECT_EQ(cells(mean).range, "2.90 to 3.30 s");
  const Metric wide{.name = "failover.mean", .value = 3.1, .low = 0.9, .high = 130, .unit = "s", .method = ""};
  EXPECT_EQ(cells(wide).range, "900 ms to 2.17 min");
}

TEST(Format, MethodsAreShortInAColumn) {
  EXPECT_EQ(short_method("gamma interval (Fay-Feuer), 1,204 outages"), "gamma, 1,204 outages");
  EXPECT_EQ(short_method("quorum exact; beside it gamma interval (Fay-Feuer), 1,204 elections"), "exact + gamma, 1,204 elections");
  EXPECT_EQ(short_method("as you like"), "as you like");
}

TEST(Format, ClustersPrefixIsNoPartOfAMetricsName) {
  EXPECT_EQ(without_cluster("orders.uptime.all"), "uptime.all");
  EXPECT_EQ(without_cluster("uptime.all"), "uptime.all");
  EXPECT_EQ(without_cluster("orders.nines"), "nines");
  EXPECT_EQ(meaning("orders.client.us-east-1/a.uptime"), "clients are served");
}

}  // namespace report_test
}  // namespace nines::analysis
