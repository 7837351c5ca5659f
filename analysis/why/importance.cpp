#include "analysis/why/importance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include "analysis/exact/quorum.hpp"
#include "analysis/why/units.hpp"

namespace nines::analysis {
namespace {

using Atoms = std::vector<std::uint32_t>;

Importance solve(const QuorumSolver& solver, std::vector<Dual> laws, const Atoms& atoms, double unavailability, double total) {
  const auto given = [&](Dual first) {
    for (const std::uint32_t a : atoms) laws[a] = {0, 0};
    laws[atoms.front()] = first;
    return solver.some_lost(laws);
  };
  for (Dual& law : laws) law.slope = 0;
  Importance result;
  result.birnbaum = given({unavailability, 1}).per_s;  // The slope along the element alone: no difference of two near numbers.
  const double if_failed = given({1, 0}).fraction, if_works = given({0, 0}).fraction;
  if (total <= 0) return result;
  result.criticality = result.birnbaum * unavailability / total;
  result.diagnostic = unavailability * if_failed / total;
  result.achievement = if_failed / total;
  result.reduction = if_works > 0 ? total / if_works : std::numeric_limits<double>::infinity();
  return result;
}

bool near(double a, double b) { return a == b || std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b)); }

bool alike(const ElementImportance& a, const ElementImportance& b) {
  return a.element.scope == b.element.scope && a.effect == b.effect && near(a.unavailability, b.unavailability) &&
         near(a.importance.birnbaum, b.importance.birnbaum) && near(a.importance.achievement, b.importance.achievement);
}

}  // namespace

std::vector<ElementImportance> importance_of(const Model& model, std::size_t cluster, double most_work) {
  using Key = std::tuple<failure::Scope, Atom::Effect, std::uint32_t, std::uint32_t>;
  std::map<Key, Atoms> elements;
  std::vector<std::size_t> held(model.brokers.size(), 0);
  for (const auto& voters : model.clusters[cluster].partitions)
    for (const std::uint32_t b : voters) ++held[b];
  for (const Unit& unit : units_of(model, cluster))
    for (const std::uint32_t a : unit.atoms) {
      const failure::Element& element = model.atoms[a].element;
      elements[{element.scope, model.atoms[a].effect, element.a, element.b}].push_back(a);
    }
  const QuorumSolver solver(model, cluster);
  const std::vector<Dual> laws = laws_of(model);
  const double total = solver.some_lost(laws).fraction;
  const bool all = 3 * static_cast<double>(solver.work()) * static_cast<double>(elements.size()) <= most_work;
  std::vector<ElementImportance> result;
  std::map<std::tuple<failure::Scope, Atom::Effect, double, std::size_t, std::size_t>, std::size_t> shapes;
  for (const auto& [key, atoms] : elements) {
    const failure::Element& element = model.atoms[atoms.front()].element;
    const double down = unavailability_of(model, atoms);
    if (!all) {
      std::size_t replicas = 0, brokers = 0;
      for (const std::uint32_t b : brokers_inside(model, element.scope, element.a)) {
        replicas += held[b];
        ++brokers;
      }
      const auto [shape, fresh] = shapes.try_emplace({element.scope, model.atoms[atoms.front()].effect, down, brokers, replicas}, result.size());
      if (!fresh) {
        result[shape->second].alike.push_back(element);
        result[shape->second].taken_for_alike = true;
        continue;
      }
    }
    ElementImportance one;
    one.element = element;
    one.effect = model.atoms[atoms.front()].effect;
    one.unavailability = down;
    one.importance = solve(solver, laws, atoms, down, total);
    const auto like = all ? std::find_if(result.begin(), result.end(), [&](const ElementImportance& other) { return alike(other, one); }) : result.end();
    if (like != result.end())
      like->alike.push_back(element);
    else
      result.push_back(std::move(one));
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const ElementImportance& a, const ElementImportance& b) { return a.importance.criticality > b.importance.criticality; });
  return result;
}

}  // namespace nines::analysis
