#!/bin/sh
# Ctrl-C prints what is known so far and exits 6; so does SIGTERM; --max-time ends with what it has and exits as the expectations say.
. "$(dirname "$0")/common.sh"

# Signals a run as soon as its file is under way: by then it listens.
interrupt_with() {
  rm -f long.h5 long.h5.tmp
  "$NINES" run small.yaml --replications 10000000 --jobs 2 -o long.h5 >out 2>err &
  run=$!
  tries=0
  until [ -e long.h5.tmp ] || [ $tries -gt 600 ]; do
    sleep 0.05
    tries=$((tries + 1))
  done
  kill -"$1" $run
  code=0
  wait $run || code=$?
  [ "$code" = 6 ] || fail "SIG$1: exit code $code instead of 6"
  says out interrupted
  [ -s long.h5 ] || fail "SIG$1: no file of what is known"
  [ ! -e long.h5.tmp ] || fail "SIG$1 leaves a temporary file"
}
interrupt_with INT
interrupt_with TERM

expect 0 "--max-time" "$NINES" run small.yaml --replications 10000000 --max-time 1s --format json
says out max-time
says out uptime.all

# With a deadline, what is undecided goes on until then.
expect 7 "undecided until the deadline" "$NINES" run small.yaml --replications 2 --max-time 2s --set "expect=[cost.month <= 1 USD]" --format json
says out max-time
expect 7 "undecided without a deadline" "$NINES" run small.yaml --replications 2 --set "expect=[cost.month <= 1 USD]" --format json
says out budget

# Before its points are read a sweep has nothing to lose: thirty million of them take minutes.
cat >wide.yaml <<'YAML'
apiVersion: nines/v1
kind: Sweep
metadata: {name: wide, question: "How long until somebody stops it?"}
scenario: ./small.yaml
axes:
  cluster.partitions: {from: 1, to: 1000, step: 1}
  simulation.years: {from: 0.001, to: 1, step: 0.001}
  simulation.seed: {from: 1, to: 30, step: 1}
where: cluster.partitions <= 2 and simulation.years > 0.998
YAML
expect 6 "--max-time while points are read" "$NINES" sweep wide.yaml -o wide.h5 --max-time 1s
says err "time was up before every point was read"
# In the foreground: otherwise the signal comes twice, and the second one kills.
expect 6 "Ctrl-C while points are read" timeout --foreground --preserve-status -k 30 -s INT 4 "$NINES" sweep wide.yaml -o wide.h5
says err "interrupted before every point was read"
[ ! -e wide.h5.journal ] || fail "a journal of nothing"

# Nor has a merge, which reads them again.
sed 's/to: 1000,/to: 10,/' wide.yaml >narrow.yaml
expect 0 "a sweep to merge" "$NINES" sweep narrow.yaml --replications 3 -o narrow.csv --keep-journal -q
rm -f narrow.csv
expect 6 "Ctrl-C in a merge" timeout --foreground --preserve-status -k 30 -s INT 2 "$NINES" merge narrow.csv --jobs 1
says err "interrupted before it was done; the journals are as they were"
[ ! -e narrow.csv ] || fail "an interrupted merge writes a result"

finish
