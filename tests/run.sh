#!/bin/sh
# The second command of the README: installs what is missing, builds with warnings as errors and runs every test, ending in CTest's summary.
#   sh tests/run.sh          unit, seeded, golden and reference tests, layout, sanitizers, one minute of fuzzing
#   sh tests/run.sh --all    also what is too long for every run: clang-tidy, half an hour of fuzzing, the benchmarks
# Further options go to ctest: sh tests/run.sh -R Election
set -eu
cd "$(dirname "$0")/.."
. scenarios/prepare.sh

long=OFF fuzz_seconds=60 packages=test
if [ "${1:-}" = --all ]; then
  long=ON fuzz_seconds=1800 packages=all
  export NINES_SEEDS="${NINES_SEEDS:-20000}"   # Random worlds of each seeded test.
  shift
fi

install_packages $packages

trees=
add() {
  if ! build "$@"; then
    say "0 passed, 1 failed: the build of $1"
    exit 1
  fi
  trees="$trees $1"
}
add test -DNINES_LONG_TESTS=$long
add asan -DNINES_FUZZ_SECONDS=$fuzz_seconds
add tsan

# One run over all builds, so that one summary counts everything.
mkdir -p build/tests
for tree in $trees; do
  printf 'subdirs("%s/build/%s")\n' "$PWD" "$tree"
done >build/tests/CTestTestfile.cmake
cd build/tests
status=0
ctest --no-tests=error --no-label-summary --output-on-failure --progress -j "$(nproc)" "$@" || status=$?
exit $status
