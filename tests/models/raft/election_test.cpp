// Elections by single steps. Sections are those of the Raft paper (Ongaro and Ousterhout 2014, extended version) unless said.
#include "models/raft/core.hpp"

#include <set>

#include <gtest/gtest.h>

#include "tests/models/raft/replica.hpp"

namespace nines::raft {
namespace election_test {

using testing_worlds::etcd;
using testing_worlds::raft_paper;
using testing_worlds::zeebe;

Profile plain() {  // The paper's rules with a fixed timeout, so that instants are known.
  Profile p = raft_paper();
  p.timeout_law = TimeoutLaw::fixed;
  return p;
}

// --- 5.1: terms ---

TEST(RaftElection, ALeaderStepsDownWhenAnAnswerCarriesAHigherTerm) {
  for (const Kind kind : {Kind::heartbeat_ack, Kind::append_ack}) {
    Replica replica(plain());
    elect(replica);
    Message answer = message(kind, 2, 9);
    answer.reject = true;
    replica.hears(answer);
    EXPECT_EQ(replica->role(), Role::follower);
    EXPECT_EQ(replica->term(), 9u);
    EXPECT_EQ(replica->leader(), nobody);
  }
}

// --- 5.2: elections ---

TEST(RaftElection, ACandidatesOwnVoteIsOnDiskBeforeAnybodyHearsOfIt) {
  Replica replica(plain());
  replica.times_out();
  EXPECT_TRUE(replica.out().now.empty());
  EXPECT_TRUE(replica.out().persist);
  EXPECT_EQ(replica->durable_term(), 0u);
  replica.writes();
  EXPECT_EQ(replica->durable_term(), 1u);
  EXPECT_EQ(replica->durable_vote(), 0);
}

TEST(RaftElection, AVoteCountsOnceHoweverOftenItArrives) {
  Replica replica(plain(), 5);
  replica.times_out();
  replica.writes();
  for (int i = 0; i < 5; ++i) replica.hears(vote_reply(1, 1, 1));
  EXPECT_EQ(replica->role(), Role::candidate);
  replica.hears(vote_reply(2, 1, 1));
  EXPECT_EQ(replica->role(), Role::leader);
}

// It must not forget whom it voted for: before its own vote is on disk it is not elected, whoever else is for it.
TEST(RaftElection, ACandidatesOwnVoteCountsOnceItIsOnDisk) {
  Replica replica(plain());
  replica.times_out();
  replica.hears(vote_reply(1, 1, 1));
  EXPECT_EQ(replica->role(), Role::candidate);
  replica.writes();
  EXPECT_EQ(replica->role(), Role::leader);
}

TEST(RaftElection, VotesOfAnEarlierCandidacyDoNotCount) {
  Replica replica(plain(), 5);
  replica.times_out();
  replica.times_out();
  replica.writes_all();
  replica.hears(vote_reply(1, 1, 1));
  replica.hears(vote_reply(2, 2, 1));  // The right term with the slot of another round.
  replica.hears(vote_reply(3, 2, 2));
  EXPECT_EQ(replica->role(), Role::candidate);
  replica.hears(vote_reply(4, 2, 2));
  EXPECT_EQ(replica->role(), Role::leader);
}

TEST(RaftElection, AVoteIsAnsweredOnceItIsOnDisk) {
  Replica replica(plain());
  replica.hears(vote_request(1, 1));
  EXPECT_TRUE(replica.out().now.empty());
  EXPECT_EQ(replica->durable_vote(), nobody);
  const std::vector<Message> answers = replica.writes();
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].to, 1);
  EXPECT_EQ(replica->durable_vote(), 1);
}

TEST(RaftElection, AGrantedVoteStartsTheWaitAgainAndARefusedOneDoesNot) {
  Replica replica(plain());
  give_log(replica, {1});
  replica.hears(at(40ms), vote_request(2, 2));  // Its log is empty.
  EXPECT_EQ(replica->deadline(), at(150ms));
  replica.hears(at(50ms), vote_request(2, 3, {1, 1}));
  EXPECT_EQ(replica->deadline(), at(200ms));
}

TEST(RaftElection, TwoLeadersInOneTermAreABrokenInvariant) {
  Replica replica(plain());
  elect(replica);
  EXPECT_THROW(replica.hears(heartbeat(2, 1)), BrokenInvariant);
}

// --- 5.2 and 9.3: timeouts ---

// etcd raft.go resetRandomizedElectionTimeout: E + Intn(E) ticks.
TEST(RaftElection, TickedTimeoutsAreBetweenEAndTwoEMinusOneTicks) {
  std::set<std::int64_t> drawn;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const Replica replica(etcd(PreVote::off), 3, 3, seed);
    drawn.insert((replica->deadline() - Instant{}) / 100ms);
    EXPECT_EQ((replica->deadline() - Instant{}) % 100ms, 0ns);
  }
  EXPECT_EQ(drawn.size(), 10u);  // 400 draws miss one of ten values with probability 5e-18.
  EXPECT_EQ(*drawn.begin(), 10);
  EXPECT_EQ(*drawn.rbegin(), 19);
}

TEST(RaftElection, EtcdKeepsItsTimeoutUntilTheTermChanges) {
  Replica replica(etcd(PreVote::off));
  replica.hears(at(0ms), heartbeat(1, 1));
  const Duration first = replica->deadline() - Instant{};
  for (std::uint64_t beat = 1; beat < 20; ++beat) {
    replica.hears(at(100ms * beat), heartbeat(1, 1, {}, 0, beat));
    EXPECT_EQ(replica->deadline() - replica.now(), first);
  }
  std::set<Duration> over_terms;
  for (Term term = 2; term < 40; ++term) {
    replica.hears(heartbeat(1, term));
    over_terms.insert(replica->deadline() - replica.now());
  }
  EXPECT_GT(over_terms.size(), 5u);
}

TEST(RaftElection, TicksComeAtTheProcessesOwnPhase) {
  Profile profile = etcd(PreVote::off);
  Identity identity;
  identity.members = 3;
  Core core(profile, identity, 30ms);
  Output out;
  core.restart(at(5ms), 30ms, out);
  EXPECT_EQ((core.deadline() - at(30ms)) % 100ms, 0ns);
  // The first tick comes 25 ms after the start and already counts.
  EXPECT_GE(core.deadline(), at(930ms));
}

// --- 5.4.1: who may be voted for ---

TEST(RaftElection, NobodyGetsAVoteInATermWhoseLeaderIsKnown) {
  Replica replica(plain());
  replica.hears(heartbeat(1, 2));
  replica.hears(vote_request(2, 2, {5, 2}));
  EXPECT_TRUE(replica.out().now[0].reject);
}

// --- A majority's refusal ---

TEST(RaftElection, ARefusedCandidateFollowsAtOnceWhereTheProfileYields) {
  Profile yields = plain();
  yields.candidate_yields = true;
  Replica replica(yields, 5);
  replica.times_out();
  replica.hears(vote_reply(1, 1, 1, Answer::no));
  replica.hears(vote_reply(2, 1, 1, Answer::no));
  EXPECT_EQ(replica->role(), Role::candidate);
  replica.hears(vote_reply(3, 1, 1, Answer::no));
  EXPECT_EQ(replica->role(), Role::follower);

  Replica stubborn(plain(), 5);  // Raft paper: it waits for its timer.
  stubborn.times_out();
  for (Member m = 1; m < 5; ++m) stubborn.hears(vote_reply(m, 1, 1, Answer::no));
  EXPECT_EQ(stubborn->role(), Role::candidate);
}

// --- Pre-vote (Ongaro 2014, 9.6) ---

TEST(RaftPreVote, AsksFirstWithoutChangingTermOrVote) {
  Replica replica(continuous(etcd(PreVote::freshness)));
  replica.times_out();
  EXPECT_EQ(replica->role(), Role::pre_candidate);
  EXPECT_EQ(replica->term(), 0u);
  EXPECT_EQ(replica->voted_for(), nobody);
  EXPECT_FALSE(replica.out().persist);  // It binds nobody.
  const std::vector<Message> asked = of_kind(replica.out().now, Kind::vote);
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_TRUE(asked[0].pre);
  EXPECT_EQ(asked[0].term, 1u);  // The term it would have.
}

TEST(RaftPreVote, AMajoritysYesStartsTheElection) {
  Replica replica(continuous(etcd(PreVote::freshness)), 5);
  replica.times_out();
  replica.hears(pre_vote_reply(1, 1, 1));
  EXPECT_EQ(replica->role(), Role::pre_candidate);
  replica.hears(pre_vote_reply(2, 1, 1));
  EXPECT_EQ(replica->role(), Role::candidate);
  EXPECT_EQ(replica->term(), 1u);
  replica.hears(pre_vote_reply(3, 1, 1));  // Late, and no vote.
  replica.hears(pre_vote_reply(4, 1, 1));
  EXPECT_EQ(replica->role(), Role::candidate);
}

TEST(RaftPreVote, GivingAPreVoteChangesNothing) {
  Replica replica(continuous(etcd(PreVote::freshness)));
  const Instant deadline = replica->deadline();
  replica.hears(at(10ms), pre_vote_request(1, 5));
  ASSERT_EQ(replica.out().now.size(), 1u);
  EXPECT_FALSE(replica.out().now[0].reject);
  EXPECT_EQ(replica.out().now[0].term, 5u);
  EXPECT_EQ(replica->term(), 0u);
  EXPECT_EQ(replica->voted_for(), nobody);
  EXPECT_EQ(replica->deadline(), deadline);
  replica.hears(pre_vote_request(2, 5));  // It may be given to many.
  EXPECT_FALSE(replica.out().now[0].reject);
}

// etcd raft.go Step: in the lease of its leader a member does not answer at all.
TEST(RaftPreVote, WithFreshnessAMemberThatHearsItsLeaderDoesNotHelpToUnseatIt) {
  Profile no_lease = continuous(etcd(PreVote::freshness));
  no_lease.vote_lease = VoteLease::off;
  for (const bool lease : {true, false}) {
    Replica replica(lease ? continuous(etcd(PreVote::freshness)) : no_lease);
    replica.hears(at(0ms), heartbeat(1, 1));
    replica.hears(at(999ms), pre_vote_request(2, 2));
    if (lease) {
      EXPECT_TRUE(replica.out().now.empty());
    } else {
      EXPECT_TRUE(replica.out().now[0].reject);
    }
    replica.hears(at(1000ms), pre_vote_request(2, 2));
    ASSERT_EQ(replica.out().now.size(), 1u);
    EXPECT_FALSE(replica.out().now[0].reject);
  }
}

// hashicorp/raft raft.go: the leader is forgotten by the follower's own heartbeat timer, which is random.
TEST(RaftPreVote, AMemberMayTrustItsLeaderUntilItsOwnWaitIsOver) {
  Profile profile = continuous(etcd(PreVote::freshness));
  profile.timeout_law = TimeoutLaw::uniform;
  profile.election_timeout_max = 2s;
  profile.trust = Trust::own_wait;
  Replica replica(profile);
  replica.hears(at(0ms), heartbeat(1, 1));
  const Instant own = replica->deadline();
  ASSERT_GT(own, at(1000ms)) << "the wait is drawn, and longer than the shortest";
  replica.hears(own - 1ms, pre_vote_request(2, 2));
  EXPECT_TRUE(replica.out().now.empty()) << "within the lease it does not even answer";
  replica.times_out();
  EXPECT_EQ(replica->leader(), nobody);
  replica.hears(own + 1ms, pre_vote_request(2, 2));
  ASSERT_EQ(replica.out().now.size(), 1u);
  EXPECT_FALSE(replica.out().now[0].reject);
}

TEST(RaftPreVote, AWitnessThatTrustsUntilItsOwnWaitIsOverForgetsItsLeaderThen) {
  Profile profile = continuous(etcd(PreVote::freshness));
  profile.trust = Trust::own_wait;
  quorum::Configuration configuration;
  configuration.incoming = quorum::first_members(3);
  configuration.witnesses = quorum::member(0);
  Identity identity;
  identity.members = 3;
  identity.configuration = configuration;
  Replica replica(profile, identity);
  replica.hears(at(0ms), heartbeat(1, 1));
  replica.times_out();
  EXPECT_EQ(replica->role(), Role::follower);
  replica.hears(pre_vote_request(2, 2));
  ASSERT_EQ(replica.out().now.size(), 1u);
  EXPECT_FALSE(replica.out().now[0].reject) << "it never campaigns, so it must not keep others from it for ever";
}

// Zeebe PassiveRole and ActiveRole, poll: term and log are compared, a live leader is not asked for.
TEST(RaftPreVote, ByTheLogAloneAMemberPromisesItsVoteWhileItsLeaderLives) {
  Replica replica(zeebe());
  replica.hears(at(0ms), heartbeat(1, 1));
  replica.hears(at(1ms), pre_vote_request(2, 2));
  EXPECT_FALSE(replica.out().now[0].reject);
}

TEST(RaftPreVote, ALeaderRefuses) {
  Replica replica(zeebe());
  elect(replica);
  ASSERT_EQ(replica->role(), Role::leader);
  replica.hears(pre_vote_request(2, 2, {9, 1}));
  EXPECT_TRUE(replica.out().now[0].reject);
  EXPECT_EQ(replica->role(), Role::leader);
}

// etcd raft.go Step: it answers like anybody else, unless check-quorum gives it a lease.
TEST(RaftPreVote, ALeaderPromisesItsVoteToALogAsNewAsItsOwnWhereTheProfileSaysSo) {
  for (const VoteLease lease : {VoteLease::off, VoteLease::ignore}) {
    Profile profile = continuous(etcd(PreVote::log_only));
    profile.vote_lease = lease;
    Replica replica(profile);
    elect(replica);
    ASSERT_EQ(replica->role(), Role::leader);
    replica.hears(pre_vote_request(2, 2, {9, 1}));
    ASSERT_EQ(replica.out().now.size(), lease == VoteLease::off ? 1u : 0u);
    if (lease == VoteLease::ignore) continue;
    EXPECT_FALSE(replica.out().now[0].reject);
    EXPECT_EQ(replica->role(), Role::leader);
    replica.hears(pre_vote_request(2, 2, {0, 0}));
    EXPECT_TRUE(replica.out().now[0].reject);
  }
}

TEST(RaftPreVote, ACandidateBehindLearnsTheTermFromTheRefusal) {
  Replica replica(continuous(etcd(PreVote::freshness)));
  replica.times_out();
  replica.hears(pre_vote_reply(1, 6, 1, Answer::no));
  EXPECT_EQ(replica->role(), Role::follower);
  EXPECT_EQ(replica->term(), 6u);
}

TEST(RaftPreVote, AMajoritysNoEndsThePoll) {
  Replica replica(zeebe());
  replica.times_out();
  const Instant asked = replica.now();
  replica.at(asked + 1ms);
  replica.hears(pre_vote_reply(1, 0, 1, Answer::no));
  EXPECT_EQ(replica->role(), Role::pre_candidate);
  replica.hears(pre_vote_reply(2, 0, 1, Answer::no));
  EXPECT_EQ(replica->role(), Role::follower);
  EXPECT_EQ(replica->deadline(), asked + 1ms + 2500ms);  // A whole new wait.
}

// --- Leases (etcd, with check-quorum) ---

TEST(RaftLease, AMemberThatHearsItsLeaderIgnoresARequestOfAHigherTerm) {
  Replica replica(continuous(etcd(PreVote::off)));
  replica.hears(at(0ms), heartbeat(1, 1));
  replica.hears(at(999ms), vote_request(2, 5, {9, 4}));
  EXPECT_EQ(replica->term(), 1u);
  EXPECT_TRUE(replica.out().now.empty());
  EXPECT_FALSE(replica.out().persist);
  replica.hears(at(1000ms), vote_request(2, 5, {9, 4}));
  EXPECT_EQ(replica->term(), 5u);
  EXPECT_EQ(replica->voted_for(), 2);
}

TEST(RaftLease, ALeaderIgnoresItTooAsLongAsItsQuorumAnswers) {
  Replica replica(continuous(etcd(PreVote::off)));
  elect(replica);
  replica.hears(vote_request(2, 5, {9, 4}));
  EXPECT_EQ(replica->role(), Role::leader);
}

TEST(RaftLease, DoesNotApplyToATransferThatTheLeaderAskedFor) {
  Replica replica(continuous(etcd(PreVote::off)));
  replica.hears(at(0ms), heartbeat(1, 1));
  Message request = vote_request(2, 2, {1, 1});
  request.transfer = true;
  replica.hears(at(1ms), request);
  EXPECT_EQ(replica->voted_for(), 2);
}

TEST(RaftLease, WithoutItAReturningMembersHigherTermUnseatsTheLeader) {
  Replica replica(plain());
  elect(replica);
  replica.hears(vote_request(2, 5));
  EXPECT_EQ(replica->role(), Role::follower);
  EXPECT_EQ(replica->term(), 5u);
}

// --- Zeebe's priority timer (PriorityElectionTimer.java) ---

TEST(RaftPriority, EachStepBelowTheTargetWaitsOneMoreTimeout) {
  for (const int priority : {5, 4, 3, 2, 1}) {
    Replica replica(zeebe(), 5, priority);
    replica.hears(at(1s), heartbeat(1, 1));
    while (replica->role() == Role::follower) replica.times_out();
    EXPECT_EQ(replica.now(), at(1s) + (6 - priority) * 2500ms) << priority;
  }
}

TEST(RaftPriority, ContactResetsTheTarget) {
  Replica replica(zeebe(), 3, 2);
  replica.hears(at(0s), heartbeat(1, 1));
  replica.times_out();  // Lowers the target to 2.
  replica.hears(at(3s), heartbeat(1, 1, {}, 0, 1));
  replica.times_out();
  EXPECT_EQ(replica->role(), Role::follower);
  replica.times_out();
  EXPECT_EQ(replica->role(), Role::pre_candidate);
  EXPECT_EQ(replica.now(), at(8s));
}

// Zeebe CandidateRole.java: a vote round lasts 2.5 to 5 s, is tried once more, and then it follows again.
TEST(RaftPriority, TwoCandidaciesInARowAndThenAFollowerAgain) {
  Replica replica(zeebe());
  replica.times_out();
  replica.hears(pre_vote_reply(1, 1, 1));
  ASSERT_EQ(replica->role(), Role::candidate);
  for (const Term term : {1u, 2u}) {
    EXPECT_EQ(replica->term(), term);
    EXPECT_GE(replica->deadline() - replica.now(), 2500ms);
    EXPECT_LT(replica->deadline() - replica.now(), 5s);
    replica.times_out();
  }
  EXPECT_EQ(replica->role(), Role::follower);
  EXPECT_EQ(replica->term(), 2u);
  EXPECT_EQ(replica->deadline() - replica.now(), 2500ms);
}

TEST(RaftPriority, APollThatNobodyAnswersEndsAfterItsTimeout) {
  Replica replica(zeebe());
  replica.times_out();
  ASSERT_EQ(replica->role(), Role::pre_candidate);
  replica.times_out();
  EXPECT_EQ(replica->role(), Role::follower);
  EXPECT_EQ(replica.now(), at(5s));
  replica.times_out();
  EXPECT_EQ(replica->role(), Role::pre_candidate);
  EXPECT_EQ(replica.now(), at(7500ms));
}

// --- Hand-over (Ongaro 2014, 3.10) ---

TEST(RaftHandOver, TheFollowerThatIsToldStartsAnElectionAtOnceAndWithoutPreVote) {
  Replica replica(continuous(etcd(PreVote::freshness)));
  replica.hears(at(0ms), heartbeat(1, 1));
  replica.hears(at(1ms), message(Kind::timeout_now, 1, 1));
  EXPECT_EQ(replica->role(), Role::candidate);
  EXPECT_EQ(replica->term(), 2u);
  for (const Message& m : replica.writes()) EXPECT_TRUE(m.transfer);
}

TEST(RaftHandOver, AnOldLeadersWordIsIgnored) {
  Replica replica(continuous(etcd(PreVote::freshness)));
  replica.hears(heartbeat(1, 3));
  replica.hears(message(Kind::timeout_now, 2, 2));
  EXPECT_EQ(replica->role(), Role::follower);
}

}  // namespace election_test
}  // namespace nines::raft
