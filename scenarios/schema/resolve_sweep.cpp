#include <algorithm>
#include <utility>

#include "scenarios/schema/resolve.hpp"

namespace nines::scenarios {

namespace {

constexpr std::size_t most_nodes_decoded = 2'000'000;  // A second or two. What lies beyond shows when its point is read.

std::size_t size_of(const Node& node) {
  std::size_t nodes = 1;
  for (const Node& item : node.items) nodes += size_of(item);
  for (const auto& entry : node.entries) nodes += size_of(entry.value);
  return nodes;
}

// Scalars of a value, by their paths, in the words of an explanation.
void explain_scalars(const std::string& path, const Node& value, std::vector<Explanation>& out) {
  if (value.kind == Node::Kind::map)
    for (const auto& entry : value.entries) explain_scalars(path + '.' + entry.key, entry.value, out);
  else if (value.kind == Node::Kind::scalar || value.kind == Node::Kind::list)
    out.push_back({path, value.flow(), {}, value.place});
}

bool same(const Place& a, const Place& b) { return a.line == b.line && a.column == b.column && a.file == b.file; }

// Errors of one value go to its place; those that the value makes elsewhere, to the axis.
enum class Blamed : std::uint8_t { nothing, value, path };
Blamed report(const Errors& errors, const Axis& axis, std::size_t index, Context& context) {
  Blamed blamed = Blamed::nothing;
  for (const Error& error : errors) {
    const auto has = [&](const auto& place_of) {
      return std::any_of(axis.paths.begin(), axis.paths.end(), [&](const AxisPath& path) { return same(error.place, place_of(path)); });
    };
    const bool is_value = has([&](const AxisPath& path) { return path.values[index].place; });
    const bool is_path = has([](const AxisPath& path) { return path.place; });
    const Place& place = is_value || is_path ? error.place : axis.place;
    std::string what = is_value ? error.what : "this axis does not fit: " + error.what;
    blamed = std::max(blamed, is_value ? Blamed::value : Blamed::path);
    context.error(place, std::move(what));
  }
  return blamed;
}

}  // namespace

Sweep sweep_of(const SweepDocument& document) {
  Sweep sweep{.axes = document.axes, .where = document.where, .expect = {}};
  if (document.repeats.ok) sweep.repeats = *document.repeats;
  if (document.method.ok) sweep.method = *document.method;
  for (const auto& line : document.expect)
    if (line.ok) sweep.expect.push_back({*line, line.place});
  return sweep;
}

void resolve_sweep(const SweepDocument& document, Scenario& scenario, Context& context) {
  scenario.sweep = sweep_of(document);
  // They are the points', not the scenario's.
  const std::size_t own = scenario.expect.size();
  resolve_expectations(document.expect, scenario, context);
  scenario.expect.resize(own);
}

void check_axes(const Node& root, const std::vector<Axis>& axes, Context& context) {
  Node base = root;
  std::erase_if(base.entries, [](const Node::Entry& entry) { return entry.key == "sweep"; });
  const std::size_t size = size_of(base);
  std::size_t decoded = 0;
  for (const Axis& axis : axes) {
    Node changed = base;
    for (std::size_t i = 0; i < axis.size() && decoded < most_nodes_decoded; ++i, decoded += size) {
      Context trial;
      const std::vector<std::string> nothing;
      trial.only = &nothing;
      for (const AxisPath& path : axis.paths) {
        const auto value = value_of(path.values[i]);
        if (!value)
          trial.error(path.values[i].place, "'" + path.values[i].text.substr(0, 60) + "' is not valid YAML on one line");
        else
          lay_over(changed, path.path, *value, path.place, trial);
      }
      Document document;
      if (trial.errors.empty()) read_document(changed, document, trial);
      if (report(trial.errors, axis, i, context) == Blamed::path) break;  // It would be said again of every value.
    }
  }
}

std::optional<Condition> check_condition(const Sweep& sweep, Context& context) {
  if (sweep.where.text.empty()) return std::nullopt;
  std::vector<Explanation> known = context.explanations;
  std::erase_if(known, [](const Explanation& one) { return one.path.starts_with("sweep."); });
  for (const Axis& axis : sweep.axes)
    for (const AxisPath& path : axis.paths)
      for (const WrittenText& text : path.values) {
        const auto value = value_of(text);
        if (!value) continue;
        std::vector<Explanation> more;
        explain_scalars(path.path, *value, more);
        for (Explanation& one : more)
          if (std::none_of(known.begin(), known.end(), [&](const Explanation& old) { return old.path == one.path; })) known.push_back(std::move(one));
        if (value->kind != Node::Kind::map) break;
      }
  auto condition = Condition::parse(sweep.where, known);
  if (condition) return std::move(*condition);
  for (Error& error : condition.error()) context.error(error.place, std::move(error.what));
  return std::nullopt;
}

}  // namespace nines::scenarios
