#include "sim/kernel/heap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "sim/base/random.hpp"

namespace nines::sim {
namespace heap_test {

Key key(std::int64_t time, std::uint64_t rank = 0, std::uint32_t slot = 0) { return make_key(Instant{Duration{time}}, rank, slot); }

std::vector<Key> drained(Heap heap) {
  std::vector<Key> keys;
  while (!heap.empty()) keys.push_back(heap.pop());
  return keys;
}

TEST(Heap, GivesKeysBackInOrder) {
  Heap heap;
  EXPECT_TRUE(heap.empty());
  for (const int t : {5, 3, 9, 1, 7, 1}) heap.push(key(t));
  EXPECT_EQ(heap.size(), 6u);
  EXPECT_EQ(heap.top(), key(1));
  EXPECT_EQ(drained(heap), (std::vector<Key>{key(1), key(1), key(3), key(5), key(7), key(9)}));
}

// Every size from 1 to 200 meets every shape of the last, incomplete family of children.
TEST(Heap, SortsEverySize) {
  for (std::size_t size = 1; size <= 200; ++size) {
    Heap heap;
    std::vector<Key> expected;
    for (std::size_t i = 0; i < size; ++i) {
      const Words words = Streams(size).of(0, Purpose::test).words({.index = i});
      expected.push_back(key(static_cast<std::int64_t>(words[0] % 50), words[1] % 4, static_cast<std::uint32_t>(words[2] % 3)));
      heap.push(expected.back());
    }
    std::sort(expected.begin(), expected.end());
    ASSERT_EQ(drained(heap), expected) << size;
  }
}

TEST(Heap, AgreesWithAnOrderedSetUnderRandomUse) {
  for (const std::uint64_t largest : {3u, 10u, 64u, 5000u}) {
    Heap heap;
    std::multiset<Key> reference;
    const Stream draws = Streams(largest).of(0, Purpose::test);
    for (std::uint64_t i = 0; i < 40'000; ++i) {
      const Words words = draws.words({.index = i});
      const Key fresh = key(static_cast<std::int64_t>(words[0] % 1000), words[1] % 1000);
      const bool full = reference.size() >= largest;
      const std::uint64_t act = words[2] % 4;
      if (!reference.empty() && (full || act == 0)) {
        ASSERT_EQ(heap.pop(), *reference.begin());
        reference.erase(reference.begin());
      } else if (!reference.empty() && act == 1) {
        heap.replace_top(fresh);
        reference.erase(reference.begin());
        reference.insert(fresh);
      } else {
        heap.push(fresh);
        reference.insert(fresh);
      }
      ASSERT_EQ(heap.size(), reference.size());
      if (!reference.empty()) {
        ASSERT_EQ(heap.top(), *reference.begin());
      }
    }
  }
}

TEST(Heap, RemovingKeysLosesNoOther) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Heap heap;
    std::multiset<Key> reference;
    for (std::uint64_t i = 0; i < 60; ++i) {
      const std::uint64_t word = Streams(seed).of(0, Purpose::test).word({.index = i});
      heap.push(key(static_cast<std::int64_t>(word % 1000), 0, static_cast<std::uint32_t>(word >> 32) % 8));
      reference.insert(key(static_cast<std::int64_t>(word % 1000), 0, static_cast<std::uint32_t>(word >> 32) % 8));
    }
    const std::uint32_t victim = static_cast<std::uint32_t>(seed % 8);
    heap.remove_if([&](Key k) { return slot_of(k) == victim; });
    std::erase_if(reference, [&](Key k) { return slot_of(k) == victim; });
    ASSERT_EQ(drained(heap), std::vector<Key>(reference.begin(), reference.end())) << seed;
  }
}

TEST(Heap, CopiesAreIndependentValues) {
  Heap heap;
  for (int t = 0; t < 100; ++t) heap.push(key(t));
  Heap copy = heap;
  Heap assigned(5);
  assigned.push(key(77));
  assigned = heap;
  heap.pop();
  heap.push(key(1000));
  EXPECT_EQ(copy.size(), 100u);
  EXPECT_EQ(drained(copy), drained(assigned));
  EXPECT_EQ(copy.top(), key(0));
  const Heap moved = std::move(copy);
  EXPECT_EQ(moved.size(), 100u);
  Heap& self = assigned;
  assigned = self;
  EXPECT_EQ(assigned.size(), 100u);
  Heap empty;
  assigned = empty;
  EXPECT_TRUE(assigned.empty());
}

// A place that was used and left must not be taken for an entry later: the search over a family reads all four.
TEST(Heap, WorksAfterShrinkingInEveryWay) {
  for (std::size_t before = 0; before <= 40; ++before) {
    for (std::size_t after = 1; after <= 20; ++after) {
      Heap popped, cleared, assigned, removed, other;
      for (std::size_t i = 0; i < before; ++i) {
        for (Heap* heap : {&popped, &cleared, &assigned, &removed}) heap->push(key(1, i));
      }
      while (!popped.empty()) popped.pop();
      cleared.clear();
      assigned = other;
      removed.remove_if([](Key) { return true; });
      std::vector<Key> expected;
      for (std::size_t i = 0; i < after; ++i) {
        for (Heap* heap : {&popped, &cleared, &assigned, &removed, &other}) heap->push(key(1000 - static_cast<std::int64_t>(i)));
        expected.push_back(key(1000 - static_cast<std::int64_t>(i)));
      }
      std::reverse(expected.begin(), expected.end());
      assigned = other;
      for (const Heap* heap : {&popped, &cleared, &assigned, &removed}) ASSERT_EQ(drained(*heap), expected) << before << " then " << after;
    }
  }
}

TEST(Heap, FamiliesShareACacheLine) {
  Heap heap;
  for (int t = 0; t < 30; ++t) heap.push(key(t));
  const auto address = reinterpret_cast<std::uintptr_t>(&heap.keys()[1]);
  EXPECT_EQ(address % 64, 0u);
}

}  // namespace heap_test
}  // namespace nines::sim
