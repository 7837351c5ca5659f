#!/bin/sh
# The benchmarks: a bound that is missed is a failure.
set -eu
exec sh "$(dirname "$0")/../../bench/run.sh"
