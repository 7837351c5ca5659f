#include "scenarios/import/scheduling.hpp"

#include <algorithm>
#include <set>

#include "scenarios/import/helm.hpp"
#include "scenarios/schema/quantity.hpp"

namespace nines::scenarios {
namespace {

bool is_host(std::string_view key) { return key == "kubernetes.io/hostname"; }
bool is_zone(std::string_view key) { return key == "topology.kubernetes.io/zone" || key == "failure-domain.beta.kubernetes.io/zone"; }

std::string text_of(const Node* node) { return node != nullptr && node->kind == Node::Kind::scalar ? node->text : std::string(); }

const Node* list_at(Asked& asked, const std::string& path) {
  const Node* node = asked.find(path);
  if (node == nullptr || (node->kind == Node::Kind::scalar && node->text.empty())) return nullptr;
  if (node->kind == Node::Kind::list) return node;
  asked.error(*node, path, "a list");
  return nullptr;
}

void keep_stronger(Scheduling::Apart& known, Wish wish, std::string how, const Node& node) {
  if (wish > known.wish) known = {wish, std::move(how), node.place, !node.is_default};
}

void read_anti_affinity(Asked& asked, const std::string& base, Scheduling& scheduling) {
  const std::string required = base + ".affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution";
  if (const Node* terms = list_at(asked, required))
    for (const Node& term : terms->items) {
      const std::string key = text_of(term.find("topologyKey"));
      const std::string how = asked.how(term, base + ".affinity.podAntiAffinity") + ", required for " + harmless(key);
      if (is_host(key)) keep_stronger(scheduling.host, Wish::hard, how, term);
      if (!is_zone(key)) continue;
      keep_stronger(scheduling.zone, Wish::hard, how, term);
      keep_stronger(scheduling.host, Wish::hard, how, term);
      scheduling.one_a_zone = true;
    }
  const std::string preferred = base + ".affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution";
  if (const Node* terms = list_at(asked, preferred))
    for (const Node& term : terms->items) {
      const Node* inner = term.find("podAffinityTerm");
      const std::string key = inner == nullptr ? std::string() : text_of(inner->find("topologyKey"));
      const std::string how = asked.how(term, base + ".affinity.podAntiAffinity") + ", preferred for " + harmless(key);
      if (is_host(key)) keep_stronger(scheduling.host, Wish::soft, how, term);
      if (is_zone(key)) keep_stronger(scheduling.zone, Wish::soft, how, term);
    }
}

void read_constraints(Asked& asked, const std::string& path, Scheduling& scheduling) {
  const Node* constraints = list_at(asked, path);
  if (constraints == nullptr) return;
  for (const Node& constraint : constraints->items) {
    const std::string key = text_of(constraint.find("topologyKey")), unsatisfiable = text_of(constraint.find("whenUnsatisfiable"));
    const Wish wish = unsatisfiable == "ScheduleAnyway" ? Wish::soft : Wish::hard;  // Kubernetes' default is DoNotSchedule.
    const std::string how = asked.how(constraint, path) + (wish == Wish::soft ? ", ScheduleAnyway for " : ", DoNotSchedule for ") + harmless(key);
    const Node* skew = constraint.find("maxSkew");
    const auto most = skew == nullptr ? std::optional<std::int64_t>(1) : read_whole(text_of(skew));
    if (!most || *most < 1 || *most > 1000) {
      asked.error(*skew, path + ".maxSkew", "a whole number from 1");
      continue;
    }
    if (is_host(key) && *most == 1) keep_stronger(scheduling.host, Wish::soft, how, constraint);
    if (!is_zone(key)) continue;
    keep_stronger(scheduling.zone, wish, how, constraint);
    scheduling.skew = static_cast<int>(*most);
  }
}

// Zones that a node's label must be one of.
void restrict_zones(Asked& asked, const std::string& path, const std::vector<const Node*>& names, Scheduling& scheduling) {
  std::vector<std::string> zones;
  for (const Node* name : names) {
    if (name->kind != Node::Kind::scalar || !is_place_name(name->text)) return asked.error(*name, path, "the name of a zone");
    if (std::find(zones.begin(), zones.end(), name->text) == zones.end()) zones.push_back(name->text);
  }
  if (zones.empty()) return;
  if (zones.size() > most_zones_of_a_region) return asked.error(*names.front(), path, "at most 26 zones");
  scheduling.zones = std::move(zones);
  scheduling.zones_how = asked.how(*names.front(), path);
}

void read_zones(Asked& asked, const std::string& base, Scheduling& scheduling) {
  const std::string required = base + ".affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution";
  std::vector<const Node*> names;
  const Node* terms = list_at(asked, required + ".nodeSelectorTerms");
  if (terms != nullptr && terms->items.size() == 1)  // Of several terms one is enough: no zone is sure.
    if (const Node* rules = terms->items.front().find("matchExpressions"))
      for (const Node& rule : rules->items)
        if (is_zone(text_of(rule.find("key"))) && text_of(rule.find("operator")) == "In")
          if (const Node* values = rule.find("values"))
            for (const Node& value : values->items) names.push_back(&value);
  if (const Node* selector = asked.find(base + ".nodeSelector"); selector != nullptr)
    for (const auto& entry : selector->entries)
      if (is_zone(entry.key)) names = {&entry.value};
  restrict_zones(asked, base + ": zones of its nodes", names, scheduling);
  // "us-east-1a", "us-east-1b": a region and a letter (AWS); "eastus-1" (Azure) and "europe-west1-b" (Google) have a '-' between.
  std::set<std::string> regions;
  for (const auto& zone : scheduling.zones) {
    if (zone.size() < 3) return;
    std::string region = zone.substr(0, zone.size() - 1);
    if (region.back() == '-') region.pop_back();
    regions.insert(region);
  }
  if (regions.size() == 1 && is_place_name(*regions.begin()) && regions.begin()->find_first_of("0123456789") != std::string::npos)
    scheduling.region = *regions.begin();
}

}  // namespace

Scheduling read_scheduling(Asked& asked, const std::string& base, const ChartDefaults& chart, const std::string& version, Errors& warnings) {
  Scheduling scheduling;
  read_anti_affinity(asked, base, scheduling);
  const std::string constraints = base + ".topologySpreadConstraints";
  const bool is_read = std::any_of(chart.values.begin(), chart.values.end(), [&](const auto& value) { return value.key == constraints; });
  const Node* written = asked.find(constraints);
  if (is_read)
    read_constraints(asked, constraints, scheduling);
  else if (written != nullptr)
    warnings.push_back({written->place, constraints + " is not read by the chart of " + version + "; an anti-affinity on topology.kubernetes.io/zone would be"});
  read_zones(asked, base, scheduling);
  if (scheduling.zone.wish == Wish::none) {
    scheduling.zone.how = written != nullptr && is_read && !written->is_default ? asked.how(*written, constraints) + " says nothing of zones"
                                                                                : "chart " + version + ": nothing asks for a spread over zones";
    if (const Node* affinity = asked.find(base + ".affinity"); affinity != nullptr && !affinity->is_default) scheduling.zone.place = affinity->place;
  }
  if (scheduling.host.wish == Wish::none)
    if (const Node* affinity = asked.find(base + ".affinity"); affinity != nullptr) scheduling.host.place = affinity->place;
  return scheduling;
}

}  // namespace nines::scenarios
