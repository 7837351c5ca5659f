// The result of a sweep as text that streams: tidy CSV, a line for every point and metric, or JSON lines, an object for every point. The
// axes' values are as their author wrote them; in JSON, plain numbers are numbers.
// Points that the sweep leaves out have no line. Numbers are the shortest that read back as the same, in every locale.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/export/pending_file.hpp"
#include "analysis/export/sweep_shape.hpp"
#include "sim/base/result.hpp"

namespace nines::analysis {

// The text itself, for whoever writes it elsewhere.
class SweepLines {
 public:
  enum class Format : std::uint8_t { csv, jsonl };
  SweepLines(const SweepShape& shape, Format format);

  // CSV: point, the axes' names, metric, value, low, high, unit, method, band_low, band_high, replications, expectations.
  std::string head() const;                                           // Of JSON lines: nothing.
  std::string lines(std::uint64_t point, const SweepRow& row) const;  // Each ends with a line break.

 private:
  std::string csv(std::uint64_t point, const SweepRow& row) const;
  std::string json(std::uint64_t point, const SweepRow& row) const;

  Format format_;
  SweepShape shape_;           // Without its metrics.
  std::vector<bool> is_text_;  // By axis: in JSON, with quotes.
};

class SweepTable {
 public:
  // Fails at once where `path` cannot be written.
  static Result<SweepTable> create(const std::string& path, const SweepShape& shape, SweepLines::Format format);
  void add(std::uint64_t point, const SweepRow& row);  // Points in increasing order. After a failure it does nothing.
  Result<void> finish();                               // Says what failed. The file appears under its name.

 private:
  SweepTable(PendingFile file, SweepLines lines);
  void write();

  PendingFile file_;
  SweepLines lines_;
  std::string buffer_;
  Result<void> written_{};
  std::uint64_t next_ = 0;
};

}  // namespace nines::analysis
