#include "scenarios/schema/node.hpp"

#include <cstddef>
#include <string_view>

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

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// Would a plain scalar of a block mean something else within brackets?
bool needs_quotes(std::string_view text) {
  if (text.empty() || text.find_first_of(",[]{}\n") != std::string_view::npos) return true;
  return text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos || text.back() == ':' ||
         std::string_view("&*!|>'\"%@`#").find(text.front()) != std::string_view::npos;
}

void write(const Node& node, std::string& out) {
  switch (node.kind) {
    case Node::Kind::missing: out += "null"; return;
    case Node::Kind::scalar: out += node.quoted || needs_quotes(node.text) ? in_quotes(node.text) : node.text; return;
    case Node::Kind::list: {
      const char* separator = "[";
      for (const Node& item : node.items) {
        out += separator;
        write(item, out);
        separator = ", ";
      }
      out += node.items.empty() ? "[]" : "]";
      return;
    }
    case Node::Kind::map: {
      const char* separator = "{";
      for (const auto& entry : node.entries) {
        out += separator;
        out += needs_quotes(entry.key) ? in_quotes(entry.key) : entry.key;
        out += ": ";
        write(entry.value, out);
        separator = ", ";
      }
      out += node.entries.empty() ? "{}" : "}";
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

std::string Node::written() const {
  std::string out;
  write(*this, out);
  return out;
}

}  // namespace nines::scenarios
