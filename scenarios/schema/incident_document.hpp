// Scripted faults, and incidents as `nines incident` plays them: what happens, how long it is watched, what clients ask for meanwhile.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/workload/pipeline.hpp"
#include "scenarios/schema/decode.hpp"

namespace nines::scenarios {

template <>
struct Words<workload::Routing> {
  using enum workload::Routing;
  static constexpr std::pair<const char*, workload::Routing> words[] = {{"free", free}, {"even", even}};
};
struct ScriptDocument {
  Written<Duration> at, lasts;
  Written<std::string> fault;
  Written<std::vector<Written<std::string>>> on;
};
template <>
struct Table<ScriptDocument> {
  static const char* name() { return "scriptedFault"; }
  static const std::vector<Field<ScriptDocument>>& fields();
};

struct RateStepDocument {
  Written<Duration> from;
  Written<double> rate;
};
struct IncidentLoadDocument {
  Written<double> rate;
  Written<std::vector<RateStepDocument>> steps;
  Written<std::string> trace;
  Written<int> closed;
  Written<Duration> think;
};
struct IncidentClientsDocument {
  Written<Duration> timeout;
  Written<workload::Routing> routing;
  Written<workload::Load::Kind> spacing;
};
struct IncidentDocument {
  Written<std::string> name;
  Written<std::string> cluster;
  Written<Duration> length;
  std::optional<IncidentLoadDocument> load;
  std::optional<IncidentClientsDocument> clients;
  std::vector<ScriptDocument> script;
};
template <>
struct Table<IncidentDocument> {
  static const char* name() { return "incident"; }
  static const std::vector<Field<IncidentDocument>>& fields();
};

// A list of faults, or a map that holds one as `script`. The name is set by the map that holds the incident.
struct IncidentText {
  using Value = IncidentDocument;
  static bool read(const Node& node, IncidentDocument& out, Context& context);
  static std::string schema(Definitions& definitions);
};

}  // namespace nines::scenarios
