#include "scenarios/import/values.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "scenarios/schema/quantity.hpp"

namespace nines::scenarios {
namespace {

// A key that is there twice is an error to Helm too.
void find_duplicates(const Node& node, Errors& errors) {
  std::set<std::string_view> seen;
  for (const auto& entry : node.entries) {
    if (!seen.insert(entry.key).second) errors.push_back({entry.place, "the key '" + harmless(entry.key) + "' is there twice"});
    find_duplicates(entry.value, errors);
  }
  for (const Node& item : node.items) find_duplicates(item, errors);
}

void merge(Node& under, const Node& over, bool null_takes_away) {
  if (under.kind != Node::Kind::map || over.kind != Node::Kind::map) {
    under = over;
    return;
  }
  for (const auto& entry : over.entries) {
    const auto found = std::find_if(under.entries.begin(), under.entries.end(), [&](const Node::Entry& one) { return one.key == entry.key; });
    if (null_takes_away && entry.value.kind == Node::Kind::missing) {
      if (found != under.entries.end()) under.entries.erase(found);
    } else if (found == under.entries.end()) {
      under.entries.push_back(entry);
    } else {
      merge(found->value, entry.value, null_takes_away);
    }
  }
}

void mark_as_default(Node& node) {
  node.is_default = true;
  node.place = {};
  for (Node& item : node.items) mark_as_default(item);
  for (auto& entry : node.entries) mark_as_default(entry.value);
}

struct Suffix {
  std::string_view name;
  double factor;
};
constexpr Suffix suffixes[] = {{"n", 1e-9},
                               {"u", 1e-6},
                               {"m", 1e-3},
                               {"", 1},
                               {"k", 1e3},
                               {"M", 1e6},
                               {"G", 1e9},
                               {"T", 1e12},
                               {"P", 1e15},
                               {"E", 1e18},
                               {"Ki", 1024.0},
                               {"Mi", 1048576.0},
                               {"Gi", 1073741824.0},
                               {"Ti", 1099511627776.0},
                               {"Pi", 1125899906842624.0}};

// What other programs write: lines of any length, and anchors.
Result<Node> parse(const SourceFile& file, std::size_t nodes, const char* noun, const char* when_empty) {
  const Limits limits{
      .bytes = most_import_bytes, .line_bytes = most_import_bytes, .depth = 64, .nodes = nodes, .anchors = Anchors::followed, .noun = noun, .when_empty = when_empty};
  return parse_yaml(file.text, file.name, limits);
}

}  // namespace

Result<Node> read_values(const SourceFile& file) {
  auto root = parse(file, 500'000, "file of values", "leave it out where the chart's defaults are meant");
  if (!root) return root;
  if (root->kind != Node::Kind::map) return fail(root->place, "a file of values is a map of keys, such as 'orchestration: {clusterSize: 3}'");
  Errors errors;
  find_duplicates(*root, errors);
  if (!errors.empty()) return fail(std::move(errors));
  return root;
}

Result<Node> read_list(const SourceFile& file) { return parse(file, 1'000'000, "list of kubectl", "write it by 'kubectl get nodes -o json'"); }

void lay_over(Node& under, const Node& over) { merge(under, over, false); }
void lay_over_defaults(Node& defaults, const Node& over) { merge(defaults, over, true); }

Node tree_of(const ChartDefaults& chart) {
  Node root{.kind = Node::Kind::map, .place = {}, .entries = {}};
  for (const auto& value : chart.values) {
    Node* at = &root;
    std::string_view rest = value.key;
    for (std::size_t dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
      const std::string_view level = rest.substr(0, dot);
      rest.remove_prefix(dot + 1);
      const auto found = std::find_if(at->entries.begin(), at->entries.end(), [&](const Node::Entry& one) { return one.key == level; });
      if (found != at->entries.end()) {
        at = &found->value;
        continue;
      }
      at->entries.push_back({std::string(level), {}, Node{.kind = Node::Kind::map, .place = {}, .entries = {}}});
      at = &at->entries.back().value;
    }
    at->entries.push_back({std::string(rest), {}, value.value});
  }
  mark_as_default(root);
  return root;
}

std::optional<double> read_kubernetes_quantity(std::string_view text) {
  // An exponent's letter is a suffix too: "2E" is two quintillions, "2E3" two thousand.
  for (const Suffix& suffix : suffixes) {
    if (!text.ends_with(suffix.name)) continue;
    if (const auto number = read_number(text.substr(0, text.size() - suffix.name.size()))) return *number * suffix.factor;
  }
  return std::nullopt;
}

std::string mebibytes(double bytes) { return std::to_string(std::llround(bytes / 1048576)) + "Mi"; }

std::string harmless(std::string_view text, std::size_t longest) {
  std::string out;
  for (const char c : text.substr(0, longest)) out += c >= 0x20 && c < 0x7f ? c : '?';
  return text.size() > longest ? out + "..." : out;
}

std::string basename_of(std::string_view path) {
  const std::size_t slash = path.find_last_of('/');
  return harmless(slash == std::string_view::npos ? path : path.substr(slash + 1), 80);
}

const Node* Asked::find(const std::string& path) {
  const Node* at = &root_;
  std::string_view rest = path;
  while (true) {
    if (at->kind == Node::Kind::missing) return nullptr;
    if (rest.empty()) return at;
    if (at->kind != Node::Kind::map) {
      const std::string above = path.substr(0, path.size() - rest.size() - 1);
      if (std::none_of(errors_.begin(), errors_.end(), [&](const Error& known) { return known.place.line == at->place.line; }))
        error(*at, above, "a map of keys");
      return nullptr;
    }
    const std::size_t dot = std::min(rest.find('.'), rest.size());
    at = at->find(rest.substr(0, dot));
    if (at == nullptr) return nullptr;
    rest.remove_prefix(std::min(rest.size(), dot + 1));
  }
}

std::string Asked::how(const Node& node, const std::string& path) const {
  if (node.is_default || node.place.file.empty()) return defaults_ + ": " + path;
  return basename_of(node.place.file) + ':' + std::to_string(node.place.line) + ' ' + path;
}

void Asked::error(const Node& node, const std::string& path, const std::string& expected) {
  const char* article = node.kind == Node::Kind::map ? "a map" : node.kind == Node::Kind::list ? "a list" : nullptr;
  error(node.place, path + ": expected " + expected + ", not " + (article != nullptr ? article : '\'' + harmless(node.text) + '\''));
}

const Node* Asked::scalar(const std::string& path, const std::string& expected) {
  const Node* node = find(path);
  if (node == nullptr) return nullptr;
  if (node->kind == Node::Kind::scalar) return node;
  error(*node, path, expected);
  return nullptr;
}

void Asked::whole(const std::string& path, int low, int high, Said<int>& out) {
  const std::string expected = "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
  const Node* node = scalar(path, expected);
  if (node == nullptr) return;
  const auto value = read_whole(node->text);
  if (!value || *value < low || *value > high) return error(*node, path, expected);
  out = {static_cast<int>(*value), how(*node, path), node->place, !node->is_default};
}

void Asked::yes_or_no(const std::string& path, Said<bool>& out) {
  const Node* node = scalar(path, "true or false");
  if (node == nullptr) return;
  static const std::set<std::string_view> yes{"true", "True", "TRUE", "yes", "on"}, no{"false", "False", "FALSE", "no", "off", ""};
  if (!yes.contains(node->text) && !no.contains(node->text)) return error(*node, path, "true or false");
  out = {yes.contains(node->text), how(*node, path), node->place, !node->is_default};
}

void Asked::word(const std::string& path, Said<std::string>& out) {
  if (const Node* node = scalar(path, "a word")) out = {node->text, how(*node, path), node->place, !node->is_default};
}

void Asked::quantity(const std::string& path, double low, double high, const char* example, Said<std::optional<double>>& out) {
  const std::string expected = std::string("a quantity such as ") + example;
  const Node* node = scalar(path, expected);
  if (node == nullptr || node->text.empty()) return;
  const auto value = read_kubernetes_quantity(node->text);
  if (!value || !(*value >= low) || *value > high) return error(*node, path, expected);
  out = {value, how(*node, path), node->place, !node->is_default};
}

}  // namespace nines::scenarios
