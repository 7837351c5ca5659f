#!/bin/sh
# nines run --method rare: a quorum that plain simulation would not see lost in a thousand years, to 2 %.
. "$(dirname "$0")/common.sh"

# Five nodes, MTTF 2,000 h, MTTR 1 h, three of them needed: 1.247191e-9 of the time (machine repairmen).
sed -e 's/nodes: 3/nodes: 5/; s/brokers: 3, partitions: 3, replication: 3/brokers: 5, partitions: 1, replication: 5/; s,rate: 3/year,rate: 4.383/year,' small.yaml >five.yaml
expect 0 "five nodes" "$NINES" run five.yaml --method rare --format csv
says out "balanced failure biasing"
grep '^quorum_loss.cluster.fraction' out | awk -F, '{ e = $2 / 1.247191e-9 - 1; exit !(e < 0.02 && e > -0.02 && ($4 - $3) / $2 <= 0.0402) }' || fail "1.247191e-9 to 2 %"
cp out first
expect 0 "five nodes again" "$NINES" run five.yaml --method rare --format csv
cmp -s out first || fail "one seed, two answers"
expect 0 "another seed, more precisely" "$NINES" run five.yaml --method rare --format csv --seed 9 --relative-error 0.5%
grep '^quorum_loss.cluster.fraction' out | awk -F, '{ exit !($2 > 1.235e-9 && $2 < 1.26e-9 && ($4 - $3) / $2 <= 0.0101) }' || fail "to 0.5 %"

expect 0 "the diagnostics are told" "$NINES" run five.yaml --method rare
says out "mean likelihood ratio"
says out "Quorums only"
says out "simulation and solution agree; quorum p ="

# Nothing is rare where hardly ever all nodes are up: refused, with no value and no interval.
sed -e 's,rate: 3/year,rate: 3000000/year,' small.yaml >hopeless.yaml
expect 0 "nothing is rare" "$NINES" run hopeless.yaml --method rare --format csv
says out "refused"
grep '^quorum_loss.cluster.fraction,,,' out >/dev/null || fail "a refusal has no value"

expect 2 "an unknown method" "$NINES" run small.yaml --method magic
says err "simulate, exact and rare"

finish
