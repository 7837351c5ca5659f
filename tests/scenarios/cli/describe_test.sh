#!/bin/sh
# The commands that describe: help fits a screen, the starter is a valid scenario, the schema and the lists are data.
. "$(dirname "$0")/common.sh"

for command in "" run incident explain compare sweep merge submit import cost fuzz fit validate list init schema completion manual version help; do
  expect 0 "help $command" "$NINES" help $command
  [ "$(wc -l <out)" -le 24 ] || fail "help $command is longer than a screen of 24 lines"
  [ "$(wc -L <out)" -le 130 ] || fail "help $command is wider than 130 columns"
  says out "example:"
  silent err
done
expect 0 "run --help" "$NINES" run --help
cp out long
expect 0 "help run" "$NINES" help run
cmp -s long out || fail "run --help and help run differ"

expect 0 "init" "$NINES" init
cp out starter.yaml
expect 0 "the starter" "$NINES" validate starter.yaml
silent err
expect 0 "init FILE" "$NINES" init mine.yaml
cmp -s starter.yaml mine.yaml || fail "init FILE writes something else"
echo "# mine" >>mine.yaml
expect 8 "init over a file" "$NINES" init mine.yaml
one_error
says mine.yaml "# mine"

expect 0 "list" "$NINES" list
for name in camunda-three-zones camunda-single-zone camunda-single-node camunda-two-regions etcd-three-zones etcd-five-nodes public-cloud zeebe-8.9 etcd-3.5 raft-paper; do
  says out "$name"
done
"$NINES" list scenarios --format csv | sed 1d | cut -d, -f2 >names
while read -r name; do
  expect 0 "validate $name" "$NINES" validate "$name"
done <names
[ "$(wc -l <names)" -ge 6 ] || fail "too few scenarios"

expect 0 "validate --explain" "$NINES" validate small.yaml --explain --format csv
says out "cluster.replication,3,"
expect 0 "a setting shows in it" "$NINES" validate small.yaml --explain --format csv --set cluster.partitions=7
says out "cluster.partitions,7,"

if command -v python3 >/dev/null 2>&1; then
  "$NINES" schema | python3 -c 'import json, sys; assert json.load(sys.stdin)["$schema"]' || fail "the schema is no JSON"
  "$NINES" list --format json | python3 -c 'import json, sys; assert len(json.load(sys.stdin)) > 10' || fail "list is no JSON"
  "$NINES" run small.yaml -q --format json | python3 -c '
import json, sys
answer = json.load(sys.stdin)
for key in ("schema_version", "tool", "version", "scenario", "seed", "fingerprint", "stop_reason", "metrics"): assert key in answer, key
assert answer["scenario"]["name"] == "small"
' || fail "the JSON of a run lacks something"
  "$NINES" run small.yaml -q --format jsonl | python3 -c '
import json, sys
lines = [json.loads(line) for line in sys.stdin]
assert any(line["metric"] == "uptime.all" for line in lines)
' || fail "JSON lines"
fi

finish
