// A 4-ary min-heap of event keys: the four children of an entry share one cache line, so a level costs one line and no branch.
#pragma once

#include <algorithm>
#include <cstddef>
#include <new>
#include <span>
#include <utility>

#include "sim/kernel/key.hpp"

namespace nines::sim {

// A value: copies are equal and independent. Allocates only when it grows beyond everything it has held; a copy assigned over a
// heap that is large enough allocates nothing.
class Heap {
 public:
  Heap() = default;
  explicit Heap(std::size_t capacity) { reserve(capacity); }
  Heap(const Heap& other) { assign(other); }
  Heap(Heap&& other) noexcept { swap(other); }
  Heap& operator=(const Heap& other) {
    if (this != &other) assign(other);
    return *this;
  }
  Heap& operator=(Heap&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Heap() { release(); }

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }
  std::span<const Key> keys() const { return {root_, size_}; }  // In heap order.

  // The least key. Undefined when empty.
  Key top() const { return root_[0]; }

  void push(Key key) {
    if (size_ == capacity_) [[unlikely]]
      grow();
    sift_up(size_++, key);
  }

  // Removes and returns the least key. Undefined when empty.
  Key pop() {
    const Key least = root_[0];
    const Key last = root_[--size_];
    root_[size_] = no_key;
    if (size_ != 0) sift_down(last);
    return least;
  }

  // pop() and push(key) in one descent.
  void replace_top(Key key) { sift_down(key); }

  void clear() {
    std::fill(root_, root_ + size_, no_key);
    size_ = 0;
  }

  // Takes out every key that `unwanted(key)` names; the others keep their order. Linear.
  template <class Predicate>
  void remove_if(Predicate unwanted) {
    Key* end = std::remove_if(root_, root_ + size_, unwanted);
    const auto kept = static_cast<std::size_t>(end - root_);
    std::fill(end, root_ + size_, no_key);
    size_ = 0;
    for (std::size_t i = 0; i < kept; ++i) sift_up(size_++, root_[i]);
  }

  void reserve(std::size_t capacity) {
    if (capacity > capacity_) move_to(capacity);
  }

  void swap(Heap& other) noexcept {
    std::swap(root_, other.root_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

 private:
  static constexpr std::size_t line = 64;
  static constexpr std::size_t before_root = 3;  // Entry i has children 4i+1 .. 4i+4; three empty places align them to a line.
  static constexpr std::size_t family = line / sizeof(Key);
  // All places from size_ to capacity_ hold no_key, and capacity_ ends a family: every family is complete and is searched without a branch.

  void sift_up(std::size_t i, Key key) {
    while (i != 0) {
      const std::size_t parent = (i - 1) >> 2;
      if (!(key < root_[parent])) break;
      root_[i] = root_[parent];
      i = parent;
    }
    root_[i] = key;
  }

  void sift_down(Key key) {
    Key* const root = root_;
    const std::size_t size = size_;
    std::size_t i = 0;
    for (;;) {
      const std::size_t child = 4 * i + 1;
      if (child >= size) break;
      const std::size_t left = child + (root[child + 1] < root[child] ? 1 : 0);
      const std::size_t right = child + 2 + (root[child + 3] < root[child + 2] ? 1 : 0);
      const std::size_t least = root[right] < root[left] ? right : left;
      if (!(root[least] < key)) break;
      root[i] = root[least];
      i = least;
    }
    root[i] = key;
  }

  void grow() { move_to(capacity_ == 0 ? 4 * family - before_root : 2 * (capacity_ + before_root) - before_root); }

  void move_to(std::size_t wanted) {
    const std::size_t capacity = (wanted + before_root + family - 1) / family * family - before_root;
    Key* const root = allocate(capacity);
    std::copy(root_, root_ + size_, root);
    release();
    root_ = root;
    capacity_ = capacity;
  }

  void assign(const Heap& other) {
    if (other.size_ > capacity_) {
      Key* const root = allocate(other.capacity_);
      release();
      root_ = root;
      capacity_ = other.capacity_;
    } else if (other.size_ < size_) {
      std::fill(root_ + other.size_, root_ + size_, no_key);
    }
    size_ = other.size_;
    std::copy(other.root_, other.root_ + size_, root_);
  }

  static Key* allocate(std::size_t capacity) {
    Key* const memory = static_cast<Key*>(::operator new ((capacity + before_root) * sizeof(Key), std::align_val_t{line}));
    std::fill(memory, memory + before_root + capacity, no_key);
    return memory + before_root;
  }
  void release() {
    if (root_ != nullptr) ::operator delete (root_ - before_root, std::align_val_t{line});
    root_ = nullptr;
  }

  Key* root_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace nines::sim
