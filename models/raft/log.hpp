// A replica's log as runs of entries of one term and one size, so that memory does not grow with throughput. It begins after the entry at
// base(): 0, or the last one that was compacted away.
#pragma once

#include <cstdint>
#include <vector>

#include "models/raft/types.hpp"
#include "sim/base/hash.hpp"

namespace nines::raft {

// `count` entries of one term from index `first` on, `bytes` each.
struct Run {
  Index first = 1;
  Term term = 0;
  std::uint64_t count = 0;
  std::int64_t bytes = 0;
  bool operator==(const Run&) const = default;
};

class Log {
 public:
  Index base() const { return base_; }
  Term base_term() const { return base_term_; }
  Index last_index() const { return runs_.empty() ? base_ : runs_.back().first + runs_.back().count - 1; }
  Term last_term() const { return runs_.empty() ? base_term_ : runs_.back().term; }
  bool holds(Index index) const { return index >= base_ && index <= last_index(); }  // Is its term known? The base's is.
  Term term_at(Index index) const;                                                   // 0 for index 0, beyond the end, and before the base.
  bool matches(Index index, Term term) const { return holds(index) && term_at(index) == term; }
  bool up_to_date(Index index, Term term) const {  // Is (index, term) at least as new as this log? (Raft 5.4.1)
    return term > last_term() || (term == last_term() && index >= last_index());
  }
  // The largest index not above `index` whose term is not above `term`: where a leader can try next after a mismatch.
  Index last_not_above(Index index, Term term) const;
  void append(Term term, std::uint64_t count, std::int64_t bytes_each);
  void append_change(Term term, const Configuration& configuration, std::int64_t bytes);  // One entry.
  void note_change(const Change& change);  // The entry at that index, which is the log's last or to be appended next, brings this configuration.
  void force_change(const Configuration& configuration);  // In place of the newest one.
  void truncate_after(Index index);
  void compact(Index index);                                                    // Forget everything up to and including `index`, which must be held.
  void restart_at(Index index, Term term, const Configuration& configuration);  // Only a snapshot's end: nothing but its base.
  // At most max_bytes (but at least one entry) of the run that holds `first`.
  Run slice(Index first, std::int64_t max_bytes) const;
  // Fills an append's entries from `first` on: at most max_bytes (but at least one entry), four runs, one configuration.
  void fill(Message& append, Index first, std::int64_t max_bytes) const;
  // How many of the `count` entries from `first` on are here with that term.
  std::uint64_t held(Index first, std::uint64_t count, Term term) const;
  const std::vector<Run>& runs() const { return runs_; }

  // Configurations: the first of changes() is the one at or before the base, the others are entries of this log.
  const std::vector<Change>& changes() const { return changes_; }
  void begin_with(const Configuration& configuration);  // The group's first configuration, which no entry brings.
  const Change& change_at_or_before(Index index) const;
  Index next_change_after(Index index) const;  // 0: none.

  void add_to(Hash& hash) const;
  bool operator==(const Log&) const = default;

 private:
  Index base_ = 0;
  Term base_term_ = 0;
  std::vector<Run> runs_;
  std::vector<Change> changes_{Change{}};
};

}  // namespace nines::raft
