#include "models/raft/log.hpp"

#include <algorithm>

namespace nines::raft {

Term Log::term_at(Index index) const {
  for (auto run = runs_.rbegin(); run != runs_.rend(); ++run)
    if (index >= run->first) return index < run->first + run->count ? run->term : 0;
  return 0;
}

Index Log::last_not_above(Index index, Term term) const {
  for (auto run = runs_.rbegin(); run != runs_.rend(); ++run)
    if (run->first <= index && run->term <= term) return std::min(index, run->first + run->count - 1);
  return 0;
}

void Log::append(Term term, std::uint64_t count, std::int64_t bytes_each) {
  if (count == 0) return;
  if (!runs_.empty() && runs_.back().term == term && runs_.back().bytes == bytes_each) {
    runs_.back().count += count;
    return;
  }
  SIM_CHECK(term >= last_term(), "the terms of a log never fall");
  runs_.push_back(Run{last_index() + 1, term, count, bytes_each});
}

void Log::truncate_after(Index index) {
  while (!runs_.empty() && runs_.back().first > index) runs_.pop_back();
  if (!runs_.empty()) runs_.back().count = std::min(runs_.back().count, index - runs_.back().first + 1);
}

Run Log::slice(Index first, std::int64_t max_bytes) const {
  for (auto run = runs_.rbegin(); run != runs_.rend(); ++run) {
    if (run->first > first) continue;
    const std::uint64_t rest = run->first + run->count - first;
    const std::uint64_t fit = run->bytes > 0 ? std::max<std::uint64_t>(1, static_cast<std::uint64_t>(max_bytes / run->bytes)) : rest;
    return Run{first, run->term, std::min({rest, fit, std::uint64_t{1} << 31}), run->bytes};
  }
  return Run{first, 0, 0, 0};
}

std::uint64_t Log::held(Index first, std::uint64_t count, Term term) const {
  auto run = runs_.rbegin();
  while (run != runs_.rend() && run->first > first) ++run;
  if (run == runs_.rend()) return 0;
  Index next = first;
  const Index end = first + count;
  for (auto on = run.base() - 1; on != runs_.end() && on->term == term && next < end; ++on) next = std::min(end, on->first + on->count);
  return std::max(next, first) - first;  // `first` may lie beyond the end.
}

void Log::add_to(Hash& hash) const {
  hash.add(runs_.size());
  for (const Run& run : runs_) {
    hash.add(run.first);
    hash.add(run.term);
    hash.add(run.count);
  }
}

}  // namespace nines::raft
