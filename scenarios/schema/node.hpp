// A YAML file as a tree of plain values with places: what the decoder reads. Built under limits, so that no text can make it large or deep.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/result.hpp"

namespace nines::scenarios {

struct Node {
  enum class Kind : std::uint8_t { missing, scalar, list, map };
  struct Entry;
  Kind kind = Kind::missing;  // missing: `key:` with nothing behind it, or null.
  bool quoted = false;        // A scalar in quotes or a block.
  bool is_default = false;    // Not from the file: a default's text.
  Place place;
  std::string text{};          // scalar
  std::vector<Node> items{};   // list
  std::vector<Entry> entries;  // map, in the order of the file; duplicates are still there.

  const Node* find(std::string_view key) const;  // The first of the name; null when there is none.
  std::string flow() const;                      // As one line of YAML, for messages and explanations.
  std::string written() const;                   // As one line of YAML that reads as this node, quotation marks and all.
};

struct Node::Entry {
  std::string key;
  Place place;  // Of the key.
  Node value;
};

// Whether a text may name a value (&name) and repeat it (*name, also below <<), as Helm's values do; tags are passed over then.
enum class Anchors : std::uint8_t { refused, followed };

struct Limits {
  std::size_t bytes = std::size_t{1} << 20;
  std::size_t line_bytes = 10'000;
  std::size_t depth = 32;
  std::size_t nodes = 200'000;  // After aliases are written out.
  Anchors anchors = Anchors::refused;
  const char* noun = "scenario";  // What the file is, in messages.
  const char* when_empty = "a scenario begins with 'apiVersion: nines/v1'";
};

// Parses one document. Everything that is wrong with the text as YAML, before anybody asks what it means.
Result<Node> parse_yaml(std::string_view text, const std::string& file, const Limits& limits = {});

}  // namespace nines::scenarios
