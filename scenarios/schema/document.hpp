// A scenario file as it was written: every value with its place, names not yet looked up. resolve.cpp makes a Scenario of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/schema/calibrate_document.hpp"
#include "scenarios/schema/costs_document.hpp"
#include "scenarios/schema/decode.hpp"
#include "scenarios/schema/faults_document.hpp"
#include "scenarios/schema/flow_document.hpp"
#include "scenarios/schema/incident_document.hpp"
#include "scenarios/schema/profile_document.hpp"
#include "scenarios/schema/service_document.hpp"
#include "scenarios/schema/sweep_document.hpp"

namespace nines::scenarios {

struct ApiVersion {
  static constexpr const char* text = "nines/v1";
};

struct MetadataDocument {
  Written<std::string> name, question;
};
template <>
struct Table<MetadataDocument> {
  static const char* name() { return "metadata"; }
  static const std::vector<Field<MetadataDocument>>& fields();
};
struct CatalogsDocument {
  Written<std::string> prices, distances, faults;
};

struct ZoneDocument {
  Written<std::string> name;
  std::vector<Written<std::string>> racks;
};
struct RegionDocument {
  Written<std::string> name;
  std::vector<ZoneDocument> zones;
};
struct RoundTripDocument {
  Written<Duration> p50, p99, max;
  Written<double> loss, bandwidth;
};
struct DistanceDocument {
  Written<std::vector<Written<std::string>>> between;
  RoundTripDocument rtt;
};
struct DiskDocument {
  Written<std::string> type;
  Written<std::int64_t> size;
  Written<Law> fsync;
  Written<double> iops, throughput;
};
struct PoolDocument {
  Written<std::string> name;
  std::vector<Written<std::string>> zones;
  Written<int> nodes;
  Written<std::string> type;
  DiskDocument disk;
  std::vector<ModeDocument> faults;
};
struct TopologyDocument {
  Written<std::vector<RegionDocument>> regions;
  std::vector<DistanceDocument> distances;
  Written<std::vector<PoolDocument>> pools;
};
template <>
struct Table<TopologyDocument> {
  static const char* name();
  static const std::vector<Field<TopologyDocument>>& fields();
};

struct FixedReplicaDocument {
  Written<int> broker, priority;
};
struct FixedPartitionDocument {
  Written<int> partition;
  Written<std::vector<FixedReplicaDocument>> replicas;
};
struct ZoneShareDocument {
  Written<std::string> zone;
  Written<int> replicas, priority;
};
struct PlacementDocument {
  Placement kind = Placement::round_robin;
  Written<std::vector<FixedPartitionDocument>> fixed;
  Written<std::vector<ZoneShareDocument>> shares;
};
struct LoadDocument {
  Load::Kind kind = Load::Kind::none;
  Written<double> process_instances, appends, records, appends_each;
  Written<std::int64_t> payload, size;
  Written<CalibrationDocument> calibrate;
};
struct ClientDocument {
  Written<Duration> timeout, round_trip;
};
enum class ComponentRuns : std::uint8_t { brokers, process, external, management };
struct ComponentDocument {
  Written<std::string> name;
  Written<bool> on{true, {}, false, true};
  Written<std::string> kind, node_pool;
  Written<ComponentRuns> runs;
  Written<int> replicas;
};
struct ResourcesDocument {
  Written<double> cpu;
};
struct ClusterDocument {
  Written<std::string> name;
  Written<std::string> profile;
  Written<std::vector<Written<std::string>>> node_pool;
  Written<int> brokers, partitions, replication;
  Written<Spread> spread;
  Written<PlacementDocument> placement;
  Written<LoadDocument> load;
  Written<std::int64_t> state;
  std::optional<ClientDocument> client;
  std::optional<RaftDocument> raft;
  std::optional<ServiceDocument> service;
  std::optional<ResourcesDocument> resources;
  std::optional<FlowDocument> flow;
  Written<std::vector<ComponentDocument>> components;
};

struct BackupDocument {
  Written<Duration> every, takes;
  Written<Law> detection, decision, download, start;
};
struct RegionFailoverDocument {
  Written<bool> off;
  Written<Law> detection, decision, reroute, removal, redeploy, restore;
};
struct OperationsDocument {
  Written<std::string> platform, coverage;
  Written<int> max_unavailable;
  std::optional<BackupDocument> backup;
  Written<RegionFailoverDocument> failover;
  Written<cost::Money> downtime_cost;
};
struct ManagementDocument {
  Written<std::string> node_pool, identity;
  std::vector<Written<std::string>> manages;
  std::vector<ComponentDocument> components;
};
struct SimulationDocument {
  Written<double> years;
  Written<int> replications;
  Written<Fidelity> fidelity;
  Written<std::uint64_t> seed;
};

struct Document {
  Written<std::string> api_version, kind;
  MetadataDocument metadata;
  CatalogsDocument catalogs;
  TopologyDocument topology;
  std::optional<ClusterDocument> cluster;
  Written<std::vector<ClusterDocument>> clusters;
  FaultsSection faults;
  std::vector<ScriptDocument> script;
  SimulationDocument simulation;
  std::optional<OperationsDocument> operations;
  CostsDocument costs;
  std::optional<ManagementDocument> management;
  std::vector<IncidentDocument> incidents;
  std::vector<Written<std::string>> expect;
  std::optional<SweepDocument> sweep;
};

bool read_document(const Node& root, Document& out, Context& context);
std::string document_schema(Definitions& definitions);

}  // namespace nines::scenarios
