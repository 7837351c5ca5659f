#include "analysis/why/cut_sets.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace nines::analysis {
namespace {

using Set = std::vector<std::uint32_t>;

bool meets(const std::vector<std::uint32_t>& voters, const std::vector<std::uint32_t>& brokers) {
  return std::any_of(voters.begin(), voters.end(), [&](std::uint32_t b) { return std::binary_search(brokers.begin(), brokers.end(), b); });
}

// One partition alone, with one atom for each unit that it may feel: small, however large the cluster is.
Model alone(const Model& model, const std::vector<std::uint32_t>& voters, const std::vector<Unit>& units, const Set& felt) {
  Model small;
  small.zone_region = model.zone_region;
  small.nodes = model.nodes;
  small.racks = model.racks;
  small.regions = model.regions;
  ModelCluster cluster;
  std::map<std::uint32_t, std::uint32_t> number;
  for (const std::uint32_t b : voters) {
    number[b] = static_cast<std::uint32_t>(small.brokers.size());
    cluster.brokers.push_back(number[b]);
    small.brokers.push_back(model.brokers[b]);
  }
  cluster.partitions = {cluster.brokers};
  small.clusters = {cluster};
  for (const std::uint32_t u : felt) {
    Atom atom = model.atoms[units[u].atoms.front()];
    if (atom.element.scope == failure::Scope::broker) atom.element.a = number.at(atom.element.a);
    if (atom.element.scope == failure::Scope::cluster) atom.element.a = 0;
    small.atoms.push_back(atom);
  }
  return small;
}

// Depth first: below a set that is a cut nothing is tried, for a set with a cut in it is not minimal.
class Search {
 public:
  Search(const Model& model, std::size_t order) : order_(order), watch_(model), units_(static_cast<std::uint32_t>(model.atoms.size())) { extend(0); }
  std::vector<Set> found;

 private:
  void extend(std::uint32_t first) {
    for (std::uint32_t u = first; u < units_; ++u) {
      watch_.set(u, true);
      chosen_.push_back(u);
      if (watch_.lost(0, 0)) {
        if (needs_all()) found.push_back(chosen_);
      } else if (chosen_.size() < order_) {
        extend(u + 1);
      }
      chosen_.pop_back();
      watch_.set(u, false);
    }
  }
  bool needs_all() {
    return std::all_of(chosen_.begin(), chosen_.end(), [&](std::uint32_t u) {
      watch_.set(u, false);
      const bool kept = !watch_.lost(0, 0);
      watch_.set(u, true);
      return kept;
    });
  }

  std::size_t order_;
  Watch watch_;
  std::uint32_t units_;
  Set chosen_;
};

std::size_t order_within(std::size_t units, std::size_t most) {
  double sets = 1, tried = 0;
  for (std::size_t k = 0; k < units; ++k) {
    sets *= static_cast<double>(units - k) / static_cast<double>(k + 1);
    tried += sets;
    if (tried > static_cast<double>(most)) return k;
  }
  return units;
}

bool holds_another(const Set& set, const std::set<Set>& kept) {
  constexpr std::size_t few = 12;
  if (set.size() > few)
    return std::any_of(kept.begin(), kept.end(), [&](const Set& part) { return std::includes(set.begin(), set.end(), part.begin(), part.end()); });
  for (std::size_t mask = 1; mask + 1 < std::size_t{1} << set.size(); ++mask) {
    Set part;
    for (std::size_t i = 0; i < set.size(); ++i)
      if ((mask >> i & 1) != 0) part.push_back(set[i]);
    if (kept.contains(part)) return true;
  }
  return false;
}

}  // namespace

CutSets cut_sets_of(const Model& model, std::size_t index, std::size_t most) {
  const ModelCluster& cluster = model.clusters[index];
  CutSets result;
  result.units = units_of(model, index);
  std::set<std::vector<std::uint32_t>> unlike;
  for (std::vector<std::uint32_t> voters : cluster.partitions) {
    std::sort(voters.begin(), voters.end());
    unlike.insert(std::move(voters));
  }
  result.order = result.units.size();
  std::set<Set> all;
  for (const std::vector<std::uint32_t>& voters : unlike) {
    Set felt;
    for (std::uint32_t u = 0; u < result.units.size(); ++u) {
      const Unit& unit = result.units[u];
      if (meets(voters, unit.brokers) && (unit.kind != Unit::Kind::between || meets(voters, unit.others))) felt.push_back(u);
    }
    const std::size_t order = order_within(felt.size(), most / unlike.size());
    if (order < felt.size()) {
      result.complete = false;
      result.order = std::min(result.order, order);
    }
    const Model small = alone(model, voters, result.units, felt);
    for (Set set : Search(small, order).found) {
      for (std::uint32_t& u : set) u = felt[u];
      all.insert(std::move(set));
    }
  }
  result.sets.assign(all.begin(), all.end());
  std::stable_sort(result.sets.begin(), result.sets.end(), [](const Set& a, const Set& b) { return a.size() < b.size(); });
  std::set<Set> kept;
  std::erase_if(result.sets, [&](const Set& set) {
    if (holds_another(set, kept)) return true;
    kept.insert(set);
    return false;
  });
  return result;
}

}  // namespace nines::analysis
