// Replications of one scenario in blocks: what different processes do to one point of a sweep.
#include "scenarios/run/tally.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "analysis/report/report.hpp"
#include "models/world/plan.hpp"
#include "models/world/simulate.hpp"
#include "scenarios/run/answer.hpp"
#include "scenarios/run/translate.hpp"
#include "sim/base/check.hpp"
#include "sim/base/random.hpp"
#include "tests/scenarios/run/library.hpp"

namespace nines::scenarios {
namespace tally_test {

// A scenario of the library, simulated a replication at a time.
struct Simulated {
  Scenario scenario;
  world::Options world;
  std::vector<double> levels;
  std::shared_ptr<const world::Plan> plan;

  explicit Simulated(const std::string& name, const std::vector<Setting>& settings = {})
      : scenario(library(name, settings)), world(to_world(scenario)), levels(promised_levels(scenario, world)), plan(std::make_shared<const world::Plan>(world)) {}
  Simulated(const Simulated&) = delete;

  Tally tally() const { return Tally(scenario, world, levels); }
  Tally tally(std::uint64_t first, std::uint64_t number) const {
    Tally sum = tally();
    for (std::uint64_t r = first; r < first + number; ++r) sum.add(world::simulate(plan, 1, r));
    return sum;
  }
};

analysis::Provenance from_seed_one() {
  analysis::Provenance from;
  from.seed = 1;
  return from;
}

// Blocks of 25, the last one shorter, in other hands: byte by byte what one run says, with its fingerprint, its bands and its price.
TEST(Tally, MergedFromBlocksIsTheAnswerOfOneRun) {
  const Simulated camunda("camunda-three-zones");
  for (const std::uint64_t replications : {10u, 60u}) {
    Question question;
    question.scenario = &camunda.scenario;
    question.world = camunda.world;
    question.provenance = from_seed_one();
    question.replications = replications;
    std::vector<world::Record> records;
    question.also = [&](std::uint64_t, const world::Record& record) { records.push_back(record); };
    const Answer one = answer(question);

    Tally merged = camunda.tally(), whole = camunda.tally();
    for (std::size_t first = 0; first < replications; first += 25) {
      Tally block = camunda.tally(), elsewhere = camunda.tally();
      for (std::size_t r = first; r < std::min<std::size_t>(first + 25, replications); ++r) elsewhere.add(records[r]);
      ASSERT_TRUE(block.read(elsewhere.bytes()));
      merged.merge(block);
    }
    for (const world::Record& record : records) whole.add(record);
    const analysis::Report report = merged.report(Known(camunda.scenario, camunda.world), from_seed_one());
    EXPECT_EQ(analysis::json(report), analysis::json(one.report));
    EXPECT_EQ(report.metrics, one.report.metrics);
    EXPECT_EQ(report.warnings, one.report.warnings);
    ASSERT_EQ(report.expectations.size(), one.report.expectations.size());
    EXPECT_EQ(report.provenance.replications, replications);
    EXPECT_EQ(merged.downtime_s(0).size(), replications);
    EXPECT_EQ(merged.bytes(), whole.bytes());
  }
}

TEST(Tally, KnowsTheDowntimeOfEachReplication) {
  const Simulated camunda("camunda-three-zones");
  const Tally tally = camunda.tally(0, 3);
  ASSERT_EQ(tally.downtime_s(0).size(), 3u);
  double sum = 0;
  for (std::uint64_t r = 0; r < 3; ++r) {
    EXPECT_EQ(tally.downtime_s(0)[r], camunda.tally(r, 1).downtime_s(0)[0]);
    sum += tally.downtime_s(0)[r];
  }
  EXPECT_NEAR(sum / (3 * seconds(year)), 1 - *tally.summary().headline().value, 1e-12);
}

TEST(Tally, OfNothingIsTheNeutralBlock) {
  const Simulated camunda("camunda-three-zones");
  const Tally some = camunda.tally(0, 2);
  Tally before = camunda.tally(), after = some, copy = camunda.tally();
  before.merge(some);
  after.merge(camunda.tally());
  EXPECT_EQ(before.bytes(), some.bytes());
  EXPECT_EQ(after.bytes(), some.bytes());
  EXPECT_TRUE(copy.read(camunda.tally().bytes()));
  EXPECT_TRUE(copy.report(Known(camunda.scenario, camunda.world), from_seed_one()).provenance.replications == 0);
}

TEST(Tally, OfAnotherScenarioIsNotRead) {
  const Simulated camunda("camunda-three-zones"), five("camunda-three-zones", {{"cluster.partitions", "5"}}),
      busy("camunda-three-zones", {{"cluster.load.processInstances", "7/s"}}),
      slow("camunda-three-zones", {{"faults.zone-outage", "{duration: {fixed: 9h}}"}});
  const std::string bytes = camunda.tally(0, 1).bytes();
  for (const Simulated* other : {&five, &busy, &slow}) {
    Tally tally = other->tally();
    EXPECT_FALSE(tally.read(bytes));
    EXPECT_THROW(tally.merge(camunda.tally()), BrokenInvariant);
  }
  Tally stricter(camunda.scenario, camunda.world, {0.99999});
  EXPECT_FALSE(stricter.read(bytes));
}

TEST(Tally, DamageIsNoticed) {
  const Simulated camunda("camunda-three-zones");
  const std::string good = camunda.tally(0, 2).bytes();
  Tally tally = camunda.tally();
  for (std::size_t length = 0; length < good.size(); ++length) ASSERT_FALSE(tally.read(std::string_view(good).substr(0, length))) << length;
  EXPECT_FALSE(tally.read(good + '\0'));
  const Stream draws = Streams(5, 0).of(0, Purpose::test);
  for (std::uint64_t flip = 0; flip < 10'000; ++flip) {
    std::string bad = good;
    const std::uint64_t word = draws.word({.index = flip});
    bad[word % bad.size()] ^= static_cast<char>(1 + (word >> 40) % 255);
    ASSERT_FALSE(tally.read(bad)) << flip;
  }
  EXPECT_TRUE(tally.read(good));
  EXPECT_EQ(tally.bytes(), good);
}

// The journal of a sweep holds one for each block.
TEST(Tally, ABlockOf25YearsIsTensOfKilobytes) {
  const Simulated camunda("camunda-three-zones");
  EXPECT_LT(camunda.tally(0, 25).bytes().size(), 80'000u);
}

TEST(Tally, MayBeAskedByManyThreadsAtOnce) {
  const Simulated camunda("camunda-three-zones");
  const Tally tally = camunda.tally(0, 3);
  const Known known(camunda.scenario, camunda.world);
  std::vector<std::string> answers(4);
  {
    std::vector<std::jthread> threads;
    for (std::string& answer : answers) threads.emplace_back([&] { answer = analysis::json(tally.report(known, from_seed_one())) + tally.bytes(); });
  }
  for (const std::string& answer : answers) EXPECT_EQ(answer, answers[0]);
}

}  // namespace tally_test
}  // namespace nines::scenarios
