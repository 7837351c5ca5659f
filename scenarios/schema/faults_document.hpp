// The section `faults:` of a scenario: failure modes by name, and under one name that is none of theirs a recorded history.
#pragma once

#include <string>
#include <vector>

#include "scenarios/schema/mode_document.hpp"
#include "scenarios/schema/trace_document.hpp"

namespace nines::scenarios {

struct FaultsSection {
  std::vector<ModeDocument> modes;
  Written<TraceDocument> trace;
};

struct FaultsText {
  using Value = FaultsSection;
  static bool read(const Node& node, FaultsSection& out, Context& context);
  static std::string schema(Definitions& definitions);
};

}  // namespace nines::scenarios
