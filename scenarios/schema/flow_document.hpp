// Who is let in, as it is written: `flowControl: {requests: aimd, writes: off}`; in a profile each with its source.
#pragma once

#include <optional>
#include <string>

#include "models/workload/limiter.hpp"
#include "scenarios/schema/cited.hpp"

namespace nines::scenarios {

// off, {fixed: 20}, aimd, {aimd: {target: 200ms}}, vegas or {vegas: {...}}.
struct RequestLimitText {
  using Value = workload::RequestLimitOptions;
  static bool read(const Node& node, Value& out, Context& context);
  static std::string schema(Definitions& definitions);
};

// off, {limit: 4000/s}, {throttling: {...}}, or both.
struct WriteLimitText {
  using Value = workload::WriteLimitOptions;
  static bool read(const Node& node, Value& out, Context& context);
  static std::string schema(Definitions& definitions);
};

struct FlowDocument {
  Written<workload::RequestLimitOptions> requests;
  Written<workload::WriteLimitOptions> writes;
};
template <>
struct Table<FlowDocument> {
  static const char* name() { return "flowControl"; }
  static const std::vector<Field<FlowDocument>>& fields();
};

struct CitedFlow {
  Cited<workload::RequestLimitOptions> requests;
  Cited<workload::WriteLimitOptions> writes;
};
template <>
struct Table<CitedFlow> {
  static const char* name() { return "citedFlowControl"; }
  static const std::vector<Field<CitedFlow>>& fields();
};

// The cluster's flow control: what it says, and the profile's where it says nothing, each value with its source.
void resolve_flow(const std::optional<FlowDocument>& written, const ProfileEntry& entry, Cluster& cluster, Context& context);

}  // namespace nines::scenarios
