// A profile: one system's timers and rules, as data. One core reads it; there is no branch by product.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "sim/base/law.hpp"
#include "sim/base/time.hpp"

namespace nines::raft {

// How a follower draws the time it waits for its leader.
enum class TimeoutLaw : std::uint8_t {
  fixed,    // election_timeout, always (Zeebe's priority election).
  uniform,  // U[election_timeout, election_timeout_max) (Raft paper 5.2).
  ticks,    // election_timeout / tick plus a whole number of ticks in [0, E), counted by ticks with each member's own phase (etcd).
};

// When a follower draws a new timeout.
enum class Redraw : std::uint8_t { each_reset, each_term };

enum class PreVote : std::uint8_t {
  off,
  log_only,   // Grants when the candidate's log is up to date (Zeebe's poll).
  freshness,  // Also refuses while it hears a live leader.
};

// What a voter that still trusts its leader does with a request for its vote.
enum class VoteLease : std::uint8_t {
  off,
  ignore
};  // ignore: no answer within election_timeout of the last leader contact (etcd, with check-quorum).

// How long a voter that has heard its leader trusts it: what PreVote::freshness and VoteLease::ignore ask.
enum class Trust : std::uint8_t {
  election_timeout,  // For the shortest wait, from the last contact (etcd).
  own_wait,          // Until its own wait, drawn longer, is over: then it has no leader any more (hashicorp/raft).
};

enum class AfterPause : std::uint8_t { timers_first, messages_first };

enum class Gateway : std::uint8_t { embedded, standalone };  // embedded: every running broker takes requests.

struct CheckQuorum {
  Duration window{0};    // A leader that heard from no quorum for so long steps down. 0: it never does.
  Duration interval{0};  // How often it looks. 0: at each heartbeat.
};

struct Flush {
  bool follower_before_ack = true;    // A follower's write is durable before it answers.
  bool leader_before_commit = false;  // Serial: the leader flushes after the quorum and before it commits (Zeebe). Otherwise beside replication (etcd).
  Duration delay{0};                  // Writes of entries reach the disk this much later, and nobody waits: a crash loses them (Zeebe's flush-delay).
};

// Who begins an exchange of entries.
enum class Replication : std::uint8_t {
  push,  // The leader sends, the follower answers.
  pull,  // The follower fetches; the leader answers when it has something, or at its next heartbeat; the next fetch acknowledges (Kafka KRaft).
};

// From when on a configuration in the log counts.
enum class ConfigurationCounts : std::uint8_t {
  appended,  // As soon as it is in the log (Raft paper 6).
  applied,   // When it has been applied (etcd).
};

// How a group changes its members.
enum class Membership : std::uint8_t {
  fixed,   // Not while it runs.
  single,  // One voter at a time (Raft thesis 4.1).
  joint,   // Any change, through a joint configuration (Raft paper 6).
};

// How a leader makes sure that a read is not stale.
enum class Reads : std::uint8_t {
  log,        // A read is an entry like any other.
  heartbeat,  // A round of heartbeats confirms the leader first (Raft thesis 6.4: ReadIndex).
  lease,      // The leader answers as long as it trusts its lease (Raft thesis 6.4.1); safe only while clocks keep their pace.
};

// What `rebalance` does to a leader that is not its group's first choice.
enum class Rebalance : std::uint8_t {
  none,
  step_down,  // All of them at once step down, and the first choice is elected (Zeebe up to 8.9).
  transfer,   // One after the other hands over (Zeebe 8.10, Redpanda, CockroachDB).
};

struct Snapshots {
  Duration period{0};            // How often one is taken; 0: by entries.
  std::uint64_t entries = 0;     // One is taken each so many entries; 0: by time.
  std::uint64_t keep = 0;        // Entries before the snapshot that stay in the log.
  std::uint64_t prefer = 0;      // A follower so many entries behind the snapshot is sent it although the log still holds what it lacks; 0: never.
  bool on_demand = false;        // What is sent is taken at that moment (etcd), not the last one on disk (Zeebe).
  std::int64_t chunk_bytes = 0;  // Sent in chunks of so many bytes, one on its way at a time; 0: whole.
  Duration timeout{0};           // A chunk without an answer is sent again after so long; 0: never by itself.
};

struct Profile {
  std::string name;
  Duration heartbeat{250ms};
  bool heartbeat_only_when_idle = false;  // Zeebe: an empty append is sent only while no append is in flight.
  Duration election_timeout{2500ms};      // The shortest wait.
  Duration election_timeout_max{5000ms};  // uniform: the end of the range. ticks: election_timeout * 2 - tick.
  TimeoutLaw timeout_law = TimeoutLaw::fixed;
  Redraw redraw = Redraw::each_reset;
  Duration tick{0};                // ticks: the length of a tick. 0: continuous time.
  bool priority_election = false;  // Zeebe: a node below the target priority waits another timeout and lowers the target by one.
  PreVote pre_vote = PreVote::off;
  Duration pre_vote_timeout{0};          // How long a poll may take before a whole new wait begins. 0: the election timer runs on.
  bool leader_grants_pre_votes = false;  // etcd: a leader promises its vote to a log that is as new as its own, as anybody would. Zeebe's never does.
  VoteLease vote_lease = VoteLease::off;
  Trust trust = Trust::election_timeout;
  bool answers_stale_votes = true;    // A candidate of an older term is refused (Raft paper 5.1). etcd ignores it, unless it asks for a pre-vote.
  bool answers_stale_leaders = true;  // A leader of an older term is told the present one. etcd does so only with pre-vote or check-quorum.
  CheckQuorum check_quorum;
  Duration vote_timeout_min{0};  // How long a candidate waits for votes: U[min, max); 0: as long as an election timeout.
  Duration vote_timeout_max{0};
  int vote_attempts = 0;         // Candidacies in a row before it falls back to follower; 0: without limit.
  bool candidate_yields = true;  // A candidate that a majority refused is a follower at once; otherwise it waits for its timer (Raft paper).
  int append_window = 1;         // Appends in flight per follower.
  std::int64_t append_batch_bytes = 32 * 1024;
  bool probe_after_election = true;  // One append in flight until the follower's log is known (etcd).
  bool heartbeat_checks_log = true;  // A heartbeat is an empty append: it names the entry before and can be refused (Zeebe). Otherwise it is bare (etcd).
  bool match_may_fall = false;       // A refusal takes back what the follower once acknowledged: it may have lost its disk (Zeebe).
  bool announce_commit = false;      // What has been committed is told at once by appends, empty ones too (etcd), not with the next message only.
  Replication replication = Replication::push;
  bool transfer_on_stop = false;  // A leader that stops in good order hands its leadership over first.
  Duration transfer_timeout{0};   // Then a transfer is given up; 0: an election timeout.
  Rebalance rebalance = Rebalance::none;
  Membership membership = Membership::fixed;
  ConfigurationCounts configuration_counts = ConfigurationCounts::appended;
  Snapshots snapshots;
  Reads reads = Reads::log;
  Duration lease{0};          // Reads::lease: how long after a quorum's answers to a heartbeat the leader may serve reads.
  Duration quiesce_after{0};  // A leader with nothing to do for so long falls silent, and its followers with it; 0: never (CockroachDB, TiKV).
  bool hung_disk_stops_heartbeats = false;  // Heartbeats come from the thread that waits for the disk: a leader whose disk hangs is replaced.
  Duration leader_gone_after{0};  // Gossip tells so long after a leader crashed or was cut off, and who hears it campaigns: the silent, or all where none are; 0: it does not.
  Flush flush;
  AfterPause after_pause = AfterPause::messages_first;
  Gateway gateway = Gateway::embedded;
  Duration client_timeout{15s};  // How long a request hangs that was lost with its leader.
  Duration services_start{0};    // From the leader's first commit until it serves requests.
};

}  // namespace nines::raft
