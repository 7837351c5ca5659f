// Where a deployment's brokers stand, in the words of a scenario: a spread where one of its rules gives just that, else a placement partition by
// partition; and what the loss of a zone or a region takes along.
#pragma once

#include <vector>

#include "models/broker/placement.hpp"
#include "scenarios/import/deployment.hpp"

namespace nines::scenarios {

struct Layout {
  Spread spread = Spread::zone;
  // The scenario's broker that stands for each of Zeebe's; empty: they have the same numbers, and round robin is what Zeebe does.
  std::vector<int> number_of;
  broker::Partitions partitions;        // By Zeebe's numbers.
  std::vector<std::string> zone_of;     // By Zeebe's number, "us-east-1/a".
  bool nodes_are_shared_evenly = true;  // If not, every broker is given a node of its own.
};

// May change the pools' numbers of nodes: see above.
Layout layout_of(Deployment& deployment);

// What the loss of one zone or one region stops, as warnings.
Errors warnings_of(const Layout& layout, const Deployment& deployment);

}  // namespace nines::scenarios
