// etcd-io/raft's interaction files played on the Raft core: elections, pre-votes, check-quorum, probing and replication (figure 7 of the Raft
// paper), windows, snapshots, and changes of the configuration, directive by directive.
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/real/etcd_core_node.hpp"
#include "tests/real/etcd_player.hpp"
#include "tests/real/peer_data.hpp"
#include "tests/reference/trust.hpp"

namespace nines::real {
namespace etcd_interaction_test {

using ChangeProfile = std::function<void(raft::Profile&)>;

// All files below `folder`, with etcd's rules but for `change`.
struct Played {
  int files = 0;
  Outcome sum;
};
Played play_all(const std::filesystem::path& folder, const ChangeProfile& change) {
  Played played;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const Outcome outcome = play_file(read_directives(entry.path()), [&](const NodeOptions& options) {
      raft::Profile profile = etcd_profile(options);
      change(profile);
      return make_core_node(options, profile);
    });
    ++played.files;
    played.sum.directives += outcome.directives;
    played.sum.agreeing += outcome.agreeing;
    played.sum.lines += outcome.lines;
    played.sum.differences.insert(played.sum.differences.end(), outcome.differences.begin(), outcome.differences.end());
  }
  return played;
}

constexpr const char* no_files = "NINES_PEER_DATA names no folder with etcd-raft/testdata";

TEST(EtcdInteraction, TheCoreDoesWhatEtcdDoes) {
  const auto folder = peer_data("etcd-raft/testdata");
  const reference::Known known{"What replicas send, write and commit, message by message", "etcd-io/raft, `testdata`"};
  if (!folder) record_trust_unmeasured(known);
  if (!folder) GTEST_SKIP() << no_files;
  const Played played = play_all(*folder, [](raft::Profile&) {});
  for (const std::string& difference : played.sum.differences) ADD_FAILURE() << difference;
  EXPECT_EQ(played.files, 10);
  EXPECT_EQ(played.sum.directives, 199);
  EXPECT_EQ(played.sum.agreeing, 199);
  EXPECT_EQ(played.sum.lines, 1052);
  record_trust(known, std::to_string(played.sum.directives) + " directives in " + std::to_string(played.files) + " files",
               played.sum.directives - played.sum.agreeing);
}

// Each of etcd's rules that the files show: with another in its place they do not agree.
TEST(EtcdInteraction, AnotherRuleIsNoticed) {
  const auto folder = peer_data("etcd-raft/testdata");
  if (!folder) GTEST_SKIP() << no_files;
  const std::vector<std::pair<std::string, ChangeProfile>> others{
      {"a leader refuses pre-votes", [](raft::Profile& p) { p.leader_grants_pre_votes = false; }},
      {"no pre-votes", [](raft::Profile& p) { p.pre_vote = raft::PreVote::off; }},
      {"no check-quorum", [](raft::Profile& p) { p.check_quorum.window = 0ns; }},
      {"no lease", [](raft::Profile& p) { p.vote_lease = raft::VoteLease::off; }},
      {"heartbeats check the log", [](raft::Profile& p) { p.heartbeat_checks_log = true; }},
      {"commits are not announced", [](raft::Profile& p) { p.announce_commit = false; }},
      {"no probing", [](raft::Profile& p) { p.probe_after_election = false; }},
      {"another window", [](raft::Profile& p) { p.append_window = 2; }},
      {"stale leaders are not answered", [](raft::Profile& p) { p.answers_stale_leaders = false; }},
      {"configurations count from the log", [](raft::Profile& p) { p.configuration_counts = raft::ConfigurationCounts::appended; }},
      {"one voter at a time", [](raft::Profile& p) { p.membership = raft::Membership::single; }},
      {"the last snapshot taken is sent", [](raft::Profile& p) { p.snapshots.on_demand = false; }},
  };
  for (const auto& [rule, change] : others) EXPECT_LT(play_all(*folder, change).sum.agreeing, 199) << rule;
}

}  // namespace etcd_interaction_test
}  // namespace nines::real
