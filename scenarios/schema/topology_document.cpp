// The field tables of the section `topology:`: regions, zones, racks, distances, node pools and their disks.
#include "scenarios/schema/document.hpp"

namespace nines::scenarios {

template <>
struct Table<ZoneDocument> {
  static const char* name() { return "zoneWithRacks"; }
  static const std::vector<Field<ZoneDocument>>& fields() {
    static const std::vector<Field<ZoneDocument>> all{
        required<Name, &ZoneDocument::name>("name", "The zone's name within its region."),
        required<List<Sited<Name>, 1>, &ZoneDocument::racks>("racks", "The racks of the zone; its nodes stand in them in turn."),
    };
    return all;
  }
};

namespace {

struct ZoneText {
  using Value = ZoneDocument;
  static bool read(const Node& node, ZoneDocument& out, Context& context) {
    if (node.kind == Node::Kind::map) return Object<ZoneDocument>::read(node, out, context);
    return read_into<Name>(node, out.name, context);
  }
  static std::string schema(Definitions& definitions) {
    return "{\"anyOf\": [" + Name::schema(definitions) + ", " + Object<ZoneDocument>::schema(definitions) + "]}";
  }
};

}  // namespace

template <>
struct Table<RegionDocument> {
  static const char* name() { return "region"; }
  static const std::vector<Field<RegionDocument>>& fields() {
    static const std::vector<Field<RegionDocument>> all{
        required<Name, &RegionDocument::name>("name", "The region's name; a provider's, for distances and prices."),
        required<List<ZoneText, 1>, &RegionDocument::zones>("zones", "Its zones, each a name or {name, racks}."),
    };
    return all;
  }
};

template <>
struct Table<RoundTripDocument> {
  static const char* name() { return "roundTrip"; }
  static const std::vector<Field<RoundTripDocument>>& fields() {
    using Rtt = Time<0, 60'000'000'000>;
    static const std::vector<Field<RoundTripDocument>> all{
        required<Rtt, &RoundTripDocument::p50>("p50", "The median round trip."),
        optional_field<Rtt, &RoundTripDocument::p99>("p99", "The 99th percentile; as p50 when it is not given."),
        optional_field<Rtt, &RoundTripDocument::max>("max", "The longest; p50 + 10 (p99 - p50) when it is not given."),
        optional_field<Fraction, &RoundTripDocument::loss>("loss", "Of each packet; TCP resends it."),
        optional_field<Bandwidth, &RoundTripDocument::bandwidth>("bandwidth", "Of the link; no limit when it is not given."),
    };
    return all;
  }
};

template <>
struct Table<DistanceDocument> {
  static const char* name() { return "distance"; }
  static const std::vector<Field<DistanceDocument>>& fields() {
    static const std::vector<Field<DistanceDocument>> all{
        required<List<Sited<PlaceName>, 2>, &DistanceDocument::between>("between", "Two regions or two zones."),
        required<Object<RoundTripDocument>, &DistanceDocument::rtt>("rtt", "The round trip between them."),
    };
    return all;
  }
};

template <>
struct Table<DiskDocument> {
  static const char* name() { return "disk"; }
  static const std::vector<Field<DiskDocument>>& fields() {
    static const std::vector<Field<DiskDocument>> all{
        field<Name, &DiskDocument::type>("type", "gp3", "Camunda's reference installations on EC2 and EKS",
                                         "The type in the catalogue; it sets the fsync law."),
        field<Bytes, &DiskDocument::size>("size", "32Gi", "Camunda Helm chart 8.9 pvcSize",
                                          "For the price, and for how much log and state it holds in an incident."),
        optional_field<LawText, &DiskDocument::fsync>("fsync", "How long an fsync takes, instead of the type's law."),
        optional_field<Rate, &DiskDocument::iops>("iops", "Writes it takes a second, instead of the type's: 6000/s."),
        optional_field<Bandwidth, &DiskDocument::throughput>("throughput", "Writing, instead of the type's: 250MB/s."),
    };
    return all;
  }
};

template <>
struct Table<PoolDocument> {
  static const char* name() { return "nodePool"; }
  static const std::vector<Field<PoolDocument>>& fields() {
    static const std::vector<Field<PoolDocument>> all{
        required<List<Sited<PlaceName>, 1, Single::allowed>, &PoolDocument::zones>(
            "zones", "Zones the nodes stand in, in turn: 'us-east-1/a', 'us-east-1/*'."),
        required<Integer<1, 10'000>, &PoolDocument::nodes>("nodes", "Nodes over all zones together."),
        optional_field<Name, &PoolDocument::type>("type", "The provider's machine type: its cores, network and price."),
        field<Object<DiskDocument>, &PoolDocument::disk>("disk", "{}", "", "The disk of each node."),
        optional_field<Named<OrOff<Object<ModeDocument>>>, &PoolDocument::faults>(
            "faults",
            "Of these nodes, laid over the scenario's: modes of the scopes broker, node and pool-in-zone, by name; off switches one off here."),
    };
    return all;
  }
};

const char* Table<TopologyDocument>::name() { return "topology"; }

const std::vector<Field<TopologyDocument>>& Table<TopologyDocument>::fields() {
  static const std::vector<Field<TopologyDocument>> all{
      required<List<Object<RegionDocument>, 1>, &TopologyDocument::regions>("regions", "Regions and their zones."),
      optional_field<List<Object<DistanceDocument>>, &TopologyDocument::distances>("distances",
                                                                                   "Round trips the catalogue does not know, or not so."),
      required<Named<Object<PoolDocument>>, &TopologyDocument::pools>("nodePools", "Machines of one kind, by name."),
  };
  return all;
}

}  // namespace nines::scenarios
