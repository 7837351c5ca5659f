// A small sweep for tests: a quantity that is a number, one with a unit, two axes that vary together, and names as they come from paths.
#pragma once

#include "analysis/export/sweep_shape.hpp"
#include "analysis/stats/provenance.hpp"

namespace nines::analysis::test {

inline SweepShape small_sweep() {
  SweepShape shape;
  shape.dimensions = {
      {.name = "cluster.replication", .long_name = "", .unit = "1", .labels = {"1", "3", "5"}, .numbers = {1, 3, 5}},
      {.name = "topology.distances.r/a-r/b.rtt", .long_name = "round trip", .unit = "s", .labels = {"500us", "2ms"}, .numbers = {0.0005, 0.002}},
      {.name = "machine",
       .long_name = "",
       .unit = "",
       .labels = {"small", "large"},
       .also = {{.name = "topology.nodePools.brokers.type", .long_name = "", .unit = "", .labels = {"m6i.xlarge", "m6i.4xlarge"}},
                {.name = "topology.nodePools.brokers.nodes", .long_name = "", .unit = "1", .labels = {"3", "6"}, .numbers = {3, 6}}}},
  };
  shape.metrics = {{"uptime.all", "1", "share of time in which every partition is writable"},
                   {"failover.p99", "s"},
                   {"client.r/a.uptime", "1"},
                   {"cost.month", "USD/month"},
                   {"cost.month", "EUR/month"}};
  return shape;
}

// Point 4 is left out; from point 6 on nobody sees a failover; the last two are paid in euros.
inline bool is_left_out(std::uint64_t point) { return point == 4; }
inline SweepRow row_of(std::uint64_t point) {
  const auto p = static_cast<double>(point);
  SweepRow row;
  row.replications = 100 + point;
  row.expectations = static_cast<SweepVerdict>(point % 4);
  row.metrics.push_back({"uptime.all", 0.9 + p / 1000, 0.8 + p / 1000, 0.95 + p / 1000, "1", "gamma interval", false});
  if (point == 7) row.metrics.back().band_low = 0.5, row.metrics.back().band_high = 0.99;
  if (point < 6) row.metrics.push_back({"failover.p99", {}, {}, 7 + p, "s", "bound over " + std::to_string(point) + " failovers", false});
  row.metrics.push_back({"client.r/a.uptime", 0.999, {}, {}, "1", "solved", true});
  row.metrics.push_back({"cost.month", 1000 + p, {}, {}, point < 10 ? "USD/month" : "EUR/month", "sheet", true});
  return row;
}

inline Provenance of_small_sweep() {
  Provenance from;
  from.version = "0.1.0";
  from.scenario = "three-zones";
  from.question = "How many replicas?";
  from.scenario_text = "# Wie verfügbar?\n" + std::string(150'000, '#');
  from.scenario_hash = "0123456789abcdef";
  from.command = "nines sweep three-zones.yaml";
  from.seed = ~std::uint64_t{0};
  from.fingerprint = "fedcba9876543210";
  from.stop_reason = "all 12 points done";
  return from;
}

}  // namespace nines::analysis::test
