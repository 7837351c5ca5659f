#include "scenarios/sweep/space.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "scenarios/schema/standalone.hpp"
#include "tests/scenarios/schema/files.hpp"

namespace nines::scenarios {
namespace space_test {

Result<Space> space_of(const std::string& sweep, const std::vector<Setting>& settings = {}) {
  const std::string text = three_zones("sweep: " + sweep + "\n");
  auto scenario = read_scenario(text, "file.yaml", catalogs(), settings);
  if (!scenario) return fail(std::move(scenario.error()));
  return Space::of({.text = text, .file = "file.yaml", .sweep = *scenario->sweep, .settings = settings}, catalogs());
}

Space valid(const std::string& sweep, const std::vector<Setting>& settings = {}) {
  auto space = space_of(sweep, settings);
  if (!space) ADD_FAILURE() << render(space.error(), "");
  return std::move(space.value());
}

Scenario read(const Space& space, std::uint64_t point) {
  auto scenario = space.scenario(point);
  if (!scenario) ADD_FAILURE() << render(scenario.error(), "");
  return std::move(scenario.value().value());
}

// Points that `where` lets pass.
std::vector<std::uint64_t> counted(const Space& space) {
  std::vector<std::uint64_t> out;
  for (std::uint64_t point = 0; point < space.points(); ++point)
    if (const auto scenario = space.scenario(point); scenario && *scenario) out.push_back(point);
  return out;
}

std::string refusal(const std::string& sweep) {
  const auto space = space_of(sweep);
  return space ? "accepted" : lines(space.error());
}

TEST(Space, HasAPointForEveryCombinationWithTheLastAxisFastest) {
  const Space space = valid("{axes: {cluster.partitions: [1, 2], cluster.load.appends: [10/s, 20/s, 30/s]}}");
  EXPECT_EQ(space.points(), 6u);
  EXPECT_EQ(space.shape(), (std::vector<std::size_t>{2, 3}));
  EXPECT_EQ(space.coordinates(4), (std::vector<std::size_t>{1, 1}));
  EXPECT_EQ(space.label(4), "cluster.partitions=2, cluster.load.appends=20/s");
  const Scenario scenario = read(space, 4);
  EXPECT_EQ(scenario.clusters[0].partitions, 2);
  EXPECT_EQ(scenario.clusters[0].load.appends_per_s, 20);
}

TEST(Space, ReadsAPointAsItsSettingsWould) {
  const Space space = valid(
      "{axes: {cluster.profile: [zeebe-8.9, etcd-3.5], topology.regions.us-east-1.zones: [[a, b], [a, b, c]], faults.zone-outage.rate: [0.1/year, "
      "1/year]}, "
      "repeats: 2}");
  for (std::uint64_t point = 0; point < space.points(); ++point) {
    const Scenario one = read(space, point);
    const auto other = read_scenario(three_zones(), "file.yaml", catalogs(), space.settings(point));
    ASSERT_TRUE(other.has_value()) << render(other.error(), "");
    EXPECT_EQ(one.clusters[0].profile.name, other->clusters[0].profile.name);
    EXPECT_EQ(one.topology.regions[0].zones.size(), other->topology.regions[0].zones.size());
    EXPECT_EQ(one.topology.pools[0].zones, other->topology.pools[0].zones);
    ASSERT_EQ(one.faults.size(), other->faults.size());
    for (std::size_t i = 0; i < one.faults.size(); ++i) EXPECT_EQ(one.faults[i].up_time.text(), other->faults[i].up_time.text());

    EXPECT_EQ(one.simulation.seed, other->simulation.seed);
  }
}

TEST(Space, LeavesOutWhatTheConditionLeavesOut) {
  const Space space = valid("{axes: {cluster.brokers: [1, 3, 5], cluster.replication: [1, 3, 5]}, where: replication <= brokers}");
  EXPECT_EQ(space.points(), 9u);
  EXPECT_EQ(counted(space), (std::vector<std::uint64_t>{0, 3, 4, 6, 7, 8}));
}

// Without a condition, the combination that cannot be is an error of its own point, and only there.
TEST(Space, NamesTheValuesThatCannotMeet) {
  const Space space = valid("{axes: {cluster.brokers: [3, 5], cluster.replication: [3, 5]}}");
  const auto scenario = space.scenario(1);
  ASSERT_FALSE(scenario.has_value());
  EXPECT_EQ(lines(scenario.error()), "13:66: a replication of 5 needs as many brokers; there are 3 (at cluster.brokers=3, cluster.replication=5)\n");
  EXPECT_TRUE(space.scenario(3).has_value());
}

TEST(Space, RepeatsAPointWithSeedsOfItsOwn) {
  const Space space = valid("{axes: {cluster.partitions: [1, 2]}, repeats: 3}", {{"simulation.seed", "7"}});
  EXPECT_EQ(space.points(), 6u);
  EXPECT_EQ(space.dimensions().back().name, "repeat");
  std::set<std::uint64_t> seeds;
  for (std::uint64_t point = 0; point < 3; ++point) seeds.insert(read(space, point).simulation.seed);
  EXPECT_EQ(seeds.size(), 3u);
  EXPECT_EQ(read(space, 0).simulation.seed, 7u);
  EXPECT_EQ(read(space, 2).simulation.seed, read(space, 5).simulation.seed);  // Common random numbers: what differs is the design.
}

TEST(Space, DerivesTheSeedsOfRepeatsFromASeedThatVaries) {
  const Space space = valid("{axes: {simulation.seed: [1, 2]}, repeats: 2}");
  EXPECT_NE(read(space, 1).simulation.seed, read(space, 3).simulation.seed);
  for (std::uint64_t point = 0; point < 4; ++point) {
    const auto other = read_scenario(three_zones(), "file.yaml", catalogs(), space.settings(point));
    EXPECT_EQ(other->simulation.seed, read(space, point).simulation.seed);
  }
}

TEST(Space, MovesZippedPathsTogether) {
  const Space space = valid(
      "{axes: {size: {zip: {cluster.brokers: [3, 5], topology.nodePools.brokers.nodes: [3, 5]}, labels: [small, large]}, cluster.partitions: [1, "
      "2]}}");
  EXPECT_EQ(space.points(), 4u);
  EXPECT_EQ(space.label(2), "size=large, cluster.partitions=1");
  EXPECT_EQ(read(space, 2).clusters[0].brokers, 5);
  EXPECT_EQ(read(space, 2).topology.pools[0].nodes, 5);
  const Dimension& size = space.dimensions()[0];
  EXPECT_EQ(size.labels, (std::vector<std::string>{"small", "large"}));
  EXPECT_TRUE(size.numbers.empty());
  ASSERT_EQ(size.also.size(), 2u);
  EXPECT_EQ(size.also[0].name, "cluster.brokers");
  EXPECT_EQ(size.also[0].numbers, (std::vector<double>{3, 5}));
}

TEST(Space, CountsItsDimensionsInUnits) {
  const Space space = valid(
      "{axes: {cluster.brokers: [3, 5], cluster.client.timeout: [500ms, 2s], cluster.load.appends: [1/s, 60/min], cluster.state: [1Ki, 1MB], "
      "cluster.spread: [zone, node], faults.zone-outage: [off, {rate: 1/year}]}}");
  const auto& all = space.dimensions();
  const std::vector<std::string> units{"1", "s", "1/s", "B", "", ""};
  ASSERT_EQ(all.size(), units.size());
  for (std::size_t i = 0; i < units.size(); ++i) EXPECT_EQ(all[i].unit, units[i]) << all[i].name;
  EXPECT_EQ(all[1].numbers, (std::vector<double>{0.5, 2}));
  EXPECT_EQ(all[2].numbers, (std::vector<double>{1, 1}));
  EXPECT_EQ(all[3].numbers, (std::vector<double>{1024, 1e6}));
  EXPECT_TRUE(all[4].numbers.empty());
  EXPECT_EQ(all[5].labels, (std::vector<std::string>{"off", "{rate: 1/year}"}));
}

TEST(Space, ExpectsAtEveryPointWhatTheSweepExpects) {
  const Space space = valid("{axes: {cluster.partitions: [1, 2]}, expect: [uptime.all >= 99%, failover.p99 <= 10s]}");
  const Scenario scenario = read(space, 1);
  ASSERT_EQ(scenario.expect.size(), 2u);
  EXPECT_EQ(scenario.expect[1].metric, "failover.p99");
}

TEST(Space, WritesRangesAsAUserWould) {
  const auto labels = [](const std::string& path, const std::string& range) {
    return valid("{axes: {" + path + ": " + range + "}}").dimensions()[0].labels;
  };
  using Labels = std::vector<std::string>;
  EXPECT_EQ(labels("cluster.partitions", "{from: 1, to: 9, step: 2}"), (Labels{"1", "3", "5", "7", "9"}));
  EXPECT_EQ(labels("simulation.years", "{from: 0.1, to: 0.5, step: 0.1}"), (Labels{"0.1", "0.2", "0.3", "0.4", "0.5"}));
  EXPECT_EQ(labels("cluster.load.appends", "{from: 10/s, to: 1000/s, values: 5, spacing: geometric}"),
            (Labels{"10/s", "31.6228/s", "100/s", "316.228/s", "1000/s"}));
  EXPECT_EQ(labels("cluster.load.appends", "{from: 10/s, to: 20/s, values: 5}"), (Labels{"10/s", "12.5/s", "15/s", "17.5/s", "20/s"}));
  EXPECT_EQ(labels("cluster.partitions", "{from: 1, to: 9, values: 5, spacing: geometric}"), (Labels{"1", "2", "3", "5", "9"}));
  EXPECT_EQ(labels("simulation.years", "{from: 1, to: 2, values: 4}"), (Labels{"1", "1.33333", "1.66667", "2"}));
  EXPECT_EQ(labels("cluster.partitions", "{from: 9, to: 1, step: -4}"), (Labels{"9", "5", "1"}));
  EXPECT_EQ(labels("cluster.client.timeout", "{from: 1.5s, to: 3s, step: 0.5s}"), (Labels{"1.5s", "2s", "2.5s", "3s"}));
}

TEST(Space, RefusesAWrongValueAtItsPlace) {
  EXPECT_EQ(refusal("{axes: {cluster.partitions: [1, two], cluster.spread: [zone, nod]}}"),
            "13:40: expected a whole number such as '3', without quotes, not 'two'\n13:69: 'nod' is not known here; did you mean 'node'?\n");
  EXPECT_EQ(refusal("{axes: {cluster.partition: [1, 2]}}"), "13:16: this axis does not fit: unknown key 'partition'; did you mean 'partitions'?\n");
  EXPECT_EQ(refusal("{axes: {cluster.partitions: {from: 0, to: 2, step: 1}}}"), "13:43: 0 is out of range: expected 1 to 20000\n");
}

// Found by 10000001 to 10000002 in four values, which made two points of each.
TEST(Space, RefusesARangeWhoseValuesRoundToTheSame) {
  const std::string closer = "so many values would round to the same; fewer, or a step, would do\n";
  EXPECT_EQ(refusal("{axes: {cluster.load.appends: {from: 10000001/s, to: 10000002/s, values: 4}}}"), "13:81: " + closer);
  EXPECT_EQ(refusal("{axes: {cluster.load.appends: {from: 10000002/s, to: 10000001/s, values: 4}}}"), "13:81: " + closer);
  EXPECT_EQ(refusal("{axes: {cluster.load.appends: {from: 10000001/s, to: 10000002/s, values: 4, spacing: geometric}}}"), "13:81: " + closer);
  EXPECT_EQ(valid("{axes: {simulation.seed: {from: 10000001, to: 10000003, values: 3}}}").points(), 3u);
}

// 128 bits hold 38 digits.
TEST(Space, RefusesARangeOfMoreDigitsThanItCanCountWith) {
  const std::string digits = "from and to together have more than 20 digits, from the largest to the smallest\n";
  EXPECT_EQ(refusal("{axes: {cluster.load.appends: {from: 0.00000000000001/s, to: 999999999999999/s, values: 10000}}}"), "13:69: " + digits);
  EXPECT_EQ(valid("{axes: {cluster.load.appends: {from: 0.00001/s, to: 100000/s, values: 3}}}").dimensions()[0].labels[1], "50000.000005/s");
}

// What the format allows and the catalogues do not have.
TEST(Space, RefusesAValueThatCanBeAtNoPoint) {
  const std::string said = refusal("{axes: {cluster.partitions: [1, 2], cluster.profile: [zeebe-8.9, zeebe-9.9]}}");
  EXPECT_EQ(said.substr(0, 6), "13:73:");
  EXPECT_NE(said.find("zeebe-9.9"), std::string::npos) << said;
  EXPECT_NE(said.find("(at cluster.partitions=1, cluster.profile=zeebe-9.9)"), std::string::npos) << said;
  EXPECT_EQ(refusal("{axes: {cluster.replication: [1, 7]}}"),
            "13:41: a replication of 7 needs as many brokers; there are 3 (at cluster.replication=7)\n");
}

TEST(Space, HasAMillionPointsAsEasilyAsTen) {
  const std::string hundred = "{from: 1, to: 100, step: 1}";
  const Space space =
      valid("{axes: {cluster.partitions: " + hundred + ", simulation.replications: " + hundred + ", simulation.seed: " + hundred + "}}");
  EXPECT_EQ(space.points(), 1'000'000u);
  EXPECT_EQ(space.label(999'999), "cluster.partitions=100, simulation.replications=100, simulation.seed=100");
  EXPECT_EQ(read(space, 999'998).simulation.seed, 99u);
}

TEST(Space, ReplaysTheRecordedHistoryAtEveryPoint) {
  const std::string text = three_zones(
      "catalogs: {faults: none}\nfaults: {trace: {file: log.csv, scope: zone}}\nsimulation: {years: 0.5}\n"
      "sweep: {axes: {cluster.partitions: [1, 2], cluster.replication: [1, 3]}}\n");
  const TraceFile trace{
      "start,end,element\n2025-01-01T00:00:00,2025-01-01T01:00:00,us-east-1/a\n2025-12-31T00:00:00,2025-12-31T01:00:00,us-east-1/b\n", "log.csv"};
  auto scenario = read_scenario(text, "file.yaml", catalogs());
  ASSERT_TRUE(scenario.has_value()) << render(scenario.error(), text);
  const auto space = Space::of({.text = text, .file = "file.yaml", .sweep = *scenario->sweep, .trace = trace}, catalogs());
  ASSERT_TRUE(space.has_value()) << render(space.error(), text);
  for (std::uint64_t point = 0; point < space->points(); ++point) {
    const Scenario one = read(*space, point);
    ASSERT_TRUE(one.trace && one.trace->is_read);
    EXPECT_EQ(one.trace->faults.size(), 2u);
  }
}

// The library's sweeps may leave points out, but have none that cannot be.
TEST(Space, OfEverySweepOfTheLibraryHasOnlyValidPoints) {
  int sweeps = 0;
  for (const auto& entry : std::filesystem::directory_iterator(source_tree() / "scenarios/library/sweeps")) {
    const std::string name = entry.path().stem().string(), text = text_of(entry.path());
    EXPECT_EQ(text.substr(0, text.find('\n')), "# yaml-language-server: $schema=../../schema/scenario.schema.json") << name;
    EXPECT_LT(text.find('?'), text.find("apiVersion")) << name << " asks nothing";
    auto file = read_sweep_file(text, name);
    ASSERT_TRUE(file.has_value()) << render(file.error(), text);
    EXPECT_EQ(file->beside.metadata.name, name);
    const std::string scenario = file->beside.scenario.text;
    const auto space = Space::of(
        {.text = text_of(source_tree() / "scenarios/library" / (scenario + ".yaml")), .file = scenario, .sweep = file->sweep, .settings = file->beside.settings},
        catalogs());
    ASSERT_TRUE(space.has_value()) << render(space.error(), text);
    std::size_t left = 0;
    for (std::uint64_t point = 0; point < space->points(); ++point) {
      const auto one = space->scenario(point);
      ASSERT_TRUE(one.has_value()) << render(one.error(), text);
      left += *one ? 1u : 0u;
    }
    EXPECT_GE(left, 20u) << name;
    EXPECT_LE(left, 70u) << name;
    ++sweeps;
  }
  EXPECT_EQ(sweeps, 4);
}

TEST(Space, RefusesMorePointsThanAnybodyCanWaitFor) {
  const std::string wide = "{from: 1, to: 110, step: 1}";
  EXPECT_EQ(refusal("{axes: {cluster.partitions: " + wide + ", simulation.seed: " + wide + ", simulation.replications: " + wide + ", simulation.years: " + wide + "}}"),
            "13:16: more than 100000000 points: every value of every axis meets every other\n");
}

}  // namespace space_test
}  // namespace nines::scenarios
