#!/bin/sh
# What `nines sweep` promises on the command line: what is listed, what is left out, what is refused, and how it ends.
. "$(dirname "$0")/common.sh"

cat >two.yaml <<'YAML'
apiVersion: nines/v1
kind: Sweep
metadata: {name: two, question: "One or three?"}
scenario: camunda-three-zones
set: {simulation.replications: 30}
axes:
  cluster.replication: [1, 3]
  cluster.brokers: [1, 3]
where: cluster.replication <= cluster.brokers
expect:
  - downtime.minutes_per_year <= 1
YAML

expect 0 "a list of points" "$NINES" sweep two.yaml --list
says out "0  cluster.replication=1, cluster.brokers=1"
says out "3  cluster.replication=3, cluster.brokers=3"
[ "$(wc -l <out)" = 3 ] || fail "a point that 'where' leaves out is listed"
expect 0 "one point's number" "$NINES" sweep two.yaml --list --only 3
[ "$(wc -l <out)" = 1 ] || fail "--only 3 is not one point"
expect 0 "one axis's value" "$NINES" sweep two.yaml --list --only replication=1
[ "$(wc -l <out)" = 2 ] || fail "--only replication=1 is not two points"
expect 2 "no such value" "$NINES" sweep two.yaml --list --only replication=2
says err "the axis has no such value; it has 1, 3"
expect 2 "no such axis" "$NINES" sweep two.yaml --only partitions=2
says err "no axis is called that"
expect 0 "how much it is" "$NINES" sweep two.yaml --dry-run
says out "4 points, 3 of them count"
says out "3 units, 90 replications"

# Expectations of the sweep, and those of its scenario, are judged at every point, and told at their line.
expect 4 "an expectation that fails" "$NINES" sweep two.yaml -q
says out "Where expectations do not hold"
says out "failed"
expect 4 "the same for GitHub" "$NINES" sweep two.yaml --format github -q
says out "::error file=two.yaml,line=11,"
says out "fails at 3 of 3 points"
expect 4 "the same as a report of tests" "$NINES" sweep two.yaml --format junit -q
/usr/bin/python3 -c "
import xml.etree.ElementTree as tree
suite = tree.parse('out').getroot()
assert len(suite.findall('.//failure')) == 2, tree.tostring(suite)
"
expect 4 "the same in Markdown" "$NINES" sweep two.yaml --format markdown -q
says out "## Sweep: two"

# What is refused.
sed 's/^where:.*//' two.yaml >apart.yaml
expect 3 "values that do not go together" "$NINES" sweep apart.yaml -q
says err "cluster.replication=3, cluster.brokers=1"
expect 2 "a result of another kind" "$NINES" sweep two.yaml -o two.txt
says err ".h5, .csv or .jsonl"
expect 2 "a shard without a file" "$NINES" sweep two.yaml --shard 1/2
expect 2 "a shard beyond the last" "$NINES" sweep two.yaml --shard 3/2 -o two.h5
expect 2 "a scenario's method" "$NINES" sweep two.yaml --method rare
expect 2 "a sweep's method" "$NINES" run camunda-three-zones --method adaptive
expect 3 "a scenario without a sweep" "$NINES" sweep camunda-three-zones
says err "has no 'sweep'"
expect 8 "a folder that is not there" "$NINES" sweep two.yaml -o nowhere/two.h5 -q
expect 8 "journals that are not there" "$NINES" merge nothing.h5
says err "holds no journal of a sweep"

# What cannot be written in the end is told before the work.
mkdir folder.h5 locked && chmod 555 locked
expect 8 "a directory in the place of the result" "$NINES" sweep two.yaml -o folder.h5 -q
says err "it is a directory"
[ ! -e folder.h5.journal ] || fail "work was begun for a result that cannot be written"
if can_be_nobody; then
  expect 8 "a folder that nobody may write to" $nobody "$NINES" sweep two.yaml -o locked/two.h5 -q
  says err "Permission denied"
fi
for name in replications uptime.all.low; do
  sed "s/^  cluster.brokers: .*/  $name: {zip: {cluster.brokers: [1, 3]}}/" two.yaml >named.yaml
  expect 3 "an axis called $name" "$NINES" sweep named.yaml -o named.h5 -q
  says err "named.yaml:8:3: error: an axis cannot be called '$name'"
  [ ! -e named.h5.journal ] || fail "work was begun for an axis that cannot be written"
done
expect 4 "the same without names of arrays" "$NINES" sweep named.yaml -o named.csv -q --method exact --only 3

# What cannot be solved is told by a dry run as by the sweep itself.
sed 's/^set: .*/set: {faults.node-loss: {repair: {crews: 1}}}/; s/^where:.*//; s/brokers: .1, 3./partitions: [1, 3]/' two.yaml >crews.yaml
expect 3 "a fault that waits for hands, solved" "$NINES" sweep crews.yaml --method exact -q
cp err said
expect 3 "a fault that waits for hands, tried" "$NINES" sweep crews.yaml --method exact -q --dry-run
cmp -s err said || fail "a dry run says otherwise what cannot be solved"

# Two at once: the second is sent away, the first is not disturbed.
"$NINES" sweep two.yaml -o both.h5 --replications 600 -q >first.txt 2>first.err &
first=$!
tries=0
until [ -s both.h5.journal/main.journal ] || [ $tries = 100 ]; do
  tries=$((tries + 1))
  sleep 0.1
done
expect 8 "a second run of the same sweep" "$NINES" sweep two.yaml -o both.h5 --replications 600 -q
says err "another run of nines is working on"
kill -INT $first
status=0
wait $first || status=$?
[ $status = 6 ] || fail "an interrupted sweep ends with $status"
grep -q -- '--resume goes on' first.err || fail "an interrupted sweep does not say how to go on"
[ ! -e both.h5 ] || fail "an interrupted sweep writes a result"
finish
