// A recorded history as a scenario names it: `trace: file.csv`, or a map that says how its columns are meant.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "scenarios/schema/decode.hpp"
#include "scenarios/schema/mode_document.hpp"

namespace nines::scenarios {

struct TraceDocument {
  Written<std::string> file;
  Written<failure::Scope> scope;
  Written<failure::Effect> effect;
  Written<Trace::Elements> elements;
  Written<bool> rotate;
  Written<IncidentColumns> columns;
  std::vector<std::pair<std::string, std::string>> where;
};

struct TraceText {
  using Value = TraceDocument;
  static bool read(const Node& node, TraceDocument& out, Context& context);
  static std::string schema(Definitions& definitions);
};

}  // namespace nines::scenarios
