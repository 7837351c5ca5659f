# Sourced by the tests of sweeps: a folder of its own, and small sweeps to try.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# Twelve points, of which ten count; 60 replications each: two whole blocks and a short one.
cat >simulated.yaml <<'YAML'
apiVersion: nines/v1
kind: Sweep
metadata: {name: small, question: "How many replicas, how often?"}
scenario: camunda-three-zones
set: {simulation.replications: 60}
axes:
  cluster.replication: [1, 3, 5]
  cluster.brokers: [3, 5]
  faults.zone-outage.rate: [0.15/year, 2/year]
where: cluster.replication <= cluster.brokers
YAML

sed -e 's/^metadata:.*/metadata: {name: solved, question: "The same, solved?"}/' -e 's/^scenario:/method: exact\nscenario:/' simulated.yaml >solved.yaml
