#include "scenarios/run/explain_structure.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "analysis/stats/text.hpp"
#include "analysis/why/importance.hpp"
#include "analysis/why/survival.hpp"
#include "models/world/site.hpp"

namespace nines::scenarios {
namespace {

using analysis::Atom;
using analysis::significant;
using analysis::Unit;
using failure::Scope;

constexpr std::size_t printed_order = 3;

const char* word(Scope scope) {
  switch (scope) {
    case Scope::broker: return "broker";
    case Scope::node: return "node";
    case Scope::rack: return "rack";
    case Scope::pool_in_zone: return "pool in a zone";
    case Scope::zone: return "zone";
    case Scope::region: return "region";
    case Scope::zone_pair: return "link between zones";
    case Scope::region_pair: return "link between regions";
    case Scope::cluster: return "cluster";
    case Scope::component: return "process";
    case Scope::external: return "service of others";
    case Scope::broker_pair: break;
  }
  return "link between brokers";
}

std::string plural(const std::string& noun) {
  const auto word_end = std::min(noun.find(' '), noun.size());
  return noun.substr(0, word_end) + 's' + noun.substr(word_end);
}

// "zone us-east-1/a", "network of node n-0", "link r/a to r/b".
std::string name_of(const failure::Site& site, const failure::Element& element, Atom::Effect effect) {
  const std::vector<std::string>& names = failure::names_of(site, element.scope);
  const std::string first = element.a < names.size() ? names[element.a] : std::to_string(element.a);
  if (element.scope == Scope::cluster) return "all of " + first;
  if (failure::is_pair(element.scope)) return "link " + first + " to " + (element.b < names.size() ? names[element.b] : std::to_string(element.b));
  return std::string(effect == Atom::Effect::cuts ? "network of " : "") + word(element.scope) + ' ' + first;
}

// What a unit is, widest first: "zone, node or broker".
std::vector<Scope> scopes_of(const analysis::Model& model, const Unit& unit) {
  static const std::vector<Scope> widest{Scope::cluster, Scope::region, Scope::zone,      Scope::pool_in_zone, Scope::rack,
                                         Scope::node,    Scope::broker, Scope::zone_pair, Scope::region_pair};
  std::vector<Scope> scopes;
  for (const Scope scope : widest)
    if (std::any_of(unit.atoms.begin(), unit.atoms.end(), [&](std::uint32_t a) { return model.atoms[a].element.scope == scope; }))
      scopes.push_back(scope);
  return scopes;
}

std::string noun_of(const analysis::Model& model, const Unit& unit) {
  return std::string(unit.kind == Unit::Kind::island ? "network of " : "") + word(scopes_of(model, unit).front());
}

std::string name_of(const failure::Site& site, const analysis::Model& model, const Unit& unit) {
  const Scope scope = scopes_of(model, unit).front();
  const auto a = *std::find_if(unit.atoms.begin(), unit.atoms.end(), [&](std::uint32_t x) { return model.atoms[x].element.scope == scope; });
  return name_of(site, model.atoms[a].element, unit.kind == Unit::Kind::island ? Atom::Effect::cuts : Atom::Effect::stops);
}

// Units that are alike in kind and in which modes hit what: "zone or node or broker".
using Class = std::set<std::pair<std::uint16_t, Scope>>;
Class class_of(const analysis::Model& model, const Unit& unit) {
  Class result;
  for (const std::uint32_t a : unit.atoms) result.emplace(model.atoms[a].mode, model.atoms[a].element.scope);
  return result;
}

struct Pattern {
  std::size_t sets = 0;
  double probability = 0;
  std::vector<std::uint32_t> example;
};

// Sets of like units are one line: "any 2 of 3 zones".
std::string words(const Pattern& pattern, const failure::Site& site, const analysis::Model& model, const analysis::CutSets& cuts,
                  const std::vector<std::size_t>& class_of_unit) {
  const std::vector<std::uint32_t>& units = pattern.example;
  std::string what;
  if (pattern.sets == 1) {
    for (const std::uint32_t u : units) what += (what.empty() ? "" : " + ") + name_of(site, model, cuts.units[u]);
  } else {
    const auto members = static_cast<std::size_t>(std::count(class_of_unit.begin(), class_of_unit.end(), class_of_unit[units.front()]));
    const bool one_class = std::all_of(units.begin(), units.end(), [&](std::uint32_t u) { return class_of_unit[u] == class_of_unit[units.front()]; });
    double all = 1;
    for (std::size_t k = 0; k < units.size(); ++k) all *= static_cast<double>(members - k) / static_cast<double>(k + 1);
    if (one_class && std::llround(all) == static_cast<long long>(pattern.sets)) {
      what = "any " + std::to_string(units.size()) + " of " + std::to_string(members) + ' ' + plural(noun_of(model, cuts.units[units.front()]));
    } else {
      for (const std::uint32_t u : units) what += (what.empty() ? "" : " + ") + noun_of(model, cuts.units[u]);
      what += ", such as ";
      for (const std::uint32_t u : units) what += (u == units.front() ? "" : " + ") + name_of(site, model, cuts.units[u]);
    }
  }
  const std::vector<Scope> inside = scopes_of(model, cuts.units[units.front()]);
  if (inside.size() > 1) {
    what += " (as well as ";
    for (std::size_t i = 1; i < inside.size(); ++i) what += (i > 1 ? ", " : "") + std::string(word(inside[i]));
    what += ')';
  }
  return what;
}

std::string count_text(double partitions) {
  return partitions == std::floor(partitions) ? analysis::fixed(partitions, 0) : significant(partitions, 2);
}
Cell count(double partitions) { return {count_text(partitions), partitions}; }

void add_cuts(const world::Options& options, const analysis::Model& model, const analysis::CutSets& cuts, Numbers numbers, const std::string& of, Book& book) {
  const failure::Site site = world::site_of(options);
  std::map<std::pair<Unit::Kind, Class>, std::size_t> classes;
  std::vector<std::size_t> class_of_unit;
  std::vector<double> down;
  for (const Unit& unit : cuts.units) {
    class_of_unit.push_back(classes.try_emplace({unit.kind, class_of(model, unit)}, classes.size()).first->second);
    down.push_back(analysis::unavailability_of(model, unit.atoms));
  }
  std::map<std::vector<std::size_t>, Pattern> patterns;
  std::size_t larger = 0;
  for (const auto& set : cuts.sets) {
    if (set.size() > printed_order) {
      ++larger;
      continue;
    }
    std::vector<std::size_t> key;
    double probability = 1;
    for (const std::uint32_t u : set) {
      key.push_back(class_of_unit[u]);
      probability *= down[u];
    }
    std::sort(key.begin(), key.end());
    Pattern& pattern = patterns[key];
    if (pattern.sets++ == 0) pattern.example = set;
    pattern.probability += probability;
  }
  std::vector<Pattern> sorted;
  sorted.reserve(patterns.size());
  for (auto& [key, pattern] : patterns) sorted.push_back(std::move(pattern));
  std::stable_sort(sorted.begin(), sorted.end(), [&](const Pattern& a, const Pattern& b) {
    return numbers == Numbers::with ? a.probability > b.probability : a.example.size() < b.example.size();
  });
  Sheet sheet{.key = "cut_sets" + of,
              .title = "What must fail together: minimal cut sets of up to three places; of one place they are single points of failure",
              .method = numbers == Numbers::with
                            ? "all sets enumerated; each one's share of time is the product of its unavailabilities, exact; overlaps count in each"
                            : "all sets enumerated; no probabilities, see the note",
              .columns = {{"what", "places", ""}, {"order", "order", "1"}, {"sets", "sets", "1"}},
              .rows = {},
              .shown = 8,
              .notes = {}};
  if (numbers == Numbers::with) sheet.columns.push_back({"minutes", "min/year", "min/year"});
  std::size_t single = 0;
  for (const Pattern& pattern : sorted) {
    single += pattern.example.size() == 1 ? pattern.sets : 0;
    sheet.rows.push_back(
        {{words(pattern, site, model, cuts, class_of_unit), {}}, count(static_cast<double>(pattern.example.size())), count(static_cast<double>(pattern.sets))});
    if (numbers == Numbers::with)
      sheet.rows.back().push_back({significant(pattern.probability * minutes_a_year, 3), pattern.probability * minutes_a_year});
  }
  sheet.notes.push_back(single == 0 ? std::string("No single point of failure.")
                                    : std::to_string(single) + (single == 1 ? " single point of failure." : " single points of failure."));
  if (larger > 0) sheet.notes.push_back(analysis::counted(larger, "larger sets") + " are not shown.");
  if (!cuts.complete) sheet.notes.push_back("Sets of more than " + std::to_string(cuts.order) + " places were not all looked for, to save time.");
  book.sheets.push_back(std::move(sheet));
}

void add_importance(const world::Options& options, const analysis::Model& model, std::size_t cluster, const std::string& of, Book& book) {
  const failure::Site site = world::site_of(options);
  Sheet sheet{.key = "importance" + of,
              .title = "What each place means: the unavailability when it never fails, or has failed",
              .method = "exact, three solutions a place; Fussell-Vesely: 1 - U(never down)/U; achievement: U(down)/U; reduction: U/U(never down)",
              .columns = {{"place", "place", ""},
                          {"alike", "alike", "1"},
                          {"unavailability", "down", "1"},
                          {"birnbaum", "Birnbaum", "1"},
                          {"fussell_vesely", "Fussell-Vesely", "1"},
                          {"risk_achievement", "achievement", "1"},
                          {"risk_reduction", "reduction", "1"}},
              .rows = {},
              .shown = 8,
              .notes = {}};
  bool taken = false;
  for (const analysis::ElementImportance& one : analysis::importance_of(model, cluster)) {
    const auto number = [](double value) { return std::isfinite(value) ? Cell{significant(value, 3), value} : Cell{"nothing fails without it", {}}; };
    taken = taken || one.taken_for_alike;
    sheet.rows.push_back({{name_of(site, one.element, one.effect), {}},
                          count(static_cast<double>(1 + one.alike.size())),
                          number(one.unavailability),
                          number(one.importance.birnbaum),
                          number(one.importance.criticality),
                          number(one.importance.achievement),
                          number(one.importance.reduction)});
  }
  if (taken)
    sheet.notes.emplace_back(
        "To save time one place of each shape (scope, unavailability, brokers, replicas) was solved, and the others were taken for alike.");
  if (!sheet.rows.empty()) book.sheets.push_back(std::move(sheet));
}

}  // namespace

void add_structure(const world::Options& options, const analysis::Model& model, std::size_t cluster, const analysis::CutSets& cuts, Numbers numbers,
                   const std::string& of, Book& book) {
  add_cuts(options, model, cuts, numbers, of, book);
  if (numbers == Numbers::with) add_importance(options, model, cluster, of, book);
}

void add_survival(const world::Options& options, std::size_t cluster, const std::string& of, Book& book) {
  const auto partitions = static_cast<double>(options.clusters[cluster].partitions.size());
  const std::string counted = analysis::counted(static_cast<std::uint64_t>(partitions), "partitions") + " of " + options.clusters[cluster].name;
  Sheet matrix{.key = "survival" + of,
               .title = "What survives: " + counted + " after the loss of",
               .method = "counted from the placement, leaders at their primaries",
               .columns = {{"lose", "lose", ""},
                           {"which", "which", ""},
                           {"no_quorum", "no quorum", "partitions"},
                           {"leader_moves", "leader moves", "partitions"},
                           {"degraded", "lose a replica", "partitions"},
                           {"untouched", "untouched", "partitions"}},
               .rows = {},
               .shown = 12,
               .notes = {}};
  for (const analysis::Survival& one : analysis::survival_of(options, cluster)) {
    const std::string which = one.names.size() == 1 ? one.names.front() : "any of " + std::to_string(one.names.size()) + ", such as " + one.names.front();
    const analysis::Toll& toll = one.toll;
    matrix.rows.push_back(
        {{one.what, {}}, {which, {}}, count(toll.no_quorum), count(toll.leader_moves), count(toll.degraded), count(partitions - toll.no_quorum - toll.leader_moves - toll.degraded)});
  }
  book.sheets.push_back(std::move(matrix));

  Sheet blast{.key = "blast_radius" + of,
              .title = "Blast radius: " + counted + " hit by one fault of",
              .method = "counted from the placement, over all places that the mode may hit; worst by partitions without a quorum",
              .columns = {{"mode", "mode", ""},
                          {"places", "places", "1"},
                          {"no_quorum", "no quorum", "partitions"},
                          {"leader_moves", "leader moves or stands still", "partitions"},
                          {"degraded", "another replica hit", "partitions"},
                          {"worst", "worst", "partitions"}},
              .rows = {},
              .shown = 10,
              .notes = {}};
  const std::vector<analysis::BlastRadius> radius = analysis::blast_radius_of(options, cluster);
  std::vector<std::size_t> order;
  for (std::size_t m = 0; m < radius.size(); ++m)
    if (!(radius[m].mean == analysis::Toll{})) order.push_back(m);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const analysis::Toll &x = radius[a].mean, &y = radius[b].mean;
    return std::pair(x.no_quorum, x.leader_moves) > std::pair(y.no_quorum, y.leader_moves);
  });
  for (const std::size_t m : order) {
    const analysis::BlastRadius& one = radius[m];
    blast.rows.push_back({{options.modes[m].name, {}},
                          count(static_cast<double>(one.elements)),
                          count(one.mean.no_quorum),
                          count(one.mean.leader_moves),
                          count(one.mean.degraded),
                          count(one.worst.no_quorum)});
  }
  if (!blast.rows.empty()) book.sheets.push_back(std::move(blast));
}

}  // namespace nines::scenarios
