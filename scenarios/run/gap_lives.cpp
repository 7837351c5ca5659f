#include "scenarios/run/gap_lives.hpp"

#include <algorithm>
#include <iterator>

#include "analysis/stats/replication.hpp"

namespace nines::scenarios {

GapLives::GapLives(const Question& question, WallTime start)
    : question_(&question),
      start_(start),
      sampler_(std::make_shared<const world::Plan>(question.world), question.provenance.seed),
      election_s_(seconds(analysis::RepairTimes(question.world).election())),
      times_(sampler_.modes(), analysis::least_faults) {
  begin();
  run(analysis::first_pilot, analysis::pilot_lives);
  if (stop_ != Stop::budget) return;
  times_ = analysis::allocate(sums_, sampler_.modes());
  begin();
}

void GapLives::begin() {
  sums_.clear();
  for (std::size_t c = 0; c < sampler_.clusters(); ++c) sums_.emplace_back(sampler_, c, times_);
}

bool GapLives::run(std::uint64_t lives) {
  if (stop_ == Stop::budget && broken.empty() && lives > this->lives()) run(this->lives(), lives - this->lives());
  return stop_ == Stop::budget && broken.empty();
}

void GapLives::run(std::uint64_t first, std::uint64_t count) {
  // Each task fills its own place; a task that outlives a stop still has where to write.
  const auto lives = std::make_shared<std::vector<std::vector<analysis::Excess>>>(count);
  Work work{.first = first, .replications = count, .jobs = question_->jobs};
  if (question_->max_time) work.deadline = start_ + std::chrono::duration_cast<std::chrono::steady_clock::duration>(*question_->max_time);
  work.interrupted = question_->interrupted;
  const Simulate simulate = [lives, sampler = sampler_, times = times_, first](std::uint64_t index) {
    (*lives)[index - first] = sampler.life(index, times);
    return world::Record{};
  };
  const Merge merge = [&](std::uint64_t index, const world::Record&) {
    for (analysis::GapSum& sum : sums_) sum.add((*lives)[index - first]);
  };
  Done done = replicate(simulate, merge, work);
  stop_ = done.stop;
  under_way = std::move(done.under_way);
  broken.insert(broken.end(), std::make_move_iterator(done.broken.begin()), std::make_move_iterator(done.broken.end()));
}

}  // namespace nines::scenarios
