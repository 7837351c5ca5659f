// What runs beside the brokers of a product and version, and what its users can do, as a catalogue writes it.
#pragma once

#include <string>
#include <vector>

#include "scenarios/schema/catalog_document.hpp"
#include "scenarios/schema/decode.hpp"

namespace nines::scenarios {

// "connectors"; {any: [a, b]}; {atLeast: 2, of: [a, b, c]}; {component: secondaryStorage, after: 4h}. A list: all of them.
struct NeedText {
  using Value = Need;
  static bool read(const Node& node, Need& out, Context& context);
  static std::string schema(Definitions& definitions);
};

template <>
struct Words<Runs> {
  using enum Runs;
  static constexpr std::pair<const char*, Runs> words[] = {{"brokers", brokers}, {"process", process}, {"external", external}};
};
template <>
struct Words<Enough> {
  using enum Enough;
  static constexpr std::pair<const char*, Enough> words[] = {{"one", one}, {"majority", majority}, {"all", all}};
};

struct ComponentEntry {
  Written<std::string> name;
  Written<Runs> runs;
  Written<int> replicas;
  Written<Enough> needed;
  Written<bool> single, stateless, management, optional;
  Written<Need> needs;
  Written<std::string> managed_as, loss, source;
};
struct CapabilityEntry {
  Written<std::string> name;
  Written<bool> management;
  Written<Need> needs;
  Written<std::string> source;
};
struct ServicesDocument {
  Written<std::string> api_version, kind;
  CatalogMetadata metadata;
  std::vector<Written<std::string>> profiles;
  std::vector<ComponentEntry> components;
  std::vector<CapabilityEntry> capabilities;
};

template <>
struct Table<ServicesDocument> {
  static const char* name();
  static const std::vector<Field<ServicesDocument>>& fields();
};

// Names in `needs` are those of components, or of partitions; circles of components are an error.
ServiceCatalog to_services(const ServicesDocument& document, Context& context);

}  // namespace nines::scenarios
