// A replica's log as runs of entries of one term and one size, so that memory does not grow with throughput.
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
  Index last_index() const { return runs_.empty() ? 0 : runs_.back().first + runs_.back().count - 1; }
  Term last_term() const { return runs_.empty() ? 0 : runs_.back().term; }
  Term term_at(Index index) const;  // 0 for index 0 and beyond the end.
  bool matches(Index index, Term term) const { return index <= last_index() && term_at(index) == term; }
  bool up_to_date(Index index, Term term) const {  // Is (index, term) at least as new as this log? (Raft 5.4.1)
    return term > last_term() || (term == last_term() && index >= last_index());
  }
  // The largest index not above `index` whose term is not above `term`: where a leader can try next after a mismatch.
  Index last_not_above(Index index, Term term) const;
  void append(Term term, std::uint64_t count, std::int64_t bytes_each);
  void truncate_after(Index index);
  // At most max_bytes (but at least one entry) of the run that holds `first`.
  Run slice(Index first, std::int64_t max_bytes) const;
  // How many of the `count` entries from `first` on are here with that term.
  std::uint64_t held(Index first, std::uint64_t count, Term term) const;
  const std::vector<Run>& runs() const { return runs_; }
  void add_to(Hash& hash) const;
  bool operator==(const Log&) const = default;

 private:
  std::vector<Run> runs_;
};

}  // namespace nines::raft
