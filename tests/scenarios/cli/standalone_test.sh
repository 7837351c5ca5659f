#!/bin/sh
# Sweeps and incidents in files of their own: they find their scenario, are checked with it, and every command says what to do with one.
. "$(dirname "$0")/common.sh"

mkdir plans
cat >plans/sizes.yaml <<'YAML'
apiVersion: nines/v1
kind: Sweep
metadata: {name: sizes}
scenario: ../small.yaml
set: {cluster.partitions: 6}
axes: {cluster.brokers: [3, 5, 7], cluster.replication: [3, 5, 7]}
where: replication <= brokers
YAML
expect 0 "a sweep beside its scenario" "$NINES" validate plans/sizes.yaml
says out "valid, 9 points, of which 'where' leaves 6"
silent err
expect 0 "its scenario is explained" "$NINES" validate plans/sizes.yaml --explain --format csv
says out "cluster.partitions,6,plans/sizes.yaml:5"
expect 3 "a setting that makes points impossible" "$NINES" validate plans/sizes.yaml --set topology.nodePools.pool.nodes=0
sed 's/^where/# where/' plans/sizes.yaml >plans/all.yaml
expect 3 "points that cannot be" "$NINES" validate plans/all.yaml
says err "plans/all.yaml:6:61: error: a replication of 5 needs as many brokers; there are 3 (at cluster.brokers=3, cluster.replication=5)"
says err "axes: {cluster.brokers: [3, 5, 7], cluster.replication: [3, 5, 7]}"
expect 2 "run of a sweep" "$NINES" run plans/sizes.yaml
says err "'nines sweep'"
one_error
expect 2 "run of a sweep of the library" "$NINES" run sweep-camunda-sizes
says err "'nines sweep'"
expect 0 "sweeps are listed" "$NINES" list sweeps
says out "sweep-etcd-members"
"$NINES" list sweeps --format csv | sed 1d | cut -d, -f2 >names
while read -r name; do
  expect 0 "validate $name" "$NINES" validate "$name"
  says out "points"
done <names
[ "$(wc -l <names)" -ge 3 ] || fail "too few sweeps"

sed 's/small.yaml/smal.yaml/' plans/sizes.yaml >plans/lost.yaml
expect 8 "a sweep of nothing" "$NINES" validate plans/lost.yaml
says err "plans/lost.yaml:4:11: error: there is no file 'plans/../smal.yaml'"
sed 's/scenario: .*/scenario: sizes.yaml/' plans/sizes.yaml >plans/of_a_sweep.yaml
expect 3 "a sweep of a sweep" "$NINES" validate plans/of_a_sweep.yaml
says err "plans/of_a_sweep.yaml:4:11: error: 'sizes.yaml' is no scenario itself"

cp small.yaml swept.yaml
echo "sweep: {axes: {cluster.partitions: {from: 1, to: 5, step: 2}}, repeats: 2}" >>swept.yaml
expect 0 "a sweep within its scenario" "$NINES" validate swept.yaml
says out "valid, 6 points"
expect 0 "a scenario is run as if it had none" "$NINES" run swept.yaml -q

cat >plans/zone.yaml <<'YAML'
apiVersion: nines/v1
kind: Incident
metadata: {name: zone}
scenario: ../small.yaml
set: {cluster.load: {processInstances: 20/s}}
length: 1min
script: [{at: 20s, fault: stop, on: r/b, for: 20s}]
YAML
expect 0 "an incident beside its scenario" "$NINES" incident plans/zone.yaml
says out "zone r/b is lost"
expect 0 "validate it" "$NINES" validate plans/zone.yaml
expect 2 "run of an incident" "$NINES" run plans/zone.yaml
says err "'nines incident'"
sed 's#r/b#r/z#' plans/zone.yaml >plans/wrong.yaml
expect 3 "an incident of another place" "$NINES" incident plans/wrong.yaml
says err "plans/wrong.yaml:7:"
says err "script: [{at: 20s, fault: stop, on: r/z, for: 20s}]"

finish
