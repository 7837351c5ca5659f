// `faults: {trace: ...}`: a log of outages becomes the faults of a scenario.
#include <gtest/gtest.h>

#include "scenarios/schema/incidents.hpp"
#include "tests/scenarios/schema/files.hpp"

namespace nines::scenarios {
namespace trace_test {

using namespace std::chrono_literals;

Duration iso(std::string_view text) {
  Duration out{-1};
  EXPECT_TRUE(read_iso_time(text, out)) << text;
  return out;
}

// date -u -d '2005-06-21 10:54' +%s
TEST(Times, AreReadAsTheyAreWritten) {
  EXPECT_EQ(iso("2005-06-21T10:54:00Z"), 1119351240s);
  EXPECT_EQ(iso("2005-06-21 10:54"), 1119351240s);
  EXPECT_EQ(iso("2005-06-21 10:54:00.5"), 1119351240s + 500ms);
  EXPECT_EQ(iso("2005-06-21 10:54:00.000000001"), 1119351240s + 1ns);
  EXPECT_EQ(iso("1969-12-31T23:59:59"), -1s);
  EXPECT_EQ(iso("2000-02-29"), 951782400s);
  Duration out{0};
  for (const char* wrong : {"", "2005-13-01", "2001-02-29", "2005-06-21 24:00", "2005-06-21 10:54:00+02:00", "21.06.2005", "2005-06-21T10",
                            "1500-01-01", "2005-06-21 10:54:00.0000000001", "2005-06-21 10:54:00.", "2005-6-21"})
    EXPECT_FALSE(read_iso_time(wrong, out)) << wrong;
  EXPECT_TRUE(read_time("6/1/2005 9:05", "%m/%d/%Y %H:%M", out));
  EXPECT_EQ(out, iso("2005-06-01 09:05"));
  EXPECT_TRUE(read_time("01.06.05", "%d.%m.%y", out));
  EXPECT_EQ(out, iso("2005-06-01"));
  for (const char* wrong : {"6/1/05 9:05", "6/1/2005", "6/1/2005 9:05 ", "6-1-2005 9:05", "6/1/2005 9:60", "a/1/2005 9:05"})
    EXPECT_FALSE(read_time(wrong, "%m/%d/%Y %H:%M", out)) << wrong;
  EXPECT_TRUE(read_seconds_exactly("90061.000000001", out));
  EXPECT_EQ(out, 90061s + 1ns);
  for (const char* wrong : {"", "-1", "1e3", "1.", ".5", "1.0000000001", "99999999999", "1 s"})
    EXPECT_FALSE(read_seconds_exactly(wrong, out)) << wrong;
  EXPECT_TRUE(is_time_format("%Y-%m-%dT%H:%M:%S"));
  for (const char* wrong : {"%H:%M", "%Y-%m-%d %p", "%Y-%m-%d %Y", "%Y-%m-%d %", "%y %Y %m %d"}) EXPECT_FALSE(is_time_format(wrong)) << wrong;
}

Scenario with_trace(const std::string& trace, const std::string& more = "simulation: {years: 0.001}\n") {
  auto scenario = read_scenario(three_zones("catalogs: {faults: none}\nfaults: {trace: " + trace + "}\n" + more), "file.yaml", catalogs());
  EXPECT_TRUE(scenario) << lines(scenario.error());
  return scenario ? *scenario : Scenario{};
}

std::string outcome(const std::string& trace, const std::string& csv, const std::string& more = "simulation: {years: 0.001}\n") {
  Scenario scenario = with_trace(trace, more);
  const auto read = read_trace(csv, "log.csv", scenario);
  if (!read) return read.error().front().place.file + ' ' + lines(read.error());
  std::string out;
  for (const auto& fault : scenario.trace->faults)
    out += fault.element + ' ' + std::to_string(fault.begin / 1s) + '-' + std::to_string(fault.end / 1s) + ' ' + fault.mode + '\n';
  return out;
}

// A year's thousandth is 31,557.6 s.
const std::string two_nodes = "start,end,element,cause\n1000,1100,brokers-0,Power\n2000,90000,brokers-2,Human Error\n";

TEST(Trace, ReplaysFromItsFirstInstantUnderItsCauses) {
  EXPECT_EQ(outcome("log.csv", two_nodes), "brokers-0 0-100 trace-power\nbrokers-2 1000-89000 trace-human-error\n");
  EXPECT_EQ(outcome("log.csv", "start,end,element\n2026-01-01,2026-01-02 00:00:01,brokers-1\n"), "brokers-1 0-86401 trace\n");
}

TEST(Trace, OverlappingAndTouchingRecordsOfOneElementAreOneFaultOfTheFirstCause) {
  EXPECT_EQ(outcome("log.csv",
                    "start,end,element,cause\n50000,50001,brokers-1,z\n10,20,brokers-0,a\n15,30,brokers-0,b\n12,13,brokers-0,b\n30,40,brokers-0,c\n"
                    "41,42,brokers-0,d\n"),
            "brokers-0 0-30 trace-a\nbrokers-0 31-32 trace-d\nbrokers-1 49990-49991 trace-z\n");
}

TEST(Trace, ColumnsMayHaveAnyNamesAndACauseMayBeAColumnOfItsOwn) {
  EXPECT_EQ(outcome("{file: l, elements: in-order, where: {sys: 7}, columns: {start: from, end: to, element: [rack, host], cause: [HW, Human Error], "
                    "timeFormat: '%m/%d/%Y %H:%M'}}",
                    "sys,rack,host,from,to,HW,Human Error\n7,r,b,1/1/2000 0:00,1/1/2000 1:00,,yes\n8,r,c,1/1/1999 0:00,1/1/2000 1:00,,\n"
                    "7,r,a,1/2/2000 0:00,1/2/2000 1:00,disk,\n7,q,b,1/3/2000 0:00,1/3/2000 1:00,,\n"),
            "brokers-0 0-3600 trace-human-error\nbrokers-1 86400-90000 trace-hw\nbrokers-2 172800-176400 trace\n");
}

TEST(Trace, ElementsAreZonesOrBrokersAsTheScenarioSays) {
  EXPECT_EQ(outcome("{file: l, scope: zone}", "start,end,element\n0,90000,us-east-1/b\n"), "us-east-1/b 0-90000 trace\n");
  EXPECT_EQ(outcome("{file: l, scope: broker}", "start,end,element\n0,90000,broker-1\n"), "cluster/1 0-90000 trace\n");
  EXPECT_EQ(outcome("{file: l, elements: first}", "start,end,element\n0,1,w\n0,1,x\n0,90000,y\n5,6,z\n7,8,x\n"),
            "brokers-0 0-1 trace\nbrokers-1 0-1 trace\nbrokers-2 0-90000 trace\nbrokers-1 7-8 trace\n");
}

TEST(Trace, ThatDoesNotFitIsRefusedWhereItIsWrong) {
  EXPECT_EQ(outcome("l", "start,end\n0,1\n"), "log.csv 1:1: no column is called 'element'; there are start, end\n");
  EXPECT_EQ(outcome("{file: l, columns: {start: begun}}", two_nodes),
            "log.csv 1:1: no column is called 'begun'; there are start, end, element, cause\n");
  EXPECT_EQ(outcome("l", "start,end,element\n5,1,brokers-0\n"), "log.csv 2:1: it ends before it starts\n");
  EXPECT_EQ(outcome("l", "start,end,element\n0,,brokers-0\nx,1,\n"),
            "log.csv 2:1: 'end' is ''; expected seconds, as before\n3:1: 'start' is 'x'; expected seconds, as before\n3:1: 'element' is empty, and "
            "with it what "
            "was hit\n");
  EXPECT_EQ(
      outcome("l", "start,end,element\n2026-01-01,2026-01-02,brokers-0\n5,6,brokers-0\n"),
      "log.csv 3:1: 'start' is '5'; expected a time such as '2005-06-21 10:54:00', as before\n3:1: 'end' is '6'; expected a time such as '2005-06-21 "
      "10:54:00', as before\n");
  EXPECT_EQ(outcome("l", "start,end,element\n0,90000,broker-0\n"), "log.csv 2:1: no node is called 'broker-0'; did you mean 'brokers-0'?\n");
  EXPECT_EQ(outcome("{file: l, elements: in-order}", "start,end,element\n0,1,w\n0,1,x\n0,1,y\n0,90000,z\n"),
            "file.yaml 14:24: the trace tells of 4 elements, and the scope node has 3; 'elements: first' passes over the others\n");
  EXPECT_EQ(outcome("l", "start,end,element\n0,100,brokers-0\n"),
            "file.yaml 15:21: the trace is 0 days long, and a replication 0.36525; shorten simulation.years\n");
  EXPECT_EQ(outcome("l", "start,end,element\n"), "log.csv 0:0: no record\n");
  EXPECT_EQ(outcome("{file: l, where: {cause: Flood}}", two_nodes), "log.csv 0:0: no record is left by 'where'\n");
  EXPECT_EQ(outcome("l", "start,end,element\n7,7,brokers-0\n"), "log.csv 0:0: the trace has no length: it begins and ends at one instant\n");
}

// Whoever only reads modes sees a recorded cause by its means: up 3 nodes x 89,000 s less 88,000 s, down 88,000 s.
TEST(Trace, ACauseIsAModeThatSumsItsFaultsUp) {
  Scenario scenario = with_trace("log.csv");
  ASSERT_TRUE(read_trace(two_nodes, "log.csv", scenario));
  ASSERT_EQ(scenario.faults.size(), 2u);
  const failure::Mode& error = scenario.faults[0];
  EXPECT_EQ(error.name, "trace-human-error");
  EXPECT_TRUE(error.recorded);
  EXPECT_EQ(error.scope, failure::Scope::node);
  EXPECT_NEAR(error.duration.mean_s(), 88'000, 1e-6);
  EXPECT_NEAR(error.up_time.mean_s(), 3 * 89'000 - 88'000, 1e-6);
  EXPECT_EQ(error.source, "recorded: log.csv, 1 fault");
}

}  // namespace trace_test
}  // namespace nines::scenarios
