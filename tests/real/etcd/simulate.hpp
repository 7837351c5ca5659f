// The simulated counterpart of trials.py: the same configurations, faults, client and measurements, with the catalogue's etcd-3.4 profile.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/real/etcd/simulated_client.hpp"

namespace nines::real_etcd {

// A line of configurations.csv.
struct Configuration {
  std::string name;
  std::size_t members = 3;
  Duration heartbeat{100ms};
  Duration election_timeout{1s};
  raft::PreVote pre_vote = raft::PreVote::off;
  Duration round_trip{0};
  std::string fault;  // kill, pause, partition, transfer: always of the leader.
  Duration hold{0};   // How long a pause or a partition lasts.
};

std::vector<Configuration> read_configurations(const std::string& file);

struct Outcome {
  double to_leader_ms = 0;    // From the fault to the next leader.
  double outage_ms = 0;       // The longest interval without a completed put that ends after the fault, and begins before 0.5 s after the new leader.
  double longest_put_ms = 0;  // From issued to done, of the puts issued between 0.5 s before the fault and 0.5 s after the new leader.
  double put_p50_ms = 0;      // In the second before the fault.
  int campaigns = 0;
};

Duration one_way(const Configuration& configuration);  // A message's median.
// What this configuration's members run with. The catalogue's profile and what the command line changes: nothing is particular to one of them.
raft::Profile etcd_profile(const Configuration& configuration);
std::shared_ptr<const world::Plan> plan_of(const Configuration& configuration, const raft::Profile& profile);
// Nothing: no leader while the fault lasted, which trials.py sets aside too.
std::optional<Outcome> trial_of(const Configuration& configuration, const std::shared_ptr<const world::Plan>& plan, std::uint64_t number);

}  // namespace nines::real_etcd
