#!/bin/sh
# Builds the benchmarks and their peers and compares them: every benchmark five times, interleaved, CPU time, medians, each ratio beside
# its bound. Ends with 1 when a bound is missed or two programs of one workload disagree, with 77 when Google Benchmark is not installed.
#   sh bench/run.sh [ROUNDS]
# Peers are optional: apt-get install libns3-dev libsimgrid-dev
set -eu
cd "$(dirname "$0")/.."
. scenarios/prepare.sh
say "Building (bench)"
quietly build/bench.configure.log cmake --preset release -B build/bench -DNINES_BENCH=ON
grep -h "bench:" build/bench.configure.log >&2 || :
grep -q "bench: skipped" build/bench.configure.log && exit 77
quietly build/bench.log cmake --build build/bench --target nines_bench
exec build/bench/bench/nines_bench "$@"
