#include "scenarios/schema/scenario.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "scenarios/schema/resolve.hpp"

namespace nines::scenarios {

namespace {

// What only changes a price changes nothing where nothing has one.
void warn_of_costs_without_prices(const Node& root, const Scenario& scenario, Context& context) {
  if (scenario.prices) return;
  const auto warn = [&](const Node& map, const std::string& path, const char* key) {
    for (const auto& entry : map.entries)
      if (entry.key == key) context.warning(entry.place, "'" + path + key + "' has no effect without prices: catalogs.prices is none");
  };
  warn(root, "", "costs");
  const Node* operations = root.find("operations");
  if (operations == nullptr) return;
  warn(*operations, "operations.", "platform");
  warn(*operations, "operations.", "downtimeCost");
}

void warn_of_hours_without_people(const Node& root, const Scenario& scenario, Context& context) {
  if (!scenario.operations || scenario.operations->coverage == "24x7" || scenario.operations->failover || scenario.operations->backup) return;
  if (std::any_of(scenario.faults.begin(), scenario.faults.end(), [](const failure::Mode& mode) { return mode.repair.people; })) return;
  context.warning(
      root.find("operations")->place,
      "nothing waits for these hours; 'repair: people' in a fault says that somebody has to come, and failover and backup need somebody who decides");
}

void warn_of_a_budget_without_work(const Node& root, const Scenario& scenario, Context& context) {
  if (!scenario.operations || scenario.operations->max_unavailable == 0) return;
  const auto planned = [](const failure::Mode& mode) { return mode.effect == failure::Effect::planned_stop; };
  if (std::any_of(scenario.faults.begin(), scenario.faults.end(), planned)) return;
  context.warning(root.find("operations")->find("maxUnavailable")->place, "nothing is planned here: no failure mode has the effect planned-stop");
}

void check_clusters(const Node& root, Context& context) {
  const Node* one = root.find("cluster");
  const Node* several = root.find("clusters");
  if (one == nullptr && several == nullptr) context.error(root.place, "'cluster' is missing: what is to be simulated");
  if (one != nullptr && several != nullptr) context.error(several->place, "either cluster or clusters");
  if (several != nullptr && several->kind == Node::Kind::map && several->entries.empty())
    context.error(several->place, "no cluster; at least one is simulated");
}

// What was resolved later goes to the section it belongs to; the order within a section stays.
void group_by_section(std::vector<Explanation>& explanations) {
  std::map<std::string, std::size_t, std::less<>> order;
  const auto section = [](const Explanation& one) {
    const std::size_t dot = one.path.find('.');
    return std::string_view(one.path).substr(0, one.path.rfind("clusters.", 0) == 0 ? one.path.find('.', dot + 1) : dot);
  };
  for (const auto& one : explanations) order.emplace(section(one), order.size());
  std::stable_sort(explanations.begin(), explanations.end(),
                   [&](const Explanation& a, const Explanation& b) { return order.find(section(a))->second < order.find(section(b))->second; });
}

void sort_by_place(Errors& errors) {
  std::stable_sort(errors.begin(), errors.end(),
                   [](const Error& a, const Error& b) { return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column); });
}

}  // namespace

Place Scenario::place_of(std::string_view path) const {
  for (const auto& explanation : explanations)
    if (explanation.path == path && !explanation.place.file.empty()) return explanation.place;
  return Place{file, 0, 0};
}

bool Cluster::exports() const { return secondary_storage; }

const ProfileEntry* Catalogs::profile(std::string_view name) const {
  for (const auto& entry : profiles)
    if (entry.profile.name == name || std::find(entry.aliases.begin(), entry.aliases.end(), name) != entry.aliases.end()) return &entry;
  return nullptr;
}

std::vector<std::string> Catalogs::price_names() const {
  std::vector<std::string> names;
  for (const auto& book : prices) names.push_back(book->name);
  return names;
}

void resolve(const Document& document, const Catalogs& catalogs, Scenario& scenario, Context& context) {
  if (document.metadata.name.ok) scenario.metadata.name = *document.metadata.name;
  if (document.metadata.question.ok) scenario.metadata.question = *document.metadata.question;
  resolve_topology(document, catalogs, scenario, context);
  resolve_clusters(document, catalogs, scenario, context);
  resolve_faults(document, catalogs, scenario, context);
  resolve_costs(document, catalogs, scenario, context);
  resolve_rest(document, scenario, context);
  resolve_services(document, catalogs, scenario, context);
  resolve_script(document.script, catalogs, scenario.script, scenario, context);
  resolve_incidents(document.incidents, catalogs, scenario, context);
  resolve_expectations(document.expect, scenario, context);
  if (document.sweep) resolve_sweep(*document.sweep, scenario, context);
}

Scenario read_tree(const Node& root, const std::string& file, const Catalogs& catalogs, Context& context) {
  Document document;
  read_document(root, document, context);
  Scenario scenario;
  scenario.file = file;
  if (root.kind != Node::Kind::map) return scenario;
  check_clusters(root, context);
  resolve(document, catalogs, scenario, context);
  return scenario;
}

Result<Scenario> read_root(const Node& root, const std::string& file, const Catalogs& catalogs, Context& context) {
  Scenario scenario = read_tree(root, file, catalogs, context);
  if (scenario.sweep && context.error_count() == 0) {
    check_axes(root, scenario.sweep->axes, context);
    check_condition(*scenario.sweep, context);
  }
  if (context.error_count() > 0) return fail(context.finish());
  warn_of_costs_without_prices(root, scenario, context);
  warn_of_hours_without_people(root, scenario, context);
  warn_of_a_budget_without_work(root, scenario, context);
  group_by_section(context.explanations);
  sort_by_place(context.warnings);
  scenario.explanations = std::move(context.explanations);
  scenario.warnings = std::move(context.warnings);
  return scenario;
}

Result<Scenario> read_scenario(std::string_view text, const std::string& file, const Catalogs& catalogs, const std::vector<Setting>& settings) {
  auto root = parse_yaml(text, file);
  if (!root) return fail(std::move(root.error()));
  Context context;
  apply_settings(*root, settings, context);
  return read_root(*root, file, catalogs, context);
}

}  // namespace nines::scenarios
