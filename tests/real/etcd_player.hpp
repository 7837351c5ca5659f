// Plays etcd-io/raft's interaction files (its rafttest harness) on nodes of ours: carries out every directive, prints what etcd would print, and
// compares. A node is asked nothing but what etcd_node.hpp names.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/real/data_driven.hpp"
#include "tests/real/etcd_node.hpp"

namespace nines::real {

struct Outcome {
  int directives = 0;
  int agreeing = 0;
  int lines = 0;                         // Of expected output that were compared.
  std::vector<std::string> differences;  // Each begins with the place of its directive.
};

class Player {
 public:
  explicit Player(MakeNode make) : make_(std::move(make)) {}

  // What etcd prints for the directive, line by line; "ok" alone is left out.
  std::vector<std::string> play(const Directive& directive);

 private:
  // A node, and what etcd's RawNode and the harness's storage know of it.
  struct Seat {
    std::unique_ptr<Node> node;
    NodeState shown;          // As in the last Ready.
    NodeLog stored;           // As in the last Ready: the durable log.
    raft::Index applied = 0;  // Handed out to be applied.
  };
  struct Ready {
    bool soft = false;
    bool hard = false;
    std::optional<Snapshot> snapshot;
    std::vector<Entry> entries, committed;
    bool empty() const { return !soft && !hard && !snapshot && entries.empty() && committed.empty(); }
  };

  Seat& seat(int id);
  std::vector<int> named_or_all(const Directive& directive) const;
  void add_nodes(const Directive& directive);
  void propose(const Directive& directive);
  void propose_change(const Directive& directive);
  void deliver(const Directive& directive);
  void stabilize(const std::vector<int>& ids);
  void ticks(int id, int count);
  void compact(int id, raft::Index index);
  void show_log(int id);
  void show_status(int id);
  void show_states();

  Ready next_ready(int id);
  bool process_ready(int id, bool titled);  // False: there was nothing to do, and nothing is printed.
  bool has_mail(int id) const;
  int deliver_to(int id, const std::string& kind, bool drop);

  void print(const std::string& text);
  std::string entry_text(const Entry& entry) const;
  std::string message_text(const Message& message) const;
  std::string snapshot_text(const Snapshot& snapshot) const;
  void print_entries(const std::vector<Entry>& entries);

  MakeNode make_;
  std::vector<Seat> seats_;
  std::vector<Message> network_;
  std::map<std::pair<raft::Term, raft::Index>, std::string> texts_;  // What entries say that are not empty.
  std::vector<std::string> printed_;
  std::string indent_;
  bool silent_ = false;  // log-level none
};

Outcome play_file(const std::vector<Directive>& directives, const MakeNode& make);

}  // namespace nines::real
