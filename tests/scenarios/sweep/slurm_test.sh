#!/bin/sh
# The script of `nines submit --engine slurm` under a real Slurm of one node, started for this test and ended with it: the merged result has the bytes
# of one thread, and a task that is submitted again does nothing twice.
. "$(dirname "$0")/sweeps.sh"
for program in slurmctld slurmd sbatch squeue scontrol munged mungekey munge; do
  if ! PATH="$PATH:/usr/sbin" command -v $program >/dev/null 2>&1; then
    echo "$program is not installed"
    exit 77
  fi
done
if [ "$(id -u)" != 0 ]; then
  echo "slurmd runs tasks for others, and this is not root"
  exit 77
fi
PATH="$PATH:/usr/sbin"

started=
end() {
  status=$?
  trap - EXIT
  [ $status = 0 ] || tail -n 20 "$folder"/*.log 2>/dev/null >&2 || true
  for process in $started; do kill "$process" 2>/dev/null || true; done
  for process in $started; do wait "$process" 2>/dev/null || true; done
  cd /
  rm -rf "$folder"
  exit $status
}
trap end EXIT
trap 'exit 1' INT TERM

# until_it WHAT SECONDS COMMAND...: asked ten times a second.
until_it() {
  what=$1 tries=$(($2 * 10))
  shift 2
  while ! "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || fail "$what"
    sleep 0.1
  done
}

# Two ports that nobody has.
ports=$(python3 -c '
import socket
held = [socket.socket() for _ in range(2)]
for one in held:
    one.bind(("127.0.0.1", 0))
print(*[one.getsockname()[1] for one in held])')
host=$(hostname -s)
chmod 755 "$folder"
mkdir state spool munge
chmod 755 munge
mungekey --create --keyfile="$folder/munge/key"
munged --foreground --force --num-threads=2 --key-file="$folder/munge/key" --socket="$folder/munge/socket" --pid-file="$folder/munge/pid" \
  --log-file="$folder/munge.log" --seed-file="$folder/munge/seed" >munged.log 2>&1 &
started=$!
until_it "munged does not answer" 20 munge --socket="$folder/munge/socket" --no-input

export SLURM_CONF="$folder/slurm.conf"
cat >slurm.conf <<CONF
ClusterName=nines
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
SlurmctldPort=${ports% *}
SlurmdPort=${ports#* }
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 Sockets=1 CoresPerSocket=2 ThreadsPerCore=1 RealMemory=500 State=UNKNOWN
PartitionName=debug Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
slurmctld -D >slurmctld.out 2>&1 &
started="$! $started"
slurmd -D -N "$host" >slurmd.out 2>&1 &
started="$! $started"
node_is_idle() { sinfo -h -o %t 2>/dev/null | grep -qx idle; }
until_it "no node comes up" 30 node_is_idle

mkdir bin
sed -i 's/simulation.replications: 75/simulation.replications: 75, simulation.years: 0.2/' simulated.yaml
ln -s "$NINES" bin/nines
PATH="$folder/bin:$PATH"
nines sweep simulated.yaml -o alone.h5 --jobs 2 -q >/dev/null
nines submit simulated.yaml -o shards.h5 --engine slurm --shards 3 -q >script.sh
jobs=$(sh script.sh) || fail "the script does not submit: $jobs"
tasks=${jobs% *} merge=${jobs#* }
# Of all tasks.
state() { scontrol show job "$1" | grep -o 'JobState=[A-Z_]*' | sort -u; }
nobody_waits() { [ -z "$(squeue -h -o %i)" ]; }
until_it "the jobs do not end: $(squeue)" 120 nobody_waits
[ "$(state "$tasks")" = JobState=COMPLETED ] || fail "the tasks: $(state "$tasks") $(cat slurm-*.out)"
[ "$(state "$merge")" = JobState=COMPLETED ] || fail "the merge: $(state "$merge") $(cat slurm-*.out)"
cmp alone.h5 shards.h5 || fail "three tasks of Slurm give other bytes than one process"
[ "$(ls shards.h5.journal)" = "$(printf '1-of-3.journal\n2-of-3.journal\n3-of-3.journal')" ] || fail "journals: $(ls shards.h5.journal)"

# One task again, as after its node was lost: it finds its journal, and is still the second of three.
cp shards.h5.journal/2-of-3.journal before
sed -n "/<<'TASK'/,/^TASK/p" script.sh | sed '1d;$d' >task.sh
sbatch --wait --array=1 task.sh >/dev/null || fail "a task that is submitted again fails: $(cat slurm-*.out)"
cmp before shards.h5.journal/2-of-3.journal || fail "a task that is submitted again does its part again"

# A scenario that becomes invalid: its tasks end with 3, nobody tries again, and there is no merge.
rm shards.h5
sed -i 's/^axes:/axis:/' simulated.yaml
jobs=$(sh script.sh) || fail "the script does not submit: $jobs"
until_it "the jobs do not end: $(squeue)" 60 nobody_waits
scontrol show job "${jobs% *}" | grep -q 'ExitCode=3:0' || fail "no exit code 3: $(scontrol show job "${jobs% *}")"
! scontrol show job "${jobs% *}" | grep -q 'Restarts=[1-9]' || fail "an invalid scenario is tried again"
[ ! -e shards.h5 ] || fail "an invalid scenario is merged"
echo "three tasks of Slurm and their merge: the bytes of one process"
