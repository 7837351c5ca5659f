// All pending events of one simulation: a heap, and lanes for what lies a constant delay ahead. The next event is the least of their heads.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "sim/kernel/heap.hpp"
#include "sim/kernel/key.hpp"
#include "sim/kernel/lane.hpp"

namespace nines::sim {

// A value. take() leaves a hole at the heap's root which the next push fills: pop and push become one descent.
template <std::size_t lane_count>
class Queue {
 public:
  void push(Key key) {
    if (hole_) {
      hole_ = false;
      heap_.replace_top(key);
    } else {
      heap_.push(key);
    }
  }

  // Through a lane where the order allows it, through the heap otherwise: the order of leaving never depends on the way.
  void push(std::size_t lane, Key key) {
    if (lanes_[lane].accepts(key)) [[likely]] {
      lanes_[lane].push(key);
    } else {
      push(key);
    }
  }

  // The least key; no_key when nothing is pending. Removes it if it lies below `limit`.
  Key take_below(Key limit) {
    close_hole();
    Key least = heap_.empty() ? no_key : heap_.top();
    if constexpr (lane_count == 0) {
      hole_ = least < limit;
    } else {
      std::size_t source = lane_count;
      for (std::size_t i = 0; i < lane_count; ++i) {
        const Key head = lanes_[i].front();
        const bool earlier = head < least;
        least = earlier ? head : least;
        source = earlier ? i : source;
      }
      if (least < limit) {
        if (source == lane_count) {
          hole_ = true;
        } else {
          lanes_[source].pop();
        }
      }
    }
    return least;
  }

  // The least key without taking it; no_key when nothing is pending.
  Key least() {
    close_hole();
    Key least = heap_.empty() ? no_key : heap_.top();
    for (const Lane& lane : lanes_) least = std::min(least, lane.front());
    return least;
  }

  std::size_t size() const {
    std::size_t size = heap_.size() - (hole_ ? 1 : 0);
    for (const Lane& lane : lanes_) size += lane.size();
    return size;
  }
  bool empty() const { return size() == 0; }
  void reserve(std::size_t capacity) { heap_.reserve(capacity); }

 private:
  void close_hole() {
    if (!hole_) return;
    hole_ = false;
    heap_.pop();
  }

  Heap heap_;
  std::array<Lane, lane_count> lanes_{};
  bool hole_ = false;
};

}  // namespace nines::sim
