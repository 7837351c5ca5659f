#include "scenarios/sweep/space.hpp"

#include <algorithm>
#include <utility>

#include "scenarios/schema/node.hpp"
#include "scenarios/schema/resolve.hpp"
#include "scenarios/schema/measure.hpp"
#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"

namespace nines::scenarios {

namespace {

// A value of an axis, parsed once.
struct Laid {
  const AxisPath* path = nullptr;
  std::vector<Node> values;
};

// The seed of a repeat; the first keeps the scenario's. Within the schema's range.
std::uint64_t seed_of(std::uint64_t seed, std::size_t repeat) {
  if (repeat == 0) return seed;
  Hash hash;
  hash.add(seed);
  hash.add(repeat);
  return hash.value() & static_cast<std::uint64_t>(INT64_MAX);
}

// What a condition needs of the scenario: its paths, and what decides on one of them while it is explained.
std::vector<std::string> asked_for(const std::optional<Condition>& condition) {
  std::vector<std::string> paths;
  if (!condition) return paths;
  paths = condition->paths();
  static constexpr std::string_view timeout = ".raft.clientTimeout";
  for (const auto& path : condition->paths())
    if (path.ends_with(timeout)) paths.push_back(path.substr(0, path.size() - timeout.size()) + ".client.timeout");
  return paths;
}

Dimension dimension_of(const std::string& name, const std::vector<Node>& values) {
  Dimension out{.name = name, .unit = {}, .labels = {}, .numbers = {}};
  std::optional<Measure> unit;
  bool all_numbers = true;
  for (const Node& value : values) {
    out.labels.push_back(value.flow());
    const auto quantity = value.kind == Node::Kind::scalar && !value.quoted ? read_quantity(value.text) : std::nullopt;
    const bool fits = quantity && (!unit || *unit == quantity->measure);
    all_numbers = all_numbers && fits;
    if (!fits) continue;
    unit = quantity->measure;
    out.numbers.push_back(quantity->value);
  }
  if (all_numbers)
    out.unit = unit->symbol();
  else
    out.numbers.clear();
  return out;
}

// The dimension of an axis; of several paths, one that names their values, with theirs beside it.
Dimension dimension_of(const Axis& axis, const std::vector<Laid>& laid) {
  if (axis.paths.size() == 1 && axis.paths.front().path == axis.name) return dimension_of(axis.name, laid.front().values);
  Dimension out{.name = axis.name, .unit = {}, .labels = axis.labels, .numbers = {}};
  for (const Laid& one : laid) out.also.push_back(dimension_of(one.path->path, one.values));
  for (std::size_t i = 0; axis.labels.empty() && i < axis.size(); ++i) {
    std::string label;
    for (const Dimension& one : out.also) label += (label.empty() ? "" : ", ") + one.labels[i];
    out.labels.push_back(std::move(label));
  }
  return out;
}

// Beside what the scenario expects: more elements of its list.
void add_expectations(Node& root, const std::vector<WrittenText>& lines) {
  if (lines.empty()) return;
  Node* expect = nullptr;
  for (auto& entry : root.entries)
    if (entry.key == "expect") expect = &entry.value;
  if (expect == nullptr) expect = &root.entries.emplace_back(Node::Entry{"expect", lines.front().place, Node{}}).value;
  if (expect->kind != Node::Kind::list) {
    Node list{.kind = Node::Kind::list, .place = expect->place, .entries = {}};
    if (expect->kind == Node::Kind::scalar) list.items.push_back(std::move(*expect));
    *expect = std::move(list);
  }
  for (const WrittenText& line : lines)
    expect->items.push_back({.kind = Node::Kind::scalar, .quoted = true, .place = line.place, .text = line.text, .entries = {}});
}

}  // namespace

struct Space::Parts {
  std::string file;
  Sweep sweep;
  std::vector<Setting> settings;
  std::optional<TraceFile> trace;
  const Catalogs* catalogs = nullptr;
  Node base;                            // With the settings laid over it, without its sweep.
  std::vector<std::vector<Laid>> laid;  // By axis.
  std::vector<Dimension> dimensions;
  std::uint64_t points = 1;
  std::optional<Condition> condition;
  std::vector<std::string> explained;  // What the condition asks for.
  std::uint64_t seed = 0;              // Of the base.
  std::string trace_name;              // The file the base's trace names.
};

Result<Space> Space::of(SpaceSource source, const Catalogs& catalogs) {
  auto parts = std::make_shared<Parts>();
  parts->file = std::move(source.file);
  parts->sweep = std::move(source.sweep);
  parts->settings = std::move(source.settings);
  parts->trace = std::move(source.trace);
  parts->catalogs = &catalogs;
  const Sweep& sweep = parts->sweep;
  SIM_CHECK(!sweep.axes.empty(), "a sweep has an axis");

  auto base = parse_yaml(source.text, parts->file);
  if (!base) return fail(std::move(base.error()));
  Context context;
  apply_settings(*base, parts->settings, context);
  std::erase_if(base->entries, [](const Node::Entry& entry) { return entry.key == "sweep"; });
  add_expectations(*base, sweep.expect);
  const Scenario scenario = read_tree(*base, parts->file, catalogs, context);
  if (context.error_count() > 0) return fail(context.finish());
  check_axes(*base, sweep.axes, context);
  parts->condition = check_condition(sweep, context);
  if (context.error_count() > 0) return fail(context.finish());
  parts->explained = asked_for(parts->condition);
  parts->seed = scenario.simulation.seed;
  if (scenario.trace) parts->trace_name = scenario.trace->file;

  parts->base = std::move(*base);

  for (const Axis& axis : sweep.axes) {
    auto& laid = parts->laid.emplace_back();
    for (const AxisPath& path : axis.paths) {
      Laid& one = laid.emplace_back();
      one.path = &path;
      for (const WrittenText& text : path.values) one.values.push_back(std::move(*value_of(text)));
    }
    parts->dimensions.push_back(dimension_of(axis, laid));
  }
  if (sweep.repeats > 1) {
    Dimension repeats{.name = "repeat", .unit = "1", .labels = {}, .numbers = {}};
    for (int i = 0; i < sweep.repeats; ++i) {
      repeats.labels.push_back(std::to_string(i));
      repeats.numbers.push_back(i);
    }
    parts->dimensions.push_back(std::move(repeats));
  }
  for (const Dimension& one : parts->dimensions) {
    if (one.labels.size() > most_points / parts->points)
      return fail(sweep.axes.front().place, "more than " + std::to_string(most_points) + " points: every value of every axis meets every other");
    parts->points *= one.labels.size();
  }
  const Space space(std::move(parts));
  if (auto tried = space.try_values(); !tried) return fail(std::move(tried.error()));
  return space;
}

// A value may be wrong only once it meets the catalogues or the rest of the scenario: of an unknown profile, of a pool that is not there. It is not for a
// value that can be at one point to say whether it can be at another.
Result<void> Space::try_values() const {
  constexpr std::uint64_t most_tried = 64;  // Points of one value, spread over the space.
  const auto lengths = shape();
  std::uint64_t below = points();
  for (std::size_t axis = 0; axis < parts_->laid.size(); ++axis) {
    const std::uint64_t above = points() / below;  // Combinations of the axes before this one, and below it of those behind.
    below /= lengths[axis];
    const std::uint64_t others = above * below, tried = std::min(others, most_tried);
    for (std::uint64_t value = 0; value < lengths[axis]; ++value) {
      Errors first;
      bool can_be = false;
      for (std::uint64_t k = 0; k < tried && !can_be; ++k) {
        const std::uint64_t other = others / tried * k;
        auto read = without_trace((other / below * lengths[axis] + value) * below + other % below);
        can_be = read.has_value();
        if (!can_be && first.empty()) first = std::move(read.error());
      }
      if (!can_be) return fail(std::move(first));
    }
  }
  return {};
}

const std::vector<Dimension>& Space::dimensions() const { return parts_->dimensions; }

std::uint64_t Space::points() const { return parts_->points; }

std::vector<std::size_t> Space::shape() const {
  std::vector<std::size_t> out;
  for (const Dimension& one : parts_->dimensions) out.push_back(one.labels.size());
  return out;
}

std::vector<std::size_t> Space::coordinates(std::uint64_t point) const {
  SIM_CHECK(point < points(), "a point of the space");
  std::vector<std::size_t> out = shape();
  for (std::size_t i = out.size(); i-- > 0;) {
    const std::uint64_t length = out[i];
    out[i] = static_cast<std::size_t>(point % length);
    point /= length;
  }
  return out;
}

std::vector<Setting> Space::settings(std::uint64_t point) const {
  const auto at = coordinates(point);
  const auto& axes = parts_->sweep.axes;
  std::vector<Setting> out = parts_->settings;
  std::uint64_t seed = parts_->seed;
  for (std::size_t i = 0; i < axes.size(); ++i)
    for (std::size_t k = 0; k < axes[i].paths.size(); ++k) {
      const AxisPath& path = axes[i].paths[k];
      out.push_back({path.path, path.values[at[i]].text});
      // The seed may be an axis, or part of one.
      const Node& value = parts_->laid[i][k].values[at[i]];
      const Node* own = path.path == "simulation.seed" ? &value : path.path == "simulation" ? value.find("seed") : nullptr;
      if (own == nullptr && path.path == "simulation") seed = Simulation{}.seed;
      if (own != nullptr) seed = static_cast<std::uint64_t>(read_whole(own->text).value_or(0));
    }
  if (at.size() > axes.size() && at.back() > 0) out.push_back({"simulation.seed", std::to_string(seed_of(seed, at.back()))});
  return out;
}

std::string Space::label(std::uint64_t point) const {
  const auto at = coordinates(point);
  std::string out;
  for (std::size_t i = 0; i < at.size(); ++i) out += (i == 0 ? "" : ", ") + parts_->dimensions[i].name + '=' + parts_->dimensions[i].labels[at[i]];
  return out;
}

Errors Space::at(std::uint64_t point, Errors errors) const {
  for (Error& error : errors) error.what += " (at " + label(point).substr(0, 300) + ')';
  return errors;
}

Result<std::optional<Scenario>> Space::without_trace(std::uint64_t point) const {
  const auto values = coordinates(point);
  Context context;
  context.only = &parts_->explained;
  Node tree = parts_->base;
  for (std::size_t i = 0; i < parts_->laid.size(); ++i)
    for (const Laid& one : parts_->laid[i]) lay_over(tree, one.path->path, one.values[values[i]], one.path->place, context);
  Scenario scenario = read_tree(tree, parts_->file, *parts_->catalogs, context);
  // First of all: what the condition leaves out need not be possible.
  if (parts_->condition) {
    auto counts = parts_->condition->holds(context.explanations);
    if (counts && !*counts) return std::optional<Scenario>{};
    if (!counts && context.error_count() == 0) return fail(at(point, std::move(counts.error())));
  }
  if (context.error_count() > 0) return fail(at(point, context.finish()));
  if (values.size() > parts_->laid.size()) scenario.simulation.seed = seed_of(scenario.simulation.seed, values.back());
  return std::optional<Scenario>(std::move(scenario));
}

Result<std::optional<Scenario>> Space::scenario(std::uint64_t point) const {
  auto read = without_trace(point);
  if (!read || !*read || !(*read)->trace) return read;
  Scenario& scenario = **read;
  if (!parts_->trace || scenario.trace->file != parts_->trace_name)
    return fail(at(point, {{scenario.trace->place, "the recorded history of a sweep is one file for all points"}}));
  if (auto traced = read_trace(parts_->trace->csv, parts_->trace->file, scenario); !traced) return fail(at(point, std::move(traced.error())));
  return read;
}

}  // namespace nines::scenarios
