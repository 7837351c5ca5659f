// The Raft core behind `Node`: what plays etcd's interaction files is the core of the simulator, with etcd's rules as its profile.
#pragma once

#include <memory>

#include "models/raft/profile.hpp"
#include "tests/real/etcd_node.hpp"

namespace nines::real {

// etcd's rules with the timers of its harness: an election timeout of three ticks, a heartbeat with each.
raft::Profile etcd_profile(const NodeOptions& options);

std::unique_ptr<Node> make_core_node(const NodeOptions& options, const raft::Profile& profile);

}  // namespace nines::real
