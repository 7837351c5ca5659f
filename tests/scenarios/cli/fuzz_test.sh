#!/bin/sh
# nines fuzz: what it prints, how it exits, and that threads change nothing.
. "$(dirname "$0")/common.sh"

expect 0 "a short run" "$NINES" fuzz --seeds 50
says out "50 seeds"
says out "crash-leader"
says out "election won"
expect 0 "without a word" "$NINES" fuzz --seeds 5 -q
silent err
expect 0 "by time" "$NINES" fuzz --seconds 0.3 --profile etcd-3.5
expect 0 "help" "$NINES" fuzz --help
says out "example: nines fuzz"
[ "$(wc -l <out)" -le 24 ] || fail "help does not fit a screen"

for jobs in 1 3; do
  expect 0 "JSON with $jobs threads" "$NINES" fuzz --seeds 100 --seed 7 --jobs $jobs --format json
  grep -v events_per_second out >"json$jobs"
done
cmp -s json1 json3 || fail "the number of threads changes the answer"

expect 2 "no such profile" "$NINES" fuzz --profile etcd-3.6
says err "there is no profile 'etcd-3.6'"
expect 2 "no such format" "$NINES" fuzz --format csv
expect 2 "no seeds" "$NINES" fuzz --seeds 0
expect 2 "a seed that is no number" "$NINES" fuzz --seed x
expect 2 "a scenario" "$NINES" fuzz small.yaml
finish
