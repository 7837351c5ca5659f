#!/bin/sh
# nines incident: the same history in every costume, at any time the same; nothing half-written, whatever ends it.
. "$(dirname "$0")/common.sh"

cat >busy.yaml <<'YAML'
apiVersion: nines/v1
kind: Scenario
metadata: {name: busy}
catalogs: {faults: none}
topology:
  regions: [{name: r, zones: [a, b, c]}]
  nodePools: {pool: {zones: r/*, nodes: 3, type: m6i.large, disk: {type: gp3, size: 10Gi}}}
cluster: {profile: zeebe-8.9, nodePool: pool, brokers: 3, partitions: 3, replication: 3, load: {processInstances: 20/s}}
incidents:
  zone-dies: {length: 1min, script: [{at: 20s, fault: stop, on: r/b, for: 20s}]}
  recorded: {length: 10s, load: {trace: arrivals.csv}, script: [{at: 5s, fault: pause, on: broker-1, for: 3s}]}
YAML
printf 'at\n1.5\n2\n2.25\n' >arrivals.csv

expect 0 "an incident" "$NINES" incident busy.yaml
for part in "zone r/b is lost" "offered" "leader of 1" "Phases" "one simulated history, seed 1" "bottleneck law" "Flow control (AIMD)"; do says out "$part"; done
silent err
cp out first
expect 0 "the same again" "$NINES" incident busy.yaml --incident zone-dies
cmp -s first out || fail "the same incident gives another answer"
expect 0 "another seed" "$NINES" incident busy.yaml --seed 2
cmp -s first out && fail "another seed gives the same answer"

for kind in json csv md h5; do
  expect 0 "-o answer.$kind" "$NINES" incident busy.yaml -o "answer.$kind"
  [ -s "answer.$kind" ] || fail "answer.$kind is empty"
  cp "answer.$kind" "again.$kind"
  expect 0 "-o answer.$kind again" "$NINES" incident busy.yaml -o "answer.$kind"
  cmp -s "answer.$kind" "again.$kind" || fail "answer.$kind is not the same bytes"
done
for format in json csv markdown; do
  expect 0 "--format $format" "$NINES" incident busy.yaml --format $format
  case $format in markdown) file=answer.md ;; *) file=answer.$format ;; esac
  cmp -s out $file || fail "--format $format and -o $file differ"
done
if command -v python3 >/dev/null; then
  python3 - answer.json answer.csv <<'PY' || fail "the numbers do not add up"
import csv, json, sys
answer, rows = json.load(open(sys.argv[1])), list(csv.DictReader(open(sys.argv[2])))
one = answer["outcome"]["rows"][0]
ends = sum(one[k] for k in one if k.startswith("rejected")) + one["completed"] + one["failed"] + one["timed_out"] + one["in_flight"]
assert one["offered"] == ends > 1000, one
for key in ("offered", "completed", "failed", "timed_out"):
    assert sum(float(r[key]) for r in rows) == one[key] == sum(r[key] for r in answer["timeline"]["rows"]), key
assert abs(float(rows[-1]["to_s"]) - 60) < 1e-9 and answer["timeline"]["units"]["latency_p99"] == "s"
assert answer["law"]["rows"][0]["capacity"] > 0 and answer["method" if "method" in answer else "title"]
PY
fi

expect 0 "a recorded load" "$NINES" incident busy.yaml --incident recorded --format csv
[ "$(awk -F, 'NR>1 {n += $3} END {print n}' out)" = 3 ] || fail "not the three commands of the trace"
expect 0 "a closed loop" "$NINES" incident busy.yaml --clients 20 --length 10s
expect 0 "another rate, nobody limited" "$NINES" incident busy.yaml --rate 50/s --flow-control off --length 10s
says out "Flow control is off"
expect 0 "the built-in incident" "$NINES" incident small.yaml --rate 20/s --length 30s
says out "is lost"
expect 0 "a setting" "$NINES" incident busy.yaml --set incidents.zone-dies.length=30s --set cluster.flowControl.requests=vegas
says out "(Vegas)"
expect 0 "the library" "$NINES" incident etcd-three-zones --length 30s

expect 0 "help" "$NINES" incident --help
[ "$(wc -l <out)" -le 24 ] || fail "help does not fit a screen"
says out "example: nines incident"
expect 2 "no scenario" "$NINES" incident
expect 2 "an incident that is not there" "$NINES" incident busy.yaml --incident zone-lives
says err "zone-dies, recorded"
expect 2 "rate and clients" "$NINES" incident busy.yaml --rate 1/s --clients 2
expect 2 "a picture" "$NINES" incident busy.yaml --format dot
expect 2 "lines" "$NINES" incident busy.yaml --format jsonl
expect 2 "an option of run" "$NINES" incident busy.yaml --years 3
expect 2 "no length" "$NINES" incident busy.yaml --length 0s
expect 2 "on" "$NINES" incident busy.yaml --flow-control on
expect 3 "no load" "$NINES" incident small.yaml
expect 3 "an invalid scenario" "$NINES" incident busy.yaml --set cluster.replication=-1

# What cannot be simulated one by one is told, before hours and gigabytes are spent on it.
expect 3 "a million a second for a week" "$NINES" incident busy.yaml --rate 1000000/s --length 7days
says err "commands are more than can be simulated one by one"
one_error
expect 3 "a steep step" "$NINES" incident busy.yaml --set 'incidents.zone-dies.load={steps: [{from: 0s, rate: 1/s}, {from: 5s, rate: 1e9/s}]}'
says err "at most 1,000,000 a second"
expect 3 "nobody answers, and all are kept" "$NINES" incident busy.yaml --rate 1000000/s --length 40s --flow-control off
says err "in work at once"
expect 2 "a rate beyond that" "$NINES" incident busy.yaml --rate 1e300/s

expect 0 "a disk that is full at once" "$NINES" incident busy.yaml --set topology.nodePools.pool.disk.size=1MiB
says out "disk full"
expect 0 "a disk too slow for anything" "$NINES" incident busy.yaml --set topology.nodePools.pool.disk.iops=1/s
says out "Nothing was completed."
expect 0 "a command in years" "$NINES" incident busy.yaml --rate 0.000000001/s
says out "Nothing was completed."
expect 0 "over before the script begins" "$NINES" incident busy.yaml --length 10s
says out "1 fault of the script would begin after the end."
! grep -q "is lost" out || fail "a fault after the end is told as if it happened"
expect 0 "it begins with the fault" "$NINES" incident busy.yaml --set 'incidents.zone-dies.script=[{at: 0s, fault: stop, on: r/b, for: 20s}]'
says out "at first, 'zone r/b lost"
expect 0 "a fault that outlives the incident" "$NINES" incident busy.yaml --set 'incidents.zone-dies.script=[{at: 59s, fault: stop, on: r, for: 99years}]'
rm arrivals.csv
expect 8 "arrivals that are not there" "$NINES" incident busy.yaml --incident recorded
expect 8 "a folder that is not there" "$NINES" incident busy.yaml -o nowhere/x.h5
one_error
expect 8 "a full disk" sh -c '"$0" incident busy.yaml >/dev/full' "$NINES"

# Ctrl-C: nothing of the file stays, and an old one is left alone.
interrupt_with() {
  echo precious >long.$2
  "$NINES" incident busy.yaml --length 7days -o long.$2 >out 2>err &
  run=$!
  tries=0
  until [ -e long.$2.tmp ] || [ $tries -gt 600 ]; do
    sleep 0.05
    tries=$((tries + 1))
  done
  kill -"$1" $run
  code=0
  wait $run || code=$?
  [ "$code" = "$3" ] || fail "SIG$1: exit code $code instead of $3"
  [ "$(cat long.$2)" = precious ] || fail "SIG$1: the old file was touched"
}
interrupt_with INT h5 6
interrupt_with TERM json 6
[ ! -e long.h5.tmp ] && [ ! -e long.json.tmp ] || fail "a temporary file stays"
silent out
interrupt_with KILL csv 137
finish
