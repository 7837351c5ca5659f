#!/bin/sh
# A sweep under mpirun: the bytes of one thread, one voice, an end of all ranks whatever happens, and nothing lost when one of them is killed.
. "$(dirname "$0")/sweeps.sh"
plain=$NINES
mpi=$(dirname "$NINES")/mpi/nines
! ldd "$plain" | grep -q libmpi || mpi=$NINES   # Built with NINES_MPI.
if ! command -v mpirun >/dev/null 2>&1; then
  echo "mpirun is not installed"
  exit 77
fi

ranks() {
  count=$1
  shift
  OMPI_MCA_plm=isolated OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 timeout 120 mpirun -n "$count" --bind-to none "$@"
}

# A program without MPI would do everything as often as there are ranks.
if [ "$mpi" != "$plain" ]; then
  status=0
  ranks 2 "$plain" sweep simulated.yaml -o twice.h5 -q >out.txt 2>err.txt || status=$?
  [ $status = 2 ] || fail "without MPI, two ranks end with $status: $(cat err.txt)"
  [ "$(grep -c 'built without MPI' err.txt)" = 1 ] || fail "not one rank says that it is without MPI: $(cat err.txt)"
  [ ! -e twice.h5 ] && [ ! -e twice.h5.journal ] || fail "without MPI, ranks leave something behind"
fi
if [ ! -x "$mpi" ]; then
  echo "Boost.MPI is not installed: only that a program without it refuses was tried"
  exit 77
fi

# In rounds: every point solved, some of them simulated.
cat >adaptive.yaml <<'YAML'
apiVersion: nines/v1
kind: Sweep
metadata: {name: rounds, question: "Which, at what price?"}
scenario: camunda-three-zones
method: adaptive
set: {simulation.replications: 60, expect: [uptime.all >= 50%]}
axes:
  cluster.replication: [1, 3]
  topology.nodePools.brokers.type: [m6i.xlarge, m6i.2xlarge]
YAML
sed -i 's/simulation.replications: 75/simulation.replications: 75, simulation.years: 0.2/' simulated.yaml
for kind in simulated adaptive; do
  "$plain" sweep $kind.yaml -o $kind.h5 --jobs 2 -q >$kind.txt || fail "$kind, one process"
  mkdir ranks
  ranks 3 "$mpi" sweep $kind.yaml -o ranks/$kind.h5 >ranks/$kind.txt 2>ranks/err.txt || fail "$kind, three ranks: $(cat ranks/err.txt)"
  cmp $kind.h5 ranks/$kind.h5 || fail "$kind: three ranks give other bytes than one process"
  cmp $kind.txt ranks/$kind.txt || fail "$kind: three ranks do not speak as one"
  [ ! -e ranks/$kind.h5.journal ] || fail "$kind: the journal stays behind"
  [ "$(grep -c '^Workers: ' ranks/err.txt)" = 1 ] || fail "$kind: not one rank tells of the work"
  rm -r ranks
done
grep -q 'rounds)' adaptive.txt || fail "the adaptive sweep has no rounds"
"$plain" sweep solved.yaml -o solved.h5 --jobs 2 -q >/dev/null
mkdir ranks
ranks 2 "$mpi" sweep solved.yaml -o ranks/solved.h5 --jobs 2 -q >/dev/null || fail "solved, two ranks of two threads"
cmp solved.h5 ranks/solved.h5 || fail "solved: two ranks of two threads give other bytes than one process"
ranks 1 "$mpi" sweep simulated.yaml -o ranks/simulated.h5 -q >/dev/null || fail "one rank"
cmp simulated.h5 ranks/simulated.h5 || fail "one rank gives other bytes"
"$mpi" sweep simulated.yaml -o ranks/simulated.h5 --jobs 2 -q >/dev/null || fail "without mpirun"
cmp simulated.h5 ranks/simulated.h5 || fail "without mpirun there are other bytes"

# What is no sweep is done once; what is wrong is said once, and all ranks end.
ranks 3 "$mpi" version >version.txt
"$plain" version | cmp - version.txt || fail "three ranks print the version differently from one"
status=0
ranks 3 "$mpi" sweep simulated.yaml --set cluster.replication=none -o wrong.h5 >out.txt 2>err.txt || status=$?
[ $status = 3 ] || fail "a scenario that is none ends with $status: $(cat err.txt)"
[ "$(grep -c 'error' err.txt)" -ge 1 ] || fail "nobody says what is wrong with the scenario"
[ "$(grep -c 'cluster.replication' err.txt)" = "$("$plain" sweep simulated.yaml --set cluster.replication=none 2>&1 | grep -c 'cluster.replication')" ] ||
  fail "not one rank says what is wrong with the scenario: $(cat err.txt)"
sed 's/cluster.replication: \[1, 3\]/cluster.replication: [1, 9]/' solved.yaml >invalid.yaml
status=0
ranks 3 "$mpi" sweep invalid.yaml -o wrong.h5 -q >out.txt 2>err.txt || status=$?
[ $status = 3 ] || fail "a point that is no scenario ends with $status: $(cat err.txt)"
[ "$(grep -c 'a replication of 9 needs as many brokers' err.txt)" = 1 ] || fail "not one rank says what is wrong with a point: $(cat err.txt)"
status=0
ranks 3 "$mpi" sweep simulated.yaml --years 20 --max-time 1s -o short.h5 -q >out.txt 2>err.txt || status=$?
[ $status = 6 ] || [ $status = 0 ] || fail "a sweep whose time is up ends with $status: $(cat err.txt)"

# A rank dies, and mpirun ends the others. What the first had received is in its journal.
"$plain" sweep simulated.yaml --years 0.3 -o long.h5 --jobs 2 -q >/dev/null
mkdir killed
ranks 3 "$mpi" sweep simulated.yaml --years 0.3 -o killed/long.h5 -q >/dev/null 2>err.txt &
job=$!
journal=killed/long.h5.journal/main.journal
python3 - $$ "$journal" <<'PY' || fail "no rank was killed"
import os
import signal
import sys
import time

test, journal = int(sys.argv[1]), sys.argv[2]
began = time.monotonic()


def below(process):
    """All that descends from it, by its number, with its environment."""
    children = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as file:
                children.setdefault(int(file.read().rsplit(")", 1)[1].split()[1]), []).append(int(name))
        except OSError:
            pass
    waiting, found = [process], []
    while waiting:
        more = children.get(waiting.pop(), [])
        found += more
        waiting += more
    return found


def is_rank(process, rank):
    try:
        with open(f"/proc/{process}/environ", "rb") as file:
            return b"OMPI_COMM_WORLD_RANK=%d" % rank in file.read().split(b"\0") and os.readlink(f"/proc/{process}/exe").endswith("/nines")
    except OSError:
        return False


size, start = 0, None
while time.monotonic() - began < 60:
    size = os.path.getsize(journal) if os.path.exists(journal) else 0
    if start is None and size > 0:
        start = size
    if start is not None and size > start:
        victims = [one for one in below(test) if is_rank(one, 2)]
        if victims:
            os.kill(victims[0], signal.SIGKILL)
            sys.exit(0)
    time.sleep(0.01)
sys.exit(1)
PY
status=0
wait $job || status=$?
[ $status != 0 ] && [ $status != 124 ] || fail "a rank was killed, and mpirun ends with $status"
[ ! -e killed/long.h5 ] || fail "the sweep was over before a rank was killed"
before=$(stat -c %s $journal)
"$plain" sweep simulated.yaml --years 0.3 -o killed/long.h5 --resume --keep-journal --jobs 1 --max-time 100ms -q >/dev/null 2>&1 || true
[ "$(stat -c %s $journal)" -ge "$before" ] || fail "finished units were lost"
ranks 2 "$mpi" sweep simulated.yaml --years 0.3 -o killed/long.h5 --resume -q >/dev/null || fail "two ranks do not go on"
cmp long.h5 killed/long.h5 || fail "after a rank was killed the bytes are others"
echo "ranks of MPI: the same bytes, one voice, and a killed rank loses nothing that had arrived"
