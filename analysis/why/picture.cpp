#include "analysis/why/picture.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace nines::analysis {
namespace {

struct Held {
  std::size_t leads = 0, follows = 0;
};

std::vector<Held> held_by(const world::Options& options) {
  std::vector<Held> held(options.brokers.size());
  for (const world::Cluster& cluster : options.clusters) {
    for (const auto& group : cluster.partitions) {
      const auto primary =
          std::max_element(group.begin(), group.end(), [](const world::Replica& a, const world::Replica& b) { return a.priority < b.priority; });
      for (auto replica = group.begin(); replica != group.end(); ++replica)
        ++(replica == primary ? held[replica->broker.index()].leads : held[replica->broker.index()].follows);
    }
  }
  return held;
}

// Names come from files: what could end a label, or be markup in it, becomes what it looks like.
std::string label(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) continue;
    if (c == '"') {
      out += '\'';
    } else if (std::string_view("\\<>[]{}|#;`&").find(c) != std::string_view::npos) {
      out += '_';
    } else {
      out += c;
    }
  }
  return out;
}

// Both languages nest boxes and name what is in them; they differ in the words.
class Drawing {
 public:
  enum class Language { mermaid, dot };
  Drawing(const world::Options& options, Language language) : options_(options), language_(language), held_(held_by(options)) {}

  std::string text() {
    const topology::Topology& topology = options_.topology;
    out_ = dot() ? "digraph architecture {\n  rankdir=LR; node [shape=box, fontname=sans]; fontname=sans;\n" : "flowchart LR\n";
    depth_ = 1;
    for (std::size_t r = 0; r < topology.regions.size(); ++r) {
      open("region", r, topology.regions[r].name);
      for (std::size_t z = 0; z < topology.zones.size(); ++z) {
        if (topology.zones[z].region.index() != r) continue;
        open("zone", z, topology.zones[z].name);
        for (std::size_t k = 0; k < topology.racks.size(); ++k) {
          if (topology.racks[k].zone.index() != z) continue;
          open("rack", k, topology.racks[k].name);
          for (std::size_t n = 0; n < topology.nodes.size(); ++n)
            if (topology.nodes[n].rack.exists() && topology.nodes[n].rack.index() == k) node(n);
          close();
        }
        for (std::size_t n = 0; n < topology.nodes.size(); ++n)
          if (topology.nodes[n].zone.index() == z && !topology.nodes[n].rack.exists()) node(n);
        close();
      }
      close();
    }
    if (dot()) out_ += "}\n";
    return std::move(out_);
  }

 private:
  bool dot() const { return language_ == Language::dot; }
  void line(const std::string& text) { out_ += std::string(2 * depth_, ' ') + text + '\n'; }
  void open(const std::string& kind, std::size_t index, const std::string& name) {
    const std::string id = kind + std::to_string(index), title = '"' + kind + ' ' + label(name) + '"';
    if (dot()) {
      line("subgraph cluster_" + id + " {");
      ++depth_;
      line("label=" + title + ";");
    } else {
      line("subgraph " + id + "[" + title + "]");
      ++depth_;
    }
    contents_.push_back(0);
  }
  void close() {
    // An empty box is none to either language.
    if (contents_.back() == 0) line(dot() ? "empty" + std::to_string(empty_++) + " [style=invis];" : "empty" + std::to_string(empty_++) + "[\" \"]");
    contents_.pop_back();
    if (!contents_.empty()) ++contents_.back();
    --depth_;
    line(dot() ? "}" : "end");
  }
  void node(std::size_t index) {
    open("node", index, options_.topology.nodes[index].name);
    for (std::size_t b = 0; b < options_.brokers.size(); ++b) {
      if (options_.brokers[b].node.index() != index) continue;
      const std::string text =
          '"' + label(options_.brokers[b].name) + ": leads " + std::to_string(held_[b].leads) + ", follows " + std::to_string(held_[b].follows) + '"';
      line("broker" + std::to_string(b) + (dot() ? " [label=" + text + "];" : "[" + text + "]"));
      ++contents_.back();
    }
    close();
  }

  const world::Options& options_;
  Language language_;
  std::vector<Held> held_;
  std::string out_;
  std::size_t depth_ = 0, empty_ = 0;
  std::vector<std::size_t> contents_;
};

}  // namespace

std::string mermaid(const world::Options& options) { return Drawing(options, Drawing::Language::mermaid).text(); }
std::string dot(const world::Options& options) { return Drawing(options, Drawing::Language::dot).text(); }

}  // namespace nines::analysis
