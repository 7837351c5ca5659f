// The Raft paper's measured elections (Ongaro and Ousterhout 2014, extended version, figure 16; LogCabin on five servers): the time from the
// leader's crash until the others hear from the next leader, for four ranges of the election timeout. The worst case was made on purpose: heartbeats
// reach everybody at once before the crash, and two of the four servers left cannot win, their logs being shorter.
//
// Published is a broadcast time of about 15 ms and nothing of its parts. One set of parts serves all four ranges; it was looked for once, over delay,
// disk time and what servers do with their timers:
// * One way takes 2.4 ms: it decides how often candidates collide. At 3 ms the 90th percentile of the narrowest range is 22 % too long.
// * What comes after the votes takes 5 ms more: the new leader writes its first entry before it is heard. Were the 5 ms spent before candidates ask
//   for votes, they would collide more often: 60 to 140 % too long in the narrowest range, 53 % at the 90th percentile of 150-200 ms.
// * A candidate waits up to 8 ms longer than it drew, so that timers that ran together part from round to round: LogCabin writes to its disk under
//   the lock that its timer thread needs. Without it only the narrowest range changes; the second test shows that.
// * A refused candidate waits for its timer. If it became a follower with a new wait, the 90th percentile of the narrowest range would be 22 % short.
// * A new term alone does not restart a follower's timer. If it did, those who cannot win would hold up those who can: 40 to 230 % too long.

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/reference/trial.hpp"
#include "tests/reference/trust.hpp"
#include "tests/support/worlds.hpp"

namespace nines::reference {
namespace logcabin_lan_test {

constexpr std::uint64_t seed = 16;
constexpr std::uint64_t trials = 10'000;
constexpr Duration one_way = 2400us;
constexpr Duration first_write = 5ms;

struct Range {
  Duration least, most;
  std::array<double, 4> published_ms;  // 25th, 50th, 75th and 90th percentile, read off the figure (about +- 1 %).
};

constexpr std::array<double, 4> percentiles{0.25, 0.5, 0.75, 0.9};

// raft_paper/figure16.csv: the least and the most of the timeout, then the percentiles; the narrowest range first.
std::vector<Range> published() {
  std::ifstream in(NINES_SOURCE_DIR "/tests/reference/raft_paper/figure16.csv");
  std::vector<Range> ranges;
  std::string line;
  std::getline(in, line);  // The header.
  while (std::getline(in, line)) {
    std::istringstream cells(line);
    std::array<double, 6> ms{};
    char comma = ',';
    for (double& value : ms) cells >> value >> comma;
    ranges.push_back({from_seconds(ms[0] / 1e3), from_seconds(ms[1] / 1e3), {ms[2], ms[3], ms[4], ms[5]}});
  }
  return ranges;
}

std::shared_ptr<const world::Plan> plan_of(const Range& range, Duration parting) {
  raft::Profile p = catalog_profile("raft-paper");
  p.heartbeat = range.least / 2;
  p.election_timeout = range.least;
  p.election_timeout_max = range.most;
  p.vote_timeout_min = range.least;
  p.vote_timeout_max = range.most + parting;
  p.candidate_yields = false;
  p.append_window = 64;
  world::Options options = testing_worlds::cluster(5, 1, 1, 5, p);
  options.topology.same_zone = testing_worlds::constant_delay(one_way);
  // Proposals a little slower than heartbeats: sooner or later one follows a heartbeat at once.
  options.clusters[0].load = {1 / (1.0013 * seconds(p.heartbeat)), 256};
  return std::make_shared<const world::Plan>(std::move(options));
}

// In milliseconds.
std::vector<double> elections(const Range& range, Duration parting) {
  const auto plan = plan_of(range, parting);
  const world::GroupPlan& group = plan->groups[0];
  const Duration heartbeat = plan->options.clusters[0].profile.heartbeat;
  std::vector<double> times;
  for (std::uint64_t k = 0; k < trials; ++k) {
    Trial trial(plan, seed, k);
    trial.run_until(testing_worlds::at(20 * heartbeat));
    const raft::Member old = trial.leader();
    // A heartbeat that a proposal follows within a 500th of the interval. Between the two the leader loses two followers: they have heard the
    // heartbeat, like all, and never see the entry.
    const Instant beat = trial.core(old).deadline();
    Instant proposal{group.arrival_phase};
    while (proposal < beat + heartbeat || (proposal - beat) % heartbeat == 0ns || (proposal - beat) % heartbeat > heartbeat / 500)
      proposal += group.arrival_interval;
    const Duration gap = (proposal - beat) % heartbeat;
    for (raft::Member m = 1; m <= 2; ++m) trial.cut_between(proposal - gap / 2, old, static_cast<raft::Member>((old + m) % 5));
    const Instant crash = proposal + from_seconds(chance(seed, k, 0) * seconds(heartbeat - gap));
    trial.begin(crash, failure::Effect::stop, old);
    const auto leader = trial.next_leader(crash, crash + 1000 * range.least, heartbeat);
    if (leader) times.push_back(seconds(leader->at - crash + first_write + one_way) * 1e3);
  }
  EXPECT_EQ(times.size(), trials);
  return times;
}

TEST(LogCabinLan, QuantilesOfAllFourRangesAreThoseOfTheFigureWithinTenPerCent) {
  const std::vector<Range> ranges = published();
  ASSERT_EQ(ranges.size(), 4u);
  Worst quantiles("quantiles");
  std::puts("range, ms      25 %          50 %          75 %          90 %   published | simulated");
  for (const Range& range : ranges) {
    const std::vector<double> times = elections(range, 8ms);
    std::printf("%3.0f-%3.0f ", 1e3 * seconds(range.least), 1e3 * seconds(range.most));
    for (std::size_t i = 0; i < percentiles.size(); ++i) {
      const double simulated = quantile_of(times, percentiles[i]);
      std::printf("  %4.0f | %4.0f ", range.published_ms[i], simulated);
      EXPECT_NEAR(simulated, range.published_ms[i], 0.1 * range.published_ms[i]) << "percentile " << 100 * percentiles[i];
      char name[64];
      std::snprintf(name, sizeof name, "%.0f-%.0f ms, %.0f %%", 1e3 * seconds(range.least), 1e3 * seconds(range.most), 100 * percentiles[i]);
      quantiles.see(simulated / range.published_ms[i] - 1, 0.1, name);
    }
    std::puts("");
  }
  record_trust({"Elections of five servers in a LAN, quantiles of four ranges", "Raft paper, figure 16 (LogCabin)"},
               counted(ranges.size() * percentiles.size(), "quantiles"), {quantiles});
}

// The reason for the eight milliseconds: with timers that part by their draws alone, the first rounds of 150-155 ms are as published, and the later
// ones split more often.
TEST(LogCabinLan, WithoutTimersThatPartTheNarrowestRangeSplitsTooOftenInLaterRounds) {
  const std::vector<Range> ranges = published();
  ASSERT_EQ(ranges.size(), 4u);
  const Range& narrowest = ranges[0];
  const std::vector<double> times = elections(narrowest, 0ms);
  EXPECT_NEAR(quantile_of(times, 0.25), narrowest.published_ms[0], 0.1 * narrowest.published_ms[0]);
  EXPECT_NEAR(quantile_of(times, 0.5), narrowest.published_ms[1], 0.1 * narrowest.published_ms[1]);
  EXPECT_GT(quantile_of(times, 0.75), 1.2 * narrowest.published_ms[2]);
  EXPECT_GT(quantile_of(times, 0.9), 1.2 * narrowest.published_ms[3]);
  const std::vector<double> wide = elections(ranges[3], 0ms);
  for (std::size_t i = 0; i < percentiles.size(); ++i)
    EXPECT_NEAR(quantile_of(wide, percentiles[i]), ranges[3].published_ms[i], 0.1 * ranges[3].published_ms[i]);
}

}  // namespace logcabin_lan_test
}  // namespace nines::reference
