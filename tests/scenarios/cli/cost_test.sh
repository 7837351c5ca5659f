#!/bin/sh
# What a scenario costs: a bill that was worked out by hand comes out to the cent, in every format, and nothing is priced by guesswork.
. "$(dirname "$0")/common.sh"

# us-east-1 on EKS: six machines, three brokers, three nodes of secondary storage, 1 MB/s of log to two followers in other zones.
cat >golden.yaml <<'YAML'
apiVersion: nines/v1
kind: Scenario
metadata: {name: golden}
catalogs: {prices: aws}
topology:
  regions: [{name: us-east-1, zones: [a, b, c]}]
  nodePools: {nodes: {zones: us-east-1/*, nodes: 6, type: m6i.xlarge, disk: {type: gp3, size: 64Gi}}}
cluster: {profile: camunda-8.9, brokers: 3, partitions: 3, replication: 3, load: {appends: 1000/s, size: 1kB}}
operations: {platform: kubernetes, downtimeCost: 5000 USD/h}
costs:
  services: {nat-gateway: 3, load-balancer: 1}
  secondaryStorage: {nodes: 3, disk: {type: gp3, size: 256Gi}}
  backups: {size: 100Gi}
  traffic: {clients: 0B/s, exporter: 0B/s}
YAML
expect 0 "the golden bill" "$NINES" cost golden.yaml --as-of 2024-08-01
says out "golden: 1,213.16 USD a month"
silent err
expect 0 "the golden bill for programs" "$NINES" cost golden.yaml --format csv -q
cut -d, -f1 out | sort | uniq -c | tr -s ' ' | tr '\n' ';' >counts
says counts " 1 category; 1 compute; 3 platform; 3 storage; 1 traffic;"
"$NINES" cost golden.yaml -q --as-of 2024-08-01 >one
"$NINES" cost golden.yaml -q --as-of 2030-08-01 >two
cmp -s one two || fail "a bill that depends on the day it is printed"
for amount in 840.96 73.00 15.36 61.44 98.55 16.43 105.12 2.30; do says one " $amount "; done
says one "exact arithmetic; prices of 2024-07-01 to 2026-07-20, confidence A to B"

# Ten times the log is ten times its traffic, and nothing else.
expect 0 "ten times the log" "$NINES" cost golden.yaml -q --set cluster.load.appends=10000/s
says out " 52560  GB "
says out " 1,051.20 "
says out "golden: 2,159.24 USD a month"

if command -v python3 >/dev/null 2>&1; then
  "$NINES" cost golden.yaml -q --format json | python3 -c '
import json, sys
bill = json.load(sys.stdin)
rows = bill["items"]["rows"]
assert round(sum(row["amount"] for row in rows), 2) == 1213.16
assert bill["categories"]["rows"][-1]["amount"] == 1213.16
for row in rows: assert row["confidence"] in "ABC" and row["date"] > "2024" and row["source"], row
for row in rows: assert abs(row["quantity"] * row["unit_price"] / row["unit_price_months"] - row["amount"]) < 1e-6, row
' || fail "the JSON of a bill"
fi
expect 0 "markdown" "$NINES" cost golden.yaml -q --format markdown
says out "| total | 1,213.16 | 100.0 % |"
expect 2 "no JSON lines" "$NINES" cost golden.yaml --format jsonl
one_error

# Downtime, staff, licences, reserved machines and another currency are added only when they are said.
expect 0 "the cost of downtime" "$NINES" cost golden.yaml -q --uptime 99.95%
says out "downtime  expected downtime"
says out " 1,825.00 "
expect 0 "staff and licence" "$NINES" cost golden.yaml -q --set "costs.staff={engineers: 1, salary: 107167 USD/year}" --set "costs.licence=12000 USD/year"
says out " 8,930.58 "
says out " 1,000.00 "
expect 0 "staff by the rule of thumb" "$NINES" cost golden.yaml -q --set "costs.staff={}"
says out "share of a rotation on call, 24x7"
expect 0 "reserved" "$NINES" cost golden.yaml -q --set costs.purchase=reserved-1y
says out " 529.80 "
expect 0 "faster disks" "$NINES" cost golden.yaml -q --set topology.nodePools.nodes.disk.iops=6000/s --set topology.nodePools.nodes.disk.throughput=250MB/s
says out " 45.00 "
says out " 15.00 "
expect 0 "in euros" "$NINES" cost golden.yaml -q --set costs.currency=EUR --set "costs.exchange={USD: {rate: 0.92, date: 2026-07-01, source: a bank}}"
says out "golden: 1,116.11 EUR a month"
says out "1 USD = 0.92 EUR on 2026-07-01, by a bank"
expect 3 "in euros without a rate" "$NINES" cost golden.yaml -q --set costs.currency=EUR
says err "no rate of exchange from USD to EUR is given"

# Old prices are warned of, from the day after half a year.
expect 0 "stale prices" "$NINES" cost golden.yaml --as-of 2025-06-01
says err "the price source 'infracost-ebs' is of 2024-07-01, 335 days before 2025-06-01"
expect 0 "stale prices, quietly" "$NINES" cost golden.yaml --as-of 2025-06-01 -q
silent err
expect 2 "no such day" "$NINES" cost golden.yaml --as-of 2025-02-30
one_error

# What the catalogue does not know is an error at its place, with the nearest name.
expect 3 "an unknown machine" "$NINES" cost golden.yaml -q --set topology.nodePools.nodes.type=m6i.xlarg
says err "the prices 'aws' know no machine 'm6i.xlarg'; did you mean 'm6i.xlarge'?"
sed 's/us-east-1/us-east-9/g' golden.yaml >region.yaml
expect 3 "an unknown region" "$NINES" cost region.yaml -q
says err "region.yaml:6:20: error: the prices 'aws' know no region 'us-east-9'; did you mean 'us-east-1'?"
sed 's/us-east-1/eu-west-1/g; s/m6i.xlarge/m7g.xlarge/' golden.yaml >elsewhere.yaml
expect 3 "a machine that is sold elsewhere" "$NINES" cost elsewhere.yaml -q
says err "elsewhere.yaml:7:59: error: the prices 'aws' have none of m7g.xlarge in eu-west-1; there is one in us-east-1"
expect 3 "an unknown service" "$NINES" cost golden.yaml -q --set costs.services.nat-gatewy=1
says err "did you mean 'nat-gateway'?"
expect 3 "no prices" "$NINES" cost small.yaml -q
says err "no price catalogue is chosen"
says err "nines list prices"
expect 0 "a run tells the same costs" "$NINES" run golden.yaml -q --replications 3 --format csv
says out "cost.month,1213.16,"
grep -v '^cost' out >with
expect 0 "and is the same run without prices" "$NINES" run golden.yaml -q --replications 3 --format csv --set catalogs.prices=none
grep -v '^cost' out | cmp -s - with || fail "a run that depends on prices"
expect 2 "no scenario" "$NINES" cost
one_error

# Every scenario of the library has its price, also with other providers.
"$NINES" list scenarios --format csv | sed 1d | cut -d, -f2 >names
while read -r name; do
  expect 0 "cost $name" "$NINES" cost "$name" -q
done <names
sed 's/us-east-1/germanywestcentral/g; s/prices: aws/prices: azure/; s/m6i.xlarge/D4s_v5/; s/gp3/premium-ssd/g' golden.yaml >azure.yaml
expect 0 "Azure" "$NINES" cost azure.yaml -q
says out " 1,007.40 "   # 6 x 730 h x 0.230
says out " 30.63 "      # Three P6, of 64 GiB.
sed 's/us-east-1/europe-west3/g; s/prices: aws/prices: gcp/; s/m6i.xlarge/n2-standard-4/; s/gp3/pd-ssd/g; /services:/d' golden.yaml >gcp.yaml
expect 0 "Google Cloud" "$NINES" cost gcp.yaml -q
sed 's/us-east-1/fsn1/g; s/prices: aws/prices: hetzner/; s/m6i.xlarge/CCX23/; s/gp3/local-nvme/g; /services:/d; s/, downtimeCost: 5000 USD.h//' golden.yaml >hetzner.yaml
expect 0 "Hetzner" "$NINES" cost hetzner.yaml -q
says out " EUR a month"
says out " 146.94 "
says out "no managed Kubernetes"
sed 's/prices: hetzner/prices: own-hardware/; s/CCX23/own-2u-32/' hetzner.yaml >own.yaml
expect 0 "machines of one's own" "$NINES" cost own.yaml -q --set topology.nodePools.nodes.nodes=1
says out " 191.67 "
says out " 82.12 "
says out " 120.00 "
says out " 100.00 "

finish
