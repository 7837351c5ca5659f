#include "analysis/why/units.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "models/quorum/quorum.hpp"

namespace nines::analysis {
namespace {

using failure::Scope;
using Brokers = std::vector<std::uint32_t>;

Brokers inside_cluster(const Model& model, std::size_t cluster, Scope scope, std::uint32_t index) {
  Brokers inside;
  const Brokers& brokers = model.clusters[cluster].brokers;
  std::copy_if(brokers.begin(), brokers.end(), std::back_inserter(inside), [&](std::uint32_t b) { return is_inside(model, b, scope, index); });
  return inside;
}

std::size_t count_in(const Brokers& voters, const Brokers& brokers) {
  return static_cast<std::size_t>(
      std::count_if(voters.begin(), voters.end(), [&](std::uint32_t b) { return std::binary_search(brokers.begin(), brokers.end(), b); }));
}

struct Felt {
  bool at_all = false;
  bool majority_inside = false;
};
Felt felt(const ModelCluster& cluster, const Brokers& inside, const Brokers* others) {
  Felt felt;
  for (const Brokers& voters : cluster.partitions) {
    const std::size_t here = count_in(voters, inside), there = others != nullptr ? count_in(voters, *others) : voters.size() - here;
    felt.at_all = felt.at_all || (here > 0 && there > 0);
    felt.majority_inside = felt.majority_inside || here >= static_cast<std::size_t>(quorum::majority(static_cast<int>(voters.size())));
  }
  return felt;
}

}  // namespace

std::vector<Unit> units_of(const Model& model, std::size_t index) {
  const ModelCluster& cluster = model.clusters[index];
  std::map<std::tuple<Unit::Kind, Brokers, Brokers>, Brokers> units;
  for (std::uint32_t a = 0; a < model.atoms.size(); ++a) {
    const Atom& atom = model.atoms[a];
    const failure::Element& element = atom.element;
    Brokers inside = inside_cluster(model, index, element.scope, element.a), others;
    if (inside.empty()) continue;
    Unit::Kind kind = Unit::Kind::stops;
    if (atom.effect == Atom::Effect::cuts && failure::is_pair(element.scope)) {
      others = inside_cluster(model, index, element.scope, element.b);
      if (!felt(cluster, inside, &others).at_all) continue;
      kind = Unit::Kind::between;
    } else if (atom.effect == Atom::Effect::cuts) {
      const Felt here = felt(cluster, inside, nullptr);
      if (!here.at_all) continue;
      // Whoever shares a node with a broker that is cut off still reaches it.
      const bool has_company = element.scope == Scope::broker && inside_cluster(model, index, Scope::node, model.brokers[element.a].node).size() > 1;
      if (here.majority_inside || has_company) kind = Unit::Kind::island;
      if (has_company) others = {element.a};  // Unlike an island of the same broker that nobody reaches.
    }
    units[{kind, std::move(inside), std::move(others)}].push_back(a);
  }
  std::vector<Unit> result;
  result.reserve(units.size());
  for (auto& [key, atoms] : units) result.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), std::move(atoms)});
  return result;
}

double unavailability_of(const Model& model, const std::vector<std::uint32_t>& atoms) {
  double down = 0;
  for (const std::uint32_t a : atoms) down += model.atoms[a].unavailability * (1 - down);
  return down;
}

// E[one of the atoms down / how many are], given that one of them is: by the law of the number of the others.
std::vector<double> shares_within(const Model& model, const Unit& unit) {
  std::vector<double> shares;
  double total = 0;
  for (const std::uint32_t a : unit.atoms) {
    std::vector<double> others{1};
    for (const std::uint32_t b : unit.atoms) {
      if (b == a) continue;
      const double u = model.atoms[b].unavailability;
      others.push_back(0);
      for (std::size_t k = others.size(); k-- > 0;) others[k] = others[k] * (1 - u) + (k > 0 ? others[k - 1] * u : 0);
    }
    double share = 0;
    for (std::size_t k = 0; k < others.size(); ++k) share += others[k] / static_cast<double>(k + 1);
    shares.push_back(model.atoms[a].unavailability * share);
    total += shares.back();
  }
  for (double& share : shares) share = total > 0 ? share / total : 1 / static_cast<double>(shares.size());
  return shares;
}

}  // namespace nines::analysis
