#include "scenarios/run/answer.hpp"

#include <atomic>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "scenarios/run/expect.hpp"
#include "sim/base/check.hpp"
#include "sim/base/random.hpp"

namespace nines::scenarios {
namespace answer_test {

// A cluster of one partition whose outages a coin decides: half of the replications have one of ten minutes.
world::Record coin(const world::Options& options, std::uint64_t seed, std::uint64_t replication) {
  world::Record record;
  record.horizon = options.horizon;
  record.history = Streams(seed, replication).of(0, Purpose::test).word({});
  if (record.history % 2 == 0)
    record.outages.push_back({PartitionId{0}, Instant{} + 1h, Instant{} + 1h + 10min, world::Phase::election, world::no_mode});
  return record;
}

struct Asked {
  Scenario scenario;
  Question question;

  explicit Asked(std::uint64_t replications) {
    question.scenario = &scenario;
    question.world.topology.regions = {{"r"}};
    question.world.topology.zones = {{"r/a", RegionId{0}}};
    question.world.topology.nodes = {{"n", ZoneId{0}, {}}};
    question.world.brokers.push_back({.name = "c/0", .node = NodeId{0}, .flush = Law::fixed(0ms)});
    world::Cluster cluster;
    cluster.name = "c";
    cluster.partitions = {{{.broker = BrokerId{0}, .priority = 1}}};
    question.world.clusters.push_back(cluster);
    question.replications = replications;
    question.provenance.seed = 7;
    question.simulate = coin;
  }
  Asked(const Asked&) = delete;
  void expect_uptime(double at_least) {
    Expectation line;
    line.text = "uptime.all >= x";
    line.metric = "uptime.all";
    line.value = at_least;
    scenario.expect.push_back(line);
  }
};

TEST(Answer, SumsUpWhatItAskedFor) {
  Asked asked(400);
  const Answer got = answer(asked.question);
  EXPECT_EQ(got.stop, Stop::budget);
  EXPECT_EQ(got.report.provenance.replications, 400u);
  EXPECT_DOUBLE_EQ(got.report.provenance.years, 400);
  EXPECT_EQ(got.report.provenance.stop_reason, "budget: all of 400 replications");
  const analysis::Metric* uptime = analysis::find(got.report.metrics, "uptime.all");
  ASSERT_NE(uptime, nullptr);
  ASSERT_TRUE(uptime->value.has_value());
  // 400 coins: ten minutes a year in half of the years; five sigma of the count are 50, a false alarm once in 1.7 million seeds.
  EXPECT_NEAR(1 - *uptime->value, 200 * 600.0 / (400 * 31557600.0), 50 * 600.0 / (400 * 31557600.0));
}

TEST(Answer, IsTheSameForAnyNumberOfThreads) {
  std::vector<std::string> answers;
  for (const int jobs : {1, 2, 7}) {
    Asked asked(100);
    asked.question.jobs = jobs;
    answers.push_back(analysis::json(answer(asked.question).report));
  }
  EXPECT_EQ(answers[0], answers[1]);
  EXPECT_EQ(answers[0], answers[2]);
}

TEST(Answer, HandsOnEveryRecordInOrder) {
  Asked asked(50);
  asked.question.first = 10;
  asked.question.jobs = 3;
  std::uint64_t next = 10;
  asked.question.also = [&](std::uint64_t replication, const world::Record& record) {
    EXPECT_EQ(replication, next++);
    EXPECT_EQ(record.history, coin(asked.question.world, 7, replication).history);
  };
  answer(asked.question);
  EXPECT_EQ(next, 60u);
}

TEST(Answer, ABrokenReplicationIsMissingAndSaidToBe) {
  Asked asked(20);
  asked.question.simulate = [](const world::Options& options, std::uint64_t seed, std::uint64_t replication) {
    SIM_CHECK(replication != 3, "the log went backwards");
    return coin(options, seed, replication);
  };
  const Answer got = answer(asked.question);
  ASSERT_EQ(got.broken.size(), 1u);
  EXPECT_EQ(got.broken[0].replication, 3u);
  EXPECT_EQ(got.report.provenance.replications, 19u);
  ASSERT_EQ(got.report.warnings.size(), 1u);
}

// Uptime is about 1 - 9.5e-6. What the interval cannot decide goes on to the deadline; without one it ends undecided with its budget.
TEST(Answer, WhatIsUndecidedGoesOnOnlyUnderADeadline) {
  Asked without(8);
  without.expect_uptime(1 - 9.5e-6);
  const Answer ended = answer(without.question);
  EXPECT_EQ(ended.report.provenance.replications, 8u);
  EXPECT_EQ(worst(ended.report.expectations), analysis::Verdict::undecided);

  Asked with(8);
  with.expect_uptime(1 - 2e-5);
  with.question.max_time = std::chrono::seconds(60);  // Decided long before, at the end of a step.
  const Answer decided = answer(with.question);
  EXPECT_EQ(worst(decided.report.expectations), analysis::Verdict::passed);
  const analysis::Metric uptime = *analysis::find(decided.report.metrics, "uptime.all");
  EXPECT_GT(*uptime.value - (1 - 2e-5), 1.4 * (*uptime.value - *uptime.low)) << "who looks again needs more than 95 %";
  EXPECT_EQ(decided.stop, Stop::budget);
  EXPECT_GT(decided.report.provenance.replications, 8u);
  EXPECT_EQ(decided.report.provenance.replications & (decided.report.provenance.replications - 1), 0u) << "steps double";
}

// Half of the replications have one outage of ten minutes: 100 of them are two-sided, and 1,600 are known to 5 %.
TEST(Answer, GoesOnUntilTheDowntimeIsKnownWellEnough) {
  Asked asked(100'000);
  asked.question.relative_error = 0.05;
  const Answer got = answer(asked.question);
  EXPECT_EQ(got.stop, Stop::budget);
  const std::uint64_t needed = got.report.provenance.replications;
  EXPECT_GT(needed, 800u);
  EXPECT_LT(needed, 8000u);
  EXPECT_EQ(got.report.provenance.stop_reason.find("relative error 4."), 0u) << got.report.provenance.stop_reason;
  EXPECT_NE(got.report.provenance.stop_reason.find(" % reached after " + std::to_string(needed) + " replications"), std::string::npos);

  Asked elsewhere(100'000);
  elsewhere.question.relative_error = 0.05;
  elsewhere.question.jobs = 5;
  EXPECT_EQ(analysis::json(answer(elsewhere.question).report), analysis::json(got.report)) << "the looks do not depend on threads";
}

TEST(Answer, APrecisionThatTheBudgetDoesNotReachIsSaidToBeMissed) {
  Asked few(90), some(1000);
  few.question.relative_error = some.question.relative_error = 0.05;
  EXPECT_EQ(answer(few.question).report.provenance.stop_reason, "budget: no two-sided interval after 90 replications, not 5 %");
  const Answer got = answer(some.question);
  EXPECT_EQ(got.report.provenance.replications, 1000u);
  EXPECT_EQ(got.report.provenance.stop_reason.find("budget: relative error "), 0u) << got.report.provenance.stop_reason;
  EXPECT_NE(got.report.provenance.stop_reason.find(" after 1000 replications, not 5 %"), std::string::npos);

  Asked hurried(100'000'000);
  hurried.question.relative_error = 0.0001;
  hurried.question.max_time = std::chrono::milliseconds(300);
  const Answer stopped = answer(hurried.question);
  EXPECT_EQ(stopped.stop, Stop::max_time);
  EXPECT_EQ(stopped.report.provenance.stop_reason.find("max-time: "), 0u) << stopped.report.provenance.stop_reason;
}

TEST(Answer, TheErrorBudgetIsThatOfTheExpectationUnlessALevelIsAsked) {
  const auto method = [](const Asked& asked) { return analysis::find(answer(asked.question).report.metrics, "budget.exhausted_year")->method; };
  Asked usual(10), expecting(10), asking(10);
  expecting.expect_uptime(0.99995);
  asking.expect_uptime(0.99995);
  asking.question.level = 0.999999;
  EXPECT_NE(method(usual).find("(99.9 %)"), std::string::npos) << method(usual);
  EXPECT_NE(method(expecting).find("(99.995 %)"), std::string::npos) << method(expecting);
  EXPECT_NE(method(asking).find("(99.9999 %)"), std::string::npos) << method(asking);
}

TEST(Answer, AnInterruptionIsNamedWithWhatIsKnown) {
  Asked asked(1'000'000);
  std::atomic<std::uint64_t> merged{0};
  asked.question.also = [&](std::uint64_t, const world::Record&) { ++merged; };
  asked.question.interrupted = [&] { return merged >= 5; };
  const Answer got = answer(asked.question);
  EXPECT_EQ(got.stop, Stop::interrupted);
  EXPECT_EQ(got.report.provenance.stop_reason, "interrupted: 5 of 1000000 replications");
  EXPECT_NE(analysis::find(got.report.metrics, "uptime.all"), nullptr);
}

}  // namespace answer_test
}  // namespace nines::scenarios
