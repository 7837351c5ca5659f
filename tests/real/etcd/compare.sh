#!/bin/sh
# A real etcd cluster and the simulated one under the same faults: compare.sh [--trials N] [--quick] [NAME...], names from configurations.csv.
# As root, on Linux, with etcd-server (Debian: apt-get install etcd-server iproute2). 40 trials a configuration take about 5 minutes each; --quick
# takes three minutes in all. Ends with 0 where both agree, 4 where they do not, 77 where something is missing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
trials=40 names="" quick=""
while [ $# -gt 0 ]; do
  case $1 in
    --trials) trials=$2; shift ;;
    --quick) quick=yes trials=8 ;;
    -*) echo "compare.sh [--trials N] [--quick] [NAME...]" >&2; exit 2 ;;
    *) names="$names $1" ;;
  esac
  shift
done
[ -z "$quick" ] || [ -n "$names" ] || names="n3_rtt20_kill n5_hb50_el500_rtt4_kill n3_rtt10_pause"
[ -n "$names" ] || names=$(sed 1d "$here/configurations.csv" | cut -d, -f1)
[ "$(id -u)" = 0 ] || { echo "skipped: it makes network namespaces, which needs root"; exit 77; }
for program in etcd ip nsenter chrt python3 cmake; do
  command -v $program >/dev/null || { echo "skipped: $program is not installed"; exit 77; }
done
[ -c /dev/net/tun ] || { echo "skipped: no /dev/net/tun"; exit 77; }

cd "$root"
[ -f build/test/build.ninja ] || cmake --preset test
cmake --build build/test --target etcd_links etcd_writer etcd_simulated
programs=$root/build/test/tests/real/etcd
out=$root/build/test/real-etcd
rm -rf "$out"
mkdir -p "$out/real" "$out/simulated"
etcd --version | head -n 1
echo "load before: $(cat /proc/loadavg), $(nproc) processors"

# What trials.py leaves behind when it is killed: its namespaces carry its number, and nobody else's processes are inside.
pid="" running=""
clean() {
  [ -n "$pid" ] || return 0
  if [ -n "$running" ]; then
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  fi
  for space in $(ip netns list | sed -n "s/^\(nines-etcd-$pid-[0-9]*\).*/\1/p"); do
    for process in $(ip netns pids "$space"); do kill -KILL "$process" 2>/dev/null || true; done
    ip netns delete "$space"
  done
  rm -rf /dev/shm/nines-etcd-"$pid"-*
}
trap clean EXIT
trap 'exit 130' INT TERM
python3 "$here/trials.py" "$programs" $names --trials "$trials" --limit $((60 + 15 * trials)) --out "$out/real" &
pid=$! running=yes
wait "$pid" || { running=""; exit 1; }
running=""
nice "$programs/etcd_simulated" "$here/configurations.csv" "$out/simulated" 2000 $names
python3 "$here/compare.py" "$out/real" "$out/simulated"
