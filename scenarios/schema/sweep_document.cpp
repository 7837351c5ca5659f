#include "scenarios/schema/sweep_document.hpp"

#include <algorithm>
#include <map>

namespace nines::scenarios {

namespace {

// A number with or without a unit, or a label: whatever one word can be.
struct OneWord {
  using Value = std::string;
  static bool read(const Node& node, std::string& out, Context& context) {
    if (!check_scalar(node, "one value", context)) return false;
    if (node.text.size() > 100) return context.error(node.place, "longer than 100 bytes");
    out = node.text;
    return true;
  }
  static std::string schema(Definitions&) { return R"({"type": ["string", "number"]})"; }
};

struct AxisDocument {
  RangeDocument range;
  Written<std::vector<AxisPath>> zip;
  Written<std::vector<Written<std::string>>> labels;
};

struct Zip {
  using Value = std::vector<AxisPath>;
  static bool read(const Node& node, Value& out, Context& context);
  static std::string schema(Definitions& definitions);
};

}  // namespace

template <>
struct Table<AxisDocument> {
  static const char* name() { return "axis"; }
  static const std::vector<Field<AxisDocument>>& fields() {
    static const std::vector<Field<AxisDocument>> all{
        inner_field<OneWord, &AxisDocument::range, &RangeDocument::from>("from", "", "", "The first value, such as 10/s."),
        inner_field<OneWord, &AxisDocument::range, &RangeDocument::to>("to", "", "", "The last value; with a step the last that is not beyond it."),
        inner_field<OneWord, &AxisDocument::range, &RangeDocument::step>("step", "", "",
                                                                         "From each value to the next; or 'values' says how many there are."),
        inner_field<Integer<2, most_values>, &AxisDocument::range, &RangeDocument::values>("values", "", "", "How many values, both ends among them."),
        inner_field<Enum<Spacing>, &AxisDocument::range, &RangeDocument::spacing>(
            "spacing", "", "", "With values: at equal distances or equal ratios. linear when it is not given."),
        optional_field<Zip, &AxisDocument::zip>("zip", "Several paths that move together, each with its values: one dimension."),
        optional_field<List<Sited<OneWord>, 1>, &AxisDocument::labels>("labels", "With zip: what its values are called."),
    };
    return all;
  }
};

namespace {

std::string schema_of_values(Definitions& definitions) {
  return R"({"anyOf": [{"type": "array", "minItems": 1}, )" + Object<AxisDocument>::schema(definitions) + "]}";
}

bool read_list(const Node& node, std::vector<WrittenText>& out, Context& context) {
  if (node.items.size() > most_values) return context.error(node.place, "an axis of more than " + std::to_string(most_values) + " values");
  bool good = true;
  std::map<std::string, int, std::less<>> seen;
  for (const Node& item : node.items) {
    std::string text = item.written();
    if (item.kind == Node::Kind::missing || (item.kind == Node::Kind::scalar && item.text.empty()))
      good = context.error(item.place, "an element without a value");
    else if (!seen.emplace(text, 0).second)
      good = context.error(item.place, item.flow() + " is given twice; each value of an axis makes points of its own");
    else
      out.push_back({std::move(text), item.place});
  }
  return good;
}

enum class Together : std::uint8_t { refused, allowed };

// A list, a range or, where allowed, several paths.
bool read_axis(const Node::Entry& entry, Together together, Axis& out, Context& context) {
  out.name = entry.key;
  out.place = entry.place;
  const Node& node = entry.value;
  AxisPath path{.path = entry.key, .place = entry.place, .values = {}};
  if (node.kind == Node::Kind::list && !node.items.empty()) {
    const bool good = read_list(node, path.values, context);
    out.paths.push_back(std::move(path));
    return good;
  }
  if (node.kind != Node::Kind::map) return context.error(entry.place, "an axis needs a list of values");
  AxisDocument document;
  if (!Object<AxisDocument>::read(node, document, context)) return false;
  const RangeDocument& range = document.range;
  const bool has_range = range.from.given || range.to.given || range.step.given || range.values.given || range.spacing.given;
  if (!document.zip.given) {
    if (document.labels.given) return context.error(document.labels.place, "labels belong to zip");
    const bool good = write_out(range, entry.place, path.values, context);
    out.paths.push_back(std::move(path));
    return good;
  }
  if (together == Together::refused) return context.error(document.zip.place, "a zip within a zip; list all paths in one");
  if (has_range) return context.error(entry.place, "either zip or from and to");
  out.paths = *document.zip;
  for (const auto& label : *document.labels) out.labels.push_back(*label);
  bool good = true;
  for (const auto& other : out.paths)
    if (other.values.size() != out.size())
      good = context.error(other.place, "what moves together has as many values: " + std::to_string(other.values.size()) + " here, " +
                                            std::to_string(out.size()) + " of '" + out.paths.front().path + "'");
  if (document.labels.given && out.labels.size() != out.size())
    good = context.error(document.labels.place, std::to_string(out.labels.size()) + " labels for " + std::to_string(out.size()) + " values");
  for (std::size_t i = 0; i < out.labels.size(); ++i)
    if (std::find(out.labels.begin(), out.labels.begin() + static_cast<std::ptrdiff_t>(i), out.labels[i]) != out.labels.begin() + static_cast<std::ptrdiff_t>(i))
      good = context.error(document.labels->at(i).place, "the label '" + out.labels[i] + "' is given twice");
  return good;
}

bool Zip::read(const Node& node, Value& out, Context& context) {
  if (node.kind != Node::Kind::map || node.entries.empty())
    return context.error(node.place, "expected paths and their values, {path: [value, value]}");
  bool good = check_map(node, {}, context);
  for (const auto& entry : node.entries) {
    Axis axis;
    good = read_axis(entry, Together::refused, axis, context) && good;
    if (!axis.paths.empty()) out.push_back(std::move(axis.paths.front()));
  }
  return good;
}
std::string Zip::schema(Definitions& definitions) {
  return R"({"type": "object", "minProperties": 1, "additionalProperties": )" + schema_of_values(definitions) + "}";
}

// Is `path` within `outer`, or the same?
bool lies_within(std::string_view path, std::string_view outer) {
  return path.substr(0, outer.size()) == outer && (path.size() == outer.size() || path[outer.size()] == '.');
}

// Paths that cannot vary, and those that one axis would take from another.
bool check_paths(const std::vector<Axis>& axes, Context& context) {
  bool good = true;
  std::vector<std::string_view> before;
  for (const auto& axis : axes) {
    if (axis.name == "repeat") good = context.error(axis.place, "'repeat' is the name of the dimension that 'repeats' makes");
    for (const auto& one : axis.paths) {
      for (const char* fixed : {"apiVersion", "kind", "sweep"})
        if (lies_within(one.path, fixed)) good = context.error(one.place, "'" + std::string(fixed) + "' cannot vary");
      for (const auto& earlier : before) {
        if (!lies_within(earlier, one.path)) continue;
        const std::string name(earlier.substr(0, 80));
        good = context.error(
            one.place, one.path == earlier ? "'" + name + "' varies twice" : "'" + name + "' lies within and would be lost; put this axis before it");
        break;
      }
      before.push_back(one.path);
    }
  }
  return good;
}

}  // namespace

bool Axes::read(const Node& node, Value& out, Context& context) {
  if (node.kind != Node::Kind::map || node.entries.empty()) return context.error(node.place, "expected axes, {path: [value, value]}");
  if (node.entries.size() > 30) return context.error(node.place, "more than 30 axes; nobody can look at so many dimensions");
  bool good = check_map(node, {}, context);
  for (const auto& entry : node.entries) {
    const Context::Step step(context, entry.key);
    const Context::OneValue whole(context, entry.value, true);
    Axis axis;
    if (read_axis(entry, Together::allowed, axis, context))
      out.push_back(std::move(axis));
    else
      good = false;
  }
  return check_paths(out, context) && good;
}

std::string Axes::schema(Definitions& definitions) {
  return R"({"type": "object", "minProperties": 1, "maxProperties": 30, "additionalProperties": )" + schema_of_values(definitions) + "}";
}

bool ConditionText::read(const Node& node, WrittenText& out, Context& context) {
  if (!Text::read(node, out.text, context)) return false;
  out.place = node.place;
  if (node.quoted) ++out.place.column;
  return true;
}
std::string ConditionText::schema(Definitions& definitions) { return Text::schema(definitions); }

const std::vector<Field<SweepDocument>>& Table<SweepDocument>::fields() {
  using D = SweepDocument;
  static const std::vector<Field<D>> all{
      required<Axes, &D::axes>("axes", "What is varied: paths and their values."),
      optional_field<ConditionText, &D::where>("where", "Which combinations count, such as 'replication <= brokers'."),
      field<Integer<1, 10'000>, &D::repeats>("repeats", "1", "", "How often each point is simulated, each time with a seed of its own."),
      field<Enum<Sweep::Method>, &D::method>("method", "simulate", "what every scenario can be answered by", "How a point is answered."),
      optional_field<List<Sited<Text>, 1, Single::allowed>, &D::expect>("expect", "What must hold at every point, beside what the scenario expects."),
  };
  return all;
}

}  // namespace nines::scenarios
