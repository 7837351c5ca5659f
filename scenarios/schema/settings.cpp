// `--set cluster.replication=5`: the value takes the place of the file's, before anything is read, so it is checked like it.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/schema/resolve.hpp"

namespace nines::scenarios {

namespace {

void set_place(Node& node, const Place& place) {
  node.place = place;
  for (auto& item : node.items) set_place(item, place);
  for (auto& entry : node.entries) {
    entry.place = place;
    set_place(entry.value, place);
  }
}

// The child of that name: an entry of a map, an element of a list by its name. Null when there is none.
Node* child(Node& node, std::string_view name) {
  for (auto& entry : node.entries)
    if (entry.key == name) return &entry.value;
  for (auto& item : node.items) {
    const Node* own = item.find("name");
    if (own != nullptr && own->text == name) return &item;
  }
  return nullptr;
}

}  // namespace

void lay_over(Node& root, std::string_view path, const Node& value, const Place& place, Context& context) {
  Node* at = &root;
  while (!path.empty()) {
    const std::size_t dot = path.find('.');
    const std::string_view name = path.substr(0, dot);
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    if (Node* known = child(*at, name)) {
      at = known;
      continue;
    }
    if (at->kind == Node::Kind::missing || (at->kind == Node::Kind::scalar && at != &root)) {  // A longer path says more than `off` or a law's short form.
      *at = Node{};
      at->kind = Node::Kind::map;
      at->place = place;
    }
    if (at->kind != Node::Kind::map) {
      context.error(place, "nothing is called '" + std::string(name.substr(0, 80)) + "' there; lists are addressed by their elements' names");
      return;
    }
    at->entries.push_back({std::string(name), place, Node{}});
    at = &at->entries.back().value;
    at->place = place;
  }
  *at = value;
}

std::optional<Node> value_of(const WrittenText& written) {
  auto value = parse_yaml(written.text, written.place.file);
  if (!value) return std::nullopt;
  set_place(*value, written.place);
  return std::move(*value);
}

void apply_settings(Node& root, const std::vector<Setting>& settings, Context& context) {
  for (const auto& setting : settings) {
    const bool is_in_file = setting.place.line > 0;
    const Place place = is_in_file ? setting.place : Place{"--set " + setting.path.substr(0, 200) + '=' + setting.value.substr(0, 200), 0, 0};
    const auto value = value_of({setting.value, place});
    if (!value || setting.path.empty())
      context.error(place, setting.path.empty() ? "expected path=value, such as cluster.replication=5" : "the value is empty or not valid YAML");
    else
      lay_over(root, setting.path, *value, place, context);
  }
}

}  // namespace nines::scenarios
