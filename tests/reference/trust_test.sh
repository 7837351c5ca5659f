#!/bin/sh
# The table "How far to trust it" in models/raft/README.md is what the tests measure now. To write it anew: trust_test.sh --write, or NINES_REGENERATE=1.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
binaries=${NINES_BINARY_DIR:-$here/../../build/test}
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
[ "${NINES_REGENERATE:-}" != 1 ] || set -- --write
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
run() {
  "$binaries/tests/$1" --gtest_output="json:$folder/$1.json" --gtest_filter="$2" >"$folder/log" 2>&1 || { cat "$folder/log"; echo "$1 fails: nothing to tabulate"; exit 1; }
}
run tests_reference '*'
run tests_real 'EtcdQuorum.*:EtcdConfChange.*:EtcdInteraction.TheCore*'
python3 "$here/trust.py" "$here/../.." "$folder/tests_reference.json" "$folder/tests_real.json" "$@"
