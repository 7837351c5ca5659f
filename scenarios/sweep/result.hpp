// The rows of a sweep as files: HDF5 with a dimension an axis, tidy CSV, or JSON lines.
#pragma once

#include <optional>
#include <string>

#include "analysis/export/sweep_shape.hpp"
#include "analysis/stats/provenance.hpp"
#include "scenarios/sweep/course.hpp"
#include "scenarios/sweep/overview.hpp"
#include "scenarios/sweep/space.hpp"
#include "sim/base/result.hpp"

namespace nines::scenarios {

enum class ResultKind : std::uint8_t { hdf5, csv, jsonl };

// Before the work: what would keep the result from being written, as far as that is known then. A name that an axis must not have in a file of this
// kind, or nothing.
std::optional<std::string> taken_name(const Space& space, ResultKind kind);

class SweepResult {
 public:
  // Goes through the rows once: which metrics there are, the overview, and the fingerprint of all answers.
  SweepResult(const Space& space, const SweepRows& rows);

  const Overview& overview() const { return overview_; }
  const std::string& fingerprint() const { return fingerprint_; }

  // Whole or not at all. `from` with the fingerprint; `sweep_text`: the file that asked for the sweep.
  Result<void> write(const std::string& path, ResultKind kind, const analysis::Provenance& from, const std::string& sweep_text) const;
  // The same as text, piece by piece. CSV or JSON lines.
  void print(ResultKind kind, const std::function<void(const std::string&)>& to) const;

 private:
  const SweepRows* rows_;
  analysis::SweepShape shape_;
  Overview overview_;
  std::string fingerprint_;
};

}  // namespace nines::scenarios
