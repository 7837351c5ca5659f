// Every planted bug is found within its budget of seeds, and the core without one raises nothing.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/raft/planted.hpp"
#include "scenarios/fuzz/swarm.hpp"

namespace nines::fuzz {
namespace {

using raft::Bug;
using raft::PlantedBug;

// Three systems' timers; the swarm mixes the rest.
std::vector<raft::Profile> profiles() {
  raft::Profile patient;
  patient.name = "patient";
  patient.priority_election = true;
  patient.pre_vote = raft::PreVote::log_only;
  patient.pre_vote_timeout = 2500ms;
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
    if (outcome.finding) return {seed - first + 1, outcome.finding->property};
  }
  return {};
}

// Printed with NINES_PLANTED_TABLE set: the table of README.md.
TEST(Planted, TheTableOfMediansIsPrinted) {
  if (std::getenv("NINES_PLANTED_TABLE") == nullptr) GTEST_SKIP() << "NINES_PLANTED_TABLE is not set";
  constexpr std::uint64_t starts = 9, most = 4000;
  std::printf("| bug | what | origin | median | most | property |\n|---|---|---|---|---|---|\n");
  for (const PlantedBug& planted : raft::planted_bugs) {
    std::vector<std::uint64_t> seeds;
    std::string property;
    for (std::uint64_t start = 0; start < starts; ++start) {
      const Caught caught = catch_it(planted.bug, 1'000'000 * (start + 1), most);
      seeds.push_back(caught.seeds == 0 ? most + 1 : caught.seeds);
      if (property.empty()) property = caught.property;
    }
    std::sort(seeds.begin(), seeds.end());
    const auto text = [&](std::uint64_t n) { return n > most ? "> " + std::to_string(most) : std::to_string(n); };
    std::printf("| %s | %s | %s | %s | %s | %s |\n", planted.name, planted.what, planted.origin, text(seeds[starts / 2]).c_str(), text(seeds.back()).c_str(),
                property.c_str());
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace nines::fuzz
