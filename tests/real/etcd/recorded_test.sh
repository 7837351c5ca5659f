#!/bin/sh
# The recorded trials beside what is simulated now: they agree, and recorded/README.md quotes the tables. To write them anew: recorded_test.sh --write
set -eu
here=$(cd "$(dirname "$0")" && pwd)
binaries=${NINES_BINARY_DIR:-$here/../../../build/test}
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/simulated"
"$binaries/tests/real/etcd/etcd_simulated" "$here/configurations.csv" "$folder/simulated" 1000 $(sed 1d "$here/configurations.csv" | cut -d, -f1)
status=0
python3 "$here/compare.py" "$here/recorded" "$folder/simulated" --markdown >"$folder/tables" || status=$?
cat "$folder/tables"
python3 - "$here/recorded/README.md" "$folder/tables" "${1:-}" <<'END' || { echo "recorded/README.md quotes other tables"; exit 1; }
import re, sys
readme, tables = open(sys.argv[1]).read(), open(sys.argv[2]).read().strip()
marks = "<!-- compare.py -->\n", "\n<!-- end -->"
begin, end = readme.index(marks[0]) + len(marks[0]), readme.index(marks[1])
if sys.argv[3] == "--write":
    open(sys.argv[1], "w").write(readme[:begin] + tables + readme[end:])
elif readme[begin:end] != tables:
    sys.exit(1)
END
exit $status
