// A FIFO ring for events that all lie one constant delay ahead: they are pushed in the order in which they leave, so no heap is needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/kernel/key.hpp"

namespace nines::sim {

// A value. Allocates only when it grows.
class Lane {
 public:
  bool empty() const { return head_ == tail_; }
  std::size_t size() const { return static_cast<std::size_t>(tail_ - head_); }

  // The earliest key; no_key when empty.
  Key front() const { return ring_[head_ & mask_]; }

  // Keys of one instant may come in any order of rank, so a lane takes a key only if it belongs behind the last one.
  bool accepts(Key key) const { return last_ <= key || empty(); }

  // Requires accepts(key).
  void push(Key key) {
    if (size() == mask_) [[unlikely]]
      grow();
    ring_[tail_ & mask_] = key;
    last_ = key;
    ++tail_;
    ring_[tail_ & mask_] = no_key;  // One place is always free for this end mark: front() needs no test for an empty lane.
  }

  // Requires !empty().
  void pop() { ++head_; }

 private:
  void grow() {
    std::vector<Key> larger(2 * ring_.size(), no_key);
    const std::size_t kept = size();
    for (std::size_t i = 0; i < kept; ++i) larger[i] = ring_[(head_ + i) & mask_];
    ring_ = std::move(larger);
    mask_ = ring_.size() - 1;
    head_ = 0;
    tail_ = kept;
  }

  std::vector<Key> ring_ = std::vector<Key>(16, no_key);  // A power of two.
  std::uint64_t mask_ = 15;
  std::uint64_t head_ = 0;
  std::uint64_t tail_ = 0;
  Key last_ = 0;
};

}  // namespace nines::sim
