#include "scenarios/sweep/crew.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace nines::scenarios {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto tick = 100ms;
constexpr auto between_syncs = 1s;

// What the threads share. They hold it alive: a thread that outlives the call still has it, and touches nothing of the caller's once `closed` is set and
// nobody is `writing`.
struct Shared {
  std::mutex mutex;
  std::condition_variable changed;
  Queue* queue = nullptr;
  Journal* journal = nullptr;
  Execute execute;
  bool stopped = false;  // No further unit is handed out.
  bool closed = false;   // What is finished from now on is lost.
  int working = 0;
  int writing = 0;  // Into the journal.
  Worked worked;
  std::vector<Clock::time_point> ended;
};

// Seconds since the last time it was asked.
class Stopwatch {
 public:
  double lap() {
    const auto now = Clock::now();
    return std::chrono::duration<double>(now - std::exchange(since_, now)).count();
  }

 private:
  Clock::time_point since_ = Clock::now();
};

// Waits for its threads when nobody needs it any more.
struct Threads {
  std::vector<std::thread> all;
  Threads() = default;
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  ~Threads() {
    for (std::thread& thread : all) thread.join();
  }
};

void work_as_one(const std::shared_ptr<Shared>& shared) {
  double busy = 0, handing_out = 0, journalling = 0;
  Stopwatch watch;
  std::unique_lock lock(shared->mutex);
  while (!shared->stopped) {
    const std::optional<Unit> unit = shared->queue->next();
    if (!unit) break;
    lock.unlock();
    handing_out += watch.lap();
    std::optional<Journal::Record> record;
    std::string broken;
    try {
      record.emplace(*unit, shared->execute(*unit));
    } catch (const std::exception& error) {
      broken = error.what();
    }
    const double seconds = watch.lap();
    busy += seconds;
    lock.lock();
    if (shared->closed) break;
    if (record) {
      ++shared->writing;
      lock.unlock();
      handing_out += watch.lap();
      auto appended = shared->journal->append(*record);
      journalling += watch.lap();
      lock.lock();
      --shared->writing;
      if (!appended) {
        if (shared->worked.journal.empty()) shared->worked.journal = std::move(appended.error());
        shared->stopped = true;
        break;
      }
      ++shared->worked.units;
      if (shared->closed) break;
    } else {
      shared->worked.broken.push_back({*unit, std::move(broken)});
    }
    shared->queue->done(*unit, seconds);
  }
  if (!lock.owns_lock()) lock.lock();
  shared->worked.busy_s += busy;
  shared->worked.handing_out_s += handing_out;
  shared->worked.journal_s += journalling;
  shared->ended.push_back(Clock::now());
  --shared->working;
  shared->changed.notify_all();
}

}  // namespace

Worked work(Queue& queue, const Execute& execute, Journal& journal, const Watch& watch) {
  const auto shared = std::make_shared<Shared>();
  shared->queue = &queue;
  shared->journal = &journal;
  shared->execute = execute;
  const int jobs = std::max(1, watch.jobs);
  shared->working = jobs;
  auto threads = std::make_shared<Threads>();
  for (int i = 0; i < jobs; ++i) threads->all.emplace_back([shared] { work_as_one(shared); });

  Stop stop = Stop::budget;
  auto synced = Clock::now();
  Clock::time_point given_up = Clock::time_point::max();
  {
    std::unique_lock lock(shared->mutex);
    while (shared->working > 0 && (Clock::now() < given_up || shared->writing > 0)) {
      shared->changed.wait_for(lock, tick, [&] { return shared->working == 0; });
      if (shared->working == 0) break;
      if (!shared->stopped) {
        if (watch.interrupted && watch.interrupted())
          stop = Stop::interrupted;
        else if (watch.deadline && Clock::now() >= *watch.deadline)
          stop = Stop::max_time;
        if (stop != Stop::budget) shared->stopped = true;
      }
      if (shared->stopped && given_up == Clock::time_point::max()) given_up = Clock::now() + watch.patience;
      if (watch.progress && !shared->stopped) watch.progress(queue);
      if (Clock::now() - synced >= between_syncs) {
        lock.unlock();
        static_cast<void>(journal.sync());  // A failure shows again at the end.
        synced = Clock::now();
        lock.lock();
      }
    }
    shared->stopped = shared->closed = true;
  }
  Worked worked;
  bool worked_out = false;
  {
    const std::lock_guard lock(shared->mutex);
    worked_out = shared->working == 0;
    worked = std::move(shared->worked);
    shared->worked = {};
    const auto last = shared->ended.empty() ? Clock::now() : *std::max_element(shared->ended.begin(), shared->ended.end());
    for (const auto ended : shared->ended) worked.idle_s += std::chrono::duration<double>(last - ended).count();
  }
  worked.stop = stop;
  std::sort(worked.broken.begin(), worked.broken.end(), [](const auto& a, const auto& b) { return a.unit < b.unit; });
  if (worked_out)
    threads.reset();
  else
    worked.under_way = std::move(threads);
  if (auto synced_now = journal.sync(); !synced_now && worked.journal.empty()) worked.journal = std::move(synced_now.error());
  return worked;
}

}  // namespace nines::scenarios
