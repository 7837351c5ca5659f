// What each element means to a cluster: how the unavailability moves when the element is always down, always up, or a little worse.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/exact/model.hpp"
#include "analysis/exact/structure.hpp"

namespace nines::analysis {

// One place with all of its modes of one kind of effect.
struct ElementImportance {
  failure::Element element;
  Atom::Effect effect = Atom::Effect::stops;
  std::vector<failure::Element> alike;  // Others with the same answer, or, where `taken_for_alike`, of the same shape.
  bool taken_for_alike = false;
  double unavailability = 0;
  // As structure.hpp defines them, of the loss of some quorum; criticality, 1 - U(never down) / U, is what reports call Fussell-Vesely.
  Importance importance;
};

// The most critical first; elements that no partition feels are left out. Exact: three solutions an element. Where that would be more than `most_work`
// steps of the solver, elements of the same scope, unavailability and number of brokers and partitions are taken for alike, and one of each is solved.
std::vector<ElementImportance> importance_of(const Model& model, std::size_t cluster, double most_work = 3e8);

}  // namespace nines::analysis
