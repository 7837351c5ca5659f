#include "scenarios/schema/trace_document.hpp"

namespace nines::scenarios {

template <>
struct Words<Trace::Elements> {
  using enum Trace::Elements;
  static constexpr std::pair<const char*, Trace::Elements> words[] = {{"named", named}, {"in-order", in_order}, {"first", first}};
};

template <>
struct Table<IncidentColumns> {
  static const char* name() { return "incidentColumns"; }
  static const std::vector<Field<IncidentColumns>>& fields() {
    using C = IncidentColumns;
    static const std::vector<Field<C>> all{
        optional_field<Text, &C::start>("start", "The column of when it began. Default: start."),
        optional_field<Text, &C::end>("end", "The column of when it ended. Default: end."),
        optional_field<List<Text, 1, Single::allowed>, &C::element>(
            "element", "The column of what was hit, or several that name it together. Default: element."),
        optional_field<List<Text, 1, Single::allowed>, &C::cause>(
            "cause", "The column of the cause, or several of which the first that is not empty is the cause. Default: cause, where there is one."),
        optional_field<Text, &C::time_format>("timeFormat", "How times are written, as '%m/%d/%Y %H:%M'. Default: ISO 8601, or seconds."),
    };
    return all;
  }
};

namespace {

// Columns have any names, and what they must hold may look like a number.
struct Conditions {
  using Value = std::vector<std::pair<std::string, std::string>>;
  static bool read(const Node& node, Value& out, Context& context) {
    if (!check_map(node, {}, context)) return false;
    bool good = true;
    const Context::OneValue whole(context, node, true);
    for (const auto& entry : node.entries) {
      good = check_scalar(entry.value, "what the column must hold", context) && good;
      out.emplace_back(entry.key, entry.value.text);
    }
    return good;
  }
  static std::string schema(Definitions&) { return R"({"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}})"; }
};

}  // namespace

template <>
struct Table<TraceDocument> {
  static const char* name() { return "trace"; }
  static const std::vector<Field<TraceDocument>>& fields() {
    using D = TraceDocument;
    static const std::vector<Field<D>> all{
        required<Text, &D::file>("file", "A CSV file with a header; its path is relative to the scenario's."),
        field<Enum<failure::Scope>, &D::scope>("scope", "node", "logs of outages are mostly of machines", "What the trace's elements are."),
        field<Enum<failure::Effect>, &D::effect>("effect", "stop", "an outage is one", "What each of its faults does."),
        field<Enum<Trace::Elements>, &D::elements>(
            "elements", "named", "names say what is meant",
            "Whether the trace uses the scenario's names; or its elements are taken in order of appearance; or the first of them."),
        field<Flag, &D::rotate>("rotate", "false", "it happened in this order",
                                "Each replication begins at an instant of its own, and goes on at the trace's start."),
        optional_field<Object<IncidentColumns>, &D::columns>("columns", "Which columns hold what."),
        optional_field<Conditions, &D::where>("where", "Only records that hold these values: {column: value}."),
    };
    return all;
  }
};

bool TraceText::read(const Node& node, TraceDocument& out, Context& context) {
  if (node.kind == Node::Kind::map) return Object<TraceDocument>::read(node, out, context);
  if (node.kind == Node::Kind::list) return context.error(node.place, "expected a file's name, or a map '{file: ..., columns: ...}'");
  Node map;  // The short form: everything else by default.
  map.kind = Node::Kind::map;
  map.place = node.place;
  map.entries.push_back({"file", node.place, node});
  return Object<TraceDocument>::read(map, out, context);
}

std::string TraceText::schema(Definitions& definitions) {
  return "{\"anyOf\": [" + Text::schema(definitions) + ", " + Object<TraceDocument>::schema(definitions) + "]}";
}

}  // namespace nines::scenarios
