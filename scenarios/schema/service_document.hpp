// What an append costs a cluster's machines, as it is written: in a profile every value with its source, in a scenario as overrides.
#pragma once

#include <string>

#include "scenarios/schema/cited.hpp"

namespace nines::scenarios {

struct ServiceDocument {
  Cited<Duration> processing, leader, leader_batch, follower, follower_batch, gateway, exporter;
  Cited<double> exported, idle_cores, cpu_share;
  Cited<workload::Service::Variability> variability;
};

// As overrides: `service: {processing: 1ms}`.
template <>
struct Table<ServiceDocument> {
  static const char* name() { return "service"; }
  static const std::vector<Field<ServiceDocument>>& fields();
};

// As a catalogue: every field must be there, as {value, source}.
struct SourcedService {
  using Value = ServiceDocument;
  static bool read(const Node& node, ServiceDocument& out, Context& context);
  static std::string schema(Definitions& definitions);
};

// Lays what is given over `costs`.
void apply(const ServiceDocument& document, AppendCosts& costs);

}  // namespace nines::scenarios
