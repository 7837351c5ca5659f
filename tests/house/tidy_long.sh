#!/bin/sh
# clang-tidy over every file that the build compiles, tests apart.
set -eu
cd "$(dirname "$0")/../.."
command -v clang-tidy >/dev/null 2>&1 || { echo "skipped: clang-tidy is not installed"; exit 77; }
cmake --preset tidy >/dev/null
# What the build generates (the embedded library) must exist before it can be read.
cmake --build build/tidy --target nines >/dev/null
find sim models analysis scenarios -name '*.cpp' | sort | xargs -n 4 -P "$(nproc)" clang-tidy -p build/tidy --quiet
