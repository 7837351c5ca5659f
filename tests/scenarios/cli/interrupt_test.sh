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

finish
