// etcd-io/raft's own data-driven tests of majority arithmetic, asked of ours. A case is a command, "----" and what it prints:
//   vote cfg=(1,2) cfgj=(3) votes=(y,n,_)        committed cfg=(1,2) idx=(12,_)
// Answers stand in the order of the voters, first cfg's, then those of cfgj that cfg does not name; "_" is none.
#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/quorum/quorum.hpp"
#include "tests/real/peer_data.hpp"

namespace nines::real {
namespace {

struct Case {
  std::string command;
  std::string last_line;  // Of what it prints: the result.
};

std::vector<Case> cases_of(const std::filesystem::path& file) {
  std::vector<Case> cases;
  std::ifstream in(file);
  bool printing = false;
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) {
      printing = false;
    } else if (line == "----") {
      printing = true;
    } else if (printing) {
      cases.back().last_line = line;
    } else if (!line.starts_with("#")) {
      cases.push_back({line, ""});
    }
  }
  return cases;
}

// The comma-separated values of `key=(...)`; empty without the key.
std::vector<std::string> values_of(const std::string& command, const std::string& key) {
  const std::size_t at = command.find(" " + key + "=(");
  if (at == std::string::npos) return {};
  const std::size_t open = command.find('(', at);
  std::string inside = command.substr(open + 1, command.find(')', open) - open - 1);
  std::erase(inside, ' ');
  std::vector<std::string> values;
  std::istringstream in(inside);
  for (std::string value; std::getline(in, value, ',');) values.push_back(value);
  return values;
}

struct Asked {
  quorum::Configuration configuration;
  std::map<int, std::string> answers;  // By member; those that gave none left out.
};

// Voters become members in the order in which they are named first: their own numbers may be large.
Asked asked_in(const std::string& command, const std::string& answers_key) {
  Asked asked;
  std::vector<std::string> voters;
  const auto read = [&](const char* key, quorum::Members& members) {
    for (const std::string& voter : values_of(command, key)) {
      const auto known = std::find(voters.begin(), voters.end(), voter);
      const auto number = static_cast<int>(known - voters.begin());
      if (known == voters.end()) voters.push_back(voter);
      members = static_cast<quorum::Members>(members | quorum::member(number));
    }
  };
  read("cfg", asked.configuration.incoming);
  read("cfgj", asked.configuration.outgoing);
  const std::vector<std::string> answers = values_of(command, answers_key);
  for (std::size_t i = 0; i < std::min(voters.size(), answers.size()); ++i) {
    if (answers[i] != "_") asked.answers[static_cast<int>(i)] = answers[i];
  }
  return asked;
}

std::string vote_of(const std::string& command) {
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

std::string committed_of(const std::string& command) {
  const Asked asked = asked_in(command, "idx");
  std::array<std::uint64_t, quorum::max_members> match{};
  for (const auto& [member, answer] : asked.answers) match[static_cast<std::size_t>(member)] = std::stoull(answer);
  const std::uint64_t index = quorum::committed_index(match, asked.configuration);
  return index == quorum::everything ? "∞" : std::to_string(index);
}

int agreeing_cases(const std::string& name, const std::string& verb, std::string (*ours)(const std::string&)) {
  int agreeing = 0;
  for (const Case& theirs : cases_of(*peer_data("etcd-raft/quorum/testdata") / name)) {
    if (!theirs.command.starts_with(verb)) {
      ADD_FAILURE() << name << ": unknown command " << theirs.command;
      continue;
    }
    const std::string answer = ours(theirs.command);
    // An empty configuration is printed with a word before its infinity.
    const bool agrees = answer == "∞" ? theirs.last_line.ends_with(answer) : theirs.last_line == answer;
    EXPECT_TRUE(agrees) << name << ": " << theirs.command << "\nours: " << answer << ", theirs: " << theirs.last_line;
    agreeing += agrees ? 1 : 0;
  }
  return agreeing;
}

TEST(EtcdQuorum, VotesAreDecidedAsInEtcd) {
  if (!peer_data("etcd-raft/quorum/testdata")) GTEST_SKIP() << "NINES_PEER_DATA names no folder with etcd-raft/quorum/testdata";
  EXPECT_GE(agreeing_cases("majority_vote.txt", "vote", vote_of), 20);
  EXPECT_GE(agreeing_cases("joint_vote.txt", "vote", vote_of), 35);
}

TEST(EtcdQuorum, TheCommittedIndexIsEtcds) {
  if (!peer_data("etcd-raft/quorum/testdata")) GTEST_SKIP() << "NINES_PEER_DATA names no folder with etcd-raft/quorum/testdata";
  EXPECT_GE(agreeing_cases("majority_commit.txt", "committed", committed_of), 15);
  EXPECT_GE(agreeing_cases("joint_commit.txt", "committed", committed_of), 45);
}

}  // namespace
}  // namespace nines::real
