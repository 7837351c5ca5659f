#include "scenarios/schema/decode.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <tuple>

namespace nines::scenarios {

namespace {

constexpr std::size_t longest_text = 2000;
constexpr std::size_t longest_name = 100;

std::string shortened(std::string_view text) {
  if (text.size() <= 60) return std::string(text);
  return std::string(text.substr(0, 57)) + "...";
}

// What YAML 1.1 readers (and with them many editors) would not take for a text.
bool looks_like_no_text(std::string_view text) {
  static constexpr std::array<std::string_view, 20> words{"yes",   "Yes",   "YES", "no", "No", "NO",  "true", "True", "TRUE", "false",
                                                          "False", "FALSE", "on",  "On", "ON", "off", "Off",  "OFF",  "null", "~"};
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool looks_like_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789+-._eExXoO") == std::string_view::npos &&
         text.find_first_of("0123456789") != std::string_view::npos &&
         (text[0] == '+' || text[0] == '-' || text[0] == '.' || (text[0] >= '0' && text[0] <= '9'));
}

bool octal_trap(const Node& node) {
  const std::string_view digits = !node.text.empty() && node.text[0] == '-' ? std::string_view(node.text).substr(1) : std::string_view(node.text);
  return digits.size() > 1 && digits[0] == '0' && digits.find_first_not_of("0123456789") == std::string_view::npos;
}

// Damerau-Levenshtein distance (optimal string alignment): typing errors are one letter more, less, other or swapped.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + cost});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

}  // namespace

bool Context::error(const Place& place, std::string what) {
  if (!is_full())
    errors.push_back({place, std::move(what)});
  else
    ++more_;
  return false;
}

void Context::explain(const Node& node, std::string value) {
  if (!explains(path_)) return;
  if (node.is_default) return explain_default(path_, std::move(value), default_source);
  explanations.push_back({path_, std::move(value), node.place.line > 0 ? node.place.file + ':' + std::to_string(node.place.line) : node.place.file, node.place});
}

void Context::explain_default(std::string_view path, std::string value, std::string source) {
  if (only == nullptr || explains(path)) explanations.push_back({std::string(path), std::move(value), std::move(source), Place{}});
}

Errors Context::finish() {
  std::stable_sort(errors.begin(), errors.end(), [](const Error& a, const Error& b) {
    return std::tie(a.place.file, a.place.line, a.place.column) < std::tie(b.place.file, b.place.line, b.place.column);
  });
  if (more_ > 0) errors.push_back({Place{errors.front().place.file, 0, 0}, "and " + std::to_string(more_) + " more errors"});
  return std::move(errors);
}

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  if (word.size() > longest_name) return {};
  std::string best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const auto& candidate : known) {
    const std::size_t steps = distance(word, candidate);
    if (steps >= least) continue;
    least = steps;
    best = candidate;
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known, const Context& context) {
  return context.is_full() ? std::string{} : did_you_mean(word, known);  // Nobody will read it, and a file of nothing but wrong words would take long.
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  const std::string near = nearest(word, known);
  if (!near.empty()) return "; did you mean '" + near + "'?";
  if (known.empty()) return "; there are none";
  std::string out = known.size() == 1 ? "; there is only " : "; there are ";
  for (std::size_t i = 0; i < known.size() && i < 40; ++i) out += (i == 0 ? "" : ", ") + known[i];
  return out + (known.size() > 40 ? ", ..." : "");
}

bool check_map(const Node& node, const std::vector<std::string>& known, Context& context) {
  if (node.kind != Node::Kind::map) return context.error(node.place, "expected a map, '{key: value}' or lines of 'key: value'");
  bool good = true;
  std::map<std::string_view, int> seen;
  for (const auto& entry : node.entries) {
    const auto [first, is_new] = seen.emplace(entry.key, entry.place.line);
    if (entry.key == "<<") {
      good = context.error(entry.place, "merge keys (<<) are not read; write the values out");
    } else if (!is_new) {
      good = context.error(entry.place, "'" + shortened(entry.key) + "' is given twice; the first is in line " + std::to_string(first->second));
    } else if (!known.empty() && std::find(known.begin(), known.end(), entry.key) == known.end()) {
      good = context.error(entry.place, "unknown key '" + shortened(entry.key) + "'" + did_you_mean(entry.key, known, context));
    }
  }
  return good;
}

bool is_misspelt(const Node& map, std::string_view key, const std::vector<std::string>& known) {
  if (map.entries.size() > 100) return false;  // Not worth the time.
  return std::any_of(map.entries.begin(), map.entries.end(), [&](const Node::Entry& entry) {
    return std::find(known.begin(), known.end(), entry.key) == known.end() && nearest(entry.key, known) == key;
  });
}

bool check_scalar(const Node& node, const char* expected, Context& context) {
  if (node.kind == Node::Kind::scalar && !node.text.empty()) return true;
  const char* found = node.kind == Node::Kind::list ? ", not a list" : node.kind == Node::Kind::map ? ", not a map" : ", found nothing";
  return context.error(node.place, std::string("expected ") + expected + found);
}

bool read_word(const Node& node, std::string& out, const char* expected, Context& context) {
  if (!check_scalar(node, expected, context)) return false;
  if (!node.quoted && !node.is_default && (looks_like_no_text(node.text) || looks_like_number(node.text)))
    return context.error(node.place, "expected " + std::string(expected) + "; other YAML readers take " + shortened(node.text) +
                                         " for something else, so write it in quotes: \"" + shortened(node.text) + "\"");
  out = node.text;
  return true;
}

// Defaults are short and ours: a scalar, "{}" or "[]".
Node default_node(const char* text, const Place& place) {
  Node node;
  node.place = place;
  node.is_default = true;
  node.text = text;
  node.kind = node.text == "{}" ? Node::Kind::map : node.text == "[]" ? Node::Kind::list : Node::Kind::scalar;
  return node;
}

std::string object_schema(const std::vector<std::pair<std::string, std::string>>& properties, const std::vector<std::string>& required_names) {
  std::string out = "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {";
  const char* separator = "";
  for (const auto& [name, schema] : properties) {
    out += separator + json_text(name) + ": " + schema;
    separator = ", ";
  }
  out += '}';
  if (!required_names.empty()) {
    out += ", \"required\": [";
    separator = "";
    for (const auto& name : required_names) {
      out += separator + json_text(name);
      separator = ", ";
    }
    out += ']';
  }
  return out + '}';
}

std::string describe(const std::string& schema, const char* doc, const char* fallback, const char* source) {
  std::string text = doc;
  const std::string_view standard = fallback == nullptr ? "" : fallback;
  if (!standard.empty() && standard != "{}" && standard != "[]") {
    text += " Default: " + std::string(standard);
    if (source[0] != '\0') text += " (" + std::string(source) + ')';
    text += '.';
  }
  return schema.substr(0, schema.size() - 1) + ", \"description\": " + json_text(text) + '}';
}

std::string number_text(double value) {
  std::array<char, 40> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return std::string(buffer.data(), end);
}

bool in_range(const Node& node, double value, double low, double high, const std::string& range, Context& context) {
  if (value >= low && value <= high) return true;
  return context.error(node.place, shortened(node.text) + " is out of range: " + range);
}

bool Text::read(const Node& node, std::string& out, Context& context) {
  if (!read_word(node, out, "a text", context)) return false;
  if (out.size() > longest_text) return context.error(node.place, "the text has more than " + std::to_string(longest_text) + " bytes");
  context.explain(node, out);
  return true;
}
std::string Text::schema(Definitions&) { return "{\"type\": \"string\", \"minLength\": 1, \"maxLength\": " + std::to_string(longest_text) + '}'; }

namespace {
bool read_name(const Node& node, std::string& out, std::string_view more, const char* expected, Context& context) {
  if (!read_word(node, out, expected, context)) return false;
  const auto is_alphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  const auto is_good = [&](char c) { return is_alphanumeric(c) || more.find(c) != std::string_view::npos; };
  if (out.size() > longest_name) return context.error(node.place, "the name is longer than " + std::to_string(longest_name) + " bytes");
  if (!std::all_of(out.begin(), out.end(), is_good) || (!is_alphanumeric(out.front()) && out.front() != '*'))
    return context.error(node.place, "'" + shortened(out) + "' is no name; expected " + std::string(expected));
  context.explain(node, out);
  return true;
}
}  // namespace

bool Name::read(const Node& node, std::string& out, Context& context) {
  return read_name(node, out, "-_.", "a name of letters, digits, '-', '_' and '.'", context);
}
std::string Name::schema(Definitions&) { return R"({"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$"})"; }

bool PlaceName::read(const Node& node, std::string& out, Context& context) {
  return read_name(node, out, "-_./*", "a name such as 'us-east-1/a' or 'us-east-1/*'", context);
}
std::string PlaceName::schema(Definitions&) { return R"({"type": "string", "pattern": "^[A-Za-z0-9*][A-Za-z0-9._/*-]*$"})"; }

bool read_integer(const Node& node, std::int64_t& out, std::int64_t low, std::int64_t high, Context& context) {
  if (!check_scalar(node, "a whole number", context)) return false;
  if (octal_trap(node))
    return context.error(node.place, node.text + " begins with a zero, which some YAML readers take for octal; leave the zero out");
  const auto value = node.quoted ? std::nullopt : read_whole(node.text);
  if (!value) return context.error(node.place, "expected a whole number such as '3', without quotes, not '" + shortened(node.text) + "'");
  if (!in_range(node, static_cast<double>(*value), static_cast<double>(low), static_cast<double>(high),
                "expected " + std::to_string(low) + " to " + std::to_string(high), context))
    return false;
  out = *value;
  context.explain(node, node.text);
  return true;
}

bool read_real(const Node& node, double& out, double low, double high, Context& context) {
  if (!check_scalar(node, "a number", context)) return false;
  if (octal_trap(node))
    return context.error(node.place, node.text + " begins with a zero, which some YAML readers take for octal; leave the zero out");
  const auto value = node.quoted ? std::nullopt : read_number(node.text);
  if (!value) return context.error(node.place, "expected a number such as '0.5', without quotes, not '" + shortened(node.text) + "'");
  if (!in_range(node, *value, low, high, "expected " + number_text(low) + " to " + number_text(high), context)) return false;
  out = *value;
  context.explain(node, node.text);
  return true;
}

std::string real_schema(double low, double high) {
  return "{\"type\": \"number\", \"minimum\": " + number_text(low) + ", \"maximum\": " + number_text(high) + '}';
}

bool read_duration(const Node& node, Duration& out, Duration low, Duration high, Context& context) {
  static const char* const expected = "a duration such as '2.5s', '250ms' or '3days'";
  if (!check_scalar(node, expected, context)) return false;
  // Zero needs no unit; nobody can misread it.
  const auto value = node.text == "0" ? std::optional<double>(0) : read_seconds(node.text);
  if (!value) {
    const bool ambiguous = node.text.size() > 1 && node.text.back() == 'm' && read_number(std::string_view(node.text).substr(0, node.text.size() - 1));
    return context.error(node.place, std::string("expected ") + expected + ", not '" + shortened(node.text) +
                                         (ambiguous ? "'; is 'm' minutes ('min') or months ('month')?" : "'"));
  }
  if (*value < 0) return context.error(node.place, "a duration cannot be negative");
  const double most = seconds(high);
  const Duration duration = from_seconds(*value);
  if (*value > most || duration < low)
    return context.error(node.place, shortened(node.text) + " is out of range: expected " +
                                         (low == Duration{1} ? std::string("more than nothing") : number_text(seconds(low)) + "s") + " to " +
                                         (high.count() == century_ns ? std::string("100years") : number_text(most) + "s"));
  out = duration;
  context.explain(node, node.text);
  return true;
}

std::string duration_schema() {
  return R"({"anyOf": [{"const": 0}, {"type": "string", "pattern": "^[0-9.]+(e[+-]?[0-9]+)? ?(ns|us|µs|ms|s|sec|seconds?|mins?|minutes?|h|hours?|d|days?|w|weeks?|months?|y|yr|years?)$"}]})";
}

bool Rate::read(const Node& node, double& out, Context& context) {
  static const char* const expected = "a rate such as '0.15/year', '100/s' or '4/month'";
  if (!check_scalar(node, expected, context)) return false;
  const auto value = read_rate(node.text);
  if (!value) return context.error(node.place, std::string("expected ") + expected + ", not '" + shortened(node.text) + "'");
  if (*value < 0) return context.error(node.place, "a rate cannot be negative");
  if (*value > 1e9) return context.error(node.place, shortened(node.text) + " is out of range: expected at most 1e9/s");
  out = *value;
  context.explain(node, node.text);
  return true;
}
std::string Rate::schema(Definitions&) {
  return R"({"type": "string", "pattern": "^[0-9.]+(e[+-]?[0-9]+)? ?/(ms|s|sec|second|min|minute|h|hour|d|day|w|week|month|y|yr|year)$"})";
}

bool Bytes::read(const Node& node, std::int64_t& out, Context& context) {
  static const char* const expected = "a size such as '64Gi', '0.5KiB' or '32GB'";
  if (!check_scalar(node, expected, context)) return false;
  const auto value = node.text == "0" ? std::optional<double>(0) : read_bytes(node.text);
  if (!value) return context.error(node.place, std::string("expected ") + expected + ", not '" + shortened(node.text) + "'");
  if (*value < 0) return context.error(node.place, "a size cannot be negative");
  if (*value > 1e16) return context.error(node.place, shortened(node.text) + " is out of range: expected at most 10PB");
  out = static_cast<std::int64_t>(std::llround(*value));
  context.explain(node, node.text);
  return true;
}
std::string Bytes::schema(Definitions&) {
  return R"({"anyOf": [{"const": 0}, {"type": "string", "pattern": "^[0-9.]+ ?(B|[kKMGTP]B?|[KMGTP]iB?)$"}]})";
}

bool ByteRate::read(const Node& node, double& out, Context& context) {
  static const char* const expected = "bytes a second such as '125MB/s' or '10Gbit/s'";
  if (!check_scalar(node, expected, context)) return false;
  const auto value = read_byte_rate(node.text);
  if (!value) return context.error(node.place, std::string("expected ") + expected + ", not '" + shortened(node.text) + "'");
  if (!in_range(node, *value, 0, 1e13, "expected 0B/s to 10TB/s", context)) return false;
  out = *value;
  context.explain(node, node.text);
  return true;
}
std::string ByteRate::schema(Definitions&) { return R"({"type": "string", "pattern": "^[0-9.]+ ?([kKMGT]?B|[kMGT]i?B|[kMGT]?bit)/s$"})"; }

bool Fraction::read(const Node& node, double& out, Context& context) {
  static const char* const expected = "a fraction such as '0.15' or '15%'";
  if (!check_scalar(node, expected, context)) return false;
  const auto value = read_fraction(node.text);
  if (!value) return context.error(node.place, std::string("expected ") + expected + ", not '" + shortened(node.text) + "'");
  if (!in_range(node, *value, 0, 1, "expected 0% to 100%", context)) return false;
  out = *value;
  context.explain(node, node.text);
  return true;
}
std::string Fraction::schema(Definitions&) {
  return R"({"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string", "pattern": "^[0-9.]+ ?%$"}]})";
}

bool Bandwidth::read(const Node& node, double& out, Context& context) {
  static const char* const expected = "a bandwidth such as '10Gbit/s' or '125MB/s'";
  if (!check_scalar(node, expected, context)) return false;
  const auto value = read_byte_rate(node.text);
  if (!value) return context.error(node.place, std::string("expected ") + expected + ", not '" + node.text.substr(0, 60) + "'");
  if (!in_range(node, *value, 1, 1e13, "expected 1B/s to 10TB/s", context)) return false;
  out = *value;
  context.explain(node, node.text);
  return true;
}

std::string Bandwidth::schema(Definitions& definitions) { return ByteRate::schema(definitions); }

bool MoneyPerHour::read(const Node& node, cost::Money& out, Context& context) {
  static const char* const expected = "money per hour such as '5000 USD/h'";
  if (!check_scalar(node, expected, context)) return false;
  const auto value = read_money(node.text);
  if (!value || value->per != "h") return context.error(node.place, std::string("expected ") + expected + ", not '" + shortened(node.text) + "'");
  if (!in_range(node, cost::value_of(value->money.micros), 0, 1e12, "expected 0 to 1e12", context)) return false;
  out = value->money;
  context.explain(node, node.text);
  return true;
}
std::string MoneyPerHour::schema(Definitions&) { return R"({"type": "string", "pattern": "^[0-9.]+ ?[A-Z]{3}/h$"})"; }

bool Flag::read(const Node& node, bool& out, Context& context) {
  if (!check_scalar(node, "true or false", context)) return false;
  if (node.quoted || (node.text != "true" && node.text != "false"))
    return context.error(node.place, "expected true or false, not '" + shortened(node.text) + "'");
  out = node.text == "true";
  context.explain(node, node.text);
  return true;
}
std::string Flag::schema(Definitions&) { return R"({"type": "boolean"})"; }

bool all_scalars(const Node& list) {
  return std::all_of(list.items.begin(), list.items.end(), [](const Node& item) { return item.kind == Node::Kind::scalar; });
}

std::string element_name(const Node& item, std::size_t index) {
  const Node* name = item.kind == Node::Kind::map ? item.find("name") : nullptr;
  if (name != nullptr && name->kind == Node::Kind::scalar && !name->text.empty() && name->text.size() <= longest_name) return name->text;
  return std::to_string(index);
}

}  // namespace nines::scenarios
