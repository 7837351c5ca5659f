// A readable record of what happened: one line an event, for golden files and for people.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "sim/base/time.hpp"

namespace nines::sim {

// Records nothing and costs nothing.
struct NoTrace {
  static constexpr bool on = false;
};

// Keeps the text of at most `limit` events; counts the rest.
class Trace {
 public:
  static constexpr bool on = true;

  explicit Trace(std::size_t limit = 100'000) : limit_(limit) {}

  void add(Instant time, const std::string& what);
  const std::string& text() const { return text_; }
  std::size_t dropped() const { return dropped_; }

 private:
  std::string text_;
  std::size_t limit_;
  std::size_t kept_ = 0;
  std::size_t dropped_ = 0;
};

}  // namespace nines::sim
