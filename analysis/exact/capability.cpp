#include "analysis/exact/capability.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "analysis/exact/structure.hpp"
#include "models/quorum/quorum.hpp"
#include "models/world/site.hpp"

namespace nines::analysis {
namespace {

using failure::Scope;
using services::Expression;

// Means of what is cut short at `at`: of its length up to there, and beyond.
struct Split {
  double before_s = 0, after_s = 0;
};
Split split(const Law& law, Duration at) {
  constexpr int steps = 4096;
  Split sum;
  for (int i = 0; i < steps; ++i) {
    const double length = seconds(law.sample((i + 0.5) / steps)), limit = seconds(at);
    sum.before_s += std::min(length, limit) / steps;
    sum.after_s += std::max(0.0, length - limit) / steps;
  }
  return sum;
}

class Builder {
 public:
  Builder(const Model& model, const world::Options& options) : model_(model), options_(options), site_(world::site_of(options)) {
    add(0, no_mode);
    add(1, no_mode);
    for (const Atom& atom : model.atoms) add(atom.unavailability, atom.mode);
    for (std::size_t m = 0; m < options.services.modes.size(); ++m) {
      const ModeMeans means = means_of(options.services.modes[m]);
      for (const failure::Element& element : failure::elements_of(site_, options.services.modes[m])) {
        own_.push_back({element, static_cast<std::uint32_t>(failed_.size())});
        add(means.down_s / (means.up_s + means.down_s), options.modes.size() + m);
      }
    }
    const auto brokers = static_cast<std::uint32_t>(model.brokers.size()), nodes = static_cast<std::uint32_t>(site_.nodes.size());
    at_broker_.resize(brokers);
    at_node_.resize(nodes);
    for (std::uint32_t a = 0; a < model.atoms.size(); ++a) {
      const failure::Element& element = model.atoms[a].element;
      if (failure::is_pair(element.scope)) continue;
      for (const std::uint32_t broker : brokers_inside(model, element.scope, element.a)) at_broker_[broker].push_back(first_atom + a);
      for (std::uint32_t node = 0; node < nodes; ++node)
        if (holds(element, NodeId{node})) at_node_[node].push_back(first_atom + a);
    }
    std::uint32_t processes = 0, externals = 0;
    for (const services::Process& process : options.services.processes) number_.push_back(process.node.exists() ? processes++ : externals++);
  }

  // True where the expression does not hold. `partition`: the user's own.
  Structure without(const Expression& expression, std::uint32_t partition, Duration longer = Duration{0}) {
    longer = std::max(longer, expression.grace);
    if (expression.grace > Duration{0}) approximate_ = true;
    switch (expression.kind) {
      case Expression::Kind::component: return without(options_.services.components[expression.index], partition, longer);
      case Expression::Kind::partition: return lost(expression.index, partition, longer);
      case Expression::Kind::some_partition:
      case Expression::Kind::every_partition: {
        std::vector<Structure> all;
        for (std::uint32_t p = 0; p < model_.clusters[expression.index].partitions.size(); ++p) all.push_back(lost(expression.index, p, longer));
        return expression.kind == Expression::Kind::some_partition ? Structure::all_of(std::move(all)) : any(std::move(all));
      }
      case Expression::Kind::at_least: break;
    }
    std::vector<Structure> parts;
    for (const Expression& part : expression.parts) parts.push_back(without(part, partition, longer));
    return missing(expression.k, std::move(parts));
  }

  bool take_approximate() { return std::exchange(approximate_, false); }
  const std::vector<double>& failed() const { return failed_; }
  // The same where a mode never happens.
  std::vector<double> failed_without(std::size_t mode) const {
    std::vector<double> failed = failed_;
    for (std::size_t i = 0; i < failed.size(); ++i)
      if (mode_of_[i] == mode) failed[i] = 0;
    return failed;
  }

 private:
  static constexpr std::size_t no_mode = ~std::size_t{0};
  static constexpr std::uint32_t never_fails = 0, always_fails = 1, first_atom = 2;  // Elements of the structures.

  void add(double unavailability, std::size_t mode) {
    failed_.push_back(unavailability);
    mode_of_.push_back(mode);
  }

  static Structure any(std::vector<Structure> parts) { return parts.empty() ? Structure::element(never_fails) : Structure::any_of(std::move(parts)); }

  // Fewer than k hold.
  static Structure missing(std::size_t k, std::vector<Structure> down) {
    if (k == 0) return Structure::element(never_fails);
    if (k > down.size()) return Structure::element(always_fails);
    const std::size_t allowed = down.size() - k;
    return Structure::at_least(allowed + 1, std::move(down));
  }

  const failure::Mode& mode(std::size_t index) const {
    return index < options_.modes.size() ? options_.modes[index] : options_.services.modes[index - options_.modes.size()];
  }

  // An element that is true with the probability that a fault of the mode, given that it is there, has lasted so long, or not yet.
  Structure share(std::size_t mode_index, Duration at, bool longer) {
    const auto [known, fresh] = shares_.try_emplace({mode_index, at, longer}, static_cast<std::uint32_t>(failed_.size()));
    if (fresh) {
      const Split halves = split(mode(mode_index).duration, at);
      add((longer ? halves.after_s : halves.before_s) / std::max(1e-300, halves.before_s + halves.after_s), no_mode);
    }
    return Structure::element(known->second);
  }

  // The fault is there, and has been for longer than that.
  Structure fault(std::uint32_t element, Duration longer) {
    if (longer == Duration{0}) return Structure::element(element);
    return Structure::all_of({Structure::element(element), share(mode_of_[element], longer, true)});
  }

  Structure broker_down(std::uint32_t broker, Duration longer) {
    std::vector<Structure> faults;
    for (const std::uint32_t atom : at_broker_[broker]) faults.push_back(fault(atom, longer));
    return any(std::move(faults));
  }

  bool holds(const failure::Element& element, NodeId node) const {
    if (element.scope == Scope::node) return node.value == element.a;
    return failure::encloses(element.scope, Scope::node) && failure::enclosing(site_, {Scope::node, node.value, 0}, element.scope) == element;
  }

  Structure process_down(std::uint32_t p, Duration longer) {
    const services::Process& process = options_.services.processes[p];
    const Scope scope = process.node.exists() ? Scope::component : Scope::external;
    std::vector<Structure> faults;
    for (const auto& [element, index] : own_)
      if (element.scope == scope && element.a == number_[p]) faults.push_back(fault(index, longer));
    if (!process.node.exists()) return any(std::move(faults));
    for (const std::uint32_t atom : at_node_[process.node.index()]) {
      const failure::Element& element = model_.atoms[atom - first_atom].element;
      Structure down = fault(atom, longer);
      if (std::any_of(process.others.begin(), process.others.end(), [&](NodeId other) { return !holds(element, other); })) {
        const std::size_t m = mode_of_[atom];
        const Duration after = mode(m).effect == failure::Effect::planned_stop ? process.after_drain : process.after_loss;
        down = Structure::all_of({std::move(down), share(m, after, false)});
        approximate_ = true;
      }
      faults.push_back(std::move(down));
    }
    return any(std::move(faults));
  }

  Structure without(const services::Component& component, std::uint32_t partition, Duration longer) {
    std::vector<Structure> down;
    for (const std::uint32_t p : component.processes) down.push_back(process_down(p, longer));
    for (const BrokerId broker : component.brokers) down.push_back(broker_down(broker.value, longer));
    return Structure::any_of({missing(component.needed, std::move(down)), without(component.needs, partition, longer)});
  }

  Structure lost(std::uint32_t cluster, std::uint32_t partition, Duration longer) {
    const std::vector<std::uint32_t>& voters = model_.clusters[cluster].partitions[partition];
    std::vector<Structure> down;
    for (const std::uint32_t broker : voters) down.push_back(broker_down(broker, longer));
    return missing(static_cast<std::size_t>(quorum::majority(static_cast<int>(voters.size()))), std::move(down));
  }

  const Model& model_;
  const world::Options& options_;
  failure::Site site_;
  std::vector<double> failed_;                                   // By element of the structures.
  std::vector<std::size_t> mode_of_;                             // By the same; no_mode: of none.
  std::vector<std::pair<failure::Element, std::uint32_t>> own_;  // Atoms of what runs beside the brokers.
  std::vector<std::vector<std::uint32_t>> at_broker_, at_node_;  // Elements of the world's atoms that take it away.
  std::vector<std::uint32_t> number_;                            // Per process: of its kind, as the site counts them.
  std::map<std::tuple<std::size_t, Duration, bool>, std::uint32_t> shares_;
  bool approximate_ = false;
};

Gap gaps_of(const Expression& expression, std::span<const PartitionGaps> gaps) {
  switch (expression.kind) {
    case Expression::Kind::partition: return gaps[expression.index].mean;
    case Expression::Kind::some_partition: return gaps[expression.index].every;
    case Expression::Kind::every_partition: return gaps[expression.index].some;
    default: break;
  }
  Gap most;
  for (const Expression& part : expression.parts)
    if (const Gap gap = gaps_of(part, gaps); gap.high > most.high) most = gap;
  return most;
}

}  // namespace

std::vector<std::optional<CapabilityAnswer>> capabilities_of(const Model& model, const world::Options& options, std::span<const PartitionGaps> gaps) {
  Builder builder(model, options);
  std::vector<std::optional<CapabilityAnswer>> all;
  for (const services::Capability& capability : options.services.capabilities) {
    const std::uint32_t cluster = capability.cluster.value_or(0);
    const auto partitions = static_cast<std::uint32_t>(services::asks_for_a_partition(capability.works) ? model.clusters[cluster].partitions.size() : 1);
    std::vector<Diagram> diagrams;
    for (std::uint32_t p = 0; p < partitions; ++p) {
      auto diagram = Diagram::of(builder.without(capability.works, p));
      if (!diagram) break;
      diagrams.push_back(std::move(*diagram));
    }
    const bool approximate = builder.take_approximate();
    if (diagrams.size() < partitions) {
      all.emplace_back();
      continue;
    }
    const auto mean = [&](const std::vector<double>& failed) {
      double sum = 0;
      for (const Diagram& diagram : diagrams) sum += diagram.probability(failed);
      return sum / static_cast<double>(diagrams.size());
    };
    CapabilityAnswer answer;
    answer.without = mean(builder.failed());
    const Gap gap = gaps_of(capability.works, gaps);
    const double rest = 1 - answer.without;
    answer.gaps = {gap.value * rest, gap.low * rest, gap.high * rest};
    answer.approximate = approximate;
    for (std::size_t m = 0; m < options.modes.size() + options.services.modes.size(); ++m) {
      const double gained = answer.without - mean(builder.failed_without(m));
      if (gained <= 0 || answer.fraction() <= 0) continue;
      answer.causes.push_back(
          {m < options.modes.size() ? options.modes[m].name : options.services.modes[m - options.modes.size()].name, gained / answer.fraction()});
    }
    std::stable_sort(answer.causes.begin(), answer.causes.end(), [](const auto& a, const auto& b) { return a.share > b.share; });
    all.push_back(std::move(answer));
  }
  return all;
}

}  // namespace nines::analysis
