// What runs beside the brokers, what it needs, and what users can do with all of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/failure/mode.hpp"
#include "sim/base/id.hpp"
#include "sim/base/result.hpp"
#include "sim/base/time.hpp"

namespace nines::services {

// One instance of a component: a process on a node, or a service that somebody else runs, of which only its own failures are known.
struct Process {
  std::string name;       // "elasticsearch/0"
  std::string component;  // "elasticsearch"
  NodeId node;            // Where it starts; does not exist: somebody else's.
  // What has no data serves again on another node of `others` when its own has been down for so long, lost or taken out for planned work.
  std::vector<NodeId> others{};  // Of several that are up, the one with the fewest of its component. Empty: it waits for its node.
  Duration after_loss{0}, after_drain{0};
};

// What must hold, over components and partitions.
struct Expression {
  enum class Kind : std::uint8_t {
    component,        // `index` of Services::components works.
    partition,        // The partition at hand of cluster `index` can be written: that of the user's own process instance.
    some_partition,   // Of cluster `index`.
    every_partition,  // Of cluster `index`.
    at_least,         // `k` of the parts hold.
  };
  Kind kind = Kind::at_least;
  std::uint32_t index = 0;
  std::size_t k = 0;
  std::vector<Expression> parts{};
  Duration grace{0};  // It counts as there until it has been away for so long: others go on with what they hold, or hold back what it is to take.
};

Expression all_of(std::vector<Expression> parts);
Expression any_of(std::vector<Expression> parts);
Expression component(std::uint32_t index, Duration grace = Duration{0});

// It works while `needed` of its processes run and what it needs holds. What is cut off from the rest counts as not running: users come from outside.
struct Component {
  std::string name;
  std::vector<std::uint32_t> processes{};  // Into Services::processes,
  std::vector<BrokerId> brokers{};         // or those whose processes it is part of.
  std::size_t needed = 1;
  Expression needs = all_of({});  // Of others.
};

// What a user can do while `works` holds.
struct Capability {
  std::string name;                        // "start-process-instance"
  std::optional<std::uint32_t> cluster{};  // Whose it is; none: of the management cluster.
  Expression works;
};

struct Services {
  std::vector<Process> processes;
  std::vector<Component> components;
  std::vector<Capability> capabilities;
  std::vector<failure::Mode> modes;  // Of Scope::component and Scope::external.
};

// The components in an order in which each comes after those it needs. An error names a circle of components that need each other.
Result<std::vector<std::uint32_t>> in_order_of_need(const std::vector<Component>& components);

// Does the expression ask for a partition of the user's own? Then it holds for a share of the partitions.
bool asks_for_a_partition(const Expression& expression);

}  // namespace nines::services
