// Values that are dear to make and asked for again: each is made once, however many threads ask, and the least recently used make room.
#pragma once

#include <cstddef>
#include <future>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace nines::scenarios {

// A key names its value completely: what a caller gets does not depend on who asked before. `Value` says its size with bytes().
template <class Value>
class Memo {
 public:
  explicit Memo(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  // `make` gives a std::shared_ptr<const Value>. It runs on the thread that asks first; the others wait for it, and what it throws all of them throw.
  template <class Make>
  std::shared_ptr<const Value> get(const std::string& key, const Make& make) {
    std::unique_lock lock(mutex_);
    ++asked_;
    if (const auto known = places_.find(key); known != places_.end()) {
      entries_.splice(entries_.begin(), entries_, known->second);
      const std::shared_future<std::shared_ptr<const Value>> value = known->second->value;
      lock.unlock();
      return value.get();
    }
    ++made_;
    std::promise<std::shared_ptr<const Value>> promise;
    const auto entry = entries_.insert(entries_.begin(), Entry{key, promise.get_future().share(), 0});
    places_.emplace(key, entry);
    lock.unlock();
    try {
      std::shared_ptr<const Value> value = make();
      promise.set_value(value);
      lock.lock();
      entry->bytes = value->bytes() + 2 * key.size();
      bytes_ += entry->bytes;
      make_room();
      return value;
    } catch (...) {
      promise.set_exception(std::current_exception());
      if (!lock.owns_lock()) lock.lock();
      places_.erase(key);
      entries_.erase(entry);
      throw;
    }
  }

  std::size_t asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  std::size_t made() const {
    const std::lock_guard lock(mutex_);
    return made_;
  }

 private:
  struct Entry {
    std::string key;
    std::shared_future<std::shared_ptr<const Value>> value;
    std::size_t bytes;  // 0 while it is being made: then it cannot go.
  };

  void make_room() {
    for (auto last = entries_.end(); bytes_ > most_bytes_ && last != entries_.begin();) {
      --last;
      if (last->bytes == 0) continue;
      bytes_ -= last->bytes;
      places_.erase(last->key);
      last = entries_.erase(last);
    }
  }

  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // The most recently used first.
  std::unordered_map<std::string, typename std::list<Entry>::iterator> places_;
  std::size_t bytes_ = 0, asked_ = 0, made_ = 0;
};

}  // namespace nines::scenarios
