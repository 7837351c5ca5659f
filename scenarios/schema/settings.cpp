// `--set cluster.replication=5`: the value takes the place of the file's, before anything is read, so it is checked like it.
#include <string>
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

void apply_setting(Node& root, const Setting& setting, Context& context) {
  const Place place{"--set " + setting.path.substr(0, 200) + '=' + setting.value.substr(0, 200), 0, 0};
  auto value = parse_yaml(setting.value, place.file);
  if (!value || setting.path.empty()) {
    context.error(place, setting.path.empty() ? "expected path=value, such as cluster.replication=5" : "the value is empty or not valid YAML");
    return;
  }
  Node* at = &root;
  std::string_view rest = setting.path;
  while (!rest.empty()) {
    const std::size_t dot = rest.find('.');
    const std::string_view name = rest.substr(0, dot);
    rest = dot == std::string_view::npos ? std::string_view{} : rest.substr(dot + 1);
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
  *at = std::move(*value);
  set_place(*at, place);
}

}  // namespace

void apply_settings(Node& root, const std::vector<Setting>& settings, Context& context) {
  for (const auto& setting : settings) apply_setting(root, setting, context);
}

}  // namespace nines::scenarios
