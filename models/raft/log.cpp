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

void Log::append(Term term, std::uint64_t count, std::int64_t bytes) {
  if (count == 0) return;
  if (!runs_.empty() && runs_.back().term == term) {
    runs_.back().count += count;
    runs_.back().bytes += bytes;
    return;
  }
  SIM_CHECK(term >= last_term(), "the terms of a log never fall");
  runs_.push_back(Run{last_index() + 1, term, count, bytes});
}

void Log::truncate_after(Index index) {
  while (!runs_.empty() && runs_.back().first > index) runs_.pop_back();
  if (runs_.empty()) return;
  Run& run = runs_.back();
  const std::uint64_t keep = std::min(run.count, index - run.first + 1);
  run.bytes = run.bytes / static_cast<std::int64_t>(run.count) * static_cast<std::int64_t>(keep);  // The no-op of a run weighs as much as its neighbours.
  run.count = keep;
}

Run Log::slice(Index first, std::int64_t max_bytes) const {
  for (auto run = runs_.rbegin(); run != runs_.rend(); ++run) {
    if (run->first > first) continue;
    const std::uint64_t rest = run->first + run->count - first;
    const std::int64_t each = run->bytes / static_cast<std::int64_t>(run->count);
    const std::uint64_t fit = each > 0 ? std::max<std::uint64_t>(1, static_cast<std::uint64_t>(max_bytes / each)) : rest;
    const std::uint64_t count = std::min({rest, fit, std::uint64_t{1} << 31});
    return Run{first, run->term, count, each * static_cast<std::int64_t>(count)};
  }
  return Run{first, 0, 0, 0};
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
