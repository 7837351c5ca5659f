// What carries a cluster's load, as the bottleneck law and the simulation of every command see it.
#pragma once

#include <cstddef>

#include "models/workload/deployment.hpp"
#include "models/world/options.hpp"
#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

// Of the scenario's cluster with this index; `world` is to_world(scenario). A command is a process instance, or an append where the load is appends.
// Broker b of the deployment is the cluster's b-th, world broker first_broker(world, cluster) + b; zones and regions are numbered as the world's.
// A broker with a CPU limit of its own is a machine of its own.
workload::Deployment deployment_of(const Scenario& scenario, const world::Options& world, std::size_t cluster);

// The number of the cluster's first broker in the world.
std::size_t first_broker(const Scenario& scenario, std::size_t cluster);

// Commands a second that clients ask of the cluster; 0: none.
double demand_of(const Cluster& cluster);
// "process instances", "appends".
const char* command_words(const Cluster& cluster);

}  // namespace nines::scenarios
