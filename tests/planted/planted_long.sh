#!/bin/sh
# The planted bugs that are rare, and a clean core over a hundred times as many seeds.
set -eu
NINES_PLANTED_LONG=1 "$NINES_BINARY_DIR/tests/tests_planted"
