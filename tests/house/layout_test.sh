#!/bin/sh
# The layout of every C++ file is the one that clang-format gives. To mend: sh tests/house/layout_test.sh --fix
set -eu
cd "$(dirname "$0")/../.."
command -v clang-format >/dev/null 2>&1 || { echo "skipped: clang-format is not installed"; exit 77; }
mode="--dry-run --Werror"
[ "${1:-}" != --fix ] || mode=-i
find sim models analysis scenarios bench tests \( -name '*.cpp' -o -name '*.hpp' \) -print | sort | xargs clang-format --style=file $mode
