// Raft's safety properties over a whole group, looked at after every event. Shares nothing with the core: it sees roles, terms, votes, logs,
// commit indexes and what is on disk, and knows what must hold between them (Ongaro and Ousterhout 2014, figure 3; Ongaro 2014, chapter 3).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/raft/log.hpp"
#include "models/raft/types.hpp"
#include "sim/base/time.hpp"

namespace nines::fuzz {

// One replica as an observer sees it. A stopped one keeps what was on its disk. `log` must live until the next look at this replica.
// Without voters everybody is one.
struct View {
  bool alive = true;
  raft::Role role = raft::Role::follower;
  raft::Term term = 0;
  raft::Member vote = raft::nobody;
  raft::Index commit = 0;
  std::span<const raft::Run> log{};  // After the entry at `base`; what was up to there, a snapshot holds.
  raft::Index durable = 0;           // Of the log.
  raft::Term durable_term = 0;
  raft::Member durable_vote = raft::nobody;
  raft::Index base = 0;
  raft::Term base_term = 0;
  raft::Members incoming = 0, outgoing = 0;  // The voters that count for it; outgoing ones while a joint change is under way.
};

// How far the profile promises that what is committed is on a majority of disks.
enum class Promise : std::uint8_t { durable, in_memory };

struct Violation {
  Instant at;
  raft::Member member = raft::nobody;
  std::string_view property;  // "election safety"; a name from safety.cpp.
  std::string what;
  std::string text() const;
};

class Safety {
 public:
  explicit Safety(std::size_t members, Promise promise = Promise::durable);

  // After each event: at the one replica that it changed, or at all. A change costs O(1), but for a log that grew by a new term or was cut.
  void look(Instant now, raft::Member member, const View& view);
  void look(Instant now, std::span<const View> group);
  // The disk of `member` has finished a write of the log that ends with that entry, which may take entries away that were there. Who keeps the disks
  // apart from the replicas says so: what a replica takes for durable must be there, at the next look.
  void wrote(raft::Member member, raft::Index index, raft::Term term);
  // A replica that was leader of a term between two looks.
  void led(raft::Term term, raft::Member member);
  // Its disk was lost or cut by a fault that the observer knows of: what it forgets is not held against it.
  void disk_was_lost(raft::Member member) { seen_[member].known = false; }

  bool holds() const { return violations_.empty(); }
  const std::vector<Violation>& violations() const { return violations_; }
  std::uint64_t looks() const { return looks_; }
  std::uint64_t elections() const { return elections_; }
  raft::Index committed() const { return committed_.index; }
  // The term of a committed entry; 0 beyond what is committed.
  raft::Term committed_term(raft::Index index) { return term_in(committed_, index); }

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
    bool known = false;
    bool alive = false;
    raft::Role role = raft::Role::follower;
    raft::Term term = 0;
    raft::Member vote = raft::nobody;
    raft::Index commit = 0;
    std::size_t runs = 0;
    Last base;
    raft::Index last_run_at = 0;
    Last last;
    Last disk;
    bool snapshot_pending = false;
    raft::Term durable_term = 0;
    raft::Member durable_vote = raft::nobody;
    bool operator==(const Seen&) const = default;
  };
  struct Commitment {
    raft::Index up_to = 0;
    raft::Term by = 0;  // The term of whoever committed it first.
  };

  Seen seen(const View& view, const Seen& before);
  raft::Term term_in(const View& view, raft::Index index);
  bool has_quorum(raft::Members members, const View& view) const;
  raft::Term term_in(Last log, raft::Index index);  // By the table of origins.
  Origin& origin(raft::Term term);
  Leader& leader(raft::Term term);

  void check_memory(const Seen& before, const Seen& after, raft::Member member);
  void check_log(const View& view, const Seen& before, const Seen& after, raft::Member member);
  void check_roles(const View& view, const Seen& before, const Seen& after, raft::Member member);
  void check_new_leader(const View& view, const Seen& before, const Seen& after, raft::Member member);
  void check_commit(const View& view, const Seen& after, raft::Member member);
  void check_claim(raft::Member member);
  void check_disks();
  void wrong(raft::Member member, std::string_view property, const std::string& what);

  Promise promise_;
  raft::Members everybody_;
  Instant now_{};
  std::vector<View> views_;
  std::vector<Seen> seen_;
  std::vector<Seen> before_;     // Scratch.
  std::vector<Last> written_;    // By member: what its disk holds; empty where nobody tells.
  std::vector<Origin> origins_;  // By term.
  std::vector<Leader> leaders_;  // By term.
  std::vector<Commitment> commitments_;
  Last committed_;
  raft::Members committed_incoming_ = 0, committed_outgoing_ = 0;
  bool disks_to_check_ = false;
  std::vector<Violation> violations_;
  std::uint64_t looks_ = 0;
  std::uint64_t elections_ = 0;
};

}  // namespace nines::fuzz
