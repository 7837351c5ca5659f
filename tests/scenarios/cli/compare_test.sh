#!/bin/sh
# nines compare, as it is typed: what it shows and what it refuses.
. "$(dirname "$0")/common.sh"

sed 's/^catalogs:.*/catalogs: {faults: none, prices: aws}/; s/regions: .*/regions: [{name: us-east-1, zones: [a, b, c]}]/; s#zones: r/\*#zones: us-east-1/*#; s/load: none/load: {appends: 10\/s}/' small.yaml >priced.yaml
sed 's/name: small/name: larger/; s/m6i.large/m6i.xlarge/; s/rate: 3/rate: 1/' priced.yaml >larger.yaml
# Long repairs: most of the downtime is solved, and little of it measured.
expect 0 "two scenarios solved" "$NINES" compare priced.yaml larger.yaml --method exact -q --set "faults.node-loss.duration={exponential: {mean: 48h}}"
says out "Compared: small, larger"
says out "for a minute avoided"
says out "the cheapest"
"$NINES" compare priced.yaml larger.yaml --replications 60 --format json -q >one
"$NINES" compare priced.yaml larger.yaml --replications 60 --format json -q --jobs 1 >two
cmp -s one two || fail "an answer that depends on the number of threads"
/usr/bin/python3 - <<'PY' || fail "the price of a minute does not follow from cost and downtime"
import json
book = json.load(open("one"))
price = {row["scenario"]: row for row in book["price"]["rows"]}
down = {row["metric"]: row for row in book["differences"]["rows"]}["downtime.minutes_per_year"]
per_minute = lambda less: -12 * (price["larger"]["cost"] - price["small"]["cost"]) / less
for key, other in (("per_minute", "difference"), ("per_minute_low", "low"), ("per_minute_high", "high")):
    want = per_minute(down[other])
    assert abs(price["larger"][key] - want) < 1e-9 * want, (key, price, down)
PY
expect 0 "what is simulated" "$NINES" compare priced.yaml small.yaml --replications 30 -q
says out "has no bill"
says out "over the years"

expect 2 "one alone" "$NINES" compare priced.yaml
says err "two or more"
expect 2 "a format without a meaning" "$NINES" compare priced.yaml larger.yaml --format csv
expect 8 "a file that is not there" "$NINES" compare priced.yaml nowhere.yaml
finish
