#!/bin/sh
# nines run --method exact: quorums solved, single faults measured; and what it refuses.
. "$(dirname "$0")/common.sh"

sed -e 's/nodes: 3/nodes: 5/; s/brokers: 3, partitions: 3, replication: 3/brokers: 5, partitions: 1, replication: 5/; s,rate: 3/year,rate: 4.383/year,' small.yaml >five.yaml
expect 0 "five nodes" "$NINES" run five.yaml --method exact --format csv --jobs 1
grep '^quorum_loss.cluster.fraction' out | awk -F, '{ e = $2 / 1.247191433129e-9 - 1; exit !(e < 1e-9 && e > -1e-9) }' || fail "1.247191433129e-9 to every digit"
grep '^quorum_loss.cluster.fraction' out | grep -q exact || fail "the word exact"
cp out first
expect 0 "on more threads" "$NINES" run five.yaml --method exact --format csv --jobs 3
cmp -s out first || fail "one seed, two answers"

# Every number has a unit and a method, and an interval or the word exact.
awk -F, 'NR > 1 && $1 != "failover.mean" && ($5 == "" || $6 == "" || ($3 == "" && $4 == "")) { print; bad = 1 } END { exit bad }' out || fail "a number without unit, method or interval"
expect 0 "as JSON" "$NINES" run five.yaml --method exact --format json
grep -qiE 'infinity|[^a-z]nan|"value": 1\.0[^0-9]' out && fail "what was never seen is no certainty"
expect 0 "as HDF5" "$NINES" run five.yaml --method exact -o five.h5
[ -s five.h5 ] || fail "no file"

# Where nothing fails there is no availability to tell, and no certainty either.
sed '/^faults:/,$d' small.yaml >quiet.yaml
for kind in table json csv markdown; do
  expect 0 "nothing fails, $kind" "$NINES" run quiet.yaml --method exact --format $kind
  says out "no failure mode is on"
  grep -qiE '[^a-z]inf|100 %|99\.9999' out && fail "nothing that fails is no certainty ($kind)"
done
expect 2 "a replication of no simulation" "$NINES" run quiet.yaml --method exact --only-replication 3

# What independent atoms cannot express.
{ cat five.yaml; echo 'script: [{at: 1h, fault: stop, on: broker-0, for: 1min}]'; } >scripted.yaml
expect 3 "a script" "$NINES" run scripted.yaml --method exact
says err "scripted faults"
says err "cannot express"
expect 0 "the script is simulated" "$NINES" run scripted.yaml --replications 2 --years 0.1

# Beside a simulation the solution stands in its place, and says whether the two agree.
expect 0 "both" "$NINES" run five.yaml --replications 20
says out "Self-check: simulation and solution cannot be compared yet"
says out "quorum exact; beside it"

finish
