#!/bin/sh
# Values files of Camunda's charts of five releases, as they are published: each becomes a scenario with the right numbers, and runs.
set -u
: "${NINES:?the path of the program}"
charts=${NINES_PEER_DATA:-}/helm
if [ -z "${NINES_PEER_DATA:-}" ] || [ ! -d "$charts" ]; then
  echo "NINES_PEER_DATA names no folder with helm/VERSION/values.yaml"
  exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0 files=0
fail() {
  echo "FAILED: $1"
  failures=$((failures + 1))
}

# What the file itself says, the first time a key stands at the level of the brokers' section.
said() { sed -n "s/^  $1: *\"\{0,1\}\([0-9][0-9]*\)\"\{0,1\} *$/\1/p" "$2" | head -n 1; }
# What the scenario says.
written() { sed -n "s/^ *$1: \([0-9][0-9]*\).*/\1/p" "$scratch/scenario.yaml" | head -n 1; }

for file in "$charts"/*/values*.yaml; do
  files=$((files + 1))
  version=$(basename "$(dirname "$file")")
  name=$version/$(basename "$file")
  timeout 60 "$NINES" import helm --chart-version "$version" -f "$file" -o "$scratch/scenario.yaml" 2>"$scratch/err" ||
    { fail "$name: $(cat "$scratch/err")"; continue; }
  # A section of the chart for 8.5 to 8.9 has its brokers, partitions and replicas before any other section's.
  section=orchestration
  case $version in 8.[567]) section=zeebe ;; esac
  sed -n "/^$section:/,\$p" "$file" >"$scratch/section"
  for pair in clusterSize=brokers partitionCount=partitions replicationFactor=replication; do
    theirs=$(said "${pair%=*}" "$scratch/section") ours=$(written "${pair#*=}")
    [ -n "$theirs" ] && [ "$theirs" = "$ours" ] || fail "$name: ${pair%=*} $theirs became ${pair#*=} $ours"
  done
  regions=$(sed -n 's/^    regions: *\([0-9][0-9]*\) *$/\1/p' "$file" | head -n 1)
  [ "$(grep -c '^    - {name: ' "$scratch/scenario.yaml")" = "${regions:-1}" ] || fail "$name: not ${regions:-1} region"
  grep -q "profile: camunda-$version " "$scratch/scenario.yaml" || fail "$name: another profile"
  timeout 120 "$NINES" run "$scratch/scenario.yaml" -q --replications 2 >"$scratch/out" 2>&1 || fail "$name does not run: $(cat "$scratch/out")"
  grep -q uptime.all "$scratch/out" || fail "$name: no answer"
done
[ "$files" -ge 10 ] || fail "only $files files"
echo "$files files of values imported and run, $failures failures"
[ "$failures" = 0 ]
