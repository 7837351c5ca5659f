// Many results made on several threads and taken one after the other, in the order of their indices.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace nines::scenarios {

// `make` is called on `jobs` threads at once, `take` on the caller's, in order; never more than a few results wait. What one of them throws ends it, and
// is thrown here: of several, what belongs to the lowest index.
template <class T>
void in_order(std::uint64_t count, int jobs, const std::function<T(std::uint64_t)>& make, const std::function<void(std::uint64_t, T&&)>& take) {
  const auto threads = static_cast<std::uint64_t>(std::max(1, jobs));
  if (threads == 1 || count < 2) {
    for (std::uint64_t index = 0; index < count; ++index) take(index, make(index));
    return;
  }
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::uint64_t, std::pair<T, std::exception_ptr>> made;
  std::uint64_t next = 0, taken = 0;
  bool stopped = false;
  const std::uint64_t ahead = 8 * threads;

  const auto work = [&] {
    std::unique_lock lock(mutex);
    for (;;) {
      changed.wait(lock, [&] { return stopped || next >= count || next < taken + ahead; });
      if (stopped || next >= count) return;
      const std::uint64_t index = next++;
      lock.unlock();
      std::pair<T, std::exception_ptr> result;
      try {
        result.first = make(index);
      } catch (...) {
        result.second = std::current_exception();
      }
      lock.lock();
      made.emplace(index, std::move(result));
      changed.notify_all();
    }
  };
  std::vector<std::thread> pool;
  for (std::uint64_t i = 0; i < threads; ++i) pool.emplace_back(work);

  std::exception_ptr thrown;
  for (std::uint64_t index = 0; index < count && !thrown; ++index) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return made.contains(index); });
    auto result = made.extract(index);
    taken = index + 1;
    lock.unlock();
    changed.notify_all();
    thrown = result.mapped().second;
    if (thrown) break;
    try {
      take(index, std::move(result.mapped().first));
    } catch (...) {
      thrown = std::current_exception();
    }
  }
  {
    const std::lock_guard lock(mutex);
    stopped = true;
  }
  changed.notify_all();
  for (std::thread& thread : pool) thread.join();
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace nines::scenarios
