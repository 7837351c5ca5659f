// What kubectl prints, sorted: nodes with their places, the pods of Zeebe's brokers, statefulsets and configurations.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "scenarios/import/values.hpp"

namespace nines::scenarios {

// Below one another; null where a level is missing. Keys may hold dots, as labels do.
const Node* below(const Node& node, std::initializer_list<const char*> path);
std::string text_below(const Node& node, std::initializer_list<const char*> path);  // Empty where there is none.

struct ListedNode {
  std::string name, region, zone, type;  // Empty: no such label.
  Place place;
  bool is_for_all = true;  // No control plane, not cordoned off.
};

struct BrokerPod {
  std::string name, in, set;  // in: its namespace; set: its name without the ordinal.
  int ordinal = 0;
  std::string node;  // Empty: it is not scheduled.
  const Node* container = nullptr;
  Place place;
};

// Everything refers to trees that the caller keeps.
struct Lists {
  std::vector<ListedNode> nodes;
  std::vector<BrokerPod> brokers;
  std::vector<const Node*> pods, sets, configurations;
};

Result<Lists> sorted_lists(const std::vector<Node>& roots);

}  // namespace nines::scenarios
