#!/bin/sh
# Rates of one's own: a log goes in, and what comes out can be pasted under a scenario.
. "$(dirname "$0")/common.sh"

cat >log.csv <<'CSV'
start,end,element,cause
2026-01-01,2026-01-01 01:00,pool-0,Power
2026-02-01,2026-02-01 04:00,pool-1,Power
2026-03-01,2026-03-01 00:10,pool-1,"Cable, cut"
CSV
expect 0 "a fit" "$NINES" fit log.csv --elements 10 --window 1year
says out "  power:"
says out "    duration: {lognormal: {median: 120min"
says out "  cable-cut:"
sed -e '/^faults:/,$d' small.yaml >mine.yaml
cat out >>mine.yaml
expect 0 "what it printed in a scenario" "$NINES" validate mine.yaml

expect 0 "only some records, by other names" "$NINES" fit log.csv --elements 10 --window 1year --where "cause=Power" --column element=element --scope broker --effect replace
says out "scope: broker"
grep -q cable out && fail "a record that --where leaves out"

expect 2 "no exposure" "$NINES" fit log.csv
one_error
expect 2 "a scope that is none" "$NINES" fit log.csv --elements 10 --window 1year --scope planet
says err "--scope does not know 'planet'"
expect 2 "an effect that needs more" "$NINES" fit log.csv --elements 10 --window 1year --effect lossy
expect 3 "a window that is too short" "$NINES" fit log.csv --elements 10 --window 10days
says err "more than --window"
expect 3 "too few elements" "$NINES" fit log.csv --elements 1 --window 1year
expect 3 "no such column" "$NINES" fit log.csv --elements 10 --window 1year --column start=begun
says err "log.csv:1:1: error: no column is called 'begun'"
echo '1,2' >>log.csv
expect 3 "a broken line" "$NINES" fit log.csv --elements 10 --window 1year
says err "log.csv:5:1: error: 2 fields, where the header has 4"
expect 8 "no such log" "$NINES" fit nowhere.csv --elements 10 --window 1year
silent out

finish
