// What both imports find out: a cluster of Zeebe's brokers on nodes in zones, and where each statement comes from. `scenario_text` writes it down.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/import/values.hpp"
#include "scenarios/schema/scenario.hpp"
#include "sim/base/result.hpp"

namespace nines::scenarios {

struct ImportedRegion {
  std::string name;
  std::vector<std::string> zones;  // Without the region's name.
};

// Nodes of one kind. They are dealt over the zones in turn, as the scenario does.
enum class PoolUse : std::uint8_t { brokers, others };
struct ImportedPool {
  PoolUse use = PoolUse::brokers;
  std::string name = "brokers";
  std::vector<std::string> zones;  // "us-east-1/a", "us-east-1/*"
  int nodes = 0;
  std::string nodes_how;
  Said<std::string> type;
};

enum class Belongs : std::uint8_t { cluster, management };
struct ImportedComponent {
  std::string name;  // As the schema calls it: "optimize", "secondaryStorage".
  bool on = true;
  std::string kind;  // "elasticsearch"; empty: nothing to say.
  int replicas = 0;  // 0: nothing to say.
  std::string how;
  std::string runs{};  // "external": somebody else's service; empty: as the product's do.
  Belongs belongs = Belongs::cluster;
};

struct Deployment {
  std::string origin;  // The first line: what was read.
  Said<std::string> profile;
  Said<int> brokers, partitions, replication;
  std::vector<ImportedRegion> regions;
  std::string regions_how;
  std::vector<ImportedPool> pools;
  Said<std::string> disk_type, prices;
  Said<std::optional<double>> disk_bytes, cpu;  // cpu: cores each broker may use.
  std::string memory;                           // A remark: no scenario reckons with it.
  Said<bool> loses_disk;                        // With its pod: no persistent volume.
  Said<std::optional<int>> max_unavailable;
  Said<Spread> spread;
  std::string flaw_of_spread;  // Said where the loss of a zone takes partitions along and the spread is no spread over zones.
  // By broker, on which of the brokers' pools' nodes it stands (in the order of the pools); empty: as `spread` says.
  std::vector<int> node_of;
  std::vector<ImportedComponent> components;
  Said<std::string> management_identity;  // "bundled", "external", "none": who checks log-ins of the management's components.
  Errors warnings;                        // What will hurt.
};

// Replications that do not stand a loss, as warnings; `key` is what the user calls it.
void warn_of_replication(Deployment& deployment, const std::string& key);

// The scenario of it, every line with where it comes from. Adds to the warnings what its placement tells: zones and regions whose loss takes
// partitions along, brokers that share nodes. An error where no scenario can say it.
Result<std::string> scenario_text(Deployment& deployment);

}  // namespace nines::scenarios
