#!/bin/sh
# Gates as a build server meets them: formats, exit codes, and which line did it.
. "$(dirname "$0")/common.sh"

xml() { /usr/bin/python3 -c 'import sys, xml.etree.ElementTree as e; e.parse(sys.argv[1])' "$1" || fail "$1 is no XML"; }

sed 's/^catalogs:.*/catalogs: {faults: none, prices: aws}/; s/regions: .*/regions: [{name: us-east-1, zones: [a, b, c]}]/; s#zones: r/\*#zones: us-east-1/*#; s/load: none/load: {appends: 10\/s}/' small.yaml >base.yaml
printf 'expect:\n  - uptime.all >= 99%%\n  - cost.month <= 1000 USD\n' >>base.yaml

# A run with its expectations.
expect 0 "what passes" "$NINES" run base.yaml -q --format junit
xml out
says out 'tests="2" failures="0" errors="0"'
says out 'file="base.yaml" line="13"'
says out '<property name="seed" value="1"/>'
expect 4 "what fails" "$NINES" run base.yaml -q --format junit --set 'expect=[uptime.all >= 99.99999%]'
xml out
says out '<failure type="failed"'
expect 7 "what is undecided" "$NINES" run base.yaml -q --format junit --set 'expect=[failover.max <= 1h]'
xml out
says out '<error type="undecided"'
sed 's/>= 99%/>= 99.99999%/' base.yaml >promise.yaml
GITHUB_STEP_SUMMARY=$scratch/summary
export GITHUB_STEP_SUMMARY
expect 4 "annotations" "$NINES" run promise.yaml -q --format github -o report.xml
xml report.xml
says out '::error file=promise.yaml,line=13,col=5,title=nines%3A small::uptime.all >= 99.99999%25 failed: '
says out '::notice title='
says summary '## small'
says summary '**failed**'
head -c 1048000 /dev/zero | tr '\0' 'x' >summary
expect 4 "a summary that is nearly full" "$NINES" run promise.yaml -q --format github
[ "$(wc -c <summary)" -lt 1048576 ] || fail "the summary is longer than GitHub takes"
says summary 'left out'
if can_be_nobody; then
  GITHUB_STEP_SUMMARY=/nowhere/summary
  expect 8 "a summary that cannot be written" "$NINES" run promise.yaml -q --format github
  one_error
fi
unset GITHUB_STEP_SUMMARY
expect 0 "nothing expected" "$NINES" run small.yaml --format junit
says err "nothing is expected"
xml out

# Two scenarios.
sed 's/replication: 3, load/replication: 1, load/' base.yaml >worse.yaml
sed 's/m6i.large/m6i.xlarge/' base.yaml >dearer.yaml
expect 0 "side by side, without a gate" "$NINES" compare base.yaml worse.yaml -q
says out "paired, 30 replications"
says out "cluster.replication"
expect 5 "a regression" "$NINES" compare base.yaml worse.yaml --gate -q
says out "Failed: downtime.minutes_per_year is no worse than in base.yaml: worse: "
says out "changed: cluster.replication: 3 -> 1 (worse.yaml:8)"
says out "; see worse.yaml:8"
expect 5 "the same for a report of tests" "$NINES" compare base.yaml worse.yaml --gate -q --format junit -o gate.json
xml out
says out 'file="worse.yaml" line="8"'
/usr/bin/python3 - <<'PY' || fail "the JSON of a gate"
import json
book = json.load(open("gate.json"))
gates = {row["gate"].split()[0]: row for row in book["gates"]["rows"]}
assert gates["downtime.minutes_per_year"]["verdict"] == "failed", gates
row = {row["metric"]: row for row in book["differences"]["rows"]}["downtime.minutes_per_year"]
assert row["low"] > 0 and row["low"] < row["difference"] < row["high"], row
assert book["changed_settings"]["rows"] == [{"setting": "cluster.replication", "base": "3", "head": "1", "where": "worse.yaml:8"}], book
PY
expect 5 "annotations of a regression" "$NINES" compare base.yaml worse.yaml --gate -q --format github
says out '::error file=worse.yaml,line=8,col='
says out '%0Achanged: cluster.replication: 3 -> 1'
expect 0 "the other way round" "$NINES" compare worse.yaml base.yaml --gate --fail-on downtime.minutes_per_year,quorum_loss.per_year -q
expect 5 "what is dearer" "$NINES" compare base.yaml dearer.yaml --gate -q
says out "The bill of a month, in USD"
says out "m6i.large, 3 nodes of pool pool in us-east-1 -> m6i.xlarge"
expect 0 "what may be dearer" "$NINES" compare base.yaml dearer.yaml --gate -q --tolerance cost.month=200%
expect 0 "what is not asked" "$NINES" compare base.yaml dearer.yaml --gate -q --fail-on uptime.all
sed 's/rate: 3/rate: 3.001/' base.yaml >nearly.yaml
expect 0 "nearly the same" "$NINES" compare base.yaml nearly.yaml --gate -q
says out "not distinguishable"
expect 7 "nearly the same, strictly" "$NINES" compare base.yaml nearly.yaml --gate --strict -q
sed '1,/^expect:/ s/^expect:/costs: {purchase: reserved-1y}\nexpect:/' base.yaml >reserved.yaml
expect 0 "other prices only, strictly" "$NINES" compare base.yaml reserved.yaml --gate --strict -q
says out "0 (exact: one world under one seed)"
expect 5 "a latency in closed form" "$NINES" compare dearer.yaml base.yaml --gate --fail-on latency.p99 -q
says out "(closed form, no interval)"
sed 's/prices: aws/prices: none/; /cost.month/d' base.yaml >free.yaml
expect 0 "a bill that one has" "$NINES" compare base.yaml free.yaml --gate -q
says out "cannot be compared: only BASE has it"
expect 0 "a bill that one has, as a report" "$NINES" compare base.yaml free.yaml --gate -q --format junit
xml out
says out 'errors="0" skipped="1"'
expect 7 "a bill that one has, strictly" "$NINES" compare base.yaml free.yaml --gate --strict -q
sed 's/zones: \[a, b, c\]/zones: [d, e, f]/' base.yaml >elsewhere.yaml
expect 0 "other zones" "$NINES" compare base.yaml elsewhere.yaml -q --set faults.node-loss.scope=zone
says out "no source of faults is common to both"
expect 7 "what neither has" "$NINES" compare base.yaml base.yaml --gate --fail-on throughput.region_lost -q
# Long repairs: most of the downtime is solved, and little of it measured.
sed 's/rate: 3/rate: 9/' base.yaml >often.yaml
expect 5 "solved" "$NINES" compare base.yaml often.yaml --gate --method exact -q --set "faults.node-loss.duration={exponential: {mean: 48h}}"
says out "exact"
"$NINES" compare base.yaml worse.yaml --gate -q --jobs 1 --format json >one
"$NINES" compare base.yaml worse.yaml --gate -q --jobs 2 --format json >two
cmp -s one two || fail "a gate that depends on the number of threads"

# It goes on until all is decided: at 30 replications a twentieth more faults are not seen.
sed 's/rate: 3/rate: 3.6/' base.yaml >slightly.yaml
expect 0 "too few replications" "$NINES" compare base.yaml slightly.yaml --gate --fail-on failover.per_year -q --replications 4
expect 5 "as many as it takes" "$NINES" compare base.yaml slightly.yaml --gate --fail-on failover.per_year -q --replications 4 --max-time 50s

# Results in the place of scenarios.
expect 0 "a result" "$NINES" run base.yaml -q -o base.h5
"$NINES" run base.yaml -q --format json >base.json
expect 5 "against a result" "$NINES" compare base.h5 worse.yaml --gate -q
says out "paired, 30 replications"
says out "changed: cluster.replication: 3 -> 1 (worse.yaml:8)"
expect 5 "against an answer" "$NINES" compare base.json worse.yaml --gate -q
expect 0 "two results" "$NINES" compare base.h5 base.json --gate -q
# What was worse by region outages of 12 h that no replication met was called better, for its shorter elections.
sed 's/rate: 3/rate: 20/' base.yaml >busy.yaml
sed 's/profile: zeebe-8.9, /&raft: {electionTimeout: 1s}, /; s/^faults:/&\n  region-out: {scope: region, effect: stop, rate: 0.01\/year, duration: 12h}/' busy.yaml >giant.yaml
for one in busy giant; do "$NINES" run $one.yaml --seed 6 --replications 60 -q -o $one.h5 >out || fail "$one"; done
expect 5 "two results and an outage that neither met" "$NINES" compare busy.h5 giant.h5 --gate --strict --fail-on downtime.minutes_per_year -q
says out "quorums exact, the rest paired"
# Solving counts no losses: that is not the same as losing nothing.
sed 's/effect: stop/effect: replace/' base.yaml >loses.yaml
"$NINES" run loses.yaml --method exact -q --format json >solved.json
expect 7 "losses that nobody counted" "$NINES" compare solved.json loses.yaml --gate --fail-on data_loss.per_year -q
says out "cannot be compared: only HEAD has it"
expect 8 "no result" sh -c "printf '\\211HDF\\r\\n\\032\\n' >broken.h5; \"$NINES\" compare broken.h5 base.yaml -q"
expect 8 "an answer cut short" sh -c "head -c 300 base.json >cut.json; \"$NINES\" compare cut.json base.yaml -q"

# A run again from its result.
fingerprint() { "$NINES" run "$@" -q --format json | /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["fingerprint"])'; }
"$NINES" run base.yaml -q --seed 7 --replications 12 --set cluster.partitions=5 --set 'metadata.question=Whose "question"? It'"'"'s mine.' -o seven.h5 >out
want=$(fingerprint base.yaml --seed 7 --replications 12 --set cluster.partitions=5)
[ "$(fingerprint seven.h5)" = "$want" ] || fail "a run from its result has another fingerprint"
[ "$(fingerprint seven.h5 --seed 8)" = "$(fingerprint base.yaml --seed 8 --replications 12 --set cluster.partitions=5)" ] || fail "an option laid over a result"
"$NINES" run seven.h5 -q -o again.h5 >out
[ "$(fingerprint again.h5)" = "$want" ] || fail "a result of a result"
"$NINES" run base.yaml -q --relative-error 20% -o precise.h5 >out
[ "$(fingerprint precise.h5)" = "$(fingerprint base.yaml --relative-error 20%)" ] || fail "a precision that was asked for"
expect 8 "no run" "$NINES" run broken.h5 -q
one_error

expect 2 "a gate between three" "$NINES" compare base.yaml worse.yaml dearer.yaml --gate
expect 2 "a metric that nobody knows" "$NINES" compare base.yaml worse.yaml --gate --fail-on uptime.al
says err "--fail-on needs metrics"
expect 2 "a tolerance without a gate" "$NINES" compare base.yaml worse.yaml --tolerance cost.month=5%
expect 2 "a tolerance of nothing" "$NINES" compare base.yaml worse.yaml --gate --tolerance cost.month=much
expect 2 "a tolerance of what is not judged" "$NINES" compare base.yaml worse.yaml --gate --fail-on uptime.all --tolerance cost.month=5%
says err "judged: uptime.all"
expect 7 "a tolerance in another currency" "$NINES" compare base.yaml dearer.yaml --gate -q --tolerance "cost.month=50 EUR"
says out "its tolerance is in EUR, the bill in USD"
expect 0 "data that neither can lose" "$NINES" compare base.yaml base.yaml --gate -q --fail-on data_loss.per_year
expect 2 "junit without a gate" "$NINES" compare base.yaml worse.yaml --format junit
expect 2 "junit of a list" "$NINES" list --format junit
finish
