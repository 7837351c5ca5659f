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

enum class AfterPause : std::uint8_t { timers_first, messages_first };

enum class Gateway : std::uint8_t { embedded, standalone };  // embedded: every running broker takes requests.

struct CheckQuorum {
  Duration window{0};    // A leader that heard from no quorum for so long steps down. 0: it never does.
  Duration interval{0};  // How often it looks. 0: at each heartbeat.
};

struct Flush {
  bool follower_before_ack = true;    // A follower's write is durable before it answers.
  bool leader_before_commit = false;  // Serial: the leader flushes after the quorum and before it commits (Zeebe). Otherwise beside replication (etcd).
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
  Duration pre_vote_timeout{0};  // How long a poll may take before a whole new wait begins. 0: the election timer runs on.
  VoteLease vote_lease = VoteLease::off;
  CheckQuorum check_quorum;
  Duration vote_timeout_min{0};  // How long a candidate waits for votes: U[min, max); 0: as long as an election timeout.
  Duration vote_timeout_max{0};
  int vote_attempts = 0;         // Candidacies in a row before it falls back to follower; 0: without limit.
  bool candidate_yields = true;  // A candidate that a majority refused is a follower at once; otherwise it waits for its timer (Raft paper).
  int append_window = 1;         // Appends in flight per follower.
  std::int64_t append_batch_bytes = 32 * 1024;
  bool probe_after_election = true;  // One append in flight until the follower's log is known (etcd).
  bool transfer_on_stop = false;     // A leader that stops in good order hands its leadership over first.
  Flush flush;
  AfterPause after_pause = AfterPause::messages_first;
  Gateway gateway = Gateway::embedded;
  Duration client_timeout{15s};  // How long a request hangs that was lost with its leader.
  Duration services_start{0};    // From the leader's first commit until it serves requests.
};

}  // namespace nines::raft
