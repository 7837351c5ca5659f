#!/bin/sh
# A single machine with backups, end to end: how long it is down when its data are lost, and what that depends on.
. "$(dirname "$0")/common.sh"

# Everything is known: the machine is back within a minute, five minutes until somebody knows, five to decide, then the data and the start.
expect 0 "fixed steps" "$NINES" run camunda-single-node-backups --replications 100 --years 5 --format json --set faults.node-replacement.rate=2/year \
  --set faults.node-replacement.duration=1min --set operations.backup.download=100s --set cluster.load=none
python3 - out <<'PY' || fail "the steps do not add up"
import json, sys
metrics = json.load(open(sys.argv[1]))["metrics"]
steps = 600 + 100 + 172
rto = metrics["rto.backup"]
assert steps < rto["value"] < 1.2 * steps, rto  # An election; now and then another fault meanwhile.
often = metrics["data_loss.per_year"]
assert often["low"] < 2 < often["high"], often
assert metrics["rpo.backup"]["value"] == 1860 and metrics["rpo.backup"]["method"].startswith("exact"), metrics["rpo.backup"]
assert metrics["rpo.backup.max"]["value"] == 3660, metrics["rpo.backup.max"]
PY

# The interval moves what is lost and nothing else.
expect 0 "every ten minutes" "$NINES" run camunda-single-node-backups --replications 20 --format json --set operations.backup.every=10min
python3 - out <<'PY' || fail "ten minutes, and one until a backup is complete"
import json, sys
assert json.load(open(sys.argv[1]))["metrics"]["rpo.backup.max"]["value"] == 660
PY

# Explained: the steps, of which the download follows from the size of the state.
expect 0 "explain" "$NINES" explain camunda-single-node-backups --format json
python3 - out 10.2 <<'PY' || fail "explain does not price the steps back"
import json, sys
book = json.load(open(sys.argv[1]))
row, takes = book["backup"]["rows"][0], 300 + 300 + 27 + float(sys.argv[2]) + 172
assert abs(row["takes"] - takes) < 0.01, row
assert abs(row["minutes_per_year"] - book["data_loss"]["rows"][0]["per_year"] * takes / 60) < 1e-6, row
PY
expect 0 "ten times the state" "$NINES" explain camunda-single-node-backups --format json --set cluster.state=10GiB
python3 - out <<'PY' || fail "the size does not count"
import json, sys
row = json.load(open(sys.argv[1]))["backup"]["rows"][0]
assert abs(row["takes"] - (300 + 300 + 27 + 102 + 172)) < 0.01, row
PY

# The exact method says why not; where backups are hardly ever gone back to, a run is still solved beside what is simulated.
expect 3 "exactly" "$NINES" run camunda-single-node-backups --method exact
grep -q 'operations.backup' err || fail "the refusal does not name the backup"
expect 0 "three zones" "$NINES" run camunda-three-zones --replications 50 --format json --set operations.backup.every=1h
python3 - out <<'PY' || fail "three zones with backups are not solved"
import json, sys
assert json.load(open(sys.argv[1]))["metrics"]["quorum_loss.fraction"]["method"] == "exact"
PY
finish
