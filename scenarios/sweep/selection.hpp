// Some of a space's points, as somebody asked for them: by number, or by the values of axes.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "scenarios/sweep/space.hpp"
#include "sim/base/result.hpp"

namespace nines::scenarios {

class Selection {
 public:
  Selection() = default;  // All of them.
  // "17", or AXIS=VALUE as the file has them. Of several numbers any, of several values of one axis any, of several axes all.
  static Result<Selection> of(const Space& space, const std::vector<std::string>& texts);

  std::uint64_t most(const Space& space) const;  // Of its points that can be held.
  bool holds(const Space& space, std::uint64_t point) const;

 private:
  std::set<std::uint64_t> numbers_;
  std::vector<std::set<std::size_t>> values_;  // By dimension; an empty set: any.
};

}  // namespace nines::scenarios
