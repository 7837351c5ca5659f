// The Raft core: one replica of one group as a pure state machine. No clock, no I/O; it is copied by copying.
// step() turns what happened into what to send, what to write and when to call again. Split by concern: core.cpp (dispatch, terms,
// restart), election.cpp, replication.cpp, calm.cpp (what sleeping needs).
#pragma once

#include <bitset>
#include <cstdint>
#include <vector>

#include "models/raft/log.hpp"
#include "models/raft/profile.hpp"
#include "models/raft/types.hpp"
#include "sim/base/hash.hpp"
#include "sim/base/random.hpp"
#include "sim/base/time.hpp"

namespace nines::raft {

// What a leader knows of one follower (etcd calls it Progress).
struct Progress {
  Index match = 0;              // The highest entry known to be durable there.
  Index next = 1;               // The next entry to send.
  std::uint32_t in_flight = 0;  // Appends sent and not answered.
  bool probing = false;         // The follower's log is not known: one append at a time.
  bool probe_sent = false;
  std::uint64_t probe_slot = 0;  // The heartbeat before the probe: an answer to a later one shows that the probe was lost.
  Instant last_ack = long_ago;   // The last answer of any kind.
  Instant sent_at = long_ago;    // The last append, while one is in flight.
};

// What distinguishes one replica from its peers; constant for its life.
struct Identity {
  Member self = 0;
  std::uint8_t members = 1;  // In the group.
  int priority = 1;          // Zeebe's; the highest of the group is the target.
  int target_priority = 1;   // Where the target starts: the highest priority of the group.
  Stream timeouts{0, 0, 0, Purpose::election_timeout};
};

class Core {
 public:
  // The profile must outlive the core. `phase` is when this process's tick comes, in [0, tick).
  Core(const Profile& profile, const Identity& identity, Duration phase);

  void step(Instant now, const Input& input, Output& out);

  // The process is gone, or back: what was not durable is lost. restart() starts the first wait for a leader.
  void restart(Instant now, Duration phase, Output& out);
  // The process stood still for `length`, until now: tick-driven timers did not count meanwhile.
  void resume(Instant now, Duration length, Output& out);

  Role role() const { return role_; }
  Term term() const { return term_; }
  Member leader() const { return leader_; }
  Member voted_for() const { return voted_for_; }
  Index commit() const { return commit_; }
  Index durable() const { return durable_index_; }
  const Log& log() const { return log_; }
  Instant deadline() const { return deadline_; }
  bool committed_in_term() const { return role_ == Role::leader && committed_in_term_; }
  const Progress& progress(Member member) const { return progress_[member]; }
  const Profile& profile() const { return *profile_; }
  Term durable_term() const { return durable_term_; }
  Member durable_vote() const { return durable_vote_; }

  void add_to(Hash& hash) const;  // Everything that can change what this replica does next.

  // --- Calm: a leader whose every live follower follows, with no timer about to fire (DESIGN: quiet time costs nothing) ---

  // Would this leader's state, but for contacts and its log's tail, be the same after any time, if nothing around it changed?
  // `live` are the members that run and are reached both ways; the leader is one of them.
  bool leads_calmly(Instant now, std::uint16_t live, bool loaded) const;
  // Does this follower only repeat itself, if contact from the leader comes at least once by `next_contact`?
  bool follows_calmly(const Core& leader, Instant next_contact) const;
  enum class Edge : std::uint8_t { earliest, latest };  // Which of the states that are possible at an instant of a calm stretch.
  struct Jump {
    Instant to;
    std::uint16_t live = 0;
    std::uint64_t arrivals = 0;  // Proposals between the present state and `to`.
    std::int64_t bytes_each = 0;
    Instant contact;            // earliest: when leader and followers may last have heard of each other.
    std::uint64_t unacked = 0;  // earliest: how many of the last entries may still be unknown to followers.
    Edge edge = Edge::latest;
  };
  std::uint64_t next_beat() const { return beat_; }
  Instant beat_time(std::uint64_t beat) const { return first_beat_ + static_cast<std::int64_t>(beat) * profile_->heartbeat; }
  Instant last_beat_by(Instant t) const;  // The time of the last heartbeat slot at or before t.
  void jump_as_leader(const Jump& jump);
  void jump_as_follower(const Core& leader_before, const Jump& jump);
  // A calm follower was gone and came back at `now`, and follows again; jump_as_follower() says the rest.
  void rejoin(const Core& leader, Instant now, Duration phase, Output& out);
  // Somebody who runs, cannot reach the leader, and polls in vain: how long until it is in the same state again, but for its instants and the
  // number of its attempts. 0: it does not repeat itself.
  Duration polls_every() const;
  Instant waits_since() const { return last_contact_; }
  void jump_as_outsider(Duration later, std::uint64_t polls);
  // A group that starts its life in the middle of a calm stretch.
  void begin_as_leader(Instant start, Term term);
  void begin_as_follower(Instant contact, Term term, Member leader);

 private:
  using Votes = std::bitset<max_members + 1>;

  void on(Instant now, const Received& input, Output& out);
  void on(Instant now, const TimedOut&, Output& out);
  void on(Instant now, const Durable& input, Output& out);
  void on(Instant now, const Propose& input, Output& out);
  void on(Instant now, const HandOver&, Output& out);

  // core.cpp
  void adopt_term(Instant now, Term term, Member leader, Output& out);
  void become_follower(Instant now, Member leader, Output& out);
  Message reply(const Message& to, Kind kind) const;
  void persist_all(Output& out) const;
  std::size_t quorum() const { return static_cast<std::size_t>(identity_.members) / 2 + 1; }

  // election.cpp
  void wait_for_leader(Instant now, Slot draw);
  void contact(Instant now, Slot draw);
  Duration draw_timeout(Slot draw) const;
  Instant after_ticks(Instant from, std::int64_t ticks) const;
  std::int64_t ticks_between(Instant from, Instant to) const;
  void waited_in_vain(Instant now, Output& out);
  void start_pre_vote(Instant now, Output& out);
  void start_election(Instant now, bool transfer, Output& out);
  void ask_for_votes(Instant now, bool pre, bool transfer, Output& out);
  bool trusts_leader(Instant now) const;
  void on_vote(Instant now, const Message& m, Output& out);
  void on_vote_reply(Instant now, const Message& m, Output& out);
  void become_leader(Instant now, Output& out);

  // replication.cpp
  void on_heartbeat(Instant now, const Message& m, Output& out);
  void on_heartbeat_ack(Instant now, const Message& m, Output& out);
  void on_append(Instant now, const Message& m, Output& out);
  void on_append_ack(Instant now, const Message& m, Output& out);
  void follow(Instant now, const Message& m, Output& out);
  void heartbeat_due(Instant now, Output& out);
  bool lost_quorum(Instant now) const;
  void fall_silent(Progress& progress) const;
  void send_append(Instant now, Member to, Output& out);
  Index next_try(const Message& refusal) const;
  void offer_leadership(Output& out) const;
  void known_to_match(Instant now, Member from, Index match, Output& out);
  void advance_commit(Output& out);
  void commit_to(Index index, Output& out);
  Duration silent_after() const { return 2 * profile_->election_timeout; }  // A follower that says nothing for so long is taken for gone.

  const Profile* profile_;
  Identity identity_;
  Duration phase_;  // Of this process's ticks.

  // Raft's persistent state, and what of it is on disk.
  Term term_ = 0;
  Member voted_for_ = nobody;
  Log log_;
  Term durable_term_ = 0;
  Member durable_vote_ = nobody;
  Index durable_index_ = 0;

  Role role_ = Role::follower;
  Member leader_ = nobody;
  Index commit_ = 0;
  bool committed_in_term_ = false;
  Instant deadline_ = never;

  // Waiting for a leader.
  Instant last_contact_ = long_ago;  // What the present wait counts from.
  Instant heard_leader_ = long_ago;  // When a leader of this term last spoke: what a vote lease counts from.
  std::int64_t timeout_ticks_ = 0;   // ticks: the drawn timeout.
  Duration timeout_{0};              // Otherwise.
  int target_priority_ = 0;
  std::uint64_t attempt_ = 0;  // Candidacies so far, pre-votes too: names their draws.
  int votes_tried_ = 0;        // Real candidacies in a row.
  Votes granted_, refused_;

  // Leading.
  std::vector<Progress> progress_;
  Instant first_beat_ = never;
  std::uint64_t beat_ = 0;             // The next heartbeat's number.
  Index term_start_ = 0;               // The first entry of its term.
  Index flushing_to_ = 0;              // leader_before_commit: how far the running flush reaches.
  Member transferee_ = nobody;         // Who is to lead next, as soon as it has the whole log; until then nothing is proposed.
  Instant transfer_until_ = long_ago;  // Then the transfer is given up.
};

}  // namespace nines::raft
