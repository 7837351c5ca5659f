#include "scenarios/schema/chart.hpp"

#include <utility>

#include "scenarios/schema/catalog_document.hpp"

namespace nines::scenarios {
namespace {

struct ChartValueDocument {
  Written<std::string> name;
  Written<Node> value;
  Written<std::string> source;
};
struct ChartDocument {
  Written<std::string> api_version, kind;
  CatalogMetadata metadata;
  Written<std::string> brokers;
  std::vector<ChartValueDocument> values;
};

// Whatever stands there, as it is: a value of somebody else's file.
struct Anything {
  using Value = Node;
  static bool read(const Node& node, Node& out, Context&) {
    out = node;
    return true;
  }
  static std::string schema(Definitions&) { return "{}"; }
};

}  // namespace

template <>
struct Table<ChartValueDocument> {
  static const char* name() { return "chartValue"; }
  static const std::vector<Field<ChartValueDocument>>& fields() {
    static const std::vector<Field<ChartValueDocument>> all{
        required<Anything, &ChartValueDocument::value>("default", "What holds where no file of values says otherwise."),
        required<Text, &ChartValueDocument::source>("source", "Where it stands."),
    };
    return all;
  }
};

template <>
struct Table<ChartDocument> {
  static const char* name() { return "chart"; }
  static const std::vector<Field<ChartDocument>>& fields() {
    static const std::vector<Field<ChartDocument>> all{
        required<Constant<CatalogVersion>, &ChartDocument::api_version>("apiVersion", "The version of this format."),
        required<Name, &ChartDocument::kind>("kind", "Chart."),
        required<Object<CatalogMetadata>, &ChartDocument::metadata>("metadata", "Name and description."),
        required<Name, &ChartDocument::brokers>("brokers", "The section of the values that holds the brokers."),
        required<Named<Object<ChartValueDocument>>, &ChartDocument::values>("values", "Defaults by their keys, levels parted by dots."),
    };
    return all;
  }
};

void add_chart(const Node& root, std::vector<ChartDefaults>& charts, Context& context) {
  ChartDocument document;
  if (!Object<ChartDocument>::read(root, document, context)) return;
  ChartDefaults chart{.name = *document.metadata.name, .brokers = *document.brokers, .values = {}};
  for (const auto& written : document.values) chart.values.push_back({*written.name, *written.value, *written.source});
  charts.push_back(std::move(chart));
}

}  // namespace nines::scenarios
