#!/bin/sh
# One sweep, whoever works on it: the same bytes.
. "$(dirname "$0")/sweeps.sh"

for kind in simulated solved; do
  "$NINES" sweep $kind.yaml -o $kind.h5 --jobs 1 -q >$kind.txt || fail "$kind, one thread"
  [ ! -e $kind.h5.journal ] || fail "$kind: the journal stays behind"
  mkdir two
  "$NINES" sweep $kind.yaml -o two/$kind.h5 --jobs 2 -q >two/$kind.txt || fail "$kind, two threads"
  cmp $kind.h5 two/$kind.h5 || fail "$kind: two threads give other bytes than one"
  cmp $kind.txt two/$kind.txt || fail "$kind: two threads tell another story than one"
  mkdir shards
  for k in 2 1; do
    "$NINES" sweep $kind.yaml -o shards/$kind.h5 --shard $k/3 --jobs 1 -q >shards/out.txt || fail "$kind, shard $k"
    [ ! -s shards/out.txt ] || fail "$kind: a shard prints results"
  done
  status=0
  "$NINES" merge shards/$kind.h5 -q >shards/out.txt 2>shards/err.txt || status=$?
  [ $status = 6 ] || fail "$kind: merging without the third shard ends with $status"
  grep -q 'are not finished' shards/err.txt || fail "$kind: merging does not say what is missing"
  [ ! -e shards/$kind.h5 ] || fail "$kind: merging without the third shard writes a result"
  mkdir elsewhere
  "$NINES" sweep $kind.yaml -o elsewhere/$kind.h5 --shard 3/3 -q
  "$NINES" merge shards/$kind.h5 elsewhere/$kind.h5.journal -q >shards/$kind.txt || fail "$kind: merging"
  cmp $kind.h5 shards/$kind.h5 || fail "$kind: three shards give other bytes than one thread"
  for text in csv jsonl; do
    "$NINES" merge shards/$kind.h5 elsewhere/$kind.h5.journal -o shards/$kind.$text -q >/dev/null
    "$NINES" merge shards/$kind.h5 elsewhere/$kind.h5.journal --format $text -q >printed.$text
    cmp shards/$kind.$text printed.$text || fail "$kind: $text on standard output differs from the file"
  done
  "$NINES" sweep $kind.yaml -o $kind.csv -q >/dev/null
  cmp $kind.csv shards/$kind.csv || fail "$kind: shards give another table"
  rm -r two shards elsewhere
done

# A point of a sweep is what `nines run` says of it.
"$NINES" sweep simulated.yaml --only cluster.replication=3 --only cluster.brokers=5 --only faults.zone-outage.rate=2/year --format jsonl -q >point.jsonl
"$NINES" run camunda-three-zones --replications 75 --set cluster.replication=3 --set cluster.brokers=5 --set faults.zone-outage.rate=2/year --set 'expect=[uptime.all >= 50%]' --format json -q >run.json
python3 - <<'PY' || fail "a point of a sweep differs from a run of it"
import json
rows = [json.loads(line) for line in open("point.jsonl")]
assert len(rows) == 1, len(rows)
run = json.load(open("run.json"))
text = json.dumps(rows[0])
metrics = rows[0]["metrics"]
assert len(metrics) > 30, len(metrics)
for name, metric in metrics.items():
    for key in ("value", "low", "high"):
        assert metric.get(key) == run["metrics"][name].get(key), (name, key, metric, run["metrics"][name])
PY

# What does not go on.
"$NINES" sweep simulated.yaml -o kept.h5 --keep-journal -q >/dev/null
"$NINES" sweep simulated.yaml -o kept.h5 -q >/dev/null 2>err.txt && fail "a journal that is there is passed over"
grep -q -- '--resume goes on' err.txt || fail "nobody says how to go on: $(cat err.txt)"
"$NINES" sweep simulated.yaml -o kept.h5 --resume --seed 2 -q >/dev/null 2>err.txt && fail "a journal of another seed is used"
grep -q 'belongs to another sweep' err.txt || fail "another seed is not told: $(cat err.txt)"
"$NINES" sweep simulated.yaml -o kept.h5 --resume -q >/dev/null || fail "a finished journal does not resume"
cmp simulated.h5 kept.h5 || fail "a result from the journal alone has other bytes"
echo "sweeps are the same bytes, whoever works on them"
