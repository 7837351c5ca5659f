#!/bin/sh
# nines explain: the same answer in every costume, pictures that a parser accepts, and a refusal that still shows what it can.
. "$(dirname "$0")/common.sh"

expect 0 "explain" "$NINES" explain small.yaml --jobs 2
for part in " nines: " "downtime by failure mode" "minimal cut sets" "any 2 of 3 nodes" "No single point of failure." "Birnbaum" "What the answer hangs on" \
  "next half nine" "What survives" "Blast radius" "independent repair"; do says out "$part"; done
silent err
cp out first
expect 0 "explain again" "$NINES" explain small.yaml --jobs 1
cmp -s first out || fail "threads change the answer"
expect 0 "explain a scenario of the library" "$NINES" explain camunda-three-zones
[ "$(wc -l <out)" -le 135 ] || fail "the explanation is longer than three screens"

for scenario in small.yaml camunda-three-zones "etcd-five-nodes --set catalogs.faults=local-dev"; do
  expect 0 "$scenario as JSON" "$NINES" explain $scenario --format json
  command -v python3 >/dev/null || continue
  python3 - out <<'PY' || fail "the JSON of $scenario does not add up"
import json, sys
answer = json.load(open(sys.argv[1]))
rows = answer["attribution"]["rows"]
assert abs(sum(r["trigger"] for r in rows) - 1) < 1e-9 and abs(sum(r["shared"] for r in rows) - 1) < 1e-9
assert answer["attribution"]["units"]["but_for"] == "min/year" and answer["attribution"]["method"]
survival = answer["survival"]["rows"]
assert len({sum(r[k] for k in ("no_quorum", "leader_moves", "degraded", "untouched")) for r in survival}) == 1
PY
done
expect 0 "markdown" "$NINES" explain small.yaml --format markdown
says out "| mode | last straw |"

# Against the reference alone: each departure in a sentence with its price, or that there is none.
expect 0 "against the reference" "$NINES" explain camunda-replication-two --against reference
says out "Two replicas"
says out "minutes a year"
grep -q "minimal cut sets" out && fail "more than the departures is told"
expect 0 "a reference against itself" "$NINES" explain camunda-three-zones --against reference
says out "Nothing departs from the reference architecture."
expect 2 "against something else" "$NINES" explain camunda-three-zones --against camunda-two-zones
says err "--against knows reference"

expect 0 "dot" "$NINES" explain camunda-two-regions --format dot
says out "digraph"
if command -v dot >/dev/null; then
  dot -Tsvg out >picture.svg 2>complaints || fail "Graphviz refuses the picture"
  [ ! -s complaints ] || fail "Graphviz complains"
  [ "$(grep -c 'class="cluster"' picture.svg)" -ge 10 ] || fail "boxes are missing in the picture"
fi
expect 0 "mermaid" "$NINES" explain camunda-two-regions --format mermaid
says out "flowchart"
[ "$(grep -c 'subgraph' out)" = "$(grep -c '^ *end$' out)" ] || fail "boxes stay open"

says_data() { grep -A3 "Acknowledged commands lost" out | grep -q "$1" || fail "data loss without '$1'"; }
sed 's/effect: stop/effect: replace/' small.yaml >disks.yaml
expect 0 "disks" "$NINES" explain disks.yaml
says_data "chance within a year"
says_data "node-loss"
expect 0 "no disks" "$NINES" explain small.yaml
says_data "no mode of this scenario empties a disk"

# Costs of one's own: on what they are fitted, and what the measurements themselves say of the demand (camunda/zeebe-chaos, 2025-07-11: 1.58 cores).
measured='cluster.load={processInstances: 210/s, calibrate: {cpu: [{rate: 150/s, cores: 1.25}, {rate: 180/s, cores: 1.33}, {rate: 240/s, cores: 1.78}]}}'
expect 0 "explain what was measured" "$NINES" explain camunda-three-zones --set catalogs.faults=none --set "$measured"
says out "Costs: fitted on 3 measurements at --set cluster.load, residuals up to 4.7 %."
says out "a broker is busy with 1.58 cores at 210 process instances a second"
looped='cluster.load={appends: 100/s, calibrate: {closedLoop: {rtt: 0.3ms, flush: 1ms, rows: [{clients: 1, throughput: 583/s}, {clients: 1000, throughput: 44341/s}]}}}'
expect 0 "explain a closed loop" "$NINES" explain etcd-three-zones --set catalogs.faults=none --set "$looped"
says out "nothing is known of larger machines"
grep -q "x the cores" out && fail "larger machines are promised something"

# What independent faults cannot express gives no causes in numbers; the places are there all the same.
sed -e '/^faults:/,$d' small.yaml >replay.yaml
printf 'faults: {trace: outages.csv}\nsimulation: {years: 0.25}\n' >>replay.yaml
printf 'start,end,element,cause\n2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,pool-0,power\n2026-06-01T00:00:00Z,2026-06-01T02:00:00Z,pool-1,power\n' >outages.csv
sed 's/{scope: node,/{repair: {crews: 1}, scope: node,/' small.yaml >crews.yaml
for refused in replay crews; do
  expect 0 "explain $refused" "$NINES" explain $refused.yaml
  says out "No causes in numbers: "
  says out "any 2 of 3 nodes"
  says out "What survives"
  grep -q "Birnbaum" out && fail "$refused: probabilities where there are none"
done

expect 2 "no scenario" "$NINES" explain
expect 2 "csv" "$NINES" explain small.yaml --format csv
expect 2 "a picture of a run" "$NINES" run small.yaml --format dot
expect 3 "an invalid scenario" "$NINES" explain small.yaml --set cluster.replication=-1
expect 8 "a file that is not there" "$NINES" explain ./nowhere.yaml
expect 8 "a full disk" sh -c '"$0" explain small.yaml >/dev/full' "$NINES"
finish
