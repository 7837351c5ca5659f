#include "models/raft/log.hpp"

#include <algorithm>

namespace nines::raft {

Term Log::term_at(Index index) const {
  for (auto run = runs_.rbegin(); run != runs_.rend(); ++run)
    if (index >= run->first) return index < run->first + run->count ? run->term : 0;
  return index == base_ ? base_term_ : 0;
}

Index Log::last_not_above(Index index, Term term) const {
  for (auto run = runs_.rbegin(); run != runs_.rend(); ++run)
    if (run->first <= index && run->term <= term) return std::min(index, run->first + run->count - 1);
  return std::min(index, base_);
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

void Log::append_change(Term term, const Configuration& configuration, std::int64_t bytes) {
  append(term, 1, bytes);
  note_change(Change{last_index(), configuration});
}

void Log::note_change(const Change& change) {
  SIM_CHECK(change.index > changes_.back().index, "configurations come in the order of their entries");
  changes_.push_back(change);
}

void Log::force_change(const Configuration& configuration) { changes_.back().configuration = configuration; }

void Log::truncate_after(Index index) {
  SIM_CHECK(index >= base_, "what a snapshot stands for cannot be taken back");
  while (!runs_.empty() && runs_.back().first > index) runs_.pop_back();
  if (!runs_.empty()) runs_.back().count = std::min(runs_.back().count, index - runs_.back().first + 1);
  while (changes_.size() > 1 && changes_.back().index > index) changes_.pop_back();
}

void Log::compact(Index index) {
  if (index <= base_) return;
  SIM_CHECK(index <= last_index(), "only what is there can be compacted");
  base_term_ = term_at(index);
  base_ = index;
  auto run = runs_.begin();
  while (run != runs_.end() && run->first + run->count - 1 <= index) ++run;
  runs_.erase(runs_.begin(), run);
  if (!runs_.empty() && runs_.front().first <= index) {
    runs_.front().count -= index + 1 - runs_.front().first;
    runs_.front().first = index + 1;
  }
  while (changes_.size() > 1 && changes_[1].index <= index) changes_.erase(changes_.begin());
}

void Log::restart_at(Index index, Term term, const Configuration& configuration) {
  runs_.clear();
  base_ = index;
  base_term_ = term;
  changes_.assign(1, Change{index, configuration});
}

void Log::begin_with(const Configuration& configuration) { changes_.assign(1, Change{0, configuration}); }

const Change& Log::change_at_or_before(Index index) const {
  for (auto change = changes_.rbegin(); change + 1 != changes_.rend(); ++change)
    if (change->index <= index) return *change;
  return changes_.front();
}

Index Log::next_change_after(Index index) const {
  for (std::size_t i = 1; i < changes_.size(); ++i)
    if (changes_[i].index > index) return changes_[i].index;
  return 0;
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

void Log::fill(Message& append, Index first, std::int64_t max_bytes) const {
  // One configuration a message: the entries end before the second.
  Index limit = last_index();
  if (changes_.size() > 1) {
    const Index one = next_change_after(first - 1);
    const Index two = one == 0 ? 0 : next_change_after(one);
    if (two != 0) limit = two - 1;
    if (one != 0) append.change = change_at_or_before(one);
  }
  std::size_t runs = 0;
  for (std::int64_t left = max_bytes; first <= limit && runs < 1 + append.more.size(); ++runs) {
    Run run = slice(first, left);
    if (runs > 0 && run.bytes > left) break;
    run.count = std::min(run.count, limit - first + 1);
    if (runs == 0) {
      append.entries_term = run.term;
      append.entries = static_cast<std::uint32_t>(run.count);
      append.bytes = run.bytes;
    } else {
      append.more[runs - 1] = Segment{run.term, static_cast<std::uint32_t>(run.count), static_cast<std::uint32_t>(run.bytes)};
      append.more_runs = static_cast<std::uint8_t>(runs);
    }
    first += run.count;
    left -= static_cast<std::int64_t>(run.count) * run.bytes;
  }
  if (append.change.index >= first) append.change = Change{};
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
  if (base_ != 0) {
    hash.add(base_);
    hash.add(base_term_);
  }
  for (std::size_t i = 1; i < changes_.size(); ++i) hash.add(changes_[i].index);
}

}  // namespace nines::raft
