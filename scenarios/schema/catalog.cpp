// The files of a catalogue: profiles, failure modes, distances, disks, prices. Read as strictly as a scenario, and every value must name its source.
#include <algorithm>
#include <set>

#include "scenarios/schema/chart.hpp"
#include "scenarios/schema/flow_document.hpp"
#include "scenarios/schema/prices_document.hpp"
#include "scenarios/schema/resolve.hpp"
#include "scenarios/schema/service_document.hpp"
#include "scenarios/schema/services_document.hpp"

namespace nines::scenarios {

namespace {

// A round trip with its source.
struct CitedTrip {
  Written<Duration> p50, p99, max;
  Written<double> loss;
  Written<std::string> source;
};
struct CitedPair {
  Written<std::vector<Written<std::string>>> between;
  Written<Duration> p50, p99;
  Written<std::string> source;
};
struct DistancesDocument {
  Written<std::string> api_version, kind;
  CatalogMetadata metadata;
  CitedTrip same_node, same_zone, same_region, other_region;
  std::vector<CitedPair> pairs;
};

struct DiskTypeDocument {
  Written<std::string> name;
  Written<Law> fsync;
  Written<double> iops, throughput;
  Written<std::string> source;
};
struct DisksDocument {
  Written<std::string> api_version, kind;
  CatalogMetadata metadata;
  std::vector<DiskTypeDocument> disks;
};

struct MachineTypeDocument {
  Written<std::string> name;
  Written<int> cores;
  Written<std::int64_t> memory;
  Written<double> speed, network;
  Written<std::string> source;
};
struct MachinesDocument {
  Written<std::string> api_version, kind;
  CatalogMetadata metadata;
  std::vector<MachineTypeDocument> machines;
};

struct FaultsDocument {
  Written<std::string> api_version, kind;
  CatalogMetadata metadata;
  std::vector<ModeDocument> faults;
};

struct ProfileCatalogDocument {
  Written<std::string> api_version, kind;
  CatalogMetadata metadata;
  RaftDocument raft;
  ServiceDocument service;
  CitedFlow flow;
};

}  // namespace

const char* Table<CatalogMetadata>::name() { return "catalogMetadata"; }

const std::vector<Field<CatalogMetadata>>& Table<CatalogMetadata>::fields() {
  static const std::vector<Field<CatalogMetadata>> all{
      required<Name, &CatalogMetadata::name>("name", "What scenarios call it."),
      optional_field<Text, &CatalogMetadata::description>("description", "What it is."),
      optional_field<List<Sited<Name>>, &CatalogMetadata::aliases>("aliases", "Other names of it."),
  };
  return all;
}

template <>
struct Table<CitedTrip> {
  static const char* name() { return "citedTrip"; }
  static const std::vector<Field<CitedTrip>>& fields() {
    static const std::vector<Field<CitedTrip>> all{
        required<AnyTime, &CitedTrip::p50>("p50", "The median round trip."), required<AnyTime, &CitedTrip::p99>("p99", "The 99th percentile."),
        optional_field<AnyTime, &CitedTrip::max>("max", "The longest."),     optional_field<Fraction, &CitedTrip::loss>("loss", "Of each packet."),
        required<Text, &CitedTrip::source>("source", "Who measured it."),
    };
    return all;
  }
};

template <>
struct Table<CitedPair> {
  static const char* name() { return "citedPair"; }
  static const std::vector<Field<CitedPair>>& fields() {
    static const std::vector<Field<CitedPair>> all{
        required<List<Sited<Name>, 2>, &CitedPair::between>("between", "Two regions."),
        required<AnyTime, &CitedPair::p50>("p50", "The median round trip."),
        required<AnyTime, &CitedPair::p99>("p99", "The 99th percentile."),
        required<Text, &CitedPair::source>("source", "Who measured it."),
    };
    return all;
  }
};

template <>
struct Table<DistancesDocument> {
  static const char* name() { return "distancesCatalog"; }
  static const std::vector<Field<DistancesDocument>>& fields() {
    using D = DistancesDocument;
    static const std::vector<Field<D>> all{
        required<Constant<CatalogVersion>, &D::api_version>("apiVersion", "The version of this format."),
        required<Name, &D::kind>("kind", "Distances."),
        required<Object<CatalogMetadata>, &D::metadata>("metadata", "Name and description."),
        required<Object<CitedTrip>, &D::same_node>("sameNode", "Between two processes of a machine."),
        required<Object<CitedTrip>, &D::same_zone>("sameZone", "Between two machines of a zone."),
        required<Object<CitedTrip>, &D::same_region>("sameRegion", "Between two zones of a region."),
        required<Object<CitedTrip>, &D::other_region>("otherRegion", "Between two regions that are not named below."),
        required<List<Object<CitedPair>>, &D::pairs>("regionPairs", "Between two regions."),
    };
    return all;
  }
};

template <>
struct Table<DiskTypeDocument> {
  static const char* name() { return "diskType"; }
  static const std::vector<Field<DiskTypeDocument>>& fields() {
    static const std::vector<Field<DiskTypeDocument>> all{
        required<LawText, &DiskTypeDocument::fsync>("fsync", "How long an fsync takes; with a max."),
        optional_field<Rate, &DiskTypeDocument::iops>("iops", "How many writes it takes; no limit when it is not given."),
        optional_field<Bandwidth, &DiskTypeDocument::throughput>("throughput", "Writing; no limit when it is not given."),
        required<Text, &DiskTypeDocument::source>("source", "Who measured it."),
    };
    return all;
  }
};

template <>
struct Table<DisksDocument> {
  static const char* name() { return "disksCatalog"; }
  static const std::vector<Field<DisksDocument>>& fields() {
    using D = DisksDocument;
    static const std::vector<Field<D>> all{
        required<Constant<CatalogVersion>, &D::api_version>("apiVersion", "The version of this format."),
        required<Name, &D::kind>("kind", "Disks."),
        required<Object<CatalogMetadata>, &D::metadata>("metadata", "Name and description."),
        required<Named<Object<DiskTypeDocument>>, &D::disks>("disks", "Disk types by name."),
    };
    return all;
  }
};

template <>
struct Table<MachineTypeDocument> {
  static const char* name() { return "machineType"; }
  static const std::vector<Field<MachineTypeDocument>>& fields() {
    using D = MachineTypeDocument;
    static const std::vector<Field<D>> all{
        required<Integer<1, 1024>, &D::cores>("cores", "Hardware threads, as providers count virtual CPUs."),
        required<Bytes, &D::memory>("memory", "Its memory."),
        required<Real<1, 1'000'000>, &D::speed>("speed", "Of one of them, relative to m6i.xlarge's."),
        optional_field<Bandwidth, &D::network>("network", "Each way, what may be counted on; no limit when it is not given."),
        required<Text, &D::source>("source", "Who says so."),
    };
    return all;
  }
};

template <>
struct Table<MachinesDocument> {
  static const char* name() { return "machinesCatalog"; }
  static const std::vector<Field<MachinesDocument>>& fields() {
    using D = MachinesDocument;
    static const std::vector<Field<D>> all{
        required<Constant<CatalogVersion>, &D::api_version>("apiVersion", "The version of this format."),
        required<Name, &D::kind>("kind", "Machines."),
        required<Object<CatalogMetadata>, &D::metadata>("metadata", "Name and description."),
        required<Named<Object<MachineTypeDocument>>, &D::machines>("machines", "Machine types by name."),
    };
    return all;
  }
};

template <>
struct Table<FaultsDocument> {
  static const char* name() { return "faultsCatalog"; }
  static const std::vector<Field<FaultsDocument>>& fields() {
    using D = FaultsDocument;
    static const std::vector<Field<D>> all{
        required<Constant<CatalogVersion>, &D::api_version>("apiVersion", "The version of this format."),
        required<Name, &D::kind>("kind", "Faults."),
        required<Object<CatalogMetadata>, &D::metadata>("metadata", "Name and description."),
        required<Named<Object<ModeDocument>>, &D::faults>("faults", "Failure modes by name."),
    };
    return all;
  }
};

template <>
struct Table<ProfileCatalogDocument> {
  static const char* name() { return "profileCatalog"; }
  static const std::vector<Field<ProfileCatalogDocument>>& fields() {
    using D = ProfileCatalogDocument;
    static const std::vector<Field<D>> all{
        required<Constant<CatalogVersion>, &D::api_version>("apiVersion", "The version of this format."),
        required<Name, &D::kind>("kind", "Profile."),
        required<Object<CatalogMetadata>, &D::metadata>("metadata", "Name, description and aliases."),
        required<SourcedRaft, &D::raft>("raft", "Timers and rules, each {value, source}."),
        required<SourcedService, &D::service>("service", "What an append costs, each {value, source}."),
        required<Object<CitedFlow>, &D::flow>("flowControl", "Who is let in, each {value, source}."),
    };
    return all;
  }
};

namespace {

RoundTrip to_trip(const CitedTrip& written, Context& context) {
  const RoundTripDocument document{.p50 = written.p50, .p99 = written.p99, .max = written.max, .loss = written.loss, .bandwidth = {}};
  return to_round_trip(document, context);
}

// Each value with the source it has, or the profile's for the word that stands for all of them.
template <class Codec>
typename Codec::Value explained(const Node& cited, const char* name, std::vector<Explanation>& explanations) {
  Context context;
  const Context::Step step(context, name);
  Node value = *cited.find("value");
  value.is_default = true;
  context.default_source = cited.find("source")->text;
  typename Codec::Value out;
  Codec::read(value, out, context);
  explanations.insert(explanations.end(), context.explanations.begin(), context.explanations.end());
  return out;
}

void add_flow(const Node& written, ProfileEntry& entry) {
  entry.flow.requests = explained<RequestLimitText>(*written.find("requests"), "requests", entry.flow_explanations);
  entry.flow.writes = explained<WriteLimitText>(*written.find("writes"), "writes", entry.flow_explanations);
}

void add_profile(const Node& root, Catalogs& catalogs, Context& context) {
  ProfileCatalogDocument document;
  if (!Object<ProfileCatalogDocument>::read(root, document, context)) return;
  ProfileEntry entry;
  entry.profile.name = *document.metadata.name;
  if (!apply(document.raft, entry.profile, root.place, context)) return;
  apply(document.service, entry.costs);
  for (const auto& alias : document.metadata.aliases) entry.aliases.push_back(*alias);
  for (const char* section : {"raft", "service"})
    for (const auto& value : root.find(section)->entries)
      entry.explanations.push_back({std::string(section) + '.' + value.key, value.value.find("value")->flow(), value.value.find("source")->flow(), Place{}});
  add_flow(*root.find("flowControl"), entry);
  catalogs.profiles.push_back(std::move(entry));
}

void add_distances(const Node& root, Catalogs& catalogs, Context& context) {
  DistancesDocument document;
  if (!Object<DistancesDocument>::read(root, document, context)) return;
  Distances distances{.name = *document.metadata.name,
                      .same_node = to_trip(document.same_node, context),
                      .same_zone = to_trip(document.same_zone, context),
                      .same_region = to_trip(document.same_region, context),
                      .other_region = to_trip(document.other_region, context),
                      .pairs = {},
                      .explanations = {}};
  const auto explain = [&](const char* name, const RoundTrip& trip, const CitedTrip& cited) {
    distances.explanations.push_back({name, text(trip), *cited.source, Place{}});
  };
  explain("sameNode", distances.same_node, document.same_node);
  explain("sameZone", distances.same_zone, document.same_zone);
  explain("sameRegion", distances.same_region, document.same_region);
  explain("otherRegion", distances.other_region, document.other_region);
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& pair : document.pairs) {
    const auto& ends = *pair.between;
    if (ends.size() != 2 || *ends[0] == *ends[1]) {
      context.error(pair.between.place, "a distance lies between two different regions");
      continue;
    }
    if (!seen.insert(std::minmax(*ends[0], *ends[1])).second) context.error(pair.between.place, "this pair is there twice");
    const CitedTrip cited{.p50 = pair.p50, .p99 = pair.p99, .max = {}, .loss = {}, .source = pair.source};
    distances.pairs.push_back({*ends[0], *ends[1], to_trip(cited, context), *pair.source});
  }
  catalogs.distances.push_back(std::move(distances));
}

void add_disks(const Node& root, Catalogs& catalogs, Context& context) {
  DisksDocument document;
  if (!Object<DisksDocument>::read(root, document, context)) return;
  for (const auto& disk : document.disks) {
    if (disk.fsync->maximum == Duration::max()) context.error(disk.fsync.place, "an fsync law needs a max");
    catalogs.disks.push_back({*disk.name, *disk.fsync, disk.iops.ok ? *disk.iops : 0, disk.throughput.ok ? *disk.throughput : 0, *disk.source});
  }
}

void add_machines(const Node& root, Catalogs& catalogs, Context& context) {
  MachinesDocument document;
  if (!Object<MachinesDocument>::read(root, document, context)) return;
  for (const auto& machine : document.machines)
    catalogs.machines.push_back({*machine.name, *machine.cores, *machine.memory, *machine.speed, machine.network.ok ? *machine.network : 0, *machine.source});
}

void add_faults(const Node& root, Catalogs& catalogs, Context& context) {
  FaultsDocument document;
  if (!Object<FaultsDocument>::read(root, document, context)) return;
  FaultCatalog catalog{.name = *document.metadata.name, .modes = {}};
  for (const auto& written : document.faults) {
    if (!check_new_mode(written, written.name.place, context)) continue;
    if (!written.source.given) context.error(written.name.place, "'" + *written.name + "' names no source; write assumption if nobody measured it");
    failure::Mode mode = new_mode(*written.name);
    if (apply(written, mode, context)) catalog.modes.push_back(std::move(mode));
  }
  catalogs.faults.push_back(std::move(catalog));
}

void add_services(const Node& root, Catalogs& catalogs, Context& context) {
  ServicesDocument document;
  if (Object<ServicesDocument>::read(root, document, context)) catalogs.services.push_back(to_services(document, context));
}

void add_prices(const Node& root, Catalogs& catalogs, Context& context) {
  PricesDocument document;
  auto book = std::make_shared<cost::PriceBook>();
  if (Object<PricesDocument>::read(root, document, context) && to_book(document, *book, context)) catalogs.prices.push_back(std::move(book));
}

void add_file(const SourceFile& file, Catalogs& catalogs, Context& context) {
  const auto root = parse_yaml(file.text, file.name);
  if (!root) {
    for (const auto& error : root.error()) context.error(error.place, error.what);
    return;
  }
  const Node* kind = root->find("kind");
  const std::string name = kind == nullptr ? "" : kind->text;
  if (name == "Profile") return add_profile(*root, catalogs, context);
  if (name == "Distances") return add_distances(*root, catalogs, context);
  if (name == "Disks") return add_disks(*root, catalogs, context);
  if (name == "Machines") return add_machines(*root, catalogs, context);
  if (name == "Faults") return add_faults(*root, catalogs, context);
  if (name == "Prices") return add_prices(*root, catalogs, context);
  if (name == "Services") return add_services(*root, catalogs, context);
  if (name == "Chart") return add_chart(*root, catalogs.charts, context);
  const std::vector<std::string> known{"Profile", "Distances", "Disks", "Machines", "Faults", "Prices", "Services", "Chart"};
  context.error(kind == nullptr ? root->place : kind->place, "'" + name.substr(0, 60) + "' is no kind of catalogue" + did_you_mean(name, known, context));
}

// Two entries of one name would make the order of files matter.
template <class Entries, class NameOf>
void check_unique(const Entries& entries, const char* what, NameOf name_of, Context& context) {
  std::set<std::string> seen;
  for (const auto& entry : entries)
    for (const auto& name : name_of(entry))
      if (!seen.insert(name).second) context.error(Place{}, std::string("two ") + what + " are called '" + name + "'");
}

}  // namespace

Result<Catalogs> read_catalogs(const std::vector<SourceFile>& files) {
  Catalogs catalogs;
  Context context;
  for (const auto& file : files) add_file(file, catalogs, context);
  using Names = std::vector<std::string>;
  check_unique(
      catalogs.profiles, "profiles",
      [](const ProfileEntry& entry) {
        Names names = entry.aliases;
        names.push_back(entry.profile.name);
        return names;
      },
      context);
  check_unique(
      catalogs.distances, "distance catalogues", [](const Distances& entry) { return Names{entry.name}; }, context);
  check_unique(
      catalogs.faults, "failure catalogues", [](const FaultCatalog& entry) { return Names{entry.name}; }, context);
  check_unique(
      catalogs.disks, "disk types", [](const DiskType& entry) { return Names{entry.name}; }, context);
  check_unique(
      catalogs.prices, "price catalogues", [](const auto& book) { return Names{book->name}; }, context);
  check_unique(
      catalogs.machines, "machine types", [](const MachineType& entry) { return Names{entry.name}; }, context);
  check_unique(
      catalogs.charts, "charts", [](const ChartDefaults& entry) { return Names{entry.name}; }, context);
  if (context.error_count() > 0) return fail(context.finish());
  return catalogs;
}

}  // namespace nines::scenarios
