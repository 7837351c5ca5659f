// The floor: a bare 4-ary heap of 16-byte keys, time (64) | order of scheduling (40) | payload (24). Nothing is checked, copied or printed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

namespace nines::bench {

using BareKey = unsigned __int128;

inline BareKey bare_key(std::int64_t time, std::uint64_t order, std::uint32_t payload) {
  return (BareKey{static_cast<std::uint64_t>(time)} << 64) | (order << 24) | payload;
}
inline std::int64_t bare_time(BareKey key) { return static_cast<std::int64_t>(key >> 64); }
inline std::uint32_t bare_payload(BareKey key) { return static_cast<std::uint32_t>(key) & 0xffffffu; }

// Of a fixed capacity. Children share a cache line.
class BareHeap {
 public:
  explicit BareHeap(std::size_t capacity)
      : memory_(static_cast<BareKey*>(::operator new ((capacity + 8) * sizeof(BareKey), std::align_val_t{64}))), a_(memory_ + 3) {}
  BareHeap(const BareHeap&) = delete;
  BareHeap& operator=(const BareHeap&) = delete;
  ~BareHeap() { ::operator delete (memory_, std::align_val_t{64}); }

  void push(BareKey key) {
    std::size_t i = n_++;
    while (i != 0) {
      const std::size_t parent = (i - 1) / 4;
      if (!(key < a_[parent])) break;
      a_[i] = a_[parent];
      i = parent;
    }
    a_[i] = key;
  }

  BareKey pop() {
    const BareKey result = a_[0];
    const BareKey key = a_[--n_];
    if (n_ == 0) return result;
    std::size_t i = 0;
    for (;;) {
      const std::size_t c = 4 * i + 1;
      std::size_t least = c;
      if (c + 3 < n_) {
        const std::size_t left = c + (a_[c + 1] < a_[c]), right = c + 2 + (a_[c + 3] < a_[c + 2]);
        least = a_[right] < a_[left] ? right : left;
      } else {
        if (c >= n_) break;
        for (std::size_t j = c + 1; j < n_; ++j) {
          if (a_[j] < a_[least]) least = j;
        }
      }
      if (!(a_[least] < key)) break;
      a_[i] = a_[least];
      i = least;
    }
    a_[i] = key;
    return result;
  }

 private:
  BareKey* memory_;
  BareKey* a_;
  std::size_t n_ = 0;
};

}  // namespace nines::bench
