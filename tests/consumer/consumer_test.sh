#!/bin/sh
# nines as a library: what the build installs is moved away, found by find_package, compiled against and asked for an answer that is known.
set -eu
: "${NINES_BINARY_DIR:?the folder of the build}" "${NINES_SOURCE_DIR:?the source tree}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
fail() {
  printf 'FAILED: %s\n' "$1"
  [ ! -f "$scratch/log" ] || tail -n 30 "$scratch/log"
  exit 1
}

cmake --install "$NINES_BINARY_DIR" --prefix "$scratch/first" --component dev >"$scratch/log" 2>&1 || fail "installing"
mv "$scratch/first" "$scratch/moved"
! grep -rlF -e "$NINES_SOURCE_DIR" -e "$NINES_BINARY_DIR" -e "$scratch/first" "$scratch/moved/lib/cmake" "$scratch/moved/include" ||
  fail "installed files name folders of the build"
grep -rqF libhdf5 "$scratch/moved/lib/cmake" && fail "installed files name a library of this machine"
[ ! -e "$scratch/moved/include/nines/scenarios/cli" ] || fail "the command line is no part of the library"

# Copied, so that no header can come from the source tree.
mkdir "$scratch/consumer"
cp "$NINES_SOURCE_DIR/tests/consumer/CMakeLists.txt" "$NINES_SOURCE_DIR/tests/consumer/main.cpp" "$scratch/consumer"
# Less than everything, each by its own target.
cat >"$scratch/consumer/world.cpp" <<'CPP'
#include "models/world/simulate.hpp"
int main() { return nines::world::simulate(nines::world::Options{}, 1, 0).outages.empty() ? 0 : 1; }
CPP
cat >"$scratch/consumer/analysis.cpp" <<'CPP'
#include "analysis/exact/quorum.hpp"
#include "analysis/stats/text.hpp"
int main() { return nines::analysis::shortest(0.5) == "0.5" ? 0 : 1; }
CPP
cat >>"$scratch/consumer/CMakeLists.txt" <<'CMAKE'
add_executable(world world.cpp)
target_link_libraries(world PRIVATE nines::world)
add_executable(analysis analysis.cpp)
target_link_libraries(analysis PRIVATE nines::analysis)
CMAKE
if command -v ccache >/dev/null 2>&1; then export CMAKE_CXX_COMPILER_LAUNCHER=ccache; fi
{ cmake -S "$scratch/consumer" -B "$scratch/build" -G Ninja -DCMAKE_PREFIX_PATH="$scratch/moved" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS="-Wall -Wextra" \
    -DCMAKE_EXPORT_COMPILE_COMMANDS=ON &&
  cmake --build "$scratch/build" -j 2; } >"$scratch/log" 2>&1 || fail "building the consumer"
! grep -q "warning:" "$scratch/log" || fail "headers of the library bring warnings"
! grep -qE -e '-Werror|-Wconversion|-ffp-contract|-fsanitize' "$scratch/build/compile_commands.json" || fail "options of our build reach the consumer"

"$scratch/build/world" >"$scratch/log" 2>&1 || fail "a world of nothing has outages"
"$scratch/build/analysis" >"$scratch/log" 2>&1 || fail "a number is not printed as it is"
"$scratch/build/sprinklers" >"$scratch/log" 2>&1 || fail "running the consumer"
# Ten floods in 140 days, of two zones each: without a quorum for 20 of 3,360 hours; the way back takes moments.
awk '/^faults 20, losses of a quorum 30$/ { ++good }
     $1 == "quorum_loss.fraction" && $2 == "0.005952" { ++good }
     $1 == "uptime.all" && $2 > 0.99400 && $2 < 0.994048 { ++good }
     END { exit good == 3 ? 0 : 1 }' "$scratch/log" || fail "another answer than 20 h of 3,360 h"

# Another minor version promises nothing.
sed 's/find_package(nines 0.1/find_package(nines 0.2/' "$NINES_SOURCE_DIR/tests/consumer/CMakeLists.txt" >"$scratch/consumer/CMakeLists.txt"
! cmake -S "$scratch/consumer" -B "$scratch/other" -G Ninja -DCMAKE_PREFIX_PATH="$scratch/moved" >"$scratch/log" 2>&1 || fail "a version that is not there is found"
grep -qF 'requested version "0.2"' "$scratch/log" || fail "a wrong version is refused for another reason"
