#include "scenarios/schema/services_document.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "models/services/services.hpp"

namespace nines::scenarios {

namespace {

constexpr int deepest_services = 8;

bool read_need(const Node& node, Need& out, Context& context, int depth);

bool read_needs(const Node& list, std::vector<Need>& out, Context& context, int depth) {
  if (list.kind != Node::Kind::list || list.items.empty()) return context.error(list.place, "expected a list of components");
  bool good = true;
  for (const Node& item : list.items) good = read_need(item, out.emplace_back(), context, depth + 1) && good;
  return good;
}

bool read_need(const Node& node, Need& out, Context& context, int depth) {
  out.place = node.place;
  if (depth > deepest_services) return context.error(node.place, "nested more deeply than anybody needs");
  if (node.kind == Node::Kind::scalar) return Name::read(node, out.name, context);
  if (node.kind == Node::Kind::list) {
    if (!read_needs(node, out.parts, context, depth)) return false;
    out.at_least = static_cast<int>(out.parts.size());
    return true;
  }
  if (node.kind != Node::Kind::map)
    return context.error(node.place, "expected a component, or {any: [...]}, {atLeast: 2, of: [...]} or {component, after}");
  if (const Node* any = node.find("any")) {
    out.at_least = 1;
    return check_map(node, {"any"}, context) && read_needs(*any, out.parts, context, depth);
  }
  if (const Node* least = node.find("atLeast")) {
    const Node* of = node.find("of");
    if (of == nullptr) return context.error(node.place, "'of' is missing: of which components");
    if (!check_map(node, {"atLeast", "of"}, context) || !read_needs(*of, out.parts, context, depth)) return false;
    if (!Integer<1, 1000>::read(*least, out.at_least, context)) return false;
    return static_cast<std::size_t>(out.at_least) <= out.parts.size() ||
           context.error(least->place, "at least " + std::to_string(out.at_least) + " of " + std::to_string(out.parts.size()));
  }
  const Node* component = node.find("component");
  if (component == nullptr) return context.error(node.place, "expected {any: [...]}, {atLeast: 2, of: [...]} or {component, after}");
  if (!check_map(node, {"component", "after", "atStart"}, context) || !Name::read(*component, out.name, context)) return false;
  if (const Node* after = node.find("after"); after != nullptr && !PositiveTime::read(*after, out.after, context)) return false;
  if (const Node* start = node.find("atStart"); start != nullptr && !Flag::read(*start, out.at_start, context)) return false;
  return true;
}

}  // namespace

bool NeedText::read(const Node& node, Need& out, Context& context) {
  const Context::OneValue whole(context, node, true);
  return read_need(node, out, context, 0);
}

std::string NeedText::schema(Definitions& definitions) {
  if (!definitions.contains("need")) {
    const std::string list = R"({"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/need"}})";
    definitions["need"] =
        "{\"anyOf\": [" + Name::schema(definitions) + ", " + list + ", " + object_schema({{"any", list}}, {"any"}) + ", " +
        object_schema({{"atLeast", Integer<1, 1000>::schema(definitions)}, {"of", list}}, {"atLeast", "of"}) + ", " +
        object_schema({{"component", Name::schema(definitions)}, {"after", PositiveTime::schema(definitions)}, {"atStart", Flag::schema(definitions)}},
                      {"component"}) +
        "]}";
  }
  return "{\"$ref\": \"#/$defs/need\"}";
}

template <>
struct Table<ComponentEntry> {
  static const char* name() { return "componentEntry"; }
  static const std::vector<Field<ComponentEntry>>& fields() {
    using E = ComponentEntry;
    static const std::vector<Field<E>> all{
        required<Enum<Runs>, &E::runs>("runs", "In the brokers' own processes, as processes beside them, or somebody else's service."),
        field<Integer<1, 1000>, &E::replicas>("replicas", "1", "one process", "How many run where the scenario does not say."),
        field<Enum<Enough>, &E::needed>("needed", "one", "any of them serves everybody", "How many of them must run."),
        field<Flag, &E::single>("single", "false", "it may have replicas", "Only one may work at a time: more than one is refused."),
        field<Flag, &E::stateless>("stateless", "false", "it has data of its own", "A platform may start it on another node."),
        field<Flag, &E::management>("management", "false", "it is a cluster's", "It belongs to the management cluster."),
        field<Flag, &E::optional>("optional", "false", "it is always there", "It is there only where the scenario names it."),
        optional_field<NeedText, &E::needs>("needs", "What it does not work without."),
        optional_field<Name, &E::managed_as>("managedAs", "The management cluster's component that can do it. Default: that of the same name."),
        required<Text, &E::loss>("loss", "What its loss means, in a sentence."),
        required<Text, &E::source>("source", "Who says so, or the word assumption."),
    };
    return all;
  }
};

template <>
struct Table<CapabilityEntry> {
  static const char* name() { return "capabilityEntry"; }
  static const std::vector<Field<CapabilityEntry>>& fields() {
    using E = CapabilityEntry;
    static const std::vector<Field<E>> all{
        field<Flag, &E::management>("management", "false", "it is a cluster's", "It is one of the management cluster."),
        required<NeedText, &E::needs>("needs", "What must work: components, and partition, some-partition or every-partition."),
        required<Text, &E::source>("source", "Who says so, or the word assumption."),
    };
    return all;
  }
};

const char* Table<ServicesDocument>::name() { return "servicesCatalog"; }

const std::vector<Field<ServicesDocument>>& Table<ServicesDocument>::fields() {
  using D = ServicesDocument;
  static const std::vector<Field<D>> all{
      required<Constant<CatalogVersion>, &D::api_version>("apiVersion", "The version of this format."),
      required<Name, &D::kind>("kind", "Services."),
      required<Object<CatalogMetadata>, &D::metadata>("metadata", "Name and description."),
      required<List<Sited<Name>, 1>, &D::profiles>("profiles", "The profiles whose clusters have them."),
      required<Named<Object<ComponentEntry>>, &D::components>("components", "What runs beside the brokers, by name."),
      required<Named<Object<CapabilityEntry>>, &D::capabilities>("capabilities", "What users can do, by name."),
  };
  return all;
}

namespace {

void check_names(const Need& need, const std::vector<std::string>& known, Context& context) {
  if (!need.name.empty() && std::find(known.begin(), known.end(), need.name) == known.end())
    context.error(need.place, "no component is called '" + need.name + "'" + did_you_mean(need.name, known));
  for (const Need& part : need.parts) check_names(part, known, context);
}

services::Expression over(const Need& need, const std::map<std::string, std::uint32_t>& numbers) {
  if (need.parts.empty()) {
    const auto found = numbers.find(need.name);
    return found == numbers.end() || need.at_start ? services::all_of({}) : services::component(found->second);
  }
  std::vector<services::Expression> parts;
  for (const Need& part : need.parts) parts.push_back(over(part, numbers));
  return services::all_of(std::move(parts));
}

}  // namespace

ServiceCatalog to_services(const ServicesDocument& document, Context& context) {
  ServiceCatalog catalog{.name = *document.metadata.name, .profiles = {}, .components = {}, .capabilities = {}};
  for (const auto& profile : document.profiles) catalog.profiles.push_back(*profile);
  std::vector<std::string> known{std::begin(partition_words), std::end(partition_words)};
  std::map<std::string, std::uint32_t> numbers;
  for (const auto& entry : document.components) {
    numbers[*entry.name] = static_cast<std::uint32_t>(numbers.size());
    known.push_back(*entry.name);
  }
  std::vector<services::Component> graph;
  for (const auto& entry : document.components) {
    if (entry.needs.ok) check_names(*entry.needs, known, context);
    if (*entry.single && *entry.replicas > 1) context.error(entry.replicas.place, "'" + *entry.name + "' is single");
    catalog.components.push_back({.name = *entry.name,
                                  .runs = *entry.runs,
                                  .replicas = *entry.replicas,
                                  .needed = *entry.needed,
                                  .single = *entry.single,
                                  .stateless = *entry.stateless,
                                  .management = *entry.management,
                                  .optional = *entry.optional,
                                  .managed_as = entry.managed_as.ok ? *entry.managed_as : *entry.name,
                                  .needs = entry.needs.ok ? *entry.needs : Need{},
                                  .loss = *entry.loss,
                                  .source = *entry.source});
    graph.push_back({.name = *entry.name, .needs = over(catalog.components.back().needs, numbers)});
  }
  if (const auto order = services::in_order_of_need(graph); !order) context.error(document.metadata.name.place, order.error().front().what);
  for (const auto& entry : document.capabilities) {
    check_names(*entry.needs, known, context);
    catalog.capabilities.push_back({.name = *entry.name, .management = *entry.management, .needs = *entry.needs, .source = *entry.source});
  }
  return catalog;
}

}  // namespace nines::scenarios
