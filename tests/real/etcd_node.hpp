// What the player of etcd's interaction files needs of one replica: the only thing a Raft core has to be fitted to. Members are numbered from 1 as
// in etcd, 0 is nobody. Everything that etcd's RawNode keeps between two Readies (what was handed out, what changed) is kept by the player.
#pragma once

#include <any>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/quorum/change.hpp"
#include "models/raft/types.hpp"

namespace nines::real {

struct Entry {
  raft::Term term = 0;
  raft::Index index = 0;
  bool configuration = false;  // Carries a configuration change. What the entry says is known to the player alone.
  bool operator==(const Entry&) const = default;
};

struct Snapshot {
  raft::Index index = 0;
  raft::Term term = 0;
  quorum::Configuration configuration;
};

struct Message {
  std::string kind;  // "MsgApp", "MsgAppResp", "MsgHeartbeat", "MsgHeartbeatResp", "MsgVote", "MsgVoteResp", "MsgPreVote", ..., "MsgSnap"
  int from = 0;
  int to = 0;
  raft::Term term = 0;
  raft::Term log_term = 0;  // MsgApp: of the entry at `index`. MsgVote: of the last entry. Refused MsgAppResp: of the entry at `hint`.
  raft::Index index = 0;    // MsgApp: the entry before. MsgVote: the last entry. MsgAppResp: the last that matches or, refused, the one asked for.
  bool reject = false;
  raft::Index hint = 0;  // Refused MsgAppResp.
  raft::Index commit = 0;
  std::vector<Entry> entries = {};
  std::optional<Snapshot> snapshot = {};
  std::any original = {};  // Whatever the node that made it wants the node that gets it to see.
};

struct NodeState {
  std::string role = "StateFollower";  // "StateCandidate", "StateLeader", "StatePreCandidate"
  int lead = 0;
  raft::Term term = 0;
  int vote = 0;
  raft::Index commit = 0;
};

// A line of `status`: what a leader knows of one member, itself included.
struct ProgressLine {
  int id = 0;
  std::string state;  // "StateProbe", "StateReplicate", "StateSnapshot"
  raft::Index match = 0;
  raft::Index next = 0;
  bool learner = false;
  bool paused = false;
  raft::Index pending_snapshot = 0;
  bool active = true;
  int in_flight = 0;
  bool full = false;
};

// A log: what stands before its first entry (where it was compacted, or what was installed), and the entries.
struct NodeLog {
  Snapshot start;
  std::vector<Entry> entries;
};

class Node {
 public:
  Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;

  // --- What happens to it ---
  virtual void step(const Message& message) = 0;
  virtual void tick() = 0;
  virtual void campaign() = 0;                                                         // As if its election timeout had come.
  virtual std::optional<Entry> propose() = 0;                                          // The entry it made of it; none: refused.
  virtual std::optional<Entry> propose_change(const quorum::ChangeRequest& wish) = 0;  // Refused, etcd appends an ordinary empty entry instead.
  virtual void report_unreachable(int id) = 0;
  virtual void compact(raft::Index index) = 0;  // Forget the entries up to it.

  // --- One Ready. All messages are taken when it is made; then come these three, in this order, and what they lead to is for the next one ---
  virtual std::vector<Message> take_messages() = 0;    // Those that may go at once, then those that wait until it is durable; none to itself.
  virtual void apply(const Entry& configuration) = 0;  // For each committed configuration entry: it takes effect here.
  virtual void durable() = 0;                   // Term, vote and log as they were when the messages were taken; own vote and own entries count now.
  virtual void applied(raft::Index index) = 0;  // Everything up to there; an automatic leave is proposed from here.

  // --- What it is ---
  virtual NodeState state() const = 0;
  virtual NodeLog log() const = 0;  // All of it, durable or not.
  virtual quorum::Configuration configuration() const = 0;
  virtual std::vector<ProgressLine> progress() const = 0;  // Of a leader; empty for others.
};

// What `add-nodes` says of a new one. Timeouts in ticks are those of etcd's harness; messages and windows are unlimited but for `in_flight`.
struct NodeOptions {
  int id = 0;
  quorum::Configuration configuration;
  raft::Index index = 0;  // It begins with a snapshot up to here, of term 1, all of it applied; 0: with nothing at all. Its own term is 0.
  int election_ticks = 3;
  int heartbeat_ticks = 1;
  int in_flight = 0;  // Appends to one follower; 0: without limit.
  bool check_quorum = false;
  bool pre_vote = false;
};

using MakeNode = std::function<std::unique_ptr<Node>(const NodeOptions&)>;

}  // namespace nines::real
