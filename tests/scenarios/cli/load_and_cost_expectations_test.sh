#!/bin/sh
# What is expected of throughput, demand and money passes, fails and stays undecided as it should, by every method.
. "$(dirname "$0")/common.sh"

cat >priced.yaml <<'YAML'
apiVersion: nines/v1
kind: Scenario
metadata: {name: priced}
catalogs: {prices: aws, faults: none}
topology:
  regions: [{name: us-east-1, zones: [a, b, c]}]
  nodePools: {pool: {zones: us-east-1/*, nodes: 3, type: m6i.xlarge, disk: {type: gp3, size: 64Gi}}}
cluster: {profile: zeebe-8.9, nodePool: pool, brokers: 3, partitions: 3, replication: 3, load: {processInstances: 100/s}}
operations: {downtimeCost: 0.5 USD/h}
faults:
  node-loss: {scope: node, effect: stop, rate: 3/year, duration: {exponential: {mean: 48h}}}
simulation: {years: 1, replications: 4}
YAML

# wants CODE METHOD EXPECTATION
wants() { expect "$1" "$2: $3" "$NINES" run priced.yaml -q --method "$2" --set "expect=[$3]"; }
for method in simulate exact rare; do
  wants 0 $method "throughput.node_lost >= 100/s"
  wants 4 $method "throughput.node_lost >= 100000/s"
  wants 0 $method "cost.month <= 1000 USD"
  wants 4 $method "cost.month <= 10 USD"
  wants 3 $method "cost.month <= 1000 EUR"
  says err "cannot be compared with EUR"
  wants 7 $method "throughput.region_lost >= 1/s"
done
for method in simulate exact; do
  wants 0 $method "cost.downtime <= 1000 USD"
  wants 4 $method "cost.downtime <= 0 USD"
  wants 3 $method "cost.downtime <= 1000 EUR"
done
says err "cost.downtime is in USD"
wants 0 simulate "cost.downtime <= 1000 USD"
says out "0.50 USD an hour"
wants 0 simulate "demand_met >= 90%"
wants 4 simulate "demand_met >= 99.9999999%"
finish
