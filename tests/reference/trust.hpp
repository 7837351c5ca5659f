// What a test measured, as a line of the table "How far to trust it" in models/raft/README.md: trust_test.sh gathers the lines.
#pragma once

#include <cmath>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace nines::reference {

// What was known before, and where it is written. Tests that name the same line share it: their cases add up.
struct Known {
  const char* what;
  const char* source;
};

// The deviation that comes nearest to its bound, or goes furthest beyond it.
class Worst {
 public:
  enum class As { per_cent, number };
  explicit Worst(const char* quantity, As as = As::per_cent) : quantity_(quantity), as_(as) {}

  // One case: 0.03 is three per cent.
  void see(double deviation, double bound, const std::string& where) {
    deviation = std::abs(deviation);
    if (where_.empty() || deviation / bound > deviation_ / bound_) {
      deviation_ = deviation;
      bound_ = bound;
      where_ = where;
    }
    if (deviation > bound) beyond_ += (beyond_.empty() ? std::string(quantity_) + " at " : ", ") + where;
  }

  std::string deviation() const { return quantity_ + (": " + written(deviation_) + " (" + where_ + ")"); }
  std::string bound() const { return written(bound_); }
  const std::string& beyond() const { return beyond_; }

 private:
  std::string written(double value) const {
    char text[32];
    std::snprintf(text, sizeof text, as_ == As::per_cent ? "%.1f %%" : "%.3f", as_ == As::per_cent ? 100 * value : value);
    return text;
  }

  const char* quantity_;
  As as_;
  double deviation_ = 0, bound_ = 1;
  std::string where_;
  std::string beyond_;
};

// How many, and of what.
inline std::string counted(std::size_t number, const char* noun) {
  std::string text = std::to_string(number);
  text += ' ';
  text += noun;
  return text;
}

// line | source | cases | worst | bound | where it differs. `cases` is `counted`.
inline void record_trust(const Known& known, const std::string& cases, std::initializer_list<Worst> all) {
  std::string worst, bound, beyond;
  const auto add = [](std::string& text, const std::string& part) { text += part.empty() ? "" : (text.empty() ? "" : "; ") + part; };
  for (const Worst& one : all) {
    add(worst, one.deviation());
    add(bound, one.bound());
    add(beyond, one.beyond());
  }
  testing::Test::RecordProperty("trust", std::string(known.what) + "|" + known.source + "|" + cases + "|" + worst + "|" + bound + "|" + beyond);
}

// Where only equality will do.
inline void record_trust(const Known& known, const std::string& cases, int differing) {
  const std::string count = std::to_string(differing) + " differ";
  testing::Test::RecordProperty("trust", std::string(known.what) + "|" + known.source + "|" + cases + "|" + count + "|none|" + (differing > 0 ? count : ""));
}

// What it takes is not on this machine: the table keeps the line that it has.
inline void record_trust_unmeasured(const Known& known) { testing::Test::RecordProperty("trust", known.what); }

}  // namespace nines::reference
