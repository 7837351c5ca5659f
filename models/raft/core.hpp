// The Raft core: one replica of one group as a pure state machine. No clock, no I/O; it is copied by copying.
// step() turns what happened into what to send, what to write and when to call again. Split by concern: core.cpp (dispatch, terms, restart),
// election.cpp, replication.cpp, pull.cpp, transfer.cpp, membership.cpp, snapshot.cpp, reads.cpp, quiescence.cpp,
// calm.cpp (what sleeping needs).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/raft/log.hpp"
#include "models/raft/planted.hpp"
#include "models/raft/profile.hpp"
#include "models/raft/types.hpp"
#include "sim/base/hash.hpp"
#include "sim/base/random.hpp"
#include "sim/base/time.hpp"

namespace nines::raft {

// What a leader knows of one follower (etcd calls it Progress). It probes until it knows the follower's log, replicates from then on, and
// stops while a snapshot is on its way.
struct Progress {
  Index match = 0;              // The highest entry known to be durable there.
  Index next = 1;               // The next entry to send.
  Index told_commit = 0;        // announce_commit: the highest commit index it was told.
  std::uint32_t in_flight = 0;  // Appends with entries, sent and not answered.
  bool probing = false;         // The follower's log is not known: one append at a time.
  bool probe_sent = false;
  bool paused = false;            // The window was full when the last append went out.
  bool fetching = false;          // pull: a fetch waits here for its answer.
  std::uint32_t chunk = 0;        // Of the snapshot: the one on its way.
  Index pending_snapshot = 0;     // Not 0: a snapshot up to here is on its way, and nothing else is sent.
  std::uint64_t probe_slot = 0;   // The heartbeat before the probe: an answer to a later one shows that the probe was lost.
  std::uint64_t round = 0;        // The newest read round it confirmed.
  Instant last_ack = long_ago;    // The last answer of any kind.
  Instant sent_at = long_ago;     // The last append or chunk, while one is in flight.
  Instant lease_from = long_ago;  // Before the newest heartbeat that it answered was sent.
};

// What distinguishes one replica from its peers; constant for its life.
struct Identity {
  Member self = 0;
  std::uint8_t members = 1;  // Who can ever belong to the group: members 0 .. members - 1.
  int priority = 1;          // Zeebe's; the highest of the group is the target.
  int target_priority = 1;   // Where the target starts: the highest priority of the group.
  Stream timeouts{0, 0, 0, Purpose::election_timeout};
  std::optional<Configuration> configuration;  // The group's first one, as this replica knows it; none: everybody votes.
};

// What a replica's disk holds after a loss.
enum class Disk : std::uint8_t { intact, empty };

class Core {
 public:
  // The profile must outlive the core. `phase` is when this process's tick comes, in [0, tick).
  Core(const Profile& profile, const Identity& identity, Duration phase);

  void step(Instant now, const Input& input, Output& out);
  void step(Instant now, const Message& received, Output& out);  // The same as for Received{received}, without a copy.

  // The process is gone, or back: what was not durable is lost. restart() starts the first wait for a leader. With an empty disk the replica
  // knows nothing but the group's first configuration, not even whom it voted for: whoever lets it back in as a voter takes that risk.
  void restart(Instant now, Duration phase, Output& out, Disk disk = Disk::intact);
  // The process stood still for `length`, until now: tick-driven timers did not count meanwhile.
  void resume(Instant now, Duration length, Output& out);
  // The end of the log beyond `index` cannot be read (its checksum is wrong): it is gone with the next restart().
  void lose_after(Index index);
  // Another machine has taken that member's place, with an empty disk: a leader forgets what it knew of it (etcd confchange.go initProgress).
  void readmit(Instant now, Member member);
  // A stopped replica's disk becomes a copy of another's, as an operator restores a group from what has survived.
  void restore_from(const Core& survivor);
  // A replica whose life begins with a snapshot, as a bootstrap gives it.
  void begin_with_snapshot(Index index, Term term, const Configuration& configuration);

  Role role() const { return role_; }
  Term term() const { return term_; }
  Member leader() const { return leader_; }
  Member voted_for() const { return voted_for_; }
  Index commit() const { return commit_; }
  Index applied() const { return applied_; }
  Index durable() const { return durable_index_; }
  const Log& log() const { return log_; }
  const Configuration& configuration() const { return configuration_; }
  const Change& snapshot() const { return snapshot_; }
  Instant deadline() const { return deadline_; }
  bool committed_in_term() const { return role_ == Role::leader && committed_in_term_; }
  bool quiescent() const { return quiescent_; }
  std::uint64_t fetch_round() const { return fetch_round_; }
  Member transferee() const { return transferee_; }
  const Progress& progress(Member member) const { return progress_[member]; }
  bool window_full(Member member) const { return progress_[member].in_flight >= static_cast<std::uint32_t>(profile_->append_window); }
  const Profile& profile() const { return *profile_; }
  Term durable_term() const { return durable_term_; }
  Member durable_vote() const { return durable_vote_; }
#ifdef NINES_PLANTED_BUGS
  void plant(Bug bug) { bug_ = bug; }
#endif

  std::uint64_t reads_waiting() const { return reads_waiting_; }

  void add_to(Hash& hash) const;  // Everything that can change what this replica does next.

  // --- Calm: a leader whose every live follower follows, with no timer about to fire (DESIGN: quiet time costs nothing) ---

  // Would this leader's state, but for contacts and its log's tail, be the same after any time, if nothing around it changed?
  // `live` are the members that run and are reached both ways; the leader is one of them.
  bool leads_calmly(Instant now, std::uint16_t live, bool loaded) const;
  // May this leader fall silent, as long as nobody comes back of those who are not live? Not where it took the last proposal and is kept busy by
  // the next ones. never: there are none.
  bool may_fall_silent(Instant last_proposal, std::uint16_t live) const;
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
    Instant last_arrival = long_ago;  // Of the proposals up to `to`.
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
#ifdef NINES_PLANTED_BUGS
  bool planted(Bug bug) const { return bug_ == bug; }
  Bug bug_ = Bug::none;
#else
  static constexpr bool planted(Bug) { return false; }
#endif

  void on(Instant now, const Received& input, Output& out) { on(now, input.message, out); }
  void on(Instant now, const Message& m, Output& out);
  void on(Instant now, const TimedOut&, Output& out);
  void on(Instant now, const Durable& input, Output& out);
  void on(Instant now, const Propose& input, Output& out);
  void on(Instant now, const Applied& input, Output& out);
  void on(Instant now, const HandOver& input, Output& out);
  void on(Instant now, const Campaign&, Output& out);
  void on(Instant now, const Unreachable& input, Output& out);
  void on(Instant now, const Reconfigure& input, Output& out);
  void on(Instant now, const TakeSnapshot& input, Output& out);
  void on(Instant now, const StepDown&, Output& out);
  void on(Instant now, const Read&, Output& out);
  void on(Instant now, const ForceConfiguration& input, Output& out);

  // core.cpp
  void adopt_term(Instant now, Term term, Member leader, Output& out);
  void become_follower(Instant now, Member leader, Output& out);
  void begin_empty();
  Message reply(const Message& to, Kind kind) const;
  void address(Message& m, Member to, Kind kind) const;
  void finish(Instant now, Output& out);
  void persist_all(Output& out) const;
  static Members only(Member member) { return static_cast<Members>(1u << member); }
  Members peers() const { return static_cast<Members>(configuration_.members() & ~only(identity_.self)); }
  bool leads(Member member) const { return role_ == Role::leader && quorum::contains(peers(), member); }  // Who was removed is not listened to.
  bool votes_alone() const {
    if (planted(Bug::joint_never_alone)) return configuration_.incoming == only(identity_.self) && configuration_.outgoing == 0;
    return quorum::has_quorum(only(identity_.self), configuration_);
  }  // Joint with itself, too.

  // election.cpp
  void wait_for_leader(Instant now, Slot draw);
  void contact(Instant now, Slot draw);
  Duration draw_timeout(Slot draw) const;
  Instant after_ticks(Instant from, std::int64_t ticks) const;
  std::int64_t ticks_between(Instant from, Instant to) const;
  void waited_in_vain(Instant now, Output& out);
  bool electable() const;
  void campaign(Instant now, Output& out);
  void start_pre_vote(Instant now, Output& out);
  void start_election(Instant now, bool transfer, Output& out);
  void ask_for_votes(bool pre, bool transfer, Output& out);
  bool trusts_leader(Instant now) const;
  void on_vote(Instant now, const Message& m, Output& out);
  void on_vote_reply(Instant now, const Message& m, Output& out);
  void count_votes(Instant now, bool pre, Output& out);
  void become_leader(Instant now, Output& out);

  // replication.cpp
  enum class Empty : std::uint8_t { skip, send };  // Whether an append without entries is worth sending.
  void on_heartbeat(Instant now, const Message& m, Output& out);
  void on_heartbeat_ack(Instant now, const Message& m, Output& out);
  void on_append(Instant now, const Message& m, Output& out);
  void on_append_ack(Instant now, const Message& m, Output& out);
  void answer_once_durable(const Message& answer, Output& out);
  void store(const Message& m);
  void follow(Instant now, const Message& m, Output& out);
  void heartbeat_due(Instant now, Output& out);
  Message& heartbeat(Member to, Output& out) const;
  bool lost_quorum(Instant now) const;
  bool hangs(Instant now) const;
  void fall_silent(Progress& progress) const;
  void probe_from(Progress& progress, Index next) const;
  bool send_append(Instant now, Member to, Empty empty, Output& out);
  void send_all_pending(Instant now, Member to, Output& out);
  Index next_try(const Message& refusal) const;
  void known_to_match(Instant now, Member from, Index match, Output& out);
  bool advance_commit(Output& out);
  void commit_to(Index index, Output& out);
  void announce(Instant now, Output& out);
  void leader_appended(Instant now, Output& out);
  bool match_may_fall() const {
    return profile_->match_may_fall || profile_->flush.delay > 0ns;
  }                                                                         // A crash before a delayed flush loses entries too.
  Duration silent_after() const { return 2 * profile_->election_timeout; }  // A follower that says nothing for so long is taken for gone.

  // pull.cpp
  bool pulls() const { return profile_->replication == Replication::pull; }
  void fetch_from(Index index, std::uint64_t slot, Output& out);
  static std::uint64_t slot_of_empty_answer(std::uint64_t beat) { return (std::uint64_t{1} << 40) + beat; }
  void on_fetch(Instant now, const Message& m, Output& out);
  void answer_fetches(Instant now, Output& out);
  void answered(const Message& m, Index index, Output& out);
  bool fetch_again(Output& out);

  // transfer.cpp
  void offer_leadership(Output& out) const;
  void give_up_transfer();

  // membership.cpp
  void count_configuration(Instant now, Output& out);
  bool may_follow(const Configuration& next) const;
  bool change_may_begin() const;
  void leave_joint(Instant now, Output& out);
  void append_configuration(Instant now, const Configuration& next, Output& out);
  void apply_ready(Output& out);

  // snapshot.cpp
  Change latest_snapshot() const;
  bool needs_snapshot(const Progress& p) const;
  void send_snapshot(Instant now, Member to, Output& out);
  void send_chunk(Instant now, Member to, Output& out);
  void on_snapshot(Instant now, const Message& m, Output& out);
  void on_snapshot_ack(Instant now, const Message& m, Output& out);

  // reads.cpp
  void start_read_round(Output& out);
  void confirm_reads(Output& out);
  bool holds_lease(Instant now) const;

  // quiescence.cpp
  void fall_quiet(Instant now, Output& out);
  void wake(Instant now);

  // What every message touches comes first, together: a world of thousands of groups does not fit the cache.
  const Profile* profile_;
  Term term_ = 0;
  Member voted_for_ = nobody;
  Role role_ = Role::follower;
  Member leader_ = nobody;
  bool committed_in_term_ = false;
  Instant deadline_ = never;
  Instant last_contact_ = long_ago;  // What the present wait for a leader counts from.
  Instant heard_leader_ = long_ago;  // When a leader of this term last spoke: what a vote lease counts from.
  Duration timeout_{0};              // The wait, or
  std::int64_t timeout_ticks_ = 0;   // ticks: so many of them.
  Index commit_ = 0;

  Identity identity_;
  Configuration configuration_;  // What counts now.
  bool forced_ = false;          // An operator put it in force; no entry brings it yet.
  bool quiescent_ = false;
  Member durable_vote_ = nobody;
  Term durable_term_ = 0;
  Term truncated_in_ = 0;  // The term in which this process last took entries back: writes begun before it may yet take others from the disk.
  Index durable_index_ = 0;
  Log log_;

  // Leading.
  std::vector<Progress> progress_;
  Instant first_beat_ = never;
  std::uint64_t beat_ = 0;             // The next heartbeat's number.
  Index flushing_to_ = 0;              // leader_before_commit: how far the running flush reaches.
  Instant transfer_until_ = long_ago;  // Then the transfer is given up.
  Instant writing_since_ = never;      // hung_disk_stops_heartbeats: since when the disk has not answered.
  std::uint64_t round_ = 0;            // The read round that heartbeats carry now.
  std::uint64_t reads_waiting_ = 0;    // For that round; reads that came later wait for the next.
  std::uint64_t reads_next_ = 0;
  Index term_start_ = 0;        // The first entry of its term.
  Instant busy_at_ = long_ago;  // quiesce_after: when there was last something to do.
  Member transferee_ = nobody;  // Who is to lead next, as soon as it has the whole log; until then nothing is proposed.

  // Waiting for a leader.
  bool fetched_again_ = false;  // pull: since the leader was last heard.
  Members granted_ = 0, refused_ = 0;
  int target_priority_ = 0;
  int votes_tried_ = 0;            // Real candidacies in a row.
  std::uint64_t attempt_ = 0;      // Candidacies so far, pre-votes too: names their draws.
  Index fetched_to_ = 0;           // pull: how far this log is known to be the leader's.
  std::uint64_t fetch_round_ = 0;  // pull: of the last fetch. An answer to any other brings on no further one.

  Index applied_ = 0;
  Index configured_at_ = 0;  // The entry that brought the configuration.
  Change snapshot_;          // The last one taken or received, and the configuration at its index.
  Term snapshot_term_ = 0;
  std::int64_t snapshot_bytes_ = 0;
  Index receiving_ = 0;  // The snapshot whose chunks are coming, and how many have come.
  std::uint32_t chunks_ = 0;
  struct Replaced {  // What a crash comes back to while a snapshot that replaced it is not on disk.
    Log log;
    Index durable = 0;
    Change snapshot;
    Term snapshot_term = 0;
    Index configured_at = 0;
  };
  std::vector<Replaced> replaced_;  // One at most.
  Duration phase_;                  // Of this process's ticks.
};

}  // namespace nines::raft
