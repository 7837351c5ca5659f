#include "analysis/exact/structure.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "sim/base/check.hpp"

namespace nines::analysis {
namespace {

constexpr std::uint32_t works = 0, failed_always = 1;
constexpr std::uint32_t nothing = std::numeric_limits<std::uint32_t>::max();

struct Triple {
  std::uint32_t a, b, c;
  bool operator==(const Triple&) const = default;
};
struct TripleHash {
  std::size_t operator()(const Triple& t) const {
    std::uint64_t h = (std::uint64_t{t.a} << 32 | t.b) * 0x9E3779B97F4A7C15u;
    h = (h ^ (h >> 29) ^ t.c) * 0xBF58476D1CE4E5B9u;
    return static_cast<std::size_t>(h ^ (h >> 32));
  }
};
using Table = std::unordered_map<Triple, std::uint32_t, TripleHash>;  // Looked up, never walked through.

void collect_order(const Structure& structure, std::vector<std::uint32_t>& order, std::map<std::uint32_t, std::uint32_t>& level) {
  if (structure.parts.empty() && structure.k == 0) {
    if (level.emplace(structure.index, static_cast<std::uint32_t>(order.size())).second) order.push_back(structure.index);
    return;
  }
  for (const Structure& part : structure.parts) collect_order(part, order, level);
}

}  // namespace

Structure Structure::all_of(std::vector<Structure> parts) {
  const std::size_t n = parts.size();
  return at_least(n, std::move(parts));
}

Structure Structure::any_of(std::vector<Structure> parts) { return at_least(1, std::move(parts)); }

Structure Structure::at_least(std::size_t k, std::vector<Structure> parts) {
  SIM_CHECK(k > 0 && !parts.empty(), "at least one of at least one part");
  return Structure{0, k, std::move(parts)};
}

// Builds bottom-up with a unique table; nothing() as a node means that the limit was reached.
class DiagramBuilder {
 public:
  DiagramBuilder(Diagram& diagram, const Structure& structure, std::size_t limit) : diagram_(diagram), limit_(limit) {
    collect_order(structure, diagram_.order_, level_);
    const auto last = static_cast<std::uint32_t>(diagram_.order_.size());
    diagram_.nodes_ = {{last, works, works}, {last, failed_always, failed_always}};
    diagram_.root_ = build(structure);
  }
  bool complete() const { return !too_many_; }

 private:
  std::uint32_t node(std::uint32_t level, std::uint32_t high, std::uint32_t low) {
    if (high == low || too_many_) return high;
    const auto [entry, fresh] = unique_.emplace(Triple{level, high, low}, static_cast<std::uint32_t>(diagram_.nodes_.size()));
    if (!fresh) return entry->second;
    if (diagram_.nodes_.size() >= limit_) {
      too_many_ = true;
      return works;
    }
    diagram_.nodes_.push_back({level, high, low});
    return entry->second;
  }

  std::uint32_t if_then_else(std::uint32_t condition, std::uint32_t then, std::uint32_t otherwise) {
    if (condition == failed_always || then == otherwise) return then;
    if (condition == works) return otherwise;
    if (then == failed_always && otherwise == works) return condition;
    if (too_many_) return works;
    const Triple key{condition, then, otherwise};
    if (const auto known = computed_.find(key); known != computed_.end()) return known->second;
    const std::vector<Diagram::Node>& nodes = diagram_.nodes_;
    const std::uint32_t level = std::min({nodes[condition].level, nodes[then].level, nodes[otherwise].level});
    const auto at = [&](std::uint32_t f, bool high) { return nodes[f].level != level ? f : high ? nodes[f].high : nodes[f].low; };
    const std::uint32_t high = if_then_else(at(condition, true), at(then, true), at(otherwise, true));
    const std::uint32_t low = if_then_else(at(condition, false), at(then, false), at(otherwise, false));
    const std::uint32_t made = node(level, high, low);
    computed_.emplace(key, made);
    return made;
  }

  // With parts i.. still to come and j still to fail: if part i fails then (i + 1, j - 1) else (i + 1, j).
  std::uint32_t build(const Structure& structure) {
    if (structure.parts.empty() && structure.k == 0) return node(level_.at(structure.index), failed_always, works);
    const std::size_t n = structure.parts.size();
    if (structure.k > n) return works;
    std::vector<std::uint32_t> part;
    for (const Structure& p : structure.parts) part.push_back(build(p));
    std::vector<std::uint32_t> after{failed_always};  // At j.
    after.resize(structure.k + 1, works);
    for (std::size_t i = n; i-- > 0;)
      for (std::size_t j = structure.k; j > 0; --j) after[j] = if_then_else(part[i], after[j - 1], after[j]);
    return after[structure.k];
  }

  Diagram& diagram_;
  std::size_t limit_;
  bool too_many_ = false;
  std::map<std::uint32_t, std::uint32_t> level_;
  Table unique_, computed_;
};

std::optional<Diagram> Diagram::of(const Structure& structure, std::size_t limit) {
  SIM_CHECK(limit < nothing, "nodes are numbered with 32 bits");
  Diagram diagram;
  if (!DiagramBuilder(diagram, structure, limit).complete()) return std::nullopt;
  return diagram;
}

void Diagram::evaluate(std::span<const double> failed, std::vector<double>& below) const {
  for (const std::uint32_t element : order_) SIM_CHECK(element < failed.size(), "every element has a probability");
  below.resize(nodes_.size());
  below[works] = 0;
  below[failed_always] = 1;
  for (std::size_t i = 2; i < nodes_.size(); ++i) {
    const double p = failed[order_[nodes_[i].level]];
    below[i] = p * below[nodes_[i].high] + (1 - p) * below[nodes_[i].low];
  }
}

double Diagram::probability(std::span<const double> failed) const {
  std::vector<double> below;
  evaluate(failed, below);
  return below[root_];
}

// Birnbaum's is summed where the element is decided: high - low there differ by more than the two totals do.
std::vector<Importance> Diagram::importance(std::span<const double> failed) const {
  std::vector<double> below;
  evaluate(failed, below);
  const double total = below[root_];
  std::vector<Importance> all(failed.size());
  std::vector<double> reached(nodes_.size(), 0.0);
  reached[root_] = 1;
  for (std::size_t i = nodes_.size(); i-- > 2;) {
    if (reached[i] == 0) continue;
    const std::uint32_t element = order_[nodes_[i].level];
    const double p = failed[element];
    all[element].birnbaum += reached[i] * (below[nodes_[i].high] - below[nodes_[i].low]);
    reached[nodes_[i].high] += reached[i] * p;
    reached[nodes_[i].low] += reached[i] * (1 - p);
  }
  std::vector<double> given(failed.begin(), failed.end());
  for (std::size_t e = 0; e < failed.size(); ++e) {
    given[e] = 1;
    const double if_failed = probability(given);
    given[e] = 0;
    const double if_works = probability(given);
    given[e] = failed[e];
    all[e].criticality = all[e].birnbaum * failed[e] / total;
    all[e].diagnostic = failed[e] * if_failed / total;
    all[e].achievement = if_failed / total;
    all[e].reduction = if_works > 0 ? total / if_works : std::numeric_limits<double>::infinity();
  }
  return all;
}

// Minimal solutions by Rauzy's decomposition (Reliability Engineering and System Safety 40, 1993), cut off at `order`: the sets without the
// element, and those with it that none of the former is part of.
std::vector<CutSet> Diagram::cut_sets(std::size_t order) const {
  using Sets = std::set<CutSet>;
  const auto has_part_in = [](const CutSet& set, const Sets& others) {
    for (std::size_t mask = 0; mask < std::size_t{1} << set.size(); ++mask) {
      CutSet part;
      for (std::size_t b = 0; b < set.size(); ++b)
        if ((mask >> b & 1) != 0) part.push_back(set[b]);
      if (others.contains(part)) return true;
    }
    return false;
  };
  std::vector<char> needed(nodes_.size(), 0);
  needed[root_] = 1;
  for (std::size_t i = nodes_.size(); i-- > 2;)
    if (needed[i] != 0) needed[nodes_[i].high] = needed[nodes_[i].low] = 1;
  std::vector<Sets> sets(nodes_.size());
  sets[failed_always].insert(CutSet{});
  for (std::size_t i = 2; i < nodes_.size(); ++i) {
    if (needed[i] == 0) continue;
    const std::uint32_t element = order_[nodes_[i].level];
    const Sets& without = sets[nodes_[i].low];
    sets[i] = without;
    for (const CutSet& rest : sets[nodes_[i].high]) {
      if (rest.size() + 1 > order || has_part_in(rest, without)) continue;
      CutSet with = rest;
      with.insert(std::lower_bound(with.begin(), with.end(), element), element);
      sets[i].insert(std::move(with));
    }
  }
  std::vector<CutSet> found(sets[root_].begin(), sets[root_].end());
  std::stable_sort(found.begin(), found.end(), [](const CutSet& a, const CutSet& b) { return a.size() < b.size(); });
  return found;
}

}  // namespace nines::analysis
