#include "scenarios/fuzz/campaign.hpp"

#include <atomic>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

namespace nines::fuzz {

namespace {

using Clock = std::chrono::steady_clock;

struct Shared {
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::uint64_t, Outcome> finished;
  std::uint64_t next = 0;    // The next seed to begin.
  std::uint64_t merged = 0;  // All before it are in.
  bool stop = false;
};

Outcome outcome_of(const Campaign& campaign, std::uint64_t seed) {
  try {
    return run_plan(draw_plan(seed, campaign.profiles, campaign.rules));
  } catch (const std::exception& broken) {
    Outcome outcome;
    outcome.finding = Finding{"arena", broken.what(), Instant{}};
    return outcome;
  }
}

void work(const Campaign& campaign, Shared& shared, std::uint64_t end, std::uint64_t ahead) {
  for (;;) {
    std::uint64_t seed = 0;
    {
      std::unique_lock lock(shared.mutex);
      shared.changed.wait(lock, [&] { return shared.stop || shared.next >= end || shared.next < shared.merged + ahead; });
      if (shared.stop || shared.next >= end) return;
      seed = shared.next++;
    }
    Outcome outcome = outcome_of(campaign, seed);
    const std::lock_guard lock(shared.mutex);
    shared.finished.emplace(seed, std::move(outcome));
    shared.changed.notify_all();
  }
}

}  // namespace

Report run(const Campaign& campaign) {
  const auto began = Clock::now();
  Report report;
  Shared shared;
  shared.next = shared.merged = campaign.first;
  const std::uint64_t end = campaign.seeds ? campaign.first + *campaign.seeds : ~std::uint64_t{0};
  const int jobs = campaign.jobs < 1 ? 1 : campaign.jobs;
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(jobs));
  for (int i = 0; i < jobs; ++i) threads.emplace_back([&] { work(campaign, shared, end, 64 * static_cast<std::uint64_t>(jobs)); });

  auto told = began;
  while (shared.merged < end) {
    const auto now = Clock::now();
    report.interrupted = campaign.interrupted && campaign.interrupted();
    if (report.interrupted || (campaign.time && now - began >= *campaign.time)) break;
    if (campaign.progress && now - told >= std::chrono::milliseconds(100)) {
      told = now;
      campaign.progress(report.coverage, now - began);
    }
    std::unique_lock lock(shared.mutex);
    shared.changed.wait_for(lock, std::chrono::milliseconds(100), [&] { return shared.finished.contains(shared.merged); });
    for (auto ready = shared.finished.extract(shared.merged); !ready.empty(); ready = shared.finished.extract(shared.merged)) {
      report.coverage.add(ready.mapped().coverage);
      report.seed = shared.merged++;
      report.finding = std::move(ready.mapped().finding);
      if (report.finding) break;
    }
    shared.changed.notify_all();
    if (report.finding) break;
  }
  {
    const std::lock_guard lock(shared.mutex);
    shared.stop = true;
    shared.changed.notify_all();
  }
  for (std::thread& thread : threads) thread.join();
  report.elapsed = Clock::now() - began;
  return report;
}

}  // namespace nines::fuzz
