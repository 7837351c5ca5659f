// The only file that knows yaml-cpp. It takes the events of its parser, not its nodes: those drop duplicate keys and follow aliases.
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/schema/node.hpp"

namespace nines::scenarios {

namespace {

// Thrown by our handler through yaml-cpp, which knows no other way to stop, and caught in parse_yaml.
struct Stop {
  Error error;
};

// The length of the UTF-8 sequence at `at`, or 0 when there is none (RFC 3629: shortest form, no surrogates, at most U+10FFFF).
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t k) -> unsigned { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0u; };
  const auto follows = [&](std::size_t k) { return (byte(k) & 0xc0u) == 0x80u; };
  const unsigned first = byte(at);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(at + 1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const unsigned second = byte(at + 1);
    const bool shortest = first != 0xe0 || second >= 0xa0;
    const bool no_surrogate = first != 0xed || second < 0xa0;
    return follows(at + 1) && follows(at + 2) && shortest && no_surrogate ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const unsigned second = byte(at + 1);
    const bool shortest = first != 0xf0 || second >= 0x90;
    const bool in_range = first != 0xf4 || second < 0x90;
    return follows(at + 1) && follows(at + 2) && follows(at + 3) && shortest && in_range ? 4 : 0;
  }
  return 0;
}

// What makes a text unfit to be handed to a parser at all. Stops at the first: what follows a broken byte means nothing.
Errors check_text(std::string_view text, const std::string& file, const Limits& limits) {
  if (text.size() > limits.bytes)
    return {{Place{file, 0, 0},
             "the file has " + std::to_string(text.size()) + " bytes; a " + limits.noun + " may have at most " + std::to_string(limits.bytes)}};
  Errors errors;
  int line = 1;
  std::size_t line_start = 0;
  bool leading = true;  // Nothing but white space so far in this line.
  bool tab = false;     // Among it a tab.
  int tab_column = 0;
  for (std::size_t at = 0; at < text.size();) {
    const int column = static_cast<int>(at - line_start) + 1;
    const char c = text[at];
    if (c == '\n') {
      ++line;
      line_start = ++at;
      leading = true;
      tab = false;
      continue;
    }
    if (at - line_start >= limits.line_bytes)
      return {{Place{file, line, column}, "the line is longer than " + std::to_string(limits.line_bytes) + " bytes; break it"}};
    if (c == '\0') return {{Place{file, line, column}, std::string("a NUL byte; a ") + limits.noun + " is a text in UTF-8"}};
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20 && c != '\t' && c != '\r')
      return {{Place{file, line, column}, std::string("a control character; a ") + limits.noun + " is plain text"}};
    const std::size_t length = utf8_length(text, at);
    if (length == 0) return {{Place{file, line, column}, "not valid UTF-8; save the file as UTF-8"}};
    if (leading && c == '\t' && !tab) {
      tab = true;
      tab_column = column;
    }
    if (c != ' ' && c != '\t' && c != '\r') {
      if (leading && tab && c != '#') errors.push_back({Place{file, line, tab_column}, "a tab in the indentation; YAML indents with spaces"});
      leading = false;
    }
    at += length;
  }
  return errors;
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& file, const Limits& limits) : file_(file), limits_(limits) {}

  void OnDocumentStart(const YAML::Mark& mark) override { start_ = place(mark); }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    Node node{.place = place(mark), .entries = {}};
    remember(anchor, node);
    add(std::move(node));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (limits_.anchors == Anchors::refused) {
      error(mark, "aliases (*name) are not read; write the values out");
      return add(Node{.place = place(mark), .entries = {}});
    }
    const auto named = anchors_.find(anchor);
    if (named == anchors_.end()) throw Stop{{place(mark), "an alias inside of what it names: a circle without end"}};
    if (stack_.size() + depth_of(named->second) > limits_.depth)
      throw Stop{{place(mark), "with its aliases written out nested more than " + std::to_string(limits_.depth) + " levels deep"}};
    charge(named->second, place(mark));
    add(named->second);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    Node node{.kind = Node::Kind::scalar, .place = place(mark), .text = value, .entries = {}};
    node.quoted = tag == "!";  // yaml-cpp's mark of a scalar that was not plain.
    if (node.quoted) last_quoted_ = node.place;
    remember(anchor, node);
    add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::map);
  }
  void OnMapEnd() override { close(); }

  Node take_root() { return std::move(root_); }
  Errors take_errors() { return std::move(errors_); }
  Place start() const { return start_; }
  Place last_quoted() const { return last_quoted_; }

 private:
  // A container that is being filled; for a map also the key that waits for its value.
  struct Open {
    Node node;
    Node key;
    bool has_key = false;
    YAML::anchor_t anchor = 0;
  };

  Place place(const YAML::Mark& mark) const { return Place{file_, mark.line + 1, mark.column + 1}; }

  void error(const YAML::Mark& mark, std::string what) { errors_.push_back({place(mark), std::move(what)}); }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0 && limits_.anchors == Anchors::refused) error(mark, "anchors (&name) are not read; write the values out");
  }
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (limits_.anchors == Anchors::followed) return;
    if (!tag.empty() && tag != "?" && tag != "!") error(mark, "tags (" + tag.substr(0, 60) + ") are not read; leave it out");
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
    if (stack_.size() >= limits_.depth)
      throw Stop{{place(mark), "nested more than " + std::to_string(limits_.depth) + " levels deep; no " + limits_.noun + " needs that"}};
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    stack_.push_back(Open{.node = Node{.kind = kind, .place = place(mark), .entries = {}}, .key = {}, .anchor = anchor});
  }
  void close() {
    Node done = std::move(stack_.back().node);
    const YAML::anchor_t anchor = stack_.back().anchor;
    stack_.pop_back();
    if (limits_.anchors == Anchors::followed) merge_keys(done);
    remember(anchor, done);
    add(std::move(done));
  }

  static std::size_t count(const Node& node) {
    std::size_t all = 1;
    for (const Node& item : node.items) all += count(item);
    for (const auto& entry : node.entries) all += count(entry.value);
    return all;
  }
  static std::size_t depth_of(const Node& node) {
    std::size_t deepest = 0;
    for (const Node& item : node.items) deepest = std::max(deepest, depth_of(item));
    for (const auto& entry : node.entries) deepest = std::max(deepest, depth_of(entry.value));
    return node.kind == Node::Kind::list || node.kind == Node::Kind::map ? deepest + 1 : 0;
  }
  // A copy costs as much as if it had been written.
  void charge(const Node& node, const Place& where) {
    nodes_ += count(node);
    if (nodes_ > limits_.nodes)
      throw Stop{{where, "with aliases written out more than " + std::to_string(limits_.nodes) + " values; no " + limits_.noun + " needs that"}};
  }
  void remember(YAML::anchor_t anchor, const Node& node) {
    if (anchor == 0 || limits_.anchors == Anchors::refused) return;
    charge(node, node.place);
    anchors_[anchor] = node;
  }
  // YAML 1.1, "Merge Key Language-Independent Type": what stands below << is added where the map has no such key of its own; of several the first wins.
  void merge_keys(Node& map) {
    std::set<std::string> own;
    std::vector<Node> merged;
    for (auto& entry : map.entries) {
      if (entry.key != "<<") {
        own.insert(entry.key);
      } else if (entry.value.kind == Node::Kind::list) {
        for (Node& item : entry.value.items) merged.push_back(std::move(item));
      } else {
        merged.push_back(std::move(entry.value));
      }
    }
    if (merged.empty()) return;
    std::erase_if(map.entries, [](const Node::Entry& entry) { return entry.key == "<<"; });
    for (Node& from : merged) {
      if (from.kind != Node::Kind::map) errors_.push_back({from.place, "below '<<' stands a map, or a list of maps"});
      for (auto& entry : from.entries)
        if (own.insert(entry.key).second) map.entries.push_back(std::move(entry));
    }
  }

  void add(Node node) {
    if (++nodes_ > limits_.nodes)
      throw Stop{{node.place, "more than " + std::to_string(limits_.nodes) + " values; no " + limits_.noun + " needs that"}};
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = stack_.back();
    if (parent.node.kind == Node::Kind::list) {
      parent.node.items.push_back(std::move(node));
      return;
    }
    if (!parent.has_key) {
      parent.key = std::move(node);
      parent.has_key = true;
      return;
    }
    parent.has_key = false;
    if (parent.key.kind != Node::Kind::scalar) {
      errors_.push_back({parent.key.place, "a key must be a plain word"});
      return;
    }
    if (node.kind == Node::Kind::missing) node.place = parent.key.place;  // yaml-cpp marks whatever comes next.
    parent.node.entries.push_back({std::move(parent.key.text), parent.key.place, std::move(node)});
  }

  const std::string& file_;
  const Limits& limits_;
  std::vector<Open> stack_;
  Node root_;
  Errors errors_;
  Place start_;
  Place last_quoted_;
  std::size_t nodes_ = 0;
  std::map<YAML::anchor_t, Node> anchors_;  // What is named and whole.
};

// Does the quotation that begins at `place` end before the text does? yaml-cpp 0.7 takes the end of the file for the missing mark.
bool is_closed(std::string_view text, const Place& place) {
  if (place.line == 0) return true;
  std::size_t at = 0;
  for (int line = 1; line < place.line; ++line) at = std::min(text.find('\n', at), text.size() - 1) + 1;
  at += static_cast<std::size_t>(place.column - 1);
  if (at >= text.size() || (text[at] != '"' && text[at] != '\'')) return true;  // A block.
  const char quote = text[at];
  for (++at; at < text.size(); ++at) {
    const bool escape = quote == '"' && text[at] == '\\';
    const bool doubled = quote == '\'' && text.substr(at, 2) == "''";
    if (escape || doubled)
      ++at;
    else if (text[at] == quote)
      return true;
  }
  return false;
}

// yaml-cpp's words for the commonest slips, in ours.
std::string explain(const std::string& message) {
  struct Slip {
    std::string_view theirs;
    const char* ours;
  };
  static constexpr Slip slips[] = {{"illegal flow end", "a closing bracket or brace that matches no open one"},
                                   {"end of sequence flow not found", "a '[' without its ']'"},
                                   {"end of map flow not found", "a '{' without its '}'"},
                                   {"end of map not found", "the indentation changes within a map"},
                                   {"end of sequence not found", "the indentation changes within a list"},
                                   {"illegal map value", "a ':' where no key can end; a text that holds ': ' needs quotes"},
                                   {"illegal EOF in scalar", "a quotation mark without its partner"},
                                   {"unknown token", "a character that can begin no value; put the text in quotes"}};
  for (const auto& slip : slips)
    if (message == slip.theirs) return std::string("not valid YAML: ") + slip.ours;
  return "not valid YAML: " + message;
}

}  // namespace

Result<Node> parse_yaml(std::string_view text, const std::string& file, const Limits& limits) {
  Errors unfit = check_text(text, file, limits);
  if (!unfit.empty()) return fail(std::move(unfit));
  TreeBuilder first(file, limits);
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    const bool any = parser.HandleNextDocument(first);
    Errors errors = first.take_errors();
    Node root = first.take_root();
    if (!any || root.kind == Node::Kind::missing) {
      errors.push_back({Place{file, 0, 0}, std::string("the file is empty; ") + limits.when_empty});
    } else {
      TreeBuilder second(file, limits);
      if (parser.HandleNextDocument(second)) errors.push_back({second.start(), "a second document; one file holds one"});
    }
    if (!is_closed(text, first.last_quoted())) errors = {{first.last_quoted(), "a quotation mark without its partner"}};
    if (!errors.empty()) return fail(std::move(errors));
    return root;
  } catch (const Stop& stop) {
    return fail({stop.error});
  } catch (const YAML::Exception& e) {
    Errors errors = first.take_errors();
    const Place where = e.mark.is_null() ? Place{file, 0, 0} : Place{file, e.mark.line + 1, e.mark.column + 1};
    errors.push_back({where, explain(e.msg)});
    return fail(std::move(errors));
  } catch (const std::exception& e) {
    return fail(Place{file, 0, 0}, std::string("not valid YAML: ") + e.what());
  }
}

}  // namespace nines::scenarios
