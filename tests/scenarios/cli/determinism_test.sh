#!/bin/sh
# Same scenario, same seed: same bytes, whatever the number of threads. Another seed: other bytes.
. "$(dirname "$0")/common.sh"

for jobs in 1 2 7; do
  for kind in h5 json jsonl csv md; do
    expect 0 "--jobs $jobs" "$NINES" run small.yaml -q --jobs $jobs -o "$jobs.$kind"
  done
  cp out "$jobs.table"
done
for kind in h5 json jsonl csv md; do
  cmp 1.$kind 2.$kind || fail "$kind differs between 1 and 2 threads"
  cmp 1.$kind 7.$kind || fail "$kind differs between 1 and 7 threads"
done
print_of() { sed -n 's/.*fingerprint \([0-9a-f]*\).*/\1/p' "$1"; }
[ -n "$(print_of 1.table)" ] || fail "no fingerprint"
[ "$(print_of 1.table)" = "$(print_of 7.table)" ] || fail "fingerprints differ"

# The same with everything at once: load, every failure mode of the catalogue.
for jobs in 1 2 7; do
  expect 0 "the library's with --jobs $jobs" "$NINES" run camunda-three-zones -q --replications 10 --set "expect=[uptime.any >= 1%]" --jobs $jobs -o "all$jobs.h5"
done
cmp all1.h5 all2.h5 || fail "the library's scenario differs between 1 and 2 threads"
cmp all1.h5 all7.h5 || fail "the library's scenario differs between 1 and 7 threads"

# Where a run stops by itself, it stops at the same look.
for jobs in 1 7; do
  expect 0 "--relative-error with --jobs $jobs" "$NINES" run small.yaml -q --relative-error 10% --max-time 50s --jobs $jobs -o "precise$jobs.json" --set faults.node-loss.rate=1000/year
  says precise$jobs.json "reached after"
done
cmp precise1.json precise7.json || fail "the end of a run depends on threads"

expect 0 "another seed" "$NINES" run small.yaml -q --seed 2 -o other.h5
if cmp -s 1.h5 other.h5; then fail "the seed has no effect"; fi
[ "$(print_of 1.table)" != "$(print_of out)" ] || fail "the fingerprint does not know the seed"

# What an option says and what the file says is one and the same.
sed 's/replications: 30/replications: 30, seed: 2/' small.yaml >seeded.yaml
expect 0 "the seed in the file" "$NINES" run seeded.yaml -q
[ "$(print_of out)" = "$("$NINES" run small.yaml -q --seed 2 | sed -n 's/.*fingerprint \([0-9a-f]*\).*/\1/p')" ] || fail "--seed is not simulation.seed"

# Fidelity changes no history.
for fidelity in sleep full; do
  expect 0 "--fidelity $fidelity" "$NINES" run small.yaml -q --years 0.005 --replications 4 --fidelity $fidelity --set faults.node-loss.rate=1000/year
  cp out $fidelity.table
done
[ "$(print_of sleep.table)" = "$(print_of full.table)" ] || fail "sleeping changes the history"

finish
