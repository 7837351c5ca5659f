// Which points of a design space deserve more replications: those whose place on the front of cost against downtime is open, in the proportions of
// optimal computing budget allocation (Chen, Lin, Yücesan and Chick, "Simulation budget allocation for further enhancing the efficiency of ordinal
// optimization", Discrete Event Dynamic Systems 10, 2000): with the variance, and against the square of the difference that is to be seen.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace nines::analysis {

struct Contender {
  double cost = 0;                 // A month; known.
  double downtime = 0;             // Minutes a year, estimated,
  double error = 0;                // with this standard error
  std::uint64_t replications = 0;  // after so many; at least one.
  bool open = false;               // More are wanted whatever its place on the front: a line of `expect:` is undecided.
};

struct Allocation {
  std::vector<std::uint64_t> more;  // By contender. All zero: nothing is open that replications could decide.
  std::uint64_t open_pairs = 0;     // Of contenders that are not told apart yet, and could be with `most` replications each.
  std::uint64_t close_pairs = 0;    // That could not.
};

// Hands out about `budget` replications in multiples of `block`, so that no contender gets beyond `most`. Limits are those of a run that is looked at
// again and again (see for_looking_again).
Allocation allocate(std::span<const Contender> contenders, std::uint64_t budget, std::uint64_t most, std::uint64_t block);

}  // namespace nines::analysis
