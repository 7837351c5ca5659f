// The safety checker can fail: each forged history breaks one property, and the checker names it.
#include <gtest/gtest.h>

#include "scenarios/fuzz/safety.hpp"

namespace nines {
namespace checker_test {

using fuzz::Promise;
using fuzz::Safety;
using raft::Role;
using raft::Term;

// What a view shows, with a log of its own.
struct Replica : fuzz::View {
  std::vector<raft::Run> log;
};

std::vector<raft::Run> log_of(const std::vector<Term>& terms) {
  std::vector<raft::Run> log;
  for (const Term term : terms) {
    if (log.empty() || log.back().term != term) log.push_back(raft::Run{log.empty() ? 1 : log.back().first + log.back().count, term, 0, 0});
    ++log.back().count;
  }
  return log;
}

// Everything on disk: a replica of that term and log.
Replica replica(Term term, const std::vector<Term>& terms, raft::Member vote) {
  Replica r;
  r.term = r.durable_term = term;
  r.vote = r.durable_vote = vote;
  r.log = log_of(terms);
  r.durable = terms.size();
  return r;
}

// Three replicas, the first leads term 1 with two committed entries; forged from there.
class Forged : public ::testing::Test {
 protected:
  Forged() {
    for (int m = 0; m < 3; ++m) group.push_back(replica(1, {1, 1}, 0));
    group[0].role = Role::leader;
    for (Replica& r : group) r.commit = 2;
    look();
  }
  std::vector<fuzz::View> views() const {
    std::vector<fuzz::View> all(group.begin(), group.end());
    for (std::size_t m = 0; m < all.size(); ++m) all[m].log = group[m].log;
    return all;
  }
  void look() { checker.look(Instant{} + 1s * ++step, views()); }
  void expect(const std::string& property) const {
    ASSERT_FALSE(checker.violations().empty()) << "not noticed: " << property;
    EXPECT_NE(checker.violations()[0].text().find(property), std::string::npos) << checker.violations()[0].text();
  }
  // Member 1 votes for itself, with member 2, and leads term 2.
  void elect_the_second() {
    for (const std::size_t m : {1u, 2u}) {
      group[m].term = group[m].durable_term = 2;
      group[m].vote = group[m].durable_vote = 1;
    }
    look();
    group[1].role = Role::leader;
    group[1].log = log_of({1, 1, 2});
    look();
  }

  Safety checker{3};
  std::vector<Replica> group;
  int step = 0;
};

TEST_F(Forged, AnHonestHistoryPasses) {
  elect_the_second();
  group[1].durable = group[2].durable = 3;
  group[2].log = log_of({1, 1, 2});
  look();
  group[1].commit = 3;
  look();
  group[0].alive = false;  // The old leader crashes and comes back as it was.
  look();
  group[0].alive = true;
  group[0].role = Role::follower;
  group[0].commit = 0;
  look();
  group[0].term = group[0].durable_term = 2;
  group[0].vote = group[0].durable_vote = raft::nobody;
  group[0].log = log_of({1, 1, 2});
  group[0].durable = 3;
  look();
  group[0].commit = 3;
  look();
  EXPECT_TRUE(checker.violations().empty()) << checker.violations()[0].text();
  EXPECT_EQ(checker.elections(), 2u);
  EXPECT_EQ(checker.committed(), 3u);
}

TEST_F(Forged, TwoLeadersInOneTerm) {
  elect_the_second();
  group[0].term = group[0].durable_term = 2;
  group[0].vote = group[0].durable_vote = 0;
  group[0].role = Role::follower;
  look();
  ASSERT_TRUE(checker.violations().empty());
  group[0].role = Role::leader;
  look();
  expect("election safety");
}

TEST_F(Forged, TwoLeadersInOneTermOneAfterTheOther) {
  elect_the_second();
  group[1].role = Role::follower;
  look();
  checker.led(2, 2);
  expect("election safety");
}

TEST_F(Forged, ALeaderThatReplacesItsOwnEntries) {
  group[0].log = log_of({1, 1, 1});
  look();
  group[0].log = log_of({1, 1});
  look();
  expect("leader append-only");
}

TEST_F(Forged, EntriesOfOneTermInTwoPlaces) {
  group[1].log = log_of({1, 1, 3});
  look();
  group[2].log = log_of({1, 1, 1, 3});
  look();
  expect("log matching");
}

TEST_F(Forged, EntriesOfOneTermAfterDifferentOnes) {
  group[1].log = log_of({1, 1, 2, 4});
  look();
  group[2].log = log_of({1, 1, 3, 4});
  look();
  expect("log matching");
}

TEST_F(Forged, ALogWithAGap) {
  group[1].log.push_back(raft::Run{5, 2, 1, 0});
  look();
  expect("gap");
}

TEST_F(Forged, TermsThatFallWithinALog) {
  group[1].log = log_of({1, 1, 5, 3});
  look();
  expect("terms of its log fall");
}

TEST_F(Forged, ALeaderWithoutACommittedEntry) {
  group[2].alive = false;
  look();
  group[0].log = group[1].log = log_of({1, 1, 1});
  group[0].durable = group[1].durable = 3;
  group[0].commit = 3;
  look();
  group[2].alive = true;  // It misses the third entry, and is elected by two voters that should have refused it.
  group[2].commit = 0;
  look();
  for (const std::size_t m : {1u, 2u}) {
    group[m].term = group[m].durable_term = 2;
    group[m].vote = group[m].durable_vote = 2;
  }
  look();
  ASSERT_TRUE(checker.violations().empty()) << checker.violations()[0].text();
  group[2].role = Role::leader;
  look();
  expect("leader completeness");
}

TEST_F(Forged, AnOldLeaderThatCommitsWhatTheNewOneNeverHad) {
  elect_the_second();
  group[0].log = log_of({1, 1, 1});
  group[0].durable = 3;
  look();
  ASSERT_TRUE(checker.violations().empty());
  group[0].commit = 3;
  look();
  expect("leader completeness");
}

TEST_F(Forged, TwoReplicasThatCommitDifferentEntriesAtOnePlace) {
  elect_the_second();
  group[1].durable = group[2].durable = 3;
  group[2].log = log_of({1, 1, 2});
  group[1].commit = 3;
  look();
  group[0].log = log_of({1, 1, 1});
  look();
  group[0].commit = 3;
  look();
  expect("state-machine safety");
}

TEST_F(Forged, ACommittedEntryThatIsLost) {
  for (const std::size_t m : {0u, 1u}) group[m].log = log_of({1});  // A majority's disks forget it.
  for (const std::size_t m : {0u, 1u}) group[m].durable = 1;
  group[0].role = Role::follower;
  for (const std::size_t m : {0u, 1u}) group[m].commit = 1;
  look();
  bool noticed = false;
  for (const fuzz::Violation& violation : checker.violations()) noticed = noticed || violation.property == "committed is durable";
  EXPECT_TRUE(noticed);
}

TEST_F(Forged, EntriesTakenForDurableThatAnotherWriteHasReplacedOnTheDisk) {
  for (const raft::Member m : {raft::Member{0}, raft::Member{1}, raft::Member{2}}) checker.wrote(m, 2, 1);
  group[1].log = log_of({1, 1, 2});
  group[1].durable = 3;
  checker.wrote(1, 3, 2);
  look();
  ASSERT_TRUE(checker.violations().empty()) << checker.violations()[0].text();
  checker.wrote(1, 1, 1);  // It was there, and takes nothing away.
  look();
  ASSERT_TRUE(checker.violations().empty()) << checker.violations()[0].text();
  group[2].log = log_of({1, 1, 1});
  look();
  checker.wrote(1, 3, 1);
  look();
  expect("takes entry 3 of term 2 for durable");
}

TEST_F(Forged, EntriesTakenForDurableBeforeTheyAreWritten) {
  for (const raft::Member m : {raft::Member{0}, raft::Member{1}, raft::Member{2}}) checker.wrote(m, 2, 1);
  group[1].log = log_of({1, 1, 2});
  look();
  ASSERT_TRUE(checker.violations().empty()) << checker.violations()[0].text();
  group[1].durable = 3;
  look();
  expect("takes entry 3 of term 2 for durable");
}

TEST_F(Forged, AnEntryCommittedBeforeItIsOnAMajoritysDisks) {
  group[0].log = group[1].log = log_of({1, 1, 1});
  group[0].durable = 3;
  group[0].commit = 3;
  look();
  expect("committed is durable");
}

TEST_F(Forged, ACommitInMemoryIsFineWhereTheProfilePromisesNoMore) {
  Safety lenient(3, Promise::in_memory);
  lenient.look(Instant{}, views());
  group[0].log = group[1].log = log_of({1, 1, 1});
  group[0].commit = 3;
  lenient.look(Instant{} + 1s, views());
  EXPECT_TRUE(lenient.violations().empty());
}

TEST_F(Forged, AVoteForgottenOverARestart) {
  group[2].alive = false;
  look();
  group[2].alive = true;
  group[2].vote = raft::nobody;
  group[2].commit = 0;
  look();
  expect("another vote than the one on its disk");
}

TEST_F(Forged, ATermForgottenOverARestart) {
  group[2].alive = false;
  look();
  group[2].alive = true;
  group[2].term = 0;
  group[2].commit = 0;
  look();
  expect("another term than the one on its disk");
}

TEST_F(Forged, ALogThatRemembersMoreThanItsDisk) {
  group[2].log = log_of({1, 1, 1});
  look();
  group[2].alive = false;
  look();
  group[2].alive = true;
  group[2].commit = 0;
  look();
  expect("another log than the one on its disk");
}

TEST_F(Forged, ADiskThatChangesWhileItsBrokerIsDown) {
  group[2].alive = false;
  look();
  group[2].durable = 1;
  look();
  expect("its disk changed while it was stopped");
}

TEST_F(Forged, ALeaderThatRestartsAsOne) {
  group[0].alive = false;
  look();
  group[0].alive = true;
  look();
  expect("restarted as something else than a follower");
}

TEST_F(Forged, AVoteThatChangesWithinATerm) {
  group[2].vote = 1;
  look();
  expect("changed its vote within a term");
}

TEST_F(Forged, ATermThatFalls) {
  group[2].term = 0;
  look();
  expect("its term fell");
}

TEST_F(Forged, ACommitIndexThatFalls) {
  group[2].commit = 1;
  look();
  expect("its commit index fell");
}

TEST_F(Forged, ACommitBeyondTheLog) {
  group[2].commit = 7;
  look();
  expect("committed more than its log holds");
}

TEST_F(Forged, ALeaderWhoseVotesWereNeverOnDisk) {
  for (const std::size_t m : {1u, 2u}) {
    group[m].term = 2;
    group[m].vote = 1;
  }
  group[1].durable_term = 2;
  group[1].durable_vote = 1;
  look();
  group[1].role = Role::leader;
  look();
  expect("too few votes on disks");
}

}  // namespace checker_test
}  // namespace nines
