// The `sweep:` of a scenario as it was written: axes by values, by a range or of several paths, and what goes with them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "scenarios/schema/decode.hpp"

namespace nines::scenarios {

enum class Spacing : std::uint8_t { linear, geometric };
template <>
struct Words<Spacing> {
  static constexpr std::pair<const char*, Spacing> words[] = {{"linear", Spacing::linear}, {"geometric", Spacing::geometric}};
};
template <>
struct Words<Sweep::Method> {
  using enum Sweep::Method;
  static constexpr std::pair<const char*, Sweep::Method> words[] = {{"simulate", simulate}, {"exact", exact}, {"adaptive", adaptive}};
};

// {path: values, ...}, in the order of the file.
struct Axes {
  using Value = std::vector<Axis>;
  static bool read(const Node& node, Value& out, Context& context);
  static std::string schema(Definitions& definitions);
};

// A condition's text with the place of its first letter.
struct ConditionText {
  using Value = WrittenText;
  static bool read(const Node& node, WrittenText& out, Context& context);
  static std::string schema(Definitions& definitions);
};

struct SweepDocument {
  std::vector<Axis> axes;
  WrittenText where;
  Written<int> repeats;
  Written<Sweep::Method> method;
  std::vector<Written<std::string>> expect;
};
template <>
struct Table<SweepDocument> {
  static const char* name() { return "sweep"; }
  static const std::vector<Field<SweepDocument>>& fields();
};

// `{from: 10/s, to: 1000/s, values: 5, spacing: geometric}` or `{from: 1, to: 9, step: 2}`, written out as a user would write the list.
struct RangeDocument {
  Written<std::string> from, to, step;
  Written<int> values;
  Written<Spacing> spacing;
};
bool write_out(const RangeDocument& range, const Place& place, std::vector<WrittenText>& out, Context& context);

inline constexpr std::size_t most_values = 10'000;  // Of one axis.

}  // namespace nines::scenarios
