// etcd-io/raft's own data-driven tests of majority arithmetic, asked of ours. A case is a command, "----" and what it prints:
//   vote cfg=(1,2) cfgj=(3) votes=(y,n,_)        committed cfg=(1,2) idx=(12,_)
// Answers stand in the order of the voters, first cfg's, then those of cfgj that cfg does not name; "_" is none.
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/quorum/quorum.hpp"
#include "tests/real/data_driven.hpp"
#include "tests/real/peer_data.hpp"
#include "tests/reference/trust.hpp"

namespace nines::real {
namespace etcd_quorum_test {

struct Asked {
  quorum::Configuration configuration;
  std::map<int, std::string> answers;  // By member; those that gave none left out.
};

// Voters become members in the order in which they are named first: their own numbers may be large.
Asked asked_in(const Directive& command, const std::string& answers_key) {
  Asked asked;
  std::vector<std::string> voters;
  const auto read = [&](const char* key, quorum::Members& members) {
    const Argument* argument = command.find(key);
    if (argument == nullptr || command.value(key) == "zero") return;  // The joint form with an empty half.
    for (const std::string& voter : argument->values) {
      const auto known = std::find(voters.begin(), voters.end(), voter);
      const auto number = static_cast<int>(known - voters.begin());
      if (known == voters.end()) voters.push_back(voter);
      members = static_cast<quorum::Members>(members | quorum::member(number));
    }
  };
  read("cfg", asked.configuration.incoming);
  read("cfgj", asked.configuration.outgoing);
  const Argument* given = command.find(answers_key);
  const std::vector<std::string> answers = given == nullptr ? std::vector<std::string>{} : given->values;
  for (std::size_t i = 0; i < std::min(voters.size(), answers.size()); ++i) {
    if (answers[i] != "_") asked.answers[static_cast<int>(i)] = answers[i];
  }
  return asked;
}

std::string vote_of(const Directive& command) {
  const Asked asked = asked_in(command, "votes");
  quorum::Members granted = 0, refused = 0;
  for (const auto& [member, answer] : asked.answers) {
    quorum::Members& side = answer == "y" ? granted : refused;
    side = static_cast<quorum::Members>(side | quorum::member(member));
  }
  switch (quorum::vote_result(granted, refused, asked.configuration)) {
    case quorum::Vote::pending: return "VotePending";
    case quorum::Vote::won: return "VoteWon";
    case quorum::Vote::lost: return "VoteLost";
  }
  return {};
}

std::string committed_of(const Directive& command) {
  const Asked asked = asked_in(command, "idx");
  std::array<std::uint64_t, quorum::max_members> match{};
  for (const auto& [member, answer] : asked.answers) match[static_cast<std::size_t>(member)] = std::stoull(answer);
  const std::uint64_t index = quorum::committed_index(match, asked.configuration);
  return index == quorum::everything ? "∞" : std::to_string(index);
}

const reference::Known majorities{"Majorities, joint ones too: votes and committed indices", "etcd-io/raft, `quorum/testdata`"};

struct Count {
  int agreeing = 0, cases = 0;
};

Count agreeing_cases(const std::string& name, const std::string& verb, std::string (*ours)(const Directive&)) {
  Count count;
  for (const Directive& theirs : read_directives(*peer_data("etcd-raft/quorum/testdata") / name)) {
    ++count.cases;
    if (theirs.command != verb || theirs.expected.empty()) {
      ADD_FAILURE() << theirs.place() << ": unknown command " << theirs.command;
      continue;
    }
    const std::string answer = ours(theirs);
    const std::string& last_line = theirs.expected.back();  // Before it stands how etcd came to it.
    // An empty configuration is printed with a word before its infinity.
    const bool agrees = answer == "∞" ? last_line.ends_with(answer) : last_line == answer;
    EXPECT_TRUE(agrees) << theirs.place() << "\nours: " << answer << ", theirs: " << last_line;
    count.agreeing += agrees ? 1 : 0;
  }
  return count;
}

void expect_agreeing(const Count& one, const Count& other, int expected, const char* noun) {
  const int agreeing = one.agreeing + other.agreeing, cases = one.cases + other.cases;
  EXPECT_EQ(agreeing, expected);
  record_trust(majorities, reference::counted(static_cast<std::size_t>(cases), noun), cases - agreeing);
}

constexpr const char* no_files = "NINES_PEER_DATA names no folder with etcd-raft/quorum/testdata";

TEST(EtcdQuorum, VotesAreDecidedAsInEtcd) {
  if (!peer_data("etcd-raft/quorum/testdata")) {
    record_trust_unmeasured(majorities);
    GTEST_SKIP() << no_files;
  }
  expect_agreeing(agreeing_cases("majority_vote.txt", "vote", vote_of), agreeing_cases("joint_vote.txt", "vote", vote_of), 61, "votes");
}

TEST(EtcdQuorum, TheCommittedIndexIsEtcds) {
  if (!peer_data("etcd-raft/quorum/testdata")) {
    record_trust_unmeasured(majorities);
    GTEST_SKIP() << no_files;
  }
  expect_agreeing(agreeing_cases("majority_commit.txt", "committed", committed_of), agreeing_cases("joint_commit.txt", "committed", committed_of), 66,
                  "indices");
}

}  // namespace etcd_quorum_test
}  // namespace nines::real
