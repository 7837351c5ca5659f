// What is known of points, as bytes: the rows of a result. Texts that come again and again (names of metrics, units, methods) are written once.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/report/report.hpp"
#include "sim/base/bytes.hpp"

namespace nines::scenarios {

struct Row {
  std::uint64_t point = 0;
  std::uint64_t replications = 0;  // 0: solved.
  double years = 0;                // Simulated.
  std::string fingerprint;         // Of what was simulated.
  analysis::Metrics metrics;
  std::vector<analysis::Expectation> expectations;
  std::vector<std::string> warnings;
  bool operator==(const Row&) const = default;
};

// The downtime of the cluster that is down most: by its value, or where only limits are known by the upper one. Null: nobody says anything of it.
const analysis::Metric* most_down(const analysis::Metrics& metrics);

// Rows one after the other.
class RowWriter {
 public:
  void add(const Row& row);
  std::string take() { return bytes_.take(); }

 private:
  void add(const std::string& text);
  ByteWriter bytes_;
  std::map<std::string, std::uint64_t, std::less<>> texts_;
};

// False where the bytes are no rows; what stands before the wrong place has been told.
bool read_rows(std::string_view bytes, const std::function<void(Row&&)>& to);

}  // namespace nines::scenarios
