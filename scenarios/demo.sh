#!/bin/sh
# The first command of the README: installs what is missing, builds `nines` and asks how many nines three zones give.
# Options go to `nines run`: sh scenarios/demo.sh --seed 2
set -eu
cd "$(dirname "$0")/.."
. scenarios/prepare.sh

install_packages demo
build release
exec build/release/nines run camunda-three-zones "$@"
