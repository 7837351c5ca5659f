#include "scenarios/schema/node.hpp"

#include <cstddef>

namespace nines::scenarios {

namespace {

constexpr std::size_t longest_flow = 2000;  // A message never carries a whole file.

void write_flow(const Node& node, std::string& out) {
  if (out.size() > longest_flow) return;
  switch (node.kind) {
    case Node::Kind::missing: out += "null"; return;
    case Node::Kind::scalar: out += node.text; return;
    case Node::Kind::list: {
      out += '[';
      const char* separator = "";
      for (const Node& item : node.items) {
        out += separator;
        write_flow(item, out);
        separator = ", ";
      }
      out += ']';
      return;
    }
    case Node::Kind::map: {
      out += '{';
      const char* separator = "";
      for (const auto& entry : node.entries) {
        out += separator;
        out += entry.key;
        out += ": ";
        write_flow(entry.value, out);
        separator = ", ";
      }
      out += '}';
      return;
    }
  }
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const auto& entry : entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}

std::string Node::flow() const {
  std::string out;
  write_flow(*this, out);
  return out;
}

}  // namespace nines::scenarios
