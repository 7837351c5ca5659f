// The field tables of a scenario file. A new key goes here, and into document.hpp and resolve.cpp.
#include "scenarios/schema/document.hpp"

#include <algorithm>

namespace nines::scenarios {

template <>
struct Words<Spread> {
  static constexpr std::pair<const char*, Spread> words[] = {{"zone", Spread::zone}, {"node", Spread::node}, {"none", Spread::none}};
};
template <>
struct Words<Fidelity> {
  static constexpr std::pair<const char*, Fidelity> words[] = {{"sleep", Fidelity::sleep}, {"full", Fidelity::full}};
};

namespace {

struct KindScenario {
  static constexpr const char* text = "Scenario";
};

// Words that no part of the model reads yet: still only these.
template <class Which>
struct Choice {
  using Value = std::string;
  static bool read(const Node& node, std::string& out, Context& context) {
    if (!check_scalar(node, "one word", context)) return false;
    const auto known = Which::words();
    if (std::find(known.begin(), known.end(), node.text) == known.end())
      return context.error(node.place, "'" + node.text.substr(0, 80) + "' is not known here" + did_you_mean(node.text, known, context));
    out = node.text;
    context.explain(node, out);
    return true;
  }
  static std::string schema(Definitions&) {
    std::string out = "{\"enum\": [";
    const char* separator = "";
    for (const auto& word : Which::words()) {
      out += separator + json_text(word);
      separator = ", ";
    }
    return out + "]}";
  }
};
struct Platforms {
  static std::vector<std::string> words() { return {"kubernetes", "ecs", "vm", "bare-metal"}; }
};
struct Coverages {
  static std::vector<std::string> words() { return {"24x7", "16x7", "12x5", "8x5"}; }
};
struct Identities {
  static std::vector<std::string> words() { return {"bundled", "external", "none"}; }
};

struct Seed {
  using Value = std::uint64_t;
  static bool read(const Node& node, std::uint64_t& out, Context& context) {
    std::int64_t value = 0;
    if (!read_integer(node, value, 0, INT64_MAX, context)) return false;
    out = static_cast<std::uint64_t>(value);
    return true;
  }
  static std::string schema(Definitions&) { return "{\"type\": \"integer\", \"minimum\": 0}"; }
};

}  // namespace

const std::vector<Field<MetadataDocument>>& Table<MetadataDocument>::fields() {
  static const std::vector<Field<MetadataDocument>> all{
      required<Name, &MetadataDocument::name>("name", "What results are filed under."),
      optional_field<Text, &MetadataDocument::question>("question", "The question this scenario answers."),
  };
  return all;
}

template <>
struct Table<CatalogsDocument> {
  static const char* name() { return "catalogs"; }
  static const std::vector<Field<CatalogsDocument>>& fields() {
    static const std::vector<Field<CatalogsDocument>> all{
        field<Name, &CatalogsDocument::prices>("prices", "none", "nothing is priced unless it is asked for", "Price catalogue, or none."),
        field<Name, &CatalogsDocument::distances>("distances", "aws", "the provider with the most published round-trip times",
                                                  "Round-trip times between places."),
        field<Name, &CatalogsDocument::faults>("faults", "public-cloud", "most clusters run in one", "Failure modes, or none."),
    };
    return all;
  }
};

template <>
struct Table<FixedReplicaDocument> {
  static const char* name() { return "fixedReplica"; }
  static const std::vector<Field<FixedReplicaDocument>>& fields() {
    static const std::vector<Field<FixedReplicaDocument>> all{
        required<Integer<0, 1999>, &FixedReplicaDocument::broker>("broker", "The broker's number, from 0."),
        required<Integer<1, 1'000'000>, &FixedReplicaDocument::priority>("priority", "For elections; the highest is the primary."),
    };
    return all;
  }
};

template <>
struct Table<FixedPartitionDocument> {
  static const char* name() { return "fixedPartition"; }
  static const std::vector<Field<FixedPartitionDocument>>& fields() {
    static const std::vector<Field<FixedPartitionDocument>> all{
        required<Integer<1, 20'000>, &FixedPartitionDocument::partition>("partition", "The partition's number, from 1."),
        required<List<Object<FixedReplicaDocument>, 1>, &FixedPartitionDocument::replicas>("replicas",
                                                                                           "Its brokers, as many as the replication factor."),
    };
    return all;
  }
};

template <>
struct Table<ZoneShareDocument> {
  static const char* name() { return "zoneShare"; }
  static const std::vector<Field<ZoneShareDocument>>& fields() {
    static const std::vector<Field<ZoneShareDocument>> all{
        required<PlaceName, &ZoneShareDocument::zone>("zone", "A zone, or a region for all of its zones."),
        required<Integer<1, 15>, &ZoneShareDocument::replicas>("replicas", "Of each partition."),
        required<Integer<1, 1'000'000>, &ZoneShareDocument::priority>("priority", "The zone with the highest gets the primaries."),
    };
    return all;
  }
};

template <>
struct Table<PlacementDocument> {
  static const char* name() { return "placementByName"; }
  static const std::vector<Field<PlacementDocument>>& fields() {
    static const std::vector<Field<PlacementDocument>> all{
        optional_field<List<Object<FixedPartitionDocument>, 1>, &PlacementDocument::fixed>("fixed", "Every partition with its brokers."),
        optional_field<List<Object<ZoneShareDocument>, 1>, &PlacementDocument::shares>("zoneAware", "Replicas and priority per zone."),
    };
    return all;
  }
};

template <>
struct Table<LoadDocument> {
  static const char* name() { return "loadByRate"; }
  static const std::vector<Field<LoadDocument>>& fields() {
    static const std::vector<Field<LoadDocument>> all{
        optional_field<Rate, &LoadDocument::process_instances>("processInstances", "Process instances started, over all partitions."),
        optional_field<Bytes, &LoadDocument::payload>("payload", "With processInstances: size of one log record. 0.5KiB when it is not given."),
        optional_field<Real<1000, 1'000'000>, &LoadDocument::records>("recordsPerInstance",
                                                                      "With processInstances: log records of one. 20 when it is not given."),
        optional_field<Real<1000, 1'000'000>, &LoadDocument::appends_each>("appendsPerInstance",
                                                                           "With processInstances: Raft log entries of one. 6 when it is not given."),
        optional_field<Rate, &LoadDocument::appends>("appends", "Raft log entries, over all partitions."),
        optional_field<Bytes, &LoadDocument::size>("size", "With appends: size of one. 1KiB when it is not given."),
        optional_field<CalibrationText, &LoadDocument::calibrate>("calibrate", "Measurements that costs of the service are fitted on."),
    };
    return all;
  }
};

namespace {

struct PlacementText {
  using Value = PlacementDocument;
  static bool read(const Node& node, PlacementDocument& out, Context& context) {
    static const char* const expected = "round-robin, {fixed: [{partition: 1, replicas: [...]}]} or {zoneAware: [{zone, replicas, priority}]}";
    if (node.kind == Node::Kind::map) {
      if (!Object<PlacementDocument>::read(node, out, context)) return false;
      if (out.fixed.given == out.shares.given) return context.error(node.place, std::string("expected ") + expected);
      out.kind = out.fixed.given ? Placement::fixed : Placement::zone_aware;
      return true;
    }
    if (!check_scalar(node, expected, context)) return false;
    if (node.text != "round-robin") return context.error(node.place, "expected " + std::string(expected) + ", not '" + node.text.substr(0, 60) + "'");
    context.explain(node, node.text);
    return true;
  }
  static std::string schema(Definitions& definitions) {
    return "{\"anyOf\": [{\"const\": \"round-robin\"}, " + Object<PlacementDocument>::schema(definitions) + "]}";
  }
};

struct LoadText {
  using Value = LoadDocument;
  static bool read(const Node& node, LoadDocument& out, Context& context) {
    static const char* const expected = "none, {processInstances: 100/s, payload: 0.5KiB} or {appends: 10/s, size: 1KiB}";
    if (node.kind == Node::Kind::map) {
      if (!Object<LoadDocument>::read(node, out, context)) return false;
      if (out.process_instances.given == out.appends.given) return context.error(node.place, std::string("expected ") + expected);
      const bool is_instances = out.process_instances.given;
      if (is_instances && out.size.given) return context.error(out.size.place, "size belongs to appends; with processInstances it is payload");
      if (!is_instances && out.payload.given) return context.error(out.payload.place, "payload belongs to processInstances; with appends it is size");
      if (!is_instances && out.records.given) return context.error(out.records.place, "recordsPerInstance belongs to processInstances");
      if (!is_instances && out.appends_each.given) return context.error(out.appends_each.place, "appendsPerInstance belongs to processInstances");
      if (out.appends_each.given && out.records.given && *out.appends_each > *out.records)
        return context.error(out.appends_each.place, "more appends than records; each append holds at least one");
      out.kind = is_instances ? Load::Kind::process_instances : Load::Kind::appends;
      return true;
    }
    if (!check_scalar(node, expected, context)) return false;
    if (node.text != "none") return context.error(node.place, "expected " + std::string(expected) + ", not '" + node.text.substr(0, 60) + "'");
    context.explain(node, node.text);
    return true;
  }
  static std::string schema(Definitions& definitions) {
    return "{\"anyOf\": [{\"const\": \"none\"}, " + Object<LoadDocument>::schema(definitions) + "]}";
  }
};

}  // namespace

template <>
struct Table<ClientDocument> {
  static const char* name() { return "client"; }
  static const std::vector<Field<ClientDocument>>& fields() {
    static const std::vector<Field<ClientDocument>> all{
        optional_field<PositiveTime, &ClientDocument::timeout>(
            "timeout", "How long a request hangs that was lost with its leader. The profile's when it is not given."),
        optional_field<AnyTime, &ClientDocument::round_trip>(
            "roundTrip",
            "Between a client and the broker that takes its request in, with whatever takes the same "
            "time under every load. As within a zone when it is not given."),
    };
    return all;
  }
};

template <>
struct Table<ResourcesDocument> {
  static const char* name() { return "resources"; }
  static const std::vector<Field<ResourcesDocument>>& fields() {
    static const std::vector<Field<ResourcesDocument>> all{
        required<Real<10, 1'024'000>, &ResourcesDocument::cpu>("cpu", "Cores, as a Kubernetes limit: 1.5."),
    };
    return all;
  }
};

template <>
struct Words<ComponentRuns> {
  using enum ComponentRuns;
  static constexpr std::pair<const char*, ComponentRuns> words[] = {{"brokers", brokers}, {"process", process}, {"external", external}, {"management", management}};
};

template <>
struct Table<ComponentDocument> {
  static const char* name() { return "component"; }
  static const std::vector<Field<ComponentDocument>>& fields() {
    static const std::vector<Field<ComponentDocument>> all{
        optional_field<Name, &ComponentDocument::kind>("kind", "The product that does it: elasticsearch, opensearch, postgresql."),
        optional_field<Integer<1, 1000>, &ComponentDocument::replicas>("replicas", "How many run."),
        optional_field<Name, &ComponentDocument::node_pool>("nodePool", "Where they run. Default: where the brokers do."),
        optional_field<Enum<ComponentRuns>, &ComponentDocument::runs>(
            "runs",
            "As processes beside the brokers, in theirs, as a service of somebody else's, or as the management cluster's. Default: the product's."),
    };
    return all;
  }
};

namespace {

struct ComponentText {
  using Value = ComponentDocument;
  static bool read(const Node& node, ComponentDocument& out, Context& context) {
    if (node.kind == Node::Kind::map) return Object<ComponentDocument>::read(node, out, context);
    if (node.kind != Node::Kind::scalar || (node.text != "on" && node.text != "off"))
      return context.error(node.place, "expected on, off or {kind, replicas, nodePool, runs}");
    out.on = {node.text == "on", node.place, true, true};
    context.explain(node, node.text);
    return true;
  }
  static std::string schema(Definitions& definitions) {
    return "{\"anyOf\": [{\"enum\": [\"on\", \"off\", true, false]}, " + Object<ComponentDocument>::schema(definitions) + "]}";
  }
};

struct Components {
  using Value = std::vector<ComponentDocument>;
  static const std::vector<std::string>& known() {
    static const std::vector<std::string> all{"secondaryStorage",
                                              "optimize",
                                              "connectors",
                                              "operate",
                                              "tasklist",
                                              "identity",
                                              "gateway",
                                              "console",
                                              "webModeler",
                                              "identityProvider",
                                              "database",
                                              "importer",
                                              "optimizeImporter",
                                              "managementIdentity",
                                              "managementProvider",
                                              "managementDatabase"};
    return all;
  }
  static bool read(const Node& node, Value& out, Context& context) {
    return check_map(node, known(), context) && Named<ComponentText>::read(node, out, context);
  }
  static std::string schema(Definitions& definitions) {
    std::vector<std::pair<std::string, std::string>> properties;
    for (const auto& name : known()) properties.emplace_back(name, ComponentText::schema(definitions));
    return object_schema(properties, {});
  }
};

}  // namespace

template <>
struct Table<ClusterDocument> {
  static const char* name() { return "cluster"; }
  static const std::vector<Field<ClusterDocument>>& fields() {
    static const std::vector<Field<ClusterDocument>> all{
        required<Name, &ClusterDocument::profile>("profile", "The product and version whose timers and rules hold: zeebe-8.9, etcd-3.5, ..."),
        optional_field<List<Sited<Name>, 1, Single::allowed>, &ClusterDocument::node_pool>(
            "nodePool", "Where its brokers run, a pool or several; may be left out when there is one pool."),
        required<Integer<1, 2000>, &ClusterDocument::brokers>("brokers", "Raft members (etcd), brokers (Zeebe)."),
        field<Integer<1, 20'000>, &ClusterDocument::partitions>("partitions", "1", "one Raft group, as in etcd", "Raft groups."),
        required<Integer<1, 15>, &ClusterDocument::replication>("replication", "Replicas of each partition."),
        field<Enum<Spread>, &ClusterDocument::spread>("spread", "zone", "Camunda's reference architecture: three zones",
                                                      "What neighbouring brokers keep apart by."),
        field<PlacementText, &ClusterDocument::placement>("placement", "round-robin", "Zeebe's default partition distribution",
                                                          "Which brokers hold which partition."),
        field<LoadText, &ClusterDocument::load>("load", "none", "no load was given", "What clients do: none, process instances or appends."),
        field<Bytes, &ClusterDocument::state>("state", "1GiB", "assumption; Camunda advises no more payload a partition (sizing-your-environment)",
                                              "Of one partition: what a member is sent that has lost its disk."),
        optional_field<Object<ClientDocument>, &ClusterDocument::client>("client", "How clients behave."),
        optional_field<Object<RaftDocument>, &ClusterDocument::raft>("raft", "Timers and rules that differ from the profile's."),
        optional_field<Object<ServiceDocument>, &ClusterDocument::service>("service", "Costs of an append that differ from the profile's."),
        optional_field<Object<ResourcesDocument>, &ClusterDocument::resources>("resources", "What each broker may use of its machine."),
        optional_field<Object<FlowDocument>, &ClusterDocument::flow>("flowControl", "Who is let in, where that differs from the profile."),
        optional_field<Components, &ClusterDocument::components>(
            "components",
            "What runs beside the brokers: with it, even empty, answers say what users can do. Default: nothing counts but the brokers."),
    };
    return all;
  }
};

// What restoring takes was measured on three brokers and three partitions: 27 s and 10.2 s for each GiB until the data are there, 172 s until the brokers
// serve (Zeebe chaos days, 2026-03-19).
template <>
struct Table<BackupDocument> {
  static const char* name() { return "backup"; }
  static const std::vector<Field<BackupDocument>>& fields() {
    using D = BackupDocument;
    using Interval = Time<1, count_ns(year)>;
    using Length = Time<0, count_ns(year)>;
    static const std::vector<Field<D>> all{
        required<Interval, &D::every>("every", "From the beginning of a backup to that of the next."),
        field<Length, &D::takes>("takes", "1min", "assumption", "Until a backup is complete; what is acknowledged after its beginning is not in it."),
        field<LawText, &D::detection>("detection", "5min", "assumption: an alarm, and a look at whether the data are lost",
                                      "From the loss of a partition's data until somebody knows."),
        field<LawText, &D::decision>(
            "decision", "5min", "assumption",
            "Until somebody who may decide has decided to go back to a backup; begins when operations.coverage has somebody."),
        optional_field<LawText, &D::download>(
            "download",
            "From when all machines run until the brokers hold the backup. Default: 27 s and 10.2 s for each GiB of the "
            "cluster's state (Zeebe chaos days, 2026-03-19)."),
        field<LawText, &D::start>("start", "172s", "Zeebe chaos days, 2026-03-19", "Until they run with what it holds."),
    };
    return all;
  }
};

// Camunda's dual-region procedure, and what its pages say of how long it takes: "Failover: < 1 minute" without the time to detect the loss and to send
// users elsewhere, "Failback: 5 + X minutes", X for the secondary storage (dual-region); 15 minutes in all (resilience tiers, Tier 2).
template <>
struct Table<RegionFailoverDocument> {
  static const char* name() { return "failover"; }
  static const std::vector<Field<RegionFailoverDocument>>& fields() {
    using D = RegionFailoverDocument;
    static const std::vector<Field<D>> all{
        field<LawText, &D::detection>("detection", "5min", "assumption: an alarm, and a look at whether it is the whole region",
                                      "From the loss of quorums with a region until somebody knows that it is the region."),
        field<LawText, &D::decision>("decision", "7min", "assumption: with the other steps the 15 minutes of Camunda's resilience tiers, Tier 2",
                                     "Until somebody who may decide has decided to go on without it; begins when operations.coverage has somebody."),
        field<LawText, &D::reroute>("reroute", "2min", "assumption: a DNS record with a time to live of one minute",
                                    "Until users are sent to the other region."),
        field<LawText, &D::removal>("removal", "1min", "Camunda docs, concepts/multi-region/dual-region: failover in less than a minute",
                                    "Until the region's brokers are removed by force and exporters to it are off."),
        field<LawText, &D::redeploy>("redeploy", "5min", "Camunda docs, concepts/multi-region/dual-region: failback in 5 + X minutes",
                                     "From the region's return, and the hours of operations.coverage, until its brokers are installed anew, empty."),
        field<LawText, &D::restore>("restore", "30min", "assumption: between 20 min and 2.5 h of Camunda's Tier 1 cold recovery, for a small storage",
                                    "Until its secondary storage is restored from the other region's, and its brokers may join."),
    };
    return all;
  }
};

template <>
struct Table<OperationsDocument> {
  static const char* name() { return "operations"; }
  static const std::vector<Field<OperationsDocument>>& fields() {
    static const std::vector<Field<OperationsDocument>> all{
        field<Choice<Platforms>, &OperationsDocument::platform>("platform", "kubernetes", "Camunda's recommended platform",
                                                                "What restarts what has failed."),
        field<Choice<Coverages>, &OperationsDocument::coverage>(
            "coverage", "24x7", "assumption",
            "When somebody is there to repair and to decide: 8x5 is Monday to Friday from 9 to 17, 12x5 from 7 to 19, 16x7 every day from 6 to 22."),
        optional_field<Integer<1, 2000>, &OperationsDocument::max_unavailable>(
            "maxUnavailable",
            "How many brokers of a cluster may be down for planned work at a time; the rest of it waits. No limit when it is not given."),
        optional_field<Object<BackupDocument>, &OperationsDocument::backup>(
            "backup", "How often data are copied away, and what it takes to go back to a copy when a partition has lost the disks of a majority."),
        optional_field<OrOff<Object<RegionFailoverDocument>>, &OperationsDocument::failover>(
            "failover",
            "How people go on in the other region when one is lost and quorums with it, and come back; {} for the defaults. Default: nobody does."),
        optional_field<MoneyPerHour, &OperationsDocument::downtime_cost>("downtimeCost", "What an hour of downtime costs the business."),
    };
    return all;
  }
};

template <>
struct Table<ManagementDocument> {
  static const char* name() { return "management"; }
  static const std::vector<Field<ManagementDocument>>& fields() {
    static const std::vector<Field<ManagementDocument>> all{
        required<Name, &ManagementDocument::node_pool>("nodePool", "Where console, modeler and identity run."),
        required<List<Sited<Name>, 1>, &ManagementDocument::manages>("manages", "Clusters, by name."),
        optional_field<Components, &ManagementDocument::components>("components", "Those that differ from the product's defaults."),
        field<Choice<Identities>, &ManagementDocument::identity>("identity", "bundled", "Camunda Helm chart 8.9", "Who checks log-ins."),
    };
    return all;
  }
};

template <>
struct Table<SimulationDocument> {
  static const char* name() { return "simulation"; }
  static const std::vector<Field<SimulationDocument>>& fields() {
    static const std::vector<Field<SimulationDocument>> all{
        field<Real<1, 200'000>, &SimulationDocument::years>("years", "1", "availability is told per year", "Horizon of one replication."),
        field<Integer<1, 10'000'000>, &SimulationDocument::replications>("replications", "1000", "an outage a decade is seen 100 times",
                                                                         "Independent runs."),
        field<Enum<Fidelity>, &SimulationDocument::fidelity>("fidelity", "sleep", "same results as full, in less time",
                                                             "Whether quiet groups are skipped."),
        field<Seed, &SimulationDocument::seed>("seed", "1", "any number does", "Of all random numbers."),
    };
    return all;
  }
};

template <>
struct Table<Document> {
  static const char* name() { return "scenario"; }
  static const std::vector<Field<Document>>& fields() {
    static const std::vector<Field<Document>> all{
        required<Constant<ApiVersion>, &Document::api_version>("apiVersion", "The version of this format."),
        required<Constant<KindScenario>, &Document::kind>("kind", "What the file holds."),
        required<Object<MetadataDocument>, &Document::metadata>("metadata", "Name and question."),
        field<Object<CatalogsDocument>, &Document::catalogs>("catalogs", "{}", "", "Where prices, distances and failure rates come from."),
        required<Object<TopologyDocument>, &Document::topology>("topology", "Regions, zones and machines."),
        optional_field<Object<ClusterDocument>, &Document::cluster>("cluster", "The one cluster of the scenario; or clusters."),
        optional_field<Named<Object<ClusterDocument>>, &Document::clusters>("clusters", "Several clusters, by name."),
        optional_field<Object<ManagementDocument>, &Document::management>("management", "What manages the clusters."),
        optional_field<Object<OperationsDocument>, &Document::operations>("operations", "Who and what repairs."),
        field<Object<CostsDocument>, &Document::costs>("costs", "{}", "", "What the bill holds beside machines, disks and the log's traffic."),
        optional_field<FaultsText, &Document::faults>(
            "faults", "Overrides of and additions to the failure catalogue, by name; off switches one off. trace: a recorded history."),
        optional_field<List<Object<ScriptDocument>>, &Document::script>("script", "Faults that happen in every run at given times."),
        field<Object<SimulationDocument>, &Document::simulation>("simulation", "{}", "", "How much is simulated."),
        optional_field<Named<IncidentText>, &Document::incidents>(
            "incidents", "What 'nines incident' plays, by name: scripts, with how long they are watched and what clients ask for."),
        optional_field<List<Sited<Text>, 1, Single::allowed>, &Document::expect>("expect", "What must hold: 'uptime.all >= 99.95%'."),
        optional_field<Object<SweepDocument>, &Document::sweep>("sweep", "What 'nines sweep' varies."),
    };
    return all;
  }
};

bool read_document(const Node& root, Document& out, Context& context) { return Object<Document>::read(root, out, context); }

std::string document_schema(Definitions& definitions) { return Object<Document>::schema(definitions); }

}  // namespace nines::scenarios
