#include "models/topology/reach.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/connected_components.hpp>
#include <boost/graph/edmonds_karp_max_flow.hpp>

#include "sim/base/check.hpp"

namespace nines::topology {

void Network::heal(ZoneId from, ZoneId to) {
  SIM_CHECK(cuts_[at(from, to)] > 0, "a link is healed that nobody cut");
  --cuts_[at(from, to)];
}

void Network::cut_both(ZoneId a, ZoneId b) {
  cut(a, b);
  if (a != b) cut(b, a);
}

void Network::heal_both(ZoneId a, ZoneId b) {
  heal(a, b);
  if (a != b) heal(b, a);
}

void Network::isolate(ZoneId zone) {
  for (std::size_t other = 0; other < zones_; ++other)
    if (other != zone.index()) cut_both(zone, ZoneId{other});
}

void Network::rejoin(ZoneId zone) {
  for (std::size_t other = 0; other < zones_; ++other)
    if (other != zone.index()) heal_both(zone, ZoneId{other});
}

bool Network::whole() const {
  return std::all_of(cuts_.begin(), cuts_.end(), [](std::uint16_t cuts) { return cuts == 0; });
}

std::vector<int> Network::islands(const std::vector<bool>& up) const {
  using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;
  Graph graph(zones_);
  const auto runs = [&](std::size_t zone) { return up.empty() || (zone < up.size() && up[zone]); };
  for (std::size_t a = 0; a < zones_; ++a)
    for (std::size_t b = a + 1; b < zones_; ++b)
      if (runs(a) && runs(b) && connected(ZoneId{a}, ZoneId{b})) boost::add_edge(a, b, graph);
  std::vector<int> label(zones_);
  boost::connected_components(graph, boost::make_iterator_property_map(label.begin(), boost::get(boost::vertex_index, graph)));
  return label;  // Depth-first from vertex 0 on: labels count up in order of first zones.
}

bool Network::path(ZoneId from, ZoneId to, Routing routing) const {
  if (routing == Routing::direct || from == to) return reaches(from, to);
  using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
  Graph graph(zones_);
  for (std::size_t a = 0; a < zones_; ++a)
    for (std::size_t b = 0; b < zones_; ++b)
      if (a != b && reaches(ZoneId{a}, ZoneId{b})) boost::add_edge(a, b, graph);
  std::vector<boost::default_color_type> color(zones_);
  const auto colors = boost::make_iterator_property_map(color.begin(), boost::get(boost::vertex_index, graph));
  boost::breadth_first_search(graph, from.index(), boost::color_map(colors));
  return color[to.index()] != boost::white_color;
}

int least_cut(std::size_t zones, const std::vector<std::pair<ZoneId, ZoneId>>& links, ZoneId from, ZoneId to) {
  using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
  using EdgeProperties =
      boost::property<boost::edge_capacity_t, int, boost::property<boost::edge_residual_capacity_t, int, boost::property<boost::edge_reverse_t, Traits::edge_descriptor>>>;
  using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property, EdgeProperties>;
  SIM_CHECK(from != to, "a cut separates two different zones");
  Graph graph(zones);
  auto capacity = boost::get(boost::edge_capacity, graph);
  auto reverse = boost::get(boost::edge_reverse, graph);
  for (const auto& [a, b] : links) {  // An undirected unit link is a pair of directed ones, each the other's residual.
    const auto there = boost::add_edge(a.index(), b.index(), graph).first;
    const auto back = boost::add_edge(b.index(), a.index(), graph).first;
    capacity[there] = capacity[back] = 1;
    reverse[there] = back;
    reverse[back] = there;
  }
  return boost::edmonds_karp_max_flow(graph, from.index(), to.index());
}

}  // namespace nines::topology
