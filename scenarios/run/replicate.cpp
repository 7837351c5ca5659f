#include "scenarios/run/replicate.hpp"

#include <condition_variable>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <variant>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

namespace nines::scenarios {
namespace {

using namespace std::chrono_literals;

constexpr auto tick = 100ms;

// What the threads share. They hold it alive: a thread that outlives the run still has it.
struct Shared {
  explicit Shared(Simulate by) : simulate(std::move(by)) {}

  const Simulate simulate;
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::uint64_t, std::variant<world::Record, std::string>> finished;  // The record, or what broke.
  std::uint64_t running = 0;
  bool stopped = false;
};

void run_one(const std::shared_ptr<Shared>& shared, std::uint64_t replication) {
  {
    const std::lock_guard lock(shared->mutex);
    if (shared->stopped) return;
    ++shared->running;
  }
  std::variant<world::Record, std::string> result;
  try {
    result = shared->simulate(replication);
  } catch (const std::exception& broken) {
    result = std::string(broken.what());
  }
  const std::lock_guard lock(shared->mutex);
  --shared->running;
  shared->finished.emplace(replication, std::move(result));
  shared->changed.notify_all();
}

}  // namespace

const char* word(Stop stop) {
  switch (stop) {
    case Stop::max_time: return "max-time";
    case Stop::interrupted: return "interrupted";
    case Stop::budget: break;
  }
  return "budget";
}

Done replicate(const Simulate& simulate, const Merge& merge, const Work& work) {
  Done done;
  const auto jobs = static_cast<std::uint64_t>(work.jobs < 1 ? 1 : work.jobs);
  const std::uint64_t ahead = 4 * jobs + 8;  // Bounds the records that wait for a slow predecessor.
  const std::uint64_t end = work.first + work.replications;
  const auto shared = std::make_shared<Shared>(simulate);
  auto pool = std::make_unique<boost::asio::thread_pool>(static_cast<std::size_t>(jobs));
  auto told = std::chrono::steady_clock::now();

  const auto stopped = [&] {
    if (work.interrupted && work.interrupted())
      done.stop = Stop::interrupted;
    else if (work.deadline && std::chrono::steady_clock::now() >= *work.deadline)
      done.stop = Stop::max_time;
    return done.stop != Stop::budget;
  };

  std::uint64_t posted = work.first;
  for (std::uint64_t next = work.first; next < end;) {
    if (stopped()) break;
    for (; posted < end && posted < next + ahead; ++posted) boost::asio::post(*pool, [shared, posted] { run_one(shared, posted); });

    std::unique_lock lock(shared->mutex);
    shared->changed.wait_for(lock, tick, [&] { return shared->finished.contains(next); });
    auto ready = shared->finished.extract(next);
    lock.unlock();
    if (!ready.empty()) {
      if (const auto* record = std::get_if<world::Record>(&ready.mapped()))
        merge(next, *record);
      else
        done.broken.push_back({next, std::get<std::string>(ready.mapped())});
      done.merged = ++next - work.first;
    }
    const auto now = std::chrono::steady_clock::now();
    if (work.progress && (now - told >= tick || next == end)) {
      told = now;
      work.progress(done.merged);
    }
  }

  std::unique_lock lock(shared->mutex);
  shared->stopped = true;
  const bool idle = shared->changed.wait_for(lock, work.patience, [&] { return shared->running == 0; });
  lock.unlock();
  if (idle) {
    pool->join();
  } else {
    pool->stop();
    done.under_way = std::shared_ptr<boost::asio::thread_pool>(std::move(pool));
  }
  return done;
}

}  // namespace nines::scenarios
