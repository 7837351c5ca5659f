// Every planted bug is found within its budget of seeds, and the core without one raises nothing.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/raft/planted.hpp"
#include "scenarios/fuzz/shrink.hpp"
#include "scenarios/fuzz/swarm.hpp"

namespace nines::raft {

// What GoogleTest prints of a parameter.
void PrintTo(const PlantedBug& planted, std::ostream* out) { *out << planted.name << ": " << planted.what; }

}  // namespace nines::raft

namespace nines::fuzz {
namespace planted_test {

using raft::Bug;
using raft::PlantedBug;

// Three systems' timers; the swarm mixes the rest.
std::vector<raft::Profile> profiles() {
  raft::Profile patient;
  patient.name = "patient";
  patient.priority_election = true;
  patient.pre_vote = raft::PreVote::log_only;
  patient.pre_vote_timeout = 2500ms;
  patient.vote_timeout_min = 2500ms;  // Without a random part two candidates would split the vote for ever.
  patient.vote_timeout_max = 5s;
  patient.vote_attempts = 2;
  patient.check_quorum = {5s, 0ns};
  patient.append_window = 6;
  patient.flush.leader_before_commit = true;
  raft::Profile ticking;
  ticking.name = "ticking";
  ticking.heartbeat = ticking.tick = 100ms;
  ticking.election_timeout = 1s;
  ticking.timeout_law = raft::TimeoutLaw::ticks;
  ticking.redraw = raft::Redraw::each_term;
  ticking.pre_vote = raft::PreVote::freshness;
  ticking.check_quorum = {1s, 1s};
  ticking.append_window = 512;
  ticking.heartbeat_checks_log = false;
  ticking.announce_commit = true;
  raft::Profile plain;
  plain.name = "plain";
  plain.heartbeat = 75ms;
  plain.election_timeout = 150ms;
  plain.election_timeout_max = 300ms;
  plain.timeout_law = raft::TimeoutLaw::uniform;
  plain.candidate_yields = false;
  return {patient, ticking, plain};
}

struct Caught {
  std::uint64_t seeds = 0;  // How many it took; 0: more than the budget.
  std::string property;
};

Caught catch_it(Bug bug, std::uint64_t first, std::uint64_t budget) {
  const std::vector<raft::Profile> some = profiles();
  for (std::uint64_t seed = first; seed < first + budget; ++seed) {
    Plan plan = draw_plan(seed, some, Rules::also_mixed);
    plan.bug = bug;
    const Outcome outcome = run_plan(plan);
    // What is acknowledged and then forgotten is refused and sent again without end. Otherwise a storm says nothing about the bug: a wire that
    // delivers most messages twice makes one of what is sent again in its time.
    const bool counts = outcome.finding && (outcome.finding->property != "storm" || bug == Bug::none || bug == Bug::snapshot_acked_before_durable);
    if (counts) return {seed - first + 1, outcome.finding->property};
  }
  return {};
}

// How many seeds must suffice: at least twice the most that any of the table's starts took. What is rarer waits for the long run.
std::uint64_t budget_of(Bug bug) {
  switch (bug) {
    case Bug::commits_by_counting:
    case Bug::read_not_confirmed:
    case Bug::read_before_commit_in_term:
    case Bug::old_write_vouches:
    case Bug::snapshot_rolls_back:
    case Bug::snapshot_keeps_log:
    case Bug::changes_overlap: return 1000;
    case Bug::acks_its_last_index:
    case Bug::progress_not_reset:
    case Bug::read_joins_running_round:
    case Bug::joint_never_alone: return 10'000;
    case Bug::commits_beyond_append:
    case Bug::snapshot_acked_before_durable:
    case Bug::removed_never_campaigns:
    case Bug::silent_leader_stays_silent:
    case Bug::forgotten_chunk_never_repeated: return 60'000;
    case Bug::replaced_write_vouches:
    case Bug::change_before_commit_in_term: return 300'000;
    default: return 600;
  }
}
constexpr std::uint64_t usual = 1000;
bool long_run() { return std::getenv("NINES_PLANTED_LONG") != nullptr; }

class Planted : public ::testing::TestWithParam<PlantedBug> {};

TEST_P(Planted, IsFoundWithinItsBudgetOfSeeds) {
  const PlantedBug& planted = GetParam();
  const std::uint64_t budget = budget_of(planted.bug);
  if (budget > usual && !long_run()) GTEST_SKIP() << "rare: sh tests/run.sh --all";
  const Caught caught = catch_it(planted.bug, 500'000, budget);
  EXPECT_GT(caught.seeds, 0u) << planted.name << " was not found in " << budget << " seeds: " << planted.what;
  RecordProperty("seeds", std::to_string(caught.seeds));
  RecordProperty("property", caught.property);
}

std::string name_of_case(const ::testing::TestParamInfo<PlantedBug>& info) {
  std::string name;
  bool capital = true;
  for (const char* c = info.param.name; *c != '\0'; ++c) {
    if (*c != '-') name += capital ? static_cast<char>(*c - 'a' + 'A') : *c;
    capital = *c == '-';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Bug, Planted, ::testing::ValuesIn(raft::planted_bugs), name_of_case);

TEST(Unplanted, TheCoreWithoutABugRaisesNothing) {
  const Caught caught = catch_it(Bug::none, 500'000, long_run() ? 100 * usual : 4 * usual);
  if (caught.seeds == 0) return;
  const std::uint64_t seed = 500'000 + caught.seeds - 1;
  const Plan plan = draw_plan(seed, profiles(), Rules::also_mixed);
  const Outcome outcome = run_plan(plan);
  FAIL() << "seed " << seed << ": " << outcome.finding->what << '\n' << plan.text << '\n' << story_of(shrink(plan, *outcome.finding, 500), 90);
}

std::uint64_t number_in(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// Printed with NINES_PLANTED_TABLE=all, or for the bugs of those names, between commas: the table of README.md. How many starts and how many seeds
// a start, at most, may be said too.
TEST(PlantedTable, IsPrintedOnDemand) {
  if (std::getenv("NINES_PLANTED_TABLE") == nullptr) GTEST_SKIP() << "NINES_PLANTED_TABLE is not set";
  const std::uint64_t starts = number_in("NINES_PLANTED_STARTS", 5), most = number_in("NINES_PLANTED_MOST", 2000);
  std::printf("| bug | what | origin | median | most | property |\n|---|---|---|---|---|---|\n");
  const std::string wanted = "," + std::string(std::getenv("NINES_PLANTED_TABLE")) + ",";
  for (const PlantedBug& planted : raft::planted_bugs) {
    if (wanted != ",all," && wanted.find("," + std::string(planted.name) + ",") == std::string::npos) continue;
    std::vector<std::uint64_t> seeds;
    std::string property;
    for (std::uint64_t start = 0; start < starts; ++start) {
      const Caught caught = catch_it(planted.bug, 1'000'000 * (start + 1), most);
      seeds.push_back(caught.seeds == 0 ? most + 1 : caught.seeds);
      if (property.empty()) property = caught.property;
    }
    std::sort(seeds.begin(), seeds.end());
    const auto text = [&](std::uint64_t n) { return n > most ? "> " + std::to_string(most) : std::to_string(n); };
    std::printf("| %s | %s | %s | %s | %s | %s |\n", planted.name, planted.what, planted.origin, text(seeds[starts / 2]).c_str(),
                text(seeds.back()).c_str(), property.c_str());
    std::fflush(stdout);
  }
}

}  // namespace planted_test
}  // namespace nines::fuzz
