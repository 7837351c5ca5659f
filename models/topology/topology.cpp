#include "models/topology/topology.hpp"

#include <string_view>

namespace nines::topology {
namespace {

// How closely an end's name describes a node: its zone, its region, or not at all.
enum class Match : std::uint8_t { none, region, zone };

Match match(const Topology& topology, std::string_view name, const Node& node) {
  const Zone& zone = topology.zones[node.zone.index()];
  if (zone.name == name) return Match::zone;
  if (topology.regions[zone.region.index()].name == name) return Match::region;
  return Match::none;
}

// 0: the pair does not speak of this direction. Otherwise the more the closer: zones beat regions, and of two entries for the same places the
// one written in this direction beats the reverse of the other.
int closeness(const Topology& topology, const LinkBetween& pair, const Node& from, const Node& to) {
  const auto score = [&](const Node& first, const Node& second) {
    const Match a = match(topology, pair.from, first);
    const Match b = match(topology, pair.to, second);
    return a == Match::none || b == Match::none ? 0 : static_cast<int>(a) + static_cast<int>(b);
  };
  // A region paired with itself means the links between its zones, not those inside one.
  if (pair.from == pair.to && from.zone == to.zone && match(topology, pair.from, from) == Match::region) return 0;
  const int along = score(from, to);
  return along > 0 ? 2 * along + 1 : 2 * score(to, from);
}

}  // namespace

Distance Topology::distance(NodeId from, NodeId to) const {
  if (from == to) return Distance::same_node;
  if (nodes[from.index()].zone == nodes[to.index()].zone) return Distance::same_zone;
  return region_of(from) == region_of(to) ? Distance::same_region : Distance::other_region;
}

LinkLaw Topology::link(NodeId from, NodeId to) const {
  const Distance least = distance(from, to);
  if (least == Distance::same_node) return same_node;
  const LinkBetween* named = nullptr;
  int closest = 0;
  for (const LinkBetween& pair : between) {
    const int close = closeness(*this, pair, nodes[from.index()], nodes[to.index()]);
    if (close > closest || (close == closest && close > 0)) {  // Of equals the last: what a scenario adds stands after its catalogue.
      closest = close;
      named = &pair;
    }
  }
  if (named != nullptr) return named->law;
  switch (least) {
    case Distance::same_zone: return same_zone;
    case Distance::same_region: return same_region;
    default: return other_region;
  }
}

}  // namespace nines::topology
