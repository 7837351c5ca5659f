# Sourced by the tests of sweeps: a folder of its own, and small sweeps to try.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# Twelve points, of which ten count; 75 replications each: two whole blocks and a short one.
cat >simulated.yaml <<'YAML'
apiVersion: nines/v1
kind: Sweep
metadata: {name: small, question: "How many replicas, how often?"}
scenario: camunda-three-zones
set: {simulation.replications: 75, expect: [uptime.all >= 50%]}
axes:
  cluster.replication: [1, 3, 5]
  cluster.brokers: [3, 5]
  faults.zone-outage.rate: [0.15/year, 2/year]
where: cluster.replication <= cluster.brokers
YAML

# Solved, with two kinds of designs only: what a kind's faults cost takes a second to measure.
cat >solved.yaml <<'YAML'
apiVersion: nines/v1
kind: Sweep
metadata: {name: solved, question: "How often, for how long, at what price?"}
scenario: camunda-three-zones
method: exact
set: {expect: [uptime.all >= 50%]}
axes:
  cluster.replication: [1, 3]
  faults.zone-outage.rate: {from: 0.15/year, to: 0.3/year, values: 4}
  topology.nodePools.brokers.type: [m6i.xlarge, m6i.2xlarge]
YAML
