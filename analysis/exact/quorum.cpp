#include "analysis/exact/quorum.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "models/quorum/quorum.hpp"
#include "sim/base/check.hpp"

namespace nines::analysis {
namespace {

using failure::Scope;

constexpr std::uint64_t most_states = std::uint64_t{1} << 16;
constexpr std::size_t most_on_a_node = 6;  // More brokers on one node are taken for one thing that is shared.

bool local_scope(Scope scope) { return scope == Scope::broker || scope == Scope::node; }

std::size_t inside(const std::vector<std::uint32_t>& voters, const std::vector<std::uint32_t>& island) {
  return static_cast<std::size_t>(
      std::count_if(voters.begin(), voters.end(), [&](std::uint32_t b) { return std::binary_search(island.begin(), island.end(), b); }));
}

}  // namespace

std::vector<Dual> laws_of(const Model& model) {
  std::vector<Dual> laws;
  laws.reserve(model.atoms.size());
  for (const Atom& atom : model.atoms) laws.push_back({atom.unavailability, atom.per_s});
  return laws;
}

std::vector<Dual> laws_of(const Model& model, const std::vector<failure::Mode>& modes) {
  std::vector<Dual> laws;
  laws.reserve(model.atoms.size());
  std::vector<ModeMeans> means;
  for (const failure::Mode& mode : modes) means.push_back(means_of(mode));
  std::vector<AtomLaw> atoms;
  atom_laws(model, means, atoms);
  for (const AtomLaw& law : atoms) laws.push_back({law.unavailability, law.per_s});
  return laws;
}

QuorumSolver::QuorumSolver(const Model& model, std::size_t cluster) : model_(&model), cluster_(&model.clusters[cluster]) {
  atoms_of_.resize(model.brokers.size());
  for (std::uint32_t a = 0; a < model.atoms.size(); ++a) {
    const failure::Element& element = model.atoms[a].element;
    for (const std::uint32_t b : brokers_inside(model, element.scope, element.a)) atoms_of_[b].push_back(a);
    if (element.scope == Scope::zone_pair || element.scope == Scope::region_pair)
      for (const std::uint32_t b : brokers_inside(model, element.scope, element.b)) atoms_of_[b].push_back(a);
  }
  // Partitions with the same voters stand or fall together.
  std::map<std::vector<std::uint32_t>, std::uint32_t> known;
  for (std::vector<std::uint32_t> voters : cluster_->partitions) {
    std::sort(voters.begin(), voters.end());
    const auto [at, fresh] = known.try_emplace(voters, static_cast<std::uint32_t>(unlike_.size()));
    if (fresh) unlike_.push_back(std::move(voters));
    unlike_of_.push_back(at->second);
  }
  all_ = part_of(unlike_);
  if (!all_.frontier)
    limits_ = "the replicas of " + cluster_->name + " overlap so widely that what some or all partitions lose together is only bounded";
}

QuorumSolver::Part QuorumSolver::part_of(std::vector<std::vector<std::uint32_t>> partitions) const {
  Part part;
  for (const auto& voters : partitions) part.broker_of.insert(part.broker_of.end(), voters.begin(), voters.end());
  std::sort(part.broker_of.begin(), part.broker_of.end());
  part.broker_of.erase(std::unique(part.broker_of.begin(), part.broker_of.end()), part.broker_of.end());
  std::map<std::uint32_t, std::uint32_t> local, node_at;
  for (std::uint32_t b = 0; b < part.broker_of.size(); ++b) {
    local[part.broker_of[b]] = b;
    const auto [node, fresh] = node_at.try_emplace(model_->brokers[part.broker_of[b]].node, static_cast<std::uint32_t>(part.nodes.size()));
    if (fresh) part.nodes.emplace_back();
    part.nodes[node->second].push_back(b);
  }
  for (auto& voters : partitions)
    for (std::uint32_t& b : voters) b = local[b];
  part.partitions = std::move(partitions);
  part.node_atoms.resize(part.nodes.size());
  part.broker_atoms.resize(part.broker_of.size());
  add_switches(part, node_at);
  part.frontier = Frontier::over(part.nodes, part.partitions);
  if (part.frontier) add_variants(part);
  return part;
}

// What is one broker's or one node's stays with it; what stops everybody is a factor of its own; a cut that leaves nobody a majority inside is as
// good as a stop; and a cut between voters that nobody shares does nothing.
void QuorumSolver::add_switches(Part& part, const std::map<std::uint32_t, std::uint32_t>& node_at) const {
  const auto everybody = part.broker_of.size();
  std::map<std::pair<Switch::Kind, std::vector<std::uint32_t>>, std::size_t> known;
  const auto add_shared = [&](Switch::Kind kind, std::vector<std::uint32_t> in, std::vector<std::uint32_t> other, std::uint32_t atom) {
    std::vector<std::uint32_t> key = in;
    key.push_back(~0u);
    key.insert(key.end(), other.begin(), other.end());
    const auto [at, fresh] = known.try_emplace({kind, key}, part.shared.size());
    if (fresh) part.shared.push_back({kind, std::move(in), std::move(other), {}});
    part.shared[at->second].atoms.push_back(atom);
  };
  std::vector<std::uint32_t> node_of(everybody);
  for (std::uint32_t n = 0; n < part.nodes.size(); ++n)
    for (const std::uint32_t b : part.nodes[n]) node_of[b] = n;
  std::vector<std::uint32_t> felt_here;
  for (const std::uint32_t b : part.broker_of) felt_here.insert(felt_here.end(), atoms_of_[b].begin(), atoms_of_[b].end());
  std::sort(felt_here.begin(), felt_here.end());
  felt_here.erase(std::unique(felt_here.begin(), felt_here.end()), felt_here.end());
  const auto locally = [&](Scope scope, std::uint32_t index) {
    std::vector<std::uint32_t> in;
    for (std::uint32_t b = 0; b < everybody; ++b)
      if (is_inside(*model_, part.broker_of[b], scope, index)) in.push_back(b);
    return in;
  };
  for (const std::uint32_t a : felt_here) {
    const Atom& atom = model_->atoms[a];
    std::vector<std::uint32_t> in = local_scope(atom.element.scope) ? std::vector<std::uint32_t>{} : locally(atom.element.scope, atom.element.a);
    if (atom.element.scope == Scope::broker) {
      in = {static_cast<std::uint32_t>(std::lower_bound(part.broker_of.begin(), part.broker_of.end(), atom.element.a) - part.broker_of.begin())};
    } else if (atom.element.scope == Scope::node) {
      in = part.nodes[node_at.at(atom.element.a)];
    }
    if (in.empty()) continue;  // Of a pair, the other half is here.
    bool stop = atom.effect == Atom::Effect::stops;
    if (!stop) {
      const bool pair = atom.element.scope == Scope::zone_pair || atom.element.scope == Scope::region_pair;
      const std::vector<std::uint32_t> other = pair ? locally(atom.element.scope, atom.element.b) : std::vector<std::uint32_t>{};
      bool felt = false, majority_inside = false;
      for (const auto& voters : part.partitions) {
        const std::size_t here = inside(voters, in), there = pair ? inside(voters, other) : voters.size() - here;
        felt = felt || (here > 0 && there > 0);
        majority_inside = majority_inside || here >= static_cast<std::size_t>(quorum::majority(static_cast<int>(voters.size())));
      }
      if (!felt) continue;
      if (pair) {
        add_shared(Switch::Kind::between, in, other, a);
        continue;
      }
      // Whoever shares a node with a broker that is cut off still reaches it.
      stop = !majority_inside && !(atom.element.scope == Scope::broker && part.nodes[node_of[in[0]]].size() > 1);
      if (!stop) {
        add_shared(Switch::Kind::island, in, {}, a);
        continue;
      }
    }
    if (in.size() == everybody) {
      part.total_atoms.push_back(a);
    } else if (in.size() == 1) {
      part.broker_atoms[in[0]].push_back(a);
    } else if (const std::uint32_t n = node_of[in[0]]; part.nodes[n].size() == in.size() && in.size() <= most_on_a_node &&
                                                       std::all_of(in.begin(), in.end(), [&](std::uint32_t b) { return node_of[b] == n; })) {
      part.node_atoms[n].push_back(a);
    } else {
      add_shared(Switch::Kind::stops, in, {}, a);
    }
  }
  // With so many brokers on a node, they would all have to be remembered while the node is passed; its own fate is shared instead.
  std::vector<std::vector<std::uint32_t>> nodes;
  for (auto& node : part.nodes) {
    if (node.size() <= most_on_a_node) {
      nodes.push_back(std::move(node));
      continue;
    }
    for (const std::uint32_t b : node) nodes.push_back({b});
  }
  if (nodes.size() != part.nodes.size()) {
    std::vector<std::vector<std::uint32_t>> atoms(nodes.size());
    for (std::uint32_t n = 0; n < nodes.size(); ++n)
      if (const std::uint32_t was = node_of[nodes[n][0]]; !part.node_atoms[was].empty()) atoms[n] = part.node_atoms[was];
    part.node_atoms = std::move(atoms);
  }
  part.nodes = std::move(nodes);

  // As many of them together as there is room for.
  const std::size_t n = part.shared.size();
  std::uint64_t subsets = 1, states = 1;
  while (part.most_down < n && states <= most_states) {
    subsets = subsets * (n - part.most_down) / (part.most_down + 1);
    if (states + subsets > most_states) break;
    states += subsets;
    ++part.most_down;
  }
  part.states = states;
}

void QuorumSolver::add_variants(Part& part) const {
  std::vector<std::size_t> cuts;
  for (std::size_t s = 0; s < part.shared.size(); ++s)
    if (part.shared[s].kind != Switch::Kind::stops) cuts.push_back(s);
  SIM_CHECK(cuts.size() <= 64, "more cuts than a solution can tell apart");
  std::vector<std::uint32_t> node_of(part.broker_of.size());
  for (std::uint32_t b = 0; b < node_of.size(); ++b) node_of[b] = model_->brokers[part.broker_of[b]].node;
  // Subsets of the cuts, by how many are on.
  std::vector<std::uint64_t> sets{0};
  for (std::size_t from = 0, down = 0; down < std::min<std::size_t>(part.most_down, cuts.size()); ++down) {
    const std::size_t until = sets.size();
    for (; from < until; ++from)
      for (std::size_t i = 0; i < cuts.size(); ++i)
        if ((sets[from] >> i) == 0) sets.push_back(sets[from] | std::uint64_t{1} << i);
  }
  std::sort(sets.begin(), sets.end());
  for (const std::uint64_t set : sets) {
    const Frontier::Connected connected = [&](std::uint32_t a, std::uint32_t b) {
      if (node_of[a] == node_of[b]) return true;
      for (std::size_t i = 0; i < cuts.size(); ++i) {
        if ((set >> i & 1) == 0) continue;
        const Switch& cut = part.shared[cuts[i]];
        const auto in = [](const std::vector<std::uint32_t>& list, std::uint32_t x) { return std::binary_search(list.begin(), list.end(), x); };
        if (cut.kind == Switch::Kind::island ? in(cut.inside, a) != in(cut.inside, b)
                                             : (in(cut.inside, a) && in(cut.other, b)) || (in(cut.inside, b) && in(cut.other, a)))
          return false;
      }
      return true;
    };
    part.variants.push_back({set, Frontier::broken(part.partitions, set == 0 ? nullptr : &connected)});
  }
}

template <class Number>
QuorumSolver::Taken<Number> QuorumSolver::walk(const Part& part, Frontier::Question question, std::span<const Number> laws) const {
  const auto together = [&](const std::vector<std::uint32_t>& atoms) {
    Number down{};
    for (const std::uint32_t a : atoms) down = either(down, laws[a]);
    return down;
  };
  Frontier::Laws<Number> own{.node = {}, .broker = {}, .surely = std::vector<bool>(part.broker_of.size(), false)};
  for (const auto& atoms : part.node_atoms) own.node.push_back(together(atoms));
  for (const auto& atoms : part.broker_atoms) own.broker.push_back(together(atoms));
  Taken<Number> taken;
  std::vector<Number>& down = taken.switches;
  for (const Switch& each : part.shared) down.push_back(together(each.atoms));
  taken.total = together(part.total_atoms);

  std::vector<std::uint8_t> stopped(part.broker_of.size(), 0);
  // Depth first over the switches: each is off, or on while fewer than most_down are.
  const auto step = [&](const auto& self, std::size_t at, std::uint32_t on, std::uint64_t cuts, std::size_t cut, const Number& weight) -> void {
    if (is_nothing(weight)) return;
    if (at == part.shared.size()) {
      const auto variant =
          std::lower_bound(part.variants.begin(), part.variants.end(), cuts, [](const Variant& v, std::uint64_t set) { return v.cuts < set; });
      SIM_CHECK(variant != part.variants.end() && variant->cuts == cuts, "a set of cuts that was not prepared");
      for (std::size_t b = 0; b < stopped.size(); ++b) own.surely[b] = stopped[b] > 0;
      taken.lost += weight * part.frontier->solve(own, variant->broken, question);
      return;
    }
    const bool is_cut = part.shared[at].kind != Switch::Kind::stops;
    self(self, at + 1, on, cuts, cut + (is_cut ? 1 : 0), weight * not_(down[at]));
    if (on == part.most_down) return;
    if (!is_cut)
      for (const std::uint32_t b : part.shared[at].inside) ++stopped[b];
    self(self, at + 1, on + 1, is_cut ? cuts | std::uint64_t{1} << cut : cuts, cut + (is_cut ? 1 : 0), weight * down[at]);
    if (!is_cut)
      for (const std::uint32_t b : part.shared[at].inside) --stopped[b];
  };
  step(step, 0, 0, 0, 0, surely<Number>());
  return taken;
}

Recurring QuorumSolver::solve(const Part& part, Frontier::Question question, std::span<const Dual> laws) const {
  const auto [total, lost, down] = walk(part, question, laws);
  const Dual all = either(total, lost);
  // The law of how many switches are on, from positive terms only: what lies beyond most_down was not looked at.
  double unexamined = 0;
  if (part.most_down < part.shared.size()) {
    std::vector<double> on{1.0};
    on.resize(part.most_down + std::size_t{2}, 0);  // The last one collects all beyond.
    for (const Dual& d : down)
      for (std::size_t k = on.size(); k-- > 0;) on[k] = (k + 1 == on.size() ? on[k] : on[k] * (1 - d.value)) + (k > 0 ? on[k - 1] * d.value : 0);
    unexamined = on.back() * (1 - total.value);
  }
  return {all.value, all.slope, unexamined};
}

// Without a solution for all of them together: at least the worst partition's, at most all partitions' together.
Recurring QuorumSolver::some_lost(std::span<const Dual> laws) const {
  if (all_.frontier) return solve(all_, Frontier::Question::some_lost, laws);
  Recurring worst;
  double sum = 0;
  for (const auto& voters : unlike_) {
    const Recurring one = solve(part_of({voters}), Frontier::Question::some_lost, laws);
    sum += one.fraction + one.unexamined;
    if (one.fraction >= worst.fraction) worst = one;
  }
  worst.unexamined = std::max(0.0, std::min(1.0, sum) - worst.fraction);
  return worst;
}

Many QuorumSolver::some_lost(std::span<const Many> laws) const {
  const auto of = [&](const Part& part) {
    const Taken<Many> taken = walk(part, Frontier::Question::some_lost, laws);
    return either(taken.total, taken.lost);
  };
  if (all_.frontier) return of(all_);
  Many worst;
  for (const auto& voters : unlike_) {
    const Many one = of(part_of({voters}));
    for (std::size_t i = 0; i < Many::size; ++i) worst.value[i] = std::max(worst.value[i], one.value[i]);
  }
  return worst;
}

// Or at most the least of them.
Recurring QuorumSolver::every_lost(std::span<const Dual> laws) const {
  if (all_.frontier) return solve(all_, Frontier::Question::all_lost, laws);
  Recurring least{0, 0, 1};
  for (const auto& voters : unlike_) {
    const Recurring one = solve(part_of({voters}), Frontier::Question::some_lost, laws);
    least.unexamined = std::min(least.unexamined, one.fraction + one.unexamined);
  }
  return least;
}

QuorumAnswer QuorumSolver::solve(std::span<const Dual> laws) const {
  QuorumAnswer answer;
  answer.some = some_lost(laws);
  answer.every = every_lost(laws);
  std::vector<Recurring> unlike;
  for (const auto& voters : unlike_) unlike.push_back(solve(part_of({voters}), Frontier::Question::some_lost, laws));
  const double share = 1.0 / static_cast<double>(unlike_of_.size());
  for (const std::uint32_t i : unlike_of_) {
    answer.partitions.push_back(unlike[i]);
    answer.mean.fraction += share * unlike[i].fraction;
    answer.mean.per_s += share * unlike[i].per_s;
    answer.mean.unexamined += share * unlike[i].unexamined;
  }
  return answer;
}

std::size_t QuorumSolver::bytes() const {
  std::size_t sum = 0;
  for (const auto& atoms : atoms_of_) sum += atoms.size() * sizeof(std::uint32_t);
  for (const Variant& variant : all_.variants) {
    sum += sizeof(variant) + variant.broken.of_partition.size() * sizeof(std::uint32_t);
    for (const auto& table : variant.broken.tables) sum += sizeof(table) + table.size();
  }
  return sum;
}

std::uint64_t QuorumSolver::work() const {
  const std::uint64_t remembered = all_.frontier ? std::uint64_t{1} << std::min<std::size_t>(all_.frontier->width(), 12) : 16;
  return all_.states * all_.nodes.size() * remembered;
}

}  // namespace nines::analysis
