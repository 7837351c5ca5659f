// The strict decoder: ONE table of fields for each struct of a file. Decoding, defaults, explanations and the JSON Schema all come from it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "scenarios/schema/node.hpp"
#include "scenarios/schema/quantity.hpp"
#include "scenarios/schema/scenario.hpp"
#include "sim/base/law.hpp"

namespace nines::scenarios {

// A value and where it was written. `given`: the file says it, rightly. `ok`: there is a value, given or default; only such a value is looked at.
template <class T>
struct Written {
  T value{};
  Place place;
  bool given = false;
  bool ok = false;
  const T& operator*() const { return value; }
  const T* operator->() const { return &value; }
};

// What a decoder carries along: where in the document it is, and everything there is to say about it.
class Context {
 public:
  // How deep into the document the decoder is, as "cluster.load".
  class Step {
   public:
    Step(Context& context, std::string_view name) : context_(context), length_(context.path_.size()) {
      if (!context_.path_.empty()) context_.path_ += '.';
      context_.path_ += name;
    }
    ~Step() { context_.path_.resize(length_); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    Context& context_;
    std::size_t length_;
  };

  // While it lives, what is read is explained as one value, not as its parts.
  class OneValue {
   public:
    OneValue(Context& context, const Node& node, bool applies) : context_(context), applies_(applies) {
      if (!applies_) return;
      context_.explain(node, node.flow());
      ++context_.silent_;
    }
    ~OneValue() { context_.silent_ -= applies_ ? 1 : 0; }
    OneValue(const OneValue&) = delete;
    OneValue& operator=(const OneValue&) = delete;

   private:
    Context& context_;
    bool applies_;
  };

  bool error(const Place& place, std::string what);  // Always false, so that a decoder can return it.
  void warning(const Place& place, std::string what) { warnings.push_back({place, std::move(what)}); }
  void explain(const Node& node, std::string value);  // The value at the present path.
  void explain_default(std::string_view path, std::string value, std::string source);
  bool explains(std::string_view path) const {
    return silent_ == 0 && (only == nullptr || std::find(only->begin(), only->end(), path) != only->end());
  }
  bool is_full() const { return errors.size() >= most_errors; }
  std::size_t error_count() const { return errors.size() + more_; }
  Errors finish();  // By line; the count of those that were left out at the end.
  const std::string& path() const { return path_; }

  static constexpr std::size_t most_errors = 100;  // Nobody reads more; the rest is counted.
  Errors errors;
  Errors warnings;
  std::vector<Explanation> explanations;
  std::string default_source;  // Of the field that is being read from its default.
  // Which paths are explained; null: all. A sweep reads a scenario thousands of times and asks for a few values, or none.
  const std::vector<std::string>* only = nullptr;

 private:
  std::string path_;
  std::size_t more_ = 0;
  int silent_ = 0;
};

// JSON texts of the shapes that occur more than once: "law" -> {...}.
using Definitions = std::map<std::string, std::string>;

// One key of a map in the file: its name, how it is read, its default and why.
template <class S>
struct Field {
  const char* name;
  const char* fallback;  // As a scenario would write it. null: the key must be there. "": the key may be missing and nothing takes its place.
  const char* source;    // Where the default comes from.
  const char* doc;       // One sentence.
  bool (*read)(const Node&, S&, Context&);
  std::string (*schema)(Definitions&);
};

// Specialised for every struct that is read from a map: `static const char* name()`, `static const std::vector<Field<S>>& fields()`.
template <class S>
struct Table;

// --- What the templates below share, in decode.cpp. ---
std::string json_text(std::string_view text);                                       // Quoted and escaped.
std::string nearest(std::string_view word, const std::vector<std::string>& known);  // Empty when none is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known, const Context& context);  // "; did you mean 'x'?" or "; there are a, b, c".
bool check_map(const Node& node, const std::vector<std::string>& known, Context& context);       // A map without unknown and duplicate keys.
bool is_misspelt(const Node& map, std::string_view key, const std::vector<std::string>& known);  // Is an unknown key of the map nearest to `key`?
bool check_scalar(const Node& node, const char* expected, Context& context);
bool read_word(const Node& node, std::string& out, const char* expected, Context& context);  // Refuses what YAML 1.1 takes for a bool, null or number.
Node default_node(const char* text, const Place& place);
std::string object_schema(const std::vector<std::pair<std::string, std::string>>& properties, const std::vector<std::string>& required);
std::string describe(const std::string& schema, const char* doc, const char* fallback, const char* source);
bool in_range(const Node& node, double value, double low, double high, const std::string& range, Context& context);
std::string number_text(double value);

// --- Codecs: how one kind of value is read and described. `Value` is what it makes. ---

// Reads a map by a table of fields.
template <class S>
bool read_fields(const Node& node, const std::vector<Field<S>>& fields, S& out, Context& context) {
  std::vector<std::string> known;
  known.reserve(fields.size());
  for (const auto& field : fields) known.emplace_back(field.name);
  bool good = check_map(node, known, context);
  if (node.kind != Node::Kind::map) return false;
  for (const auto& field : fields) {
    const Context::Step step(context, field.name);
    if (const Node* value = node.find(field.name)) {
      if (value->kind == Node::Kind::missing) {
        good = context.error(value->place, std::string("'") + field.name + "' has no value");
        continue;
      }
      good = field.read(*value, out, context) && good;
    } else if (field.fallback == nullptr) {
      good = false;
      if (!is_misspelt(node, field.name, known)) context.error(node.place, std::string("'") + field.name + "' is missing: " + field.doc);
    } else if (field.fallback[0] != '\0') {
      std::string outer = context.default_source;
      if (field.source[0] != '\0') context.default_source = field.source;
      good = field.read(default_node(field.fallback, node.place), out, context) && good;
      context.default_source = std::move(outer);
    }
  }
  return good;
}

// The JSON Schema of such a map.
template <class S>
std::string schema_of(const std::vector<Field<S>>& fields, Definitions& definitions) {
  std::vector<std::pair<std::string, std::string>> properties;
  std::vector<std::string> required_names;
  for (const auto& field : fields) {
    properties.emplace_back(field.name, describe(field.schema(definitions), field.doc, field.fallback, field.source));
    if (field.fallback == nullptr) required_names.emplace_back(field.name);
  }
  return object_schema(properties, required_names);
}

template <class S>
struct Object {
  using Value = S;

  static bool read(const Node& node, S& out, Context& context) { return read_fields(node, Table<S>::fields(), out, context); }

  static std::string schema(Definitions& definitions) {
    const std::string name = Table<S>::name();
    if (!definitions.contains(name)) {
      definitions[name] = "";  // Taken before it is built, for tables that hold themselves.
      definitions[name] = schema_of(Table<S>::fields(), definitions);
    }
    return "{\"$ref\": \"#/$defs/" + name + "\"}";
  }
};

// Any words: a question, a source.
struct Text {
  using Value = std::string;
  static bool read(const Node& node, std::string& out, Context& context);
  static std::string schema(Definitions&);
};

// A name that can stand in a path: letters, digits, '-', '_' and '.'.
struct Name {
  using Value = std::string;
  static bool read(const Node& node, std::string& out, Context& context);
  static std::string schema(Definitions&);
};

// A name that may have slashes and stars: "us-east-1/a", "us-east-1/*", "orders/0".
struct PlaceName {
  using Value = std::string;
  static bool read(const Node& node, std::string& out, Context& context);
  static std::string schema(Definitions&);
};

bool read_integer(const Node& node, std::int64_t& out, std::int64_t low, std::int64_t high, Context& context);

template <std::int64_t Low, std::int64_t High>
struct Integer {
  using Value = int;
  template <class T>
  static bool read(const Node& node, T& out, Context& context) {
    std::int64_t value = 0;
    if (!read_integer(node, value, Low, High, context)) return false;
    out = static_cast<T>(value);
    return true;
  }
  static std::string schema(Definitions&) {
    return "{\"type\": \"integer\", \"minimum\": " + std::to_string(Low) + ", \"maximum\": " + std::to_string(High) + "}";
  }
};

// Thousandths of the bounds: a double cannot be a template parameter for every compiler.
bool read_real(const Node& node, double& out, double low, double high, Context& context);
std::string real_schema(double low, double high);

template <std::int64_t LowMilli, std::int64_t HighMilli>
struct Real {
  using Value = double;
  static constexpr double low = static_cast<double>(LowMilli) / 1000, high = static_cast<double>(HighMilli) / 1000;
  static bool read(const Node& node, double& out, Context& context) { return read_real(node, out, low, high, context); }
  static std::string schema(Definitions&) { return real_schema(low, high); }
};

bool read_duration(const Node& node, Duration& out, Duration low, Duration high, Context& context);
std::string duration_schema();

template <std::int64_t LowNs, std::int64_t HighNs>
struct Time {
  using Value = Duration;
  static bool read(const Node& node, Duration& out, Context& context) { return read_duration(node, out, Duration{LowNs}, Duration{HighNs}, context); }
  static std::string schema(Definitions&) { return duration_schema(); }
};
inline constexpr std::int64_t century_ns = 100LL * year.count();
using AnyTime = Time<0, century_ns>;
using PositiveTime = Time<1, century_ns>;

// Per second.
struct Rate {
  using Value = double;
  static bool read(const Node& node, double& out, Context& context);
  static std::string schema(Definitions&);
};

struct Bytes {
  using Value = std::int64_t;
  static bool read(const Node& node, std::int64_t& out, Context& context);
  static std::string schema(Definitions&);
};

// "125MB/s", "10Gbit/s". Bytes per second; nothing is a rate too.
struct ByteRate {
  using Value = double;
  static bool read(const Node& node, double& out, Context& context);
  static std::string schema(Definitions&);
};

// "125MB/s", "10Gbit/s". Bytes per second; something.
struct Bandwidth {
  using Value = double;
  static bool read(const Node& node, double& out, Context& context);
  static std::string schema(Definitions&);
};

struct Fraction {
  using Value = double;
  static bool read(const Node& node, double& out, Context& context);
  static std::string schema(Definitions&);
};

// "5000 USD/h".
struct MoneyPerHour {
  using Value = cost::Money;
  static bool read(const Node& node, cost::Money& out, Context& context);
  static std::string schema(Definitions&);
};

// `10min`, or one of {exponential: {mean}}, {lognormal: {median, sigma}}, ..., with an optional max.
struct LawText {
  using Value = Law;
  static bool read(const Node& node, Law& out, Context& context);
  static std::string schema(Definitions&);
};

// true or false, and nothing else that YAML 1.1 would take for them.
struct Flag {
  using Value = bool;
  static bool read(const Node& node, bool& out, Context& context);
  static std::string schema(Definitions&);
};

// Specialised for every enum that is read: `static constexpr std::pair<const char*, E> words[]`.
template <class E>
struct Words;

template <class E>
struct Enum {
  using Value = E;
  static std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const auto& [word, value] : Words<E>::words) all.emplace_back(word);
    return all;
  }
  static const char* word(E value) {
    for (const auto& [word, meaning] : Words<E>::words)
      if (meaning == value) return word;
    return "?";
  }
  static bool read(const Node& node, E& out, Context& context) {
    if (!check_scalar(node, "one word", context)) return false;
    for (const auto& [word, value] : Words<E>::words) {
      if (node.text != word) continue;
      out = value;
      context.explain(node, node.text);
      return true;
    }
    return context.error(node.place, "'" + node.text.substr(0, 80) + "' is not known here" + did_you_mean(node.text, names(), context));
  }
  static std::string schema(Definitions&) {
    std::string out = "{\"enum\": [";
    const char* separator = "";
    for (const auto& name : names()) {
      out += separator + json_text(name);
      separator = ", ";
      if (name == "off") out += ", false";  // What YAML 1.1 makes of it.
    }
    return out + "]}";
  }
};

// One of two known words that are no enum, fixed by the format: apiVersion and kind.
template <class Word>
struct Constant {
  using Value = std::string;
  static bool read(const Node& node, std::string& out, Context& context) {
    if (!check_scalar(node, Word::text, context)) return false;
    out = node.text;
    if (out == Word::text) return true;
    return context.error(node.place, "expected '" + std::string(Word::text) + "', not '" + out.substr(0, 80) + "'");
  }
  static std::string schema(Definitions&) { return "{\"const\": " + json_text(Word::text) + "}"; }
};

// A list; a single value stands for a list of one where `Single` allows it.
enum class Single : std::uint8_t { refused, allowed };

bool all_scalars(const Node& list);

// The name by which an element of a list is addressed: its own where it has one.
std::string element_name(const Node& item, std::size_t index);

template <class Codec, std::size_t Least = 0, Single One = Single::refused>
struct List {
  using Value = std::vector<typename Codec::Value>;
  static bool read(const Node& node, Value& out, Context& context) {
    if (node.kind != Node::Kind::list && One == Single::allowed) {
      out.resize(1);
      return Codec::read(node, out[0], context);
    }
    if (node.kind != Node::Kind::list) return context.error(node.place, "expected a list, '[...]' or lines that begin with '- '");
    if (node.items.size() < Least)
      return context.error(node.place, "expected at least " + std::to_string(Least) + (Least == 1 ? " element" : " elements"));
    if (node.items.size() > 20'000) return context.error(node.place, "a list of more than 20,000 elements; no scenario needs that");
    bool good = true;
    const Context::OneValue whole(context, node, all_scalars(node));
    out.resize(node.items.size());
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const Context::Step step(context, element_name(node.items[i], i));
      if (node.items[i].kind == Node::Kind::missing) {
        good = context.error(node.items[i].place, "an element without a value");
        continue;
      }
      good = Codec::read(node.items[i], out[i], context) && good;
    }
    return good;
  }
  static std::string schema(Definitions& definitions) {
    const std::string item = Codec::schema(definitions);
    const std::string list = "{\"type\": \"array\", \"minItems\": " + std::to_string(Least) + ", \"items\": " + item + "}";
    return One == Single::allowed ? "{\"anyOf\": [" + item + ", " + list + "]}" : list;
  }
};

// A map from names the user chooses to values of one kind; the name goes into the value's `name`.
template <class Codec>
struct Named {
  using Value = std::vector<typename Codec::Value>;
  static bool read(const Node& node, Value& out, Context& context) {
    if (node.kind != Node::Kind::map) return context.error(node.place, "expected a map, '{name: ...}'");
    if (node.entries.size() > 1000) return context.error(node.place, "more than 1,000 names; no scenario needs that");
    bool good = check_map(node, {}, context);
    for (const auto& entry : node.entries) {
      const Context::Step step(context, entry.key);
      typename Codec::Value value;
      Node key;
      key.kind = Node::Kind::scalar;
      key.place = entry.place;
      key.text = entry.key;
      std::string checked;
      Context quiet;  // The name is no value of its own in an explanation.
      if (!Name::read(key, checked, quiet)) good = context.error(entry.place, quiet.errors.front().what);
      value.name = {entry.key, entry.place, true, true};
      if (entry.value.kind == Node::Kind::missing) {
        good = context.error(entry.place, "'" + entry.key.substr(0, 80) + "' has no value");
        continue;
      }
      good = Codec::read(entry.value, value, context) && good;
      out.push_back(std::move(value));
    }
    return good;
  }
  static std::string schema(Definitions& definitions) {
    return "{\"type\": \"object\", \"propertyNames\": {\"pattern\": \"^[A-Za-z0-9][A-Za-z0-9._-]*$\"}, \"additionalProperties\": " + Codec::schema(definitions) +
           "}";
  }
};

// `off`, or the value. In YAML 1.1 an unquoted off is false, so the schema allows both.
template <class Codec>
struct OrOff {
  using Value = typename Codec::Value;  // Has `Written<bool> off`.
  static bool read(const Node& node, Value& out, Context& context) {
    if (node.kind == Node::Kind::scalar && node.text == "off") {
      out.off = {true, node.place, true, true};
      context.explain(node, "off");
      return true;
    }
    if (node.kind != Node::Kind::map) return context.error(node.place, "expected 'off' or a map, '{...}'");
    return Codec::read(node, out, context);
  }
  static std::string schema(Definitions& definitions) { return "{\"anyOf\": [{\"enum\": [\"off\", false]}, " + Codec::schema(definitions) + "]}"; }
};

// --- From a member to a field. ---

template <class T>
struct MemberOf;
template <class S, class T>
struct MemberOf<T S::*> {
  using Struct = S;
  using Type = T;
};
template <class T>
inline constexpr bool is_written = false;
template <class T>
inline constexpr bool is_written<Written<T>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class Codec, class T>
bool read_into(const Node& node, T& out, Context& context) {
  if constexpr (is_written<T>) {
    out.place = node.place;
    out.ok = Codec::read(node, out.value, context);
    out.given = out.ok && !node.is_default;
    return out.ok;
  } else if constexpr (is_optional<T>) {
    out.emplace();
    return read_into<Codec>(node, *out, context);
  } else {
    return Codec::read(node, out, context);
  }
}

// A codec whose value keeps its place.
template <class Codec>
struct Sited {
  using Value = Written<typename Codec::Value>;
  static bool read(const Node& node, Value& out, Context& context) { return read_into<Codec>(node, out, context); }
  static std::string schema(Definitions& definitions) { return Codec::schema(definitions); }
};

template <class Codec, auto Member>
auto field(const char* name, const char* fallback, const char* source, const char* doc) {
  using S = typename MemberOf<decltype(Member)>::Struct;
  return Field<S>{name,
                  fallback,
                  source,
                  doc,
                  [](const Node& node, S& out, Context& context) { return read_into<Codec>(node, out.*Member, context); },
                  [](Definitions& definitions) { return Codec::schema(definitions); }};
}
// A member of a member: `range.from`, where the file has no level of its own for it.
template <class Codec, auto Outer, auto Inner>
auto inner_field(const char* name, const char* fallback, const char* source, const char* doc) {
  using S = typename MemberOf<decltype(Outer)>::Struct;
  return Field<S>{name,
                  fallback,
                  source,
                  doc,
                  [](const Node& node, S& out, Context& context) { return read_into<Codec>(node, (out.*Outer).*Inner, context); },
                  [](Definitions& definitions) { return Codec::schema(definitions); }};
}
template <class Codec, auto Member>
auto required(const char* name, const char* doc) {
  return field<Codec, Member>(name, nullptr, "", doc);
}
template <class Codec, auto Member>
auto optional_field(const char* name, const char* doc) {
  return field<Codec, Member>(name, "", "", doc);
}

}  // namespace nines::scenarios
