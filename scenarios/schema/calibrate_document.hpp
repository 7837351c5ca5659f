// What a user measured of the system, as it is written: `calibrate: {cpu: [...]}` or `calibrate: {closedLoop: {...}}` of a load. The costs of an append
// follow from it (resolve_calibration.cpp).
#pragma once

#include <optional>
#include <vector>

#include "scenarios/schema/decode.hpp"

namespace nines::scenarios {

struct CpuRowDocument {
  Written<double> rate, cores;
};
struct LoopRowDocument {
  Written<int> clients;
  Written<double> throughput;
  Written<Duration> latency;
};
struct LoopDocument {
  Written<std::vector<LoopRowDocument>> rows;
  Written<int> replicas;
  Written<Duration> rtt, flush;
  Written<std::int64_t> value;
};
struct CalibrationDocument {
  Written<std::vector<CpuRowDocument>> cpu;
  Written<LoopDocument> closed_loop;
  Written<int> brokers, replication;
  Written<bool> exporting;
  Written<std::string> type;
};

// One of the two, and only what belongs to it.
struct CalibrationText {
  using Value = CalibrationDocument;
  static bool read(const Node& node, CalibrationDocument& out, Context& context);
  static std::string schema(Definitions& definitions);
};

}  // namespace nines::scenarios
