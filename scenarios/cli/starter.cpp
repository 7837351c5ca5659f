#include "scenarios/cli/starter.hpp"

namespace nines::scenarios {

const char* starter_scenario() {
  return R"yaml(# A scenario to begin with. Run it:            nines run THIS-FILE
# Every value that is used and its source:     nines validate THIS-FILE --explain
# Profiles, faults and distances to choose of: nines list
apiVersion: nines/v1
kind: Scenario
metadata:
  name: my-cluster
  question: "Does the cluster survive the loss of a zone?"

catalogs:
  prices: aws             # What `nines cost THIS-FILE` reckons with. `none`: nothing has a price.
  distances: aws          # Measured round trips between zones and regions.
  faults: public-cloud    # What can happen, how often, for how long. `none`: nothing but what `faults:` below names.

topology:
  regions:
    - {name: us-east-1, zones: [a, b, c]}
  nodePools:
    brokers:
      zones: us-east-1/*  # Nodes are dealt over these zones in turn.
      nodes: 3
      type: m6i.xlarge
      disk: {type: gp3, size: 64Gi}

cluster:
  profile: zeebe-8.9      # Timers and rules of one system: `nines list profiles`.
  nodePool: brokers
  brokers: 3
  partitions: 3
  replication: 3          # Copies of each partition; a majority of them must run.
  spread: zone            # Broker b in zone b mod 3. `node`: only never two on one host, Kubernetes' default.
  load:
    processInstances: 100/s
    payload: 0.5KiB

# Change what a catalogue says, by name:
# faults:
#   zone-outage: {rate: 0.15/year, duration: {lognormal: {median: 2.5h, sigma: 1.2}}}

simulation:
  years: 1                # Of one replication.
  replications: 1000

# What you need. `nines run` ends with 0 when all of it holds, with 4 when something does not.
expect:
  - uptime.all >= 99.9%
  - failover.p99 <= 15s
)yaml";
}

}  // namespace nines::scenarios
