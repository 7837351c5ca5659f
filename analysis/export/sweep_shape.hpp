// What a sweep's result is made of, whatever the file: dimensions, metrics, and a row for every point.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/stats/metric.hpp"

namespace nines::analysis {

// One dimension of the result: an axis, several axes that vary together, or the repeats.
struct SweepDimension {
  std::string name;                 // The axis's path: "cluster.replication".
  std::string long_name;            // Empty: the name.
  std::string unit;                 // Of `numbers`, as CF has it: "1", "s".
  std::vector<std::string> labels;  // By value of the axis, as its author wrote them.
  std::vector<double> numbers{};    // The same in `unit`; empty where some value is not a number.
  // What else varies along it: the axes of a zipped one. No further levels.
  std::vector<SweepDimension> also{};

  bool labels_say_more() const;  // Than the numbers, where there are some: "500us" does, "3" does not.
};

// A metric that some point of the sweep has. Where points differ in the unit of one (prices in two currencies), it is listed once a unit.
struct SweepMetric {
  std::string name;  // As in `expect:`.
  std::string unit;
  std::string long_name{};  // Empty: the name.
};

struct SweepShape {
  std::vector<SweepDimension> dimensions;  // The last varies fastest. None: one point.
  std::vector<SweepMetric> metrics;        // Of all points together, in the order in which they are to be shown.

  std::vector<std::size_t> lengths() const;                         // By dimension.
  std::uint64_t points() const;                                     // Their product.
  std::vector<std::size_t> coordinates(std::uint64_t point) const;  // By dimension.
};

enum class SweepVerdict : std::uint8_t { none, passed, failed, undecided };  // Of all expectations of a point; none: nothing is expected.
const char* word(SweepVerdict verdict);

// The answer of one point. Points that the sweep's `where` leaves out have no row.
struct SweepRow {
  Metrics metrics;
  std::uint64_t replications = 0;
  SweepVerdict expectations = SweepVerdict::none;
};

}  // namespace nines::analysis
