// Records of one type, addressed by a small index: the payload of an event that does not fit its key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "sim/base/check.hpp"

namespace nines::sim {

// A value. Places are reused last in, first out; allocates only when more records live at once than ever before.
template <class Record>
class Pool {
  static_assert(std::is_copy_constructible_v<Record>, "a world copies, and so do the payloads of its events");

 public:
  static constexpr std::size_t limit = std::size_t{1} << 24;

  std::uint32_t put(const Record& record) {
    if (free_.empty()) [[unlikely]] {
      SIM_CHECK(records_.size() < limit, "more than 2^24 events of one kind are pending");
      records_.push_back(record);
      free_.reserve(records_.capacity());
      return static_cast<std::uint32_t>(records_.size() - 1);
    }
    const std::uint32_t index = free_.back();
    free_.pop_back();
    records_[index] = record;
    return index;
  }

  // Copies the record out and frees its place: the receiver may put new ones while it reads.
  Record take(std::uint32_t index) {
    free_.push_back(index);
    return records_[index];
  }

  std::size_t size() const { return records_.size() - free_.size(); }
  void reserve(std::size_t capacity) {
    records_.reserve(capacity);
    free_.reserve(capacity);
  }

 private:
  std::vector<Record> records_;
  std::vector<std::uint32_t> free_;
};

}  // namespace nines::sim
