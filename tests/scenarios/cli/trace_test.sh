#!/bin/sh
# A recorded history beside the scenario: its path is relative to the scenario's file, its errors name file and line.
. "$(dirname "$0")/common.sh"

mkdir -p deep/logs
sed -e '/^faults:/,$d' small.yaml >deep/replay.yaml
cat >>deep/replay.yaml <<'YAML'
faults: {trace: logs/outages.csv}
simulation: {years: 0.5, replications: 1}
YAML
# Nodes 0 and 1 are down together for exactly 1,000 s; before and after, one at a time.
cat >deep/logs/outages.csv <<'CSV'
start,end,element,cause
2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,pool-0,power
2026-01-01T00:43:20Z,2026-01-02T00:00:00Z,pool-1,"cable, cut"
2026-08-01T00:00:00Z,2026-08-01T01:00:00Z,pool-2,power
CSV

expect 0 "a replay" "$NINES" run deep/replay.yaml --format csv
says out "quorum_loss.fraction"
says out "downtime.share.trace-cable-cut"
grep '^quorum_loss.fraction' out | awk -F, '{ f = $2 * 0.5 * 31557600; exit !(f > 999.999 && f < 1000.001) }' || fail "quorum was not lost for 1,000 s"

expect 0 "its causes are explained" "$NINES" validate deep/replay.yaml --explain
says out "recorded: logs/outages.csv, 2 faults"

printf '2026-08-02,tomorrow,pool-2,power\n' >>deep/logs/outages.csv
expect 3 "a wrong time" "$NINES" run deep/replay.yaml
says err "deep/logs/outages.csv:5:1: error: 'end' is 'tomorrow'"
says err "  2026-08-02,tomorrow,pool-2,power"
silent out

rm deep/logs/outages.csv
expect 8 "no such trace" "$NINES" run deep/replay.yaml
one_error
says err "deep/logs/outages.csv"

finish
