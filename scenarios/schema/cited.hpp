// Values of a catalogue, each with its source: `{value: 2.5s, source: "Zeebe RaftPartitionConfig.java"}`. The same fields are read bare where a
// scenario overrides them.
#pragma once

#include <string>

#include "scenarios/schema/decode.hpp"

namespace nines::scenarios {

// What, where it was written, and where it comes from.
template <class T>
struct Cited {
  T value{};
  std::string source;
  std::string text;  // As written.
  Place place;
  bool given = false;
  const T& operator*() const { return value; }
};

// A plain value.
template <class Codec>
struct Bare {
  using Value = Cited<typename Codec::Value>;
  static bool read(const Node& node, Value& out, Context& context) {
    out.place = node.place;
    out.given = true;
    out.text = node.flow();
    return Codec::read(node, out.value, context);
  }
  static std::string schema(Definitions& definitions) { return Codec::schema(definitions); }
};

template <class Codec>
struct Sourced {
  using Value = Cited<typename Codec::Value>;
  static bool read(const Node& node, Value& out, Context& context) {
    if (!check_map(node, {"value", "source"}, context)) return false;
    const Node* value = node.find("value");
    const Node* source = node.find("source");
    if (value == nullptr || source == nullptr) return context.error(node.place, "expected {value: ..., source: ...}");
    const Context::OneValue whole(context, *value, true);
    const bool good = Text::read(*source, out.source, context);
    return Bare<Codec>::read(*value, out, context) && good;
  }
  static std::string schema(Definitions& definitions) {
    return object_schema({{"value", Codec::schema(definitions)}, {"source", Text::schema(definitions)}}, {"value", "source"});
  }
};

template <class T, class Target>
void lay(const Cited<T>& cited, Target& target) {
  if (cited.given) target = static_cast<Target>(cited.value);
}

}  // namespace nines::scenarios
