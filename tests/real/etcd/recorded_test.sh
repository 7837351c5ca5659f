#!/bin/sh
# The recorded trials beside what is simulated now: they agree but where recorded/differences.txt says, and recorded/README.md quotes the tables.
# To write them anew: recorded_test.sh --write
set -eu
here=$(cd "$(dirname "$0")" && pwd)
binaries=${NINES_BINARY_DIR:-$here/../../../build/test}
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/simulated"
"$binaries/tests/real/etcd/etcd_simulated" "$here/configurations.csv" "$folder/simulated" 1000 $(sed 1d "$here/configurations.csv" | cut -d, -f1)
python3 "$here/compare.py" "$here/recorded" "$folder/simulated" --markdown >"$folder/tables" || [ $? = 4 ]
cat "$folder/tables"
python3 - "$folder/tables" >"$folder/differences" <<'END'
import sys
title = ""
for line in open(sys.argv[1]):
    if line.strip() and line[0] != "|":
        title = line.split(",")[0]
    if "| DIFFER |" in line:
        print(line.split()[1] + ": " + title[0].lower() + title[1:])
END
diff "$here/recorded/differences.txt" "$folder/differences" || { echo "other differences than known ones"; exit 1; }
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
