// Helm charts of a product, as far as `nines import helm` asks: what holds where nobody's file of values says otherwise.
#pragma once

#include <string>
#include <vector>

#include "scenarios/schema/node.hpp"

namespace nines::scenarios {

class Context;

struct ChartDefaults {
  struct Value {
    std::string key;  // "orchestration.clusterSize"
    Node value;
    std::string source;
  };
  std::string name;     // "camunda-platform-8.9"
  std::string brokers;  // The section that holds the brokers.
  std::vector<Value> values;
};

// A catalogue file of the kind Chart.
void add_chart(const Node& root, std::vector<ChartDefaults>& charts, Context& context);

}  // namespace nines::scenarios
