#!/bin/sh
# Scenarios of clusters that exist: what is written validates and runs, warnings go to standard error, and files that are none are told of.
. "$(dirname "$0")/common.sh"
lists="$NINES_SOURCE_DIR/tests/scenarios/import/kubectl"

cat >values.yaml <<'YAML'
orchestration:
  clusterSize: "3"
  topologySpreadConstraints:
    - {maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule}
elasticsearch: {enabled: true}
YAML
expect 0 "helm" "$NINES" import helm -f values.yaml
says out "brokers: 3"
says out "# values.yaml:2 orchestration.clusterSize"
silent err
cp out helm.yaml
expect 0 "its scenario" "$NINES" validate helm.yaml
expect 0 "a run of it" "$NINES" run helm.yaml -q --replications 2
says out "uptime.all"

echo 'orchestration: {replicationFactor: 2}' >two.yaml
expect 0 "a later file" "$NINES" import helm -f values.yaml -f two.yaml --zones 2 --machine m7i.xlarge --region eu-west-1 -o two-zones.yaml
silent out
says err "two.yaml:1:36: warning: orchestration.replicationFactor 2"
says two-zones.yaml "{name: eu-west-1, zones: [a, b]}"
says two-zones.yaml "type: m7i.xlarge"
expect 0 "quietly" "$NINES" import helm -f values.yaml -f two.yaml -q
silent err
expect 0 "from standard input" sh -c '"$NINES" import helm -f - -q <values.yaml'
says out "# <stdin>:2 orchestration.clusterSize"

expect 0 "kubectl" "$NINES" import kubectl "$lists/skewed_nodes.json" "$lists/skewed_pods.json" -o skewed.yaml
says err "stops 3 of 6 partitions"
says skewed.yaml "placement:"
expect 0 "a run of what kubectl told" "$NINES" run skewed.yaml -q --replications 2

: >empty.yaml
expect 3 "an empty file" "$NINES" import helm -f empty.yaml
says err "empty.yaml: error: the file is empty"
printf 'a: \000' >binary.yaml
expect 3 "a binary file" "$NINES" import helm -f binary.yaml
says err "binary.yaml:1:4: error: a NUL byte"
head -c 20000000 /dev/zero | tr '\0' x >huge.yaml
expect 3 "a huge file" "$NINES" import helm -f huge.yaml
says err "may have at most 16777216"
echo 'orchestration: {clusterSize: many}' >wrong.yaml
expect 3 "a wrong value" "$NINES" import helm -f wrong.yaml
says err "wrong.yaml:1:30: error: orchestration.clusterSize: expected a whole number"
silent out
expect 3 "no pods" "$NINES" import kubectl "$lists/nodes.json"
one_error
expect 8 "no such file" "$NINES" import helm -f nowhere.yaml
expect 8 "nowhere to write" "$NINES" import helm -f values.yaml -o nowhere/x.yaml

expect 2 "nothing to import" "$NINES" import
expect 2 "an unknown source" "$NINES" import terraform
expect 2 "helm takes no operand" "$NINES" import helm values.yaml
says err "files of values are given by -f"
expect 2 "no list" "$NINES" import kubectl
expect 2 "a version that no chart has" "$NINES" import helm --chart-version 8.11
says err "did you mean '8.10'?"
expect 2 "no zones" "$NINES" import helm --zones 0
expect 2 "kubectl knows the zones" "$NINES" import kubectl "$lists/nodes.json" --zones 3
expect 2 "a region twice" "$NINES" import helm --region a,a

finish
