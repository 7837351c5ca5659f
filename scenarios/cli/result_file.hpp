// The file of an answer in the place of a scenario: what nines run wrote with -o x.h5, or --format json.
#pragma once

#include <optional>
#include <string>

#include "scenarios/cli/load.hpp"
#include "scenarios/run/gate.hpp"
#include "sim/base/result.hpp"

namespace nines::scenarios {

struct ResultFile {
  Side side;                     // Without its scenario.
  std::string fingerprint;       // May be empty.
  std::optional<Loaded> loaded;  // Of HDF5: the scenario, as it was when it ran; absent where this program cannot read it any more.
};

// Nothing where the operand is no file of a result. An error has no place.
Result<std::optional<ResultFile>> read_result(const std::string& operand, const Catalogs& catalogs);

}  // namespace nines::scenarios
