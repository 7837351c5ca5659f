#!/bin/sh
# A dual region with people who fail over, end to end: both published recovery times, nothing lost with four replicas, a loss shown with three.
. "$(dirname "$0")/common.sh"


# Fifteen minutes: Camunda's resilience tiers, Tier 2, with the election of those who are left.
expect 0 "the library's scenario" "$NINES" run camunda-two-regions-failover --replications 40 --format json
python3 - out <<'PY' || fail "the failover is not what Camunda's Tier 2 says"
import json, sys
metrics = json.load(open(sys.argv[1]))["metrics"]
assert 14 * 60 < metrics["rto.region-outage.p95"]["value"] < 16 * 60, metrics["rto.region-outage.p95"]
assert 35 * 60 < metrics["rto.region-outage.failback"]["value"] < 37 * 60, metrics["rto.region-outage.failback"]
rpo = metrics["rpo.region-outage"]
assert rpo["value"] == 0 and "exact" in rpo["method"], rpo
PY

# Less than a minute once somebody acts and users are there, and an election.
expect 0 "without detection and rerouting" "$NINES" run camunda-two-regions-failover --replications 40 --format json \
  --set operations.failover.detection=0s --set operations.failover.decision=0s --set operations.failover.reroute=0s --set operations.failover.removal=50s
python3 - out <<'PY' || fail "the failover takes more than a minute and an election"
import json, sys
metrics = json.load(open(sys.argv[1]))["metrics"]
assert 50 < metrics["rto.region-outage.p95"]["value"] < 60 + 10, metrics["rto.region-outage.p95"]
PY

# Two of three replicas in one region: it decides alone, and is lost with what the third had not been told.
expect 0 "three replicas" "$NINES" run camunda-two-regions-failover --replications 20 --format json --set cluster.replication=3
python3 - out <<'PY' || fail "three replicas are said to lose nothing"
import json, sys
rpo = json.load(open(sys.argv[1]))["metrics"]["rpo.region-outage"]
assert rpo["value"] != 0, rpo
PY

# With people, less downtime than without them.
expect 0 "with" "$NINES" run camunda-two-regions-failover --replications 40 --format json
cp out with
expect 0 "without" "$NINES" run camunda-two-regions-failover --replications 40 --format json --set operations.failover=off
python3 - with out <<'PY' || fail "people win nothing"
import json, sys
with_people, without = (json.load(open(name))["metrics"]["downtime.share.region-outage"]["value"] * json.load(open(name))["metrics"]["downtime.minutes_per_year"]["value"]
                        for name in sys.argv[1:])
assert with_people < without, (with_people, without)
PY

# Second by second: commands end again once those who are left decide, not when the region is back.
expect 0 "an incident" "$NINES" incident camunda-two-regions-failover --length 6min --rate 50/s --format json --seed 1 \
  --set 'incidents={region-dies: [{at: 30s, fault: region-outage, on: eu-west-2, for: 5min}]}' --set operations.failover.detection=1min \
  --set operations.failover.decision=10s --set operations.failover.reroute=10s --set operations.failover.removal=10s
python3 - out <<'PY' || fail "users do not write again after the failover"
import json, sys
answer = json.load(open(sys.argv[1]))
removed = [row["at"] for row in answer["changes"]["rows"] if row["what"] == "replica removed"]
assert len(removed) == 16 and all(abs(at - 120) < 1e-6 for at in removed), removed
phases = {row["phase"]: row for row in answer["phases"]["rows"]}
served = phases["region eu-west-2 lost"]
assert served["from"] < 150 and served["completed"] > 40, served
PY

expect 3 "solved" "$NINES" run camunda-two-regions-failover --method exact
says err "operations.failover"
expect 0 "explained" "$NINES" explain camunda-two-regions-failover
says out "before anybody steps in"
expect 0 "one region" "$NINES" validate camunda-three-zones --set operations.failover.detection=5min
says err "no cluster has brokers in two regions"
expect 3 "etcd" "$NINES" validate etcd-three-zones --set 'topology.regions=[{name: us-east-1, zones: [a]}, {name: us-east-2, zones: [a]}]' \
  --set 'topology.nodePools.members.zones=[us-east-1/*, us-east-2/*]' --set operations.failover.detection=5min
says err "changes its members one at a time"
finish
