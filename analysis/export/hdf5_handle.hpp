// An identifier of HDF5 and how it is closed. Its own header stays out of ours: an identifier (hid_t) is a 64-bit integer since 1.10.
#pragma once

#include <cstdint>
#include <utility>

namespace nines::analysis::hdf5 {

using Identifier = std::int64_t;

class Handle {
 public:
  using Closer = int (*)(Identifier);
  Handle() = default;
  Handle(Identifier id, Closer closer) : id_(id), closer_(closer) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), closer_(other.closer_) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      reset();
      id_ = std::exchange(other.id_, -1);
      closer_ = other.closer_;
    }
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { reset(); }

  Identifier get() const { return id_; }
  bool good() const { return id_ >= 0; }
  bool reset() { return id_ < 0 || closer_(std::exchange(id_, -1)) >= 0; }

 private:
  Identifier id_ = -1;
  Closer closer_ = nullptr;
};

}  // namespace nines::analysis::hdf5
