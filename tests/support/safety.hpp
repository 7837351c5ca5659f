// Raft's safety properties over a whole group, looked at after every event. Shares nothing with the core: it sees roles, terms, votes, logs,
// commit indexes and what is on disk, and knows what must hold between them (Ongaro and Ousterhout 2014, figure 3; Ongaro 2014, chapter 3).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/raft/log.hpp"
#include "models/raft/types.hpp"
#include "models/world/world.hpp"
#include "sim/base/time.hpp"
#include "tests/support/worlds.hpp"

namespace nines::testing_worlds {

// One replica as an observer sees it. A stopped one keeps what was on its disk.
struct Replica {
  bool alive = true;
  raft::Role role = raft::Role::follower;
  raft::Term term = 0;
  raft::Member vote = raft::nobody;
  raft::Index commit = 0;
  std::vector<raft::Run> log;
  raft::Index durable = 0;  // Of the log.
  raft::Term durable_term = 0;
  raft::Member durable_vote = raft::nobody;
};

// How far the profile promises that what is committed is on a majority of disks.
enum class Promise : std::uint8_t { durable, in_memory };

class Safety {
 public:
  explicit Safety(std::size_t members, Promise promise = Promise::durable);

  // After each event. What is wrong is added to violations(), one sentence each.
  void look(Instant now, std::span<const Replica> group);
  void look(const world::Group& group);
  // A replica that was leader of a term between two looks.
  void led(raft::Term term, raft::Member member);

  const std::vector<std::string>& violations() const { return violations_; }
  std::uint64_t looks() const { return looks_; }
  std::uint64_t elections() const { return elections_; }
  raft::Index committed() const { return committed_.index; }

 private:
  // The last entry of a log names the whole log: that is what log matching means.
  struct Last {
    raft::Index index = 0;
    raft::Term term = 0;
    bool operator==(const Last&) const = default;
  };
  // Where the entries of one term begin, in whatever log: after which entry.
  struct Origin {
    bool known = false;
    Last before;
  };
  struct Leader {
    raft::Member member = raft::nobody;
    Last elected_with;  // Its log when it was first seen as leader.
  };
  // What a replica was at the last look; its logs by their last entries.
  struct Seen {
    bool alive = false;
    raft::Role role = raft::Role::follower;
    raft::Term term = 0;
    raft::Member vote = raft::nobody;
    raft::Index commit = 0;
    std::size_t runs = 0;
    raft::Index last_run_at = 0;
    Last last;
    Last disk;
    raft::Term durable_term = 0;
    raft::Member durable_vote = raft::nobody;
    bool operator==(const Seen&) const = default;
  };
  struct Commitment {
    raft::Index up_to = 0;
    raft::Term by = 0;  // The term of whoever committed it first.
  };
  // A replica without its copy of the log.
  struct View {
    bool alive;
    raft::Role role;
    raft::Term term;
    raft::Member vote;
    raft::Index commit;
    const std::vector<raft::Run>* log;
    raft::Index durable;
    raft::Term durable_term;
    raft::Member durable_vote;
  };

  static Seen seen(const View& view);
  static raft::Term term_in(const std::vector<raft::Run>& log, raft::Index index);
  raft::Term term_in(Last log, raft::Index index);  // By the table of origins.
  Origin& origin(raft::Term term);
  Leader& leader(raft::Term term);

  void look_at_views();
  void check_memory(const Seen& before, const Seen& after, raft::Member member);
  void check_log(const View& view, const Seen& before, const Seen& after, raft::Member member);
  void check_new_leader(const Seen& after, raft::Member member);
  void check_commit(const View& view, const Seen& after, raft::Member member);
  void check_disks();
  void wrong(raft::Member member, const std::string& what);

  Promise promise_;
  std::size_t quorum_;
  Instant now_{};
  std::vector<View> views_;
  std::vector<Seen> seen_;
  std::vector<Origin> origins_;  // By term.
  std::vector<Leader> leaders_;  // By term.
  std::vector<Commitment> commitments_;
  Last committed_;
  bool disks_to_check_ = false;
  std::vector<Seen> after_;  // Scratch.
  std::size_t roles_read_ = 0;
  std::vector<std::string> violations_;
  std::uint64_t looks_ = 0;
  std::uint64_t elections_ = 0;
};

// Runs the stage up to `t` event by event, with one checker a group.
class Guard {
 public:
  explicit Guard(Stage& stage);
  void run_until(Instant t);                  // Every fault before t, every event before t.
  void apply(const failure::Change& change);  // A change of the caller's own, with everything before it.

  std::vector<std::string> violations() const;
  const Safety& of(std::size_t group) const { return checkers_[group]; }
  std::uint64_t looks() const;
  std::uint64_t elections() const;

 private:
  void events_before(Instant t);

  Stage* stage_;
  std::vector<Safety> checkers_;
};

}  // namespace nines::testing_worlds
