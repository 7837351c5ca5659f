// The immutable side of a world: groups with their links, disks and window lengths, worked out once from Options and shared by copies.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/raft/types.hpp"
#include "models/services/watch.hpp"
#include "models/world/options.hpp"
#include "models/world/site.hpp"
#include "sim/base/random.hpp"

namespace nines::world {

// A law as a table of quantiles: one uniform number gives one duration in a few nanoseconds, the same on every machine.
class Quantiles {
 public:
  Quantiles() = default;
  static Quantiles fixed(Duration value);
  static Quantiles of(const Law& law);
  static Quantiles of(const topology::LinkLaw& law);
  bool is_fixed() const { return points_.empty(); }
  Duration least() const { return least_; }
  Duration most() const { return most_; }
  Duration at(double u) const;                 // u in (0, 1)
  Duration at_bits(std::uint32_t bits) const;  // 16 of them: the quantile at (bits + 1/2) / 65,536.

 private:
  static constexpr std::size_t steps = 512;
  Duration least_{0}, most_{0};
  std::vector<std::int64_t> points_;  // steps + 1 of them, ns.
};

// How a message gets from one place to another.
struct Link {
  Quantiles delay;
  double loss = 0;
  double bytes_per_s = 0;  // 0: no limit.

  // How long entries of `bytes` together take to be put on the link.
  Duration transmission(std::int64_t bytes) const { return bytes_per_s > 0 ? from_seconds(static_cast<double>(bytes) / bytes_per_s) : 0ns; }
};

// TCP resends what was lost after a time-out that doubles (RFC 6298; Linux: at least 200 ms).
inline constexpr Duration resend_timeout = 200ms;
// A connection that has been silent for so long is given up, and what waited goes over a new one: Zeebe's heartbeat time-out of 15 s between
// brokers (zeebe.broker.network.heartbeatTimeout). etcd gives up after 5 s (rafthttp/peer.go, ConnReadTimeout); either is beyond its timers.
inline constexpr Duration reconnect_after = 15s;

// A snapshot travels over a connection of its own, no faster than this: it is read from one disk and written to another (assumption; etcd's
// op-guide/hardware.md has 1 GB recovered in 15 s from a disk of 100 MB/s, Camunda's issue 16768 8-10 MB/s at a round trip of 100 ms).
inline constexpr double snapshot_bytes_per_s = 50e6;

// Does the answer to one append, or to a heartbeat meanwhile, bring on another append without entries (etcd)?
inline bool answers_bring_appends(const raft::Profile& profile) { return !profile.heartbeat_checks_log || profile.announce_commit; }
// How many exchanges, one after the other, a proposal may bring on: its entries; the empty append that follows the answer; and where followers
// fetch, first of all the fetch that was not there to be answered.
inline int exchanges(const raft::Profile& profile) {
  return profile.replication == raft::Replication::pull ? 3 : answers_bring_appends(profile) ? 2 : 1;
}

struct GroupPlan {
  PartitionId partition;
  std::uint16_t cluster = 0;
  std::uint8_t members = 0;
  int top_priority = 1;
  std::vector<BrokerId> brokers;       // Per member.
  std::vector<int> priorities;         // Per member.
  std::vector<std::uint16_t> links;    // From * members + to: an index into Plan::links.
  std::vector<std::uint16_t> flushes;  // Per member: an index into Plan::flushes.
  std::uint64_t key = 0;               // Names the group's random streams: from the cluster's name and the partition's number.
  Duration arrival_interval{0};        // Between proposals; 0: no load.
  Duration arrival_phase{0};
  std::uint32_t arrival_entries = 1;
  std::int64_t arrival_bytes = 0;  // Of each entry.
};

struct Plan {
  explicit Plan(Options options);

  Options options;
  std::vector<Link> links;
  std::vector<Quantiles> flushes;
  std::vector<GroupPlan> groups;
  std::vector<std::vector<std::uint32_t>> groups_of_broker;
  failure::Site site;                                            // Of the options.
  std::vector<std::vector<std::uint32_t>> brokers_of_pool_zone;  // As the site counts them.
  std::shared_ptr<const services::Watch> watch;                  // Of the services, where there are capabilities.

  const raft::Profile& profile(const GroupPlan& group) const { return options.clusters[group.cluster].profile; }
  const Link& link(const GroupPlan& group, raft::Member from, raft::Member to) const {
    return links[group.links[static_cast<std::size_t>(from) * group.members + to]];
  }
};

// A stable 64-bit name of something for its random streams: content, not position.
std::uint64_t stream_key(std::string_view kind, std::string_view name, std::uint64_t number = 0);

}  // namespace nines::world
