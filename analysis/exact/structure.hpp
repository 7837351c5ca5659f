// AND, OR and k-of-n over independent elements, solved exactly even where an element occurs more than once: a binary decision diagram,
// which conditions on one element after the other and keeps every different remainder once (Bryant, IEEE Transactions on Computers 35, 1986).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace nines::analysis {

// An expression that is true when the system has failed, over elements that are true when they have failed. Read the other way round
// (true: works), k-of-n over works is (n - k + 1)-of-n over failed.
struct Structure {
  static Structure element(std::uint32_t index) { return Structure{index, 0, {}}; }
  static Structure all_of(std::vector<Structure> parts);
  static Structure any_of(std::vector<Structure> parts);
  static Structure at_least(std::size_t k, std::vector<Structure> parts);

  std::uint32_t index = 0;  // Of the element, where there are no parts.
  std::size_t k = 0;        // At least so many of the parts. 0 of no parts: the element.
  std::vector<Structure> parts;
};

// What one element means to the whole (Birnbaum 1969; the others as in Vesely et al., NASA Fault Tree Handbook, 2002).
struct Importance {
  double birnbaum = 0;     // P(failed | it failed) - P(failed | it works)
  double criticality = 0;  // CIF: Birnbaum x P(it failed) / P(failed)
  double diagnostic = 0;   // DIF: P(it failed | failed)
  double achievement = 0;  // RAW: P(failed | it failed) / P(failed)
  double reduction = 0;    // RRW: P(failed) / P(failed | it works); infinity when nothing fails without it.
};

using CutSet = std::vector<std::uint32_t>;  // Ascending.

class Diagram {
 public:
  // Elements are ordered by their first use. Nothing when the diagram would need more than `limit` nodes while it is built.
  static std::optional<Diagram> of(const Structure& structure, std::size_t limit = 2'000'000);

  // P(failed); `failed[i]` belongs to element i. Sums of positive products only.
  double probability(std::span<const double> failed) const;
  // Of every element of `failed`, also of those that do not occur.
  std::vector<Importance> importance(std::span<const double> failed) const;
  // The minimal sets of at most `order` elements whose failure is the system's: the smaller first, then ascending.
  std::vector<CutSet> cut_sets(std::size_t order) const;
  std::size_t nodes() const { return nodes_.size(); }  // Also those that were only needed on the way.

 private:
  friend class DiagramBuilder;
  struct Node {
    std::uint32_t level = 0;  // Into order_.
    std::uint32_t high = 0;   // Where the element has failed.
    std::uint32_t low = 0;    // Where it works.
  };
  // P(failed) below each node; children stand before their parents.
  void evaluate(std::span<const double> failed, std::vector<double>& below) const;

  std::vector<Node> nodes_;           // The first two are the constants: works, failed.
  std::vector<std::uint32_t> order_;  // Per level its element.
  std::uint32_t root_ = 0;
};

}  // namespace nines::analysis
