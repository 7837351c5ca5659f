// Other people's files as trees of values: Helm's files laid over each other and over a chart's defaults, lists as kubectl prints them. What is
// wanted of them is read by its path, leniently where their owners are (a number in quotes is a number), with an error at its place where it is not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/schema/chart.hpp"
#include "scenarios/schema/node.hpp"
#include "scenarios/schema/scenario.hpp"
#include "sim/base/result.hpp"

namespace nines::scenarios {

// A value, where it stands, and in a few words how it came about: "values.yaml:12 orchestration.clusterSize", "chart 8.9: ...", "assumed: ...".
template <class T>
struct Said {
  T value{};
  std::string how{};
  Place place{};
  bool is_given = false;  // By the user's files, not by defaults or assumptions.
};

inline constexpr std::size_t most_import_bytes = std::size_t{16} << 20;

// Trees of what a user has: YAML with its anchors, or JSON.
Result<Node> read_values(const SourceFile& file);  // A map at its top, no key twice.
Result<Node> read_list(const SourceFile& file);    // What kubectl prints.

// As Helm lays files of values over each other: maps are merged, all else is replaced. Where `over` says null, null stands.
void lay_over(Node& under, const Node& over);
// As Helm lays them over a chart's defaults: null takes the default away.
void lay_over_defaults(Node& defaults, const Node& over);

Node tree_of(const ChartDefaults& chart);

// "2000m", "3", "1.5", "2e3", "32Gi", "128974848": Kubernetes, resource.Quantity.
std::optional<double> read_kubernetes_quantity(std::string_view text);

std::string mebibytes(double bytes);  // "3000Mi"

// A text of somebody else's in a comment or a message: one line of ASCII, not too long.
std::string harmless(std::string_view text, std::size_t longest = 60);
std::string basename_of(std::string_view path);

// Asks a tree for values by their paths and keeps what is wrong with them.
class Asked {
 public:
  // `defaults`: what a value is called that the user's files do not give, such as "chart 8.9".
  Asked(const Node& root, std::string defaults) : root_(root), defaults_(std::move(defaults)) {}

  // Null where there is none, or null stands there. A level that is no map has nothing below it: an error.
  const Node* find(const std::string& path);

  // `out` stays as it is where nothing is said.
  void whole(const std::string& path, int low, int high, Said<int>& out);
  void yes_or_no(const std::string& path, Said<bool>& out);
  void word(const std::string& path, Said<std::string>& out);
  void quantity(const std::string& path, double low, double high, const char* example, Said<std::optional<double>>& out);

  std::string how(const Node& node, const std::string& path) const;
  void error(const Node& node, const std::string& path, const std::string& expected);
  void error(Place place, std::string what) { errors_.push_back({std::move(place), std::move(what)}); }
  Errors& errors() { return errors_; }

 private:
  const Node* scalar(const std::string& path, const std::string& expected);

  const Node& root_;
  std::string defaults_;
  Errors errors_;
};

}  // namespace nines::scenarios
