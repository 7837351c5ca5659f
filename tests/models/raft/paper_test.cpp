// What the Raft paper (Ongaro and Ousterhout 2014, extended version) says of followers, candidates and leaders, test by test under the names of
// etcd-io/raft's raft_paper_test.go. Their timers are counted in ticks of ten to an election timeout; ours are instants.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/raft/core.hpp"
#include "tests/models/raft/replica.hpp"

namespace nines::raft {
namespace paper_test {

using testing_worlds::etcd;
using testing_worlds::raft_paper;
using testing_worlds::zeebe;

// The paper's rules; a fixed timeout, so that instants are known.
Profile plain() {
  Profile p = raft_paper();
  p.timeout_law = TimeoutLaw::fixed;
  p.append_window = 4;
  p.probe_after_election = false;
  return p;
}

Profile probing() {
  Profile p = plain();
  p.probe_after_election = true;
  return p;
}

std::vector<Term> terms_of(const Log& log) {
  std::vector<Term> terms;
  for (Index i = 1; i <= log.last_index(); ++i) terms.push_back(log.term_at(i));
  return terms;
}

// --- 5.1: terms ---

// Whoever sees a higher term takes it; a candidate or leader becomes a follower.
void updates_term_from_message(Role role) {
  for (const Message& word : {heartbeat(1, 7), append(1, 7, {}, 1, 7)}) {
    Replica replica(plain());
    if (role == Role::candidate) replica.times_out();
    if (role == Role::leader) elect(replica);
    ASSERT_EQ(replica->role(), role);
    replica.hears(word);
    EXPECT_EQ(replica->role(), Role::follower);
    EXPECT_EQ(replica->term(), 7u);
    EXPECT_EQ(replica->leader(), 1);
    EXPECT_EQ(replica->voted_for(), nobody);
  }
}
TEST(RaftPaper, FollowerUpdateTermFromMessage) { updates_term_from_message(Role::follower); }
TEST(RaftPaper, CandidateUpdateTermFromMessage) { updates_term_from_message(Role::candidate); }
TEST(RaftPaper, LeaderUpdateTermFromMessage) { updates_term_from_message(Role::leader); }

// It changes nothing and is answered with the present term; in etcd, which has other ways to tell, not at all.
TEST(RaftPaper, RejectStaleTermMessage) {
  for (const bool answers : {true, false}) {
    Profile profile = plain();
    profile.answers_stale_votes = profile.answers_stale_leaders = answers;
    Replica replica(profile);
    replica.hears(heartbeat(1, 3));
    const Instant deadline = replica->deadline();
    replica.at(at(10ms));
    for (const Message& old : {heartbeat(2, 2), append(2, 2, {}, 1, 2), vote_request(2, 2), pre_vote_request(2, 2)}) {
      replica.hears(old);
      EXPECT_EQ(replica->term(), 3u);
      EXPECT_EQ(replica->leader(), 1);
      EXPECT_EQ(replica->log().last_index(), 0u);
      EXPECT_EQ(replica->deadline(), deadline);
      ASSERT_EQ(replica.out().now.size(), answers || old.pre ? 1u : 0u);
      if (replica.out().now.empty()) continue;
      EXPECT_EQ(replica.out().now[0].term, 3u);
      EXPECT_EQ(replica.out().now[0].kind, old.kind == Kind::vote ? Kind::vote_reply : Kind::append_ack);
      EXPECT_EQ(replica.out().now[0].reject, old.kind == Kind::vote);
      EXPECT_EQ(replica.out().now[0].index, 0u) << "it says nothing of the log";
    }
    replica.hears(vote_reply(2, 2, 0));
    EXPECT_TRUE(replica.out().now.empty());
  }
}

// --- 5.2: elections ---

TEST(RaftPaper, StartAsFollower) {
  const Replica replica(plain());
  EXPECT_EQ(replica->role(), Role::follower);
  EXPECT_EQ(replica->leader(), nobody);
  EXPECT_EQ(replica->deadline(), at(150ms));
}

// To all followers, at its interval from the election on, whatever else it sends.
TEST(RaftPaper, LeaderBcastBeat) {
  Replica replica(plain(), 5);
  elect(replica);
  const Instant elected = replica.now();
  for (int beat = 1; beat <= 4; ++beat) {
    replica.proposes(10);
    replica.times_out();
    EXPECT_EQ(replica.now(), elected + beat * 75ms);
    const std::vector<Message> beats = of_kind(replica.out().now, Kind::heartbeat);
    ASSERT_EQ(beats.size(), 4u);
    for (Member to = 1; to < 5; ++to) {
      EXPECT_EQ(beats[to - 1u].to, to);
      EXPECT_EQ(beats[to - 1u].term, 1u);
      EXPECT_EQ(beats[to - 1u].slot, static_cast<std::uint64_t>(beat - 1));
    }
  }
}

// Its timeout passes without a leader's word: a new term, its own vote, and a request to everybody else.
void starts_election(Replica& replica, Term term) {
  replica.times_out();
  EXPECT_EQ(replica->role(), Role::candidate);
  EXPECT_EQ(replica->term(), term);
  EXPECT_EQ(replica->voted_for(), 0);
  const std::vector<Message> asked = replica.writes();
  ASSERT_EQ(asked.size(), 2u);
  for (Member to = 1; to < 3; ++to) {
    EXPECT_EQ(asked[to - 1u].kind, Kind::vote);
    EXPECT_EQ(asked[to - 1u].to, to);
    EXPECT_EQ(asked[to - 1u].term, term);
  }
}
TEST(RaftPaper, FollowerStartElection) {
  Replica replica(plain());
  replica.hears(at(100ms), heartbeat(1, 2));
  EXPECT_EQ(replica->deadline(), at(250ms));
  starts_election(replica, 3);
}
TEST(RaftPaper, CandidateStartNewElection) {
  Replica replica(plain());
  starts_election(replica, 1);
  starts_election(replica, 2);
}

TEST(RaftPaper, LeaderElectionInOneRoundRPC) {
  struct Case {
    std::uint8_t members;
    int yes, no;
    Role role;
  };
  for (const Case& c : {Case{1, 0, 0, Role::leader}, Case{3, 2, 0, Role::leader}, Case{3, 1, 0, Role::leader}, Case{5, 4, 0, Role::leader},
                        Case{5, 3, 0, Role::leader}, Case{5, 2, 0, Role::leader}, Case{3, 0, 2, Role::candidate}, Case{5, 0, 4, Role::candidate},
                        Case{5, 1, 3, Role::candidate}, Case{3, 0, 0, Role::candidate}, Case{5, 1, 0, Role::candidate}, Case{3, 0, 1, Role::candidate},
                        Case{4, 1, 0, Role::candidate}, Case{4, 2, 1, Role::leader}, Case{5, 1, 2, Role::candidate}, Case{7, 3, 3, Role::leader}}) {
    Replica replica(plain(), c.members);
    replica.times_out();
    replica.writes();
    Member voter = 1;
    for (int i = 0; i < c.yes; ++i) replica.hears(vote_reply(voter++, 1, 1));
    for (int i = 0; i < c.no; ++i) replica.hears(vote_reply(voter++, 1, 1, Answer::no));
    EXPECT_EQ(replica->role(), c.role) << int{c.members} << ' ' << c.yes << ' ' << c.no;
    EXPECT_EQ(replica->term(), 1u);
  }
}

// One vote a term, first come first served; the same candidate is told again, for its answer may have been lost.
TEST(RaftPaper, FollowerVote) {
  for (const Member first : {Member{1}, Member{2}}) {
    const auto other = static_cast<Member>(3 - first);
    Replica replica(plain());
    replica.hears(vote_request(first, 1));
    EXPECT_EQ(replica->voted_for(), first);
    EXPECT_FALSE(replica.writes()[0].reject);
    replica.hears(vote_request(other, 1));
    ASSERT_EQ(replica.out().now.size(), 1u);
    EXPECT_TRUE(replica.out().now[0].reject);
    replica.hears(vote_request(first, 1));
    EXPECT_FALSE(replica.writes()[0].reject);
    replica.hears(vote_request(other, 2));
    EXPECT_EQ(replica->voted_for(), other) << "a new term, a new vote";
  }
}

// A leader's term that is at least as large as the candidate's makes it legitimate.
TEST(RaftPaper, CandidateFallback) {
  for (const Term term : {1u, 2u}) {
    for (const Message& word : {heartbeat(2, term), append(2, term, {}, 1, term)}) {
      Replica replica(plain());
      replica.times_out();
      ASSERT_EQ(replica->term(), 1u);
      replica.hears(word);
      EXPECT_EQ(replica->role(), Role::follower);
      EXPECT_EQ(replica->term(), term);
      EXPECT_EQ(replica->leader(), 2);
      EXPECT_EQ(replica->voted_for(), term == 1 ? 0 : nobody) << "its vote of a term stays given";
    }
  }
}

// 1000 draws from the range: each end's hundredth is missed with probability 4e-5.
void fills_the_range(const std::vector<Duration>& waits) {
  const auto [least, most] = std::minmax_element(waits.begin(), waits.end());
  EXPECT_GE(*least, 150ms);
  EXPECT_LT(*least, 151500us);
  EXPECT_LT(*most, 300ms);
  EXPECT_GT(*most, 298500us);
}
TEST(RaftPaper, FollowerElectionTimeoutRandomized) {
  Replica replica(raft_paper());
  std::vector<Duration> waits;
  for (std::uint64_t beat = 0; beat < 1000; ++beat) {
    replica.hears(at(1ms * beat), heartbeat(1, 1, {}, 0, beat));
    waits.push_back(replica->deadline() - replica.now());
  }
  fills_the_range(waits);
}
TEST(RaftPaper, CandidateElectionTimeoutRandomized) {
  Replica replica(raft_paper());
  std::vector<Duration> waits;
  for (int term = 0; term < 1000; ++term) {
    replica.times_out();
    waits.push_back(replica->deadline() - replica.now());
  }
  EXPECT_EQ(replica->term(), 1000u);
  fills_the_range(waits);
}

// Five servers that begin to wait together: in most rounds one alone is first. With etcd's ten possible ticks the first is not alone in
// 1 - 5 * sum((j / 10)^4, j = 0 .. 9) / 10 = 23.3 % of the rounds; 1000 rounds lie above 30 % with probability 3e-7.
void seldom_conflicts(Role role) {
  constexpr int rounds = 1000;
  int conflicts = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    std::vector<Instant> deadlines;
    for (std::uint64_t server = 0; server < 5; ++server) {
      Replica replica(etcd(PreVote::off), 5, 5, 5 * round + server);
      if (role == Role::candidate) {
        replica.at(at(0s));
        replica.does(Campaign{});
        ASSERT_EQ(replica->role(), Role::candidate);
      }
      deadlines.push_back(replica->deadline());
    }
    std::sort(deadlines.begin(), deadlines.end());
    if (deadlines[0] == deadlines[1]) ++conflicts;
  }
  EXPECT_LT(conflicts, rounds * 30 / 100);
  EXPECT_GT(conflicts, rounds * 17 / 100);
}
TEST(RaftPaper, FollowersElectionTimeoutNonconflict) { seldom_conflicts(Role::follower); }
TEST(RaftPaper, CandidatesElectionTimeoutNonconflict) { seldom_conflicts(Role::candidate); }

// --- 5.3: replication ---

// What is proposed is appended and sent to all, with the entry before it; nothing is committed by that.
TEST(RaftPaper, LeaderStartReplication) {
  Replica replica(plain());
  elect(replica);
  replica.writes_all();
  replica.hears(append_ack(1, 1, 1));
  ASSERT_EQ(replica->commit(), 1u);
  replica.proposes(1, 100);
  EXPECT_EQ(replica->log().last_index(), 2u);
  EXPECT_EQ(replica->log().last_term(), 1u);
  EXPECT_EQ(replica->commit(), 1u);
  const std::vector<Message> sent = of_kind(replica.out().now, Kind::append);
  ASSERT_EQ(sent.size(), 2u);
  for (Member to = 1; to < 3; ++to) {
    const Message& m = sent[to - 1u];
    EXPECT_EQ(m.to, to);
    EXPECT_EQ(m.index, 1u);
    EXPECT_EQ(m.log_term, 1u);
    EXPECT_EQ(m.commit, 1u);
    EXPECT_EQ(m.entries, 1u);
    EXPECT_EQ(m.entries_term, 1u);
    EXPECT_EQ(m.bytes, 100);
  }
}

// Committed is what a majority holds; the followers are told with the next message or, where the profile announces, at once.
TEST(RaftPaper, LeaderCommitEntry) {
  for (const bool announces : {false, true}) {
    Profile profile = plain();
    profile.announce_commit = announces;
    Replica replica(profile);
    elect(replica);
    replica.writes_all();
    replica.hears(append_ack(1, 1, 1));
    ASSERT_EQ(replica->commit(), 1u);
    EXPECT_EQ(replica->applied(), 1u);
    std::vector<Message> told = of_kind(replica.out().now, Kind::append);
    ASSERT_EQ(told.size(), announces ? 2u : 0u);
    replica.proposes();
    for (const Message& m : of_kind(replica.out().now, Kind::append)) told.push_back(m);
    replica.times_out();
    for (const Message& m : of_kind(replica.out().now, Kind::heartbeat)) told.push_back(m);
    ASSERT_EQ(told.size(), announces ? 6u : 4u);
    for (const Message& m : told) EXPECT_EQ(m.commit, 1u);
  }
}

TEST(RaftPaper, LeaderAcknowledgeCommit) {
  struct Case {
    std::uint8_t members;
    int acks;
    bool committed;
  };
  for (const Case& c : {Case{1, 0, true}, Case{3, 0, false}, Case{3, 1, true}, Case{3, 2, true}, Case{4, 1, false}, Case{4, 2, true},
                        Case{5, 0, false}, Case{5, 1, false}, Case{5, 2, true}, Case{5, 3, true}, Case{5, 4, true}}) {
    Replica replica(plain(), c.members, c.members);
    give_log(replica, {1, 1});
    if (c.members == 1) replica.restarts(at(0ms));
    elect(replica);
    replica.writes_all();
    for (int i = 0; i < c.acks; ++i) replica.hears(append_ack(static_cast<Member>(i + 1), 2, 3));
    EXPECT_EQ(replica->commit(), c.committed ? 3u : 0u) << int{c.members} << ' ' << c.acks;
    EXPECT_EQ(replica->committed_in_term(), c.committed);
  }
}

// With its own entry a leader commits everything before it, also what earlier leaders left.
TEST(RaftPaper, LeaderCommitPrecedingEntries) {
  for (const std::vector<Term>& before : std::vector<std::vector<Term>>{{}, {2}, {1, 2}, {1}}) {
    Replica replica(plain());
    give_log(replica, before);
    replica.hears(heartbeat(1, 2));
    elect(replica);
    ASSERT_EQ(replica->term(), 3u);
    replica.proposes();
    replica.writes_all();
    replica.hears(append_ack(1, 3, before.size() + 2));
    EXPECT_EQ(replica->commit(), before.size() + 2);
    EXPECT_EQ(replica->applied(), before.size() + 2);
    std::vector<Term> expected = before;
    expected.insert(expected.end(), {3, 3});
    EXPECT_EQ(terms_of(replica->log()), expected);
  }
}

// A follower applies what it learns to be committed, in the order of the log and once it holds it.
TEST(RaftPaper, FollowerCommitEntry) {
  for (const std::uint32_t entries : {1u, 2u, 4u}) {
    for (Index commit = 0; commit <= entries; ++commit) {
      Replica replica(plain());
      replica.hears(append(1, 1, {}, entries, 1, commit));
      EXPECT_EQ(replica->commit(), commit);
      EXPECT_EQ(replica->applied(), 0u) << "it is not on disk yet";
      replica.writes_all();
      EXPECT_EQ(replica->applied(), commit);
      replica.hears(heartbeat(1, 1, {entries, 1}, entries));
      EXPECT_EQ(replica->applied(), entries);
    }
  }
}

// The consistency check: the entry before must be there, with that term; a refusal says where to try.
TEST(RaftPaper, FollowerCheckMsgApp) {
  struct Case {
    Entry before;
    bool accepted;
    Index hint;
  };
  for (const Case& c :
       {Case{{0, 0}, true, 0}, Case{{1, 1}, true, 0}, Case{{2, 2}, true, 0}, Case{{1, 4}, false, 1}, Case{{3, 3}, false, 2}, Case{{2, 1}, false, 1}}) {
    Replica replica(plain());
    give_log(replica, {1, 2});
    replica.hears(append(1, 4, c.before, 1, 4));
    const std::vector<Message> refusals = of_kind(replica.out().now, Kind::append_ack);
    ASSERT_EQ(refusals.empty(), c.accepted) << c.before.index << ' ' << c.before.term;
    if (c.accepted) {
      EXPECT_EQ(replica.writes()[0].index, c.before.index + 1);
      continue;
    }
    EXPECT_TRUE(refusals[0].reject);
    EXPECT_EQ(refusals[0].index, c.hint) << c.before.index << ' ' << c.before.term;
    EXPECT_EQ(refusals[0].commit, c.before.index);
    EXPECT_EQ(terms_of(replica->log()), (std::vector<Term>{1, 2}));
  }
}

// What conflicts is deleted with everything after it; what is there already stays.
TEST(RaftPaper, FollowerAppendEntries) {
  struct Case {
    Entry before;
    std::uint32_t entries;
    Term term;
    std::vector<Term> after;
  };
  for (const Case& c : {Case{{3, 3}, 1, 4, {1, 2, 3, 4}}, Case{{1, 1}, 2, 3, {1, 3, 3}}, Case{{0, 0}, 1, 1, {1, 2, 3}}, Case{{0, 0}, 1, 3, {3}},
                        Case{{1, 1}, 1, 2, {1, 2, 3}}}) {
    Replica replica(plain());
    give_log(replica, {1, 2, 3});
    replica.hears(append(2, 5, c.before, c.entries, c.term));
    EXPECT_EQ(terms_of(replica->log()), c.after) << c.before.index;
  }
}

// Figure 7: the leader and the six followers (a) to (f). Each comes to hold the leader's log, and nothing else.
TEST(RaftPaper, LeaderSyncFollowerLog) {
  const std::vector<Term> leaders{1, 1, 1, 4, 4, 5, 5, 6, 6, 6};
  const std::vector<std::vector<Term>> followers{{1, 1, 1, 4, 4, 5, 5, 6, 6},          {1, 1, 1, 4},          {1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6},
                                                 {1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7}, {1, 1, 1, 4, 4, 4, 4}, {1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3}};
  for (const Profile& profile : {plain(), probing(), zeebe(), continuous(etcd(PreVote::off))}) {
    for (std::size_t which = 0; which < followers.size(); ++which) {
      const std::string where = profile.name + ", follower " + "abcdef"[which];
      Replica leader(profile), follower(profile);
      give_log(leader, leaders);
      leader.hears(heartbeat(2, 7));
      elect(leader);
      ASSERT_EQ(leader->role(), Role::leader);
      ASSERT_EQ(leader->term(), 8u);
      give_log(follower, followers[which]);
      int exchanges = 0;
      for (int beat = 0; beat < 40 && follower->commit() < 11; ++beat) {
        exchanges += converse(leader, follower);
        leader.times_out();
      }
      EXPECT_EQ(follower->log(), leader->log()) << where;
      EXPECT_EQ(follower->commit(), 11u) << where;
      EXPECT_LE(exchanges, 12) << where;
    }
  }
}

// --- 5.4: safety ---

// 5.4.1: the request names the candidate's last entry and goes to everybody else.
TEST(RaftPaper, VoteRequest) {
  for (const std::vector<Term>& log : std::vector<std::vector<Term>>{{1}, {1, 2}, {}}) {
    Replica replica(plain(), 5);
    give_log(replica, log);
    replica.hears(at(100ms), heartbeat(1, 2));
    replica.times_out();
    const std::vector<Message> asked = replica.writes();
    ASSERT_EQ(asked.size(), 4u);
    for (Member to = 1; to < 5; ++to) {
      EXPECT_EQ(asked[to - 1u].kind, Kind::vote);
      EXPECT_EQ(asked[to - 1u].to, to);
      EXPECT_EQ(asked[to - 1u].term, 3u);
      EXPECT_EQ(asked[to - 1u].index, log.size());
      EXPECT_EQ(asked[to - 1u].log_term, log.empty() ? 0 : log.back());
    }
  }
}

// 5.4.1: no vote for a log that is behind: by its last term first, then by its length.
TEST(RaftPaper, Voter) {
  struct Case {
    std::vector<Term> log;
    Entry candidate;
    bool granted;
  };
  for (const Case& c : {Case{{1}, {1, 1}, true}, Case{{1}, {2, 1}, true}, Case{{1, 1}, {1, 1}, false}, Case{{1}, {1, 2}, true},
                        Case{{1}, {2, 2}, true}, Case{{1, 1}, {1, 2}, true}, Case{{2}, {1, 1}, false}, Case{{2}, {2, 1}, false},
                        Case{{2, 2}, {1, 1}, false}, Case{{}, {}, true}, Case{{1}, {}, false}}) {
    Replica replica(plain());
    give_log(replica, c.log);
    replica.hears(vote_request(2, 3, c.candidate));
    EXPECT_EQ(replica->voted_for() == 2, c.granted) << c.log.size() << ": " << c.candidate.index << ' ' << c.candidate.term;
    EXPECT_EQ(replica->term(), 3u) << "its term is taken either way";
  }
}

// 5.4.2: an entry of an earlier term is on a majority and may still be replaced.
TEST(RaftPaper, LeaderOnlyCommitsLogFromCurrentTerm) {
  Replica replica(probing());
  give_log(replica, {1, 2});
  elect(replica);
  ASSERT_EQ(replica->term(), 3u);
  replica.writes_all();
  replica.hears(append_ack(1, 3, 1));
  EXPECT_EQ(replica->commit(), 0u);
  replica.hears(append_ack(1, 3, 2));
  EXPECT_EQ(replica->commit(), 0u);
  replica.hears(append_ack(1, 3, 3));
  EXPECT_EQ(replica->commit(), 3u) << "its own term's entry commits them all";
}

}  // namespace paper_test
}  // namespace nines::raft
