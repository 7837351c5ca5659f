#!/bin/sh
# What `nines submit` prints, against the files in submit/, made anew with NINES_GOLDEN=1, and against what a shell and a reader of YAML make of it.
golden=$(cd "$(dirname "$0")/submit" && pwd)
. "$(dirname "$0")/common.sh"

golden() {
  [ -z "${NINES_GOLDEN:-}" ] || cp out "$golden/$1"
  cmp out "$golden/$1" || fail "another $1 than $golden/$1"
}

cp small.yaml base.yaml
cat >"it's big.yaml" <<'YAML'
apiVersion: nines/v1
kind: Sweep
metadata: {name: big, question: "How often?"}
scenario: base.yaml
axes:
  faults.node-loss.rate: [1/year, 3/year, 9/year]
YAML
set -- "it's big.yaml" -o "Results (1).h5" --shards 3 --set 'expect=[uptime.all >= 50%]' --replications 60 --max-time 2h
expect 0 "a script for Slurm" "$NINES" submit "$@" --engine slurm --jobs 2 -q
golden slurm.sh
sh -n out || fail "a shell cannot read the script"

# Under a Slurm that starts every task at once: what a shell makes of the script, whatever is in its names.
mkdir bin
cat >bin/sbatch <<'SH'
#!/bin/sh
cat >task.sh
case "$*" in
*--array=0-2*)
  for k in 0 1 2; do
    SLURM_ARRAY_TASK_ID=$k SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_STEP=1 SLURM_ARRAY_TASK_COUNT=3 SLURM_CPUS_PER_TASK=1 sh task.sh >task.out 2>&1 || exit
  done
  echo "7;cluster" ;;
*--dependency=afterok:7\ *) sh task.sh >merge.out 2>&1 && echo 8 ;;
*) exit 1 ;;
esac
SH
chmod +x bin/sbatch
ln -s "$NINES" bin/nines
cp out script
expect 0 "the script" env PATH="$PWD/bin:$PATH" sh script
says out "7;cluster 8"
mv "Results (1).h5" shards.h5
rm -r "Results (1).h5.journal"
expect 0 "the same alone" "$NINES" sweep "it's big.yaml" -o "Results (1).h5" --set 'expect=[uptime.all >= 50%]' --replications 60 -q
cmp shards.h5 "Results (1).h5" || fail "the script's result has other bytes"

expect 0 "a manifest for Kubernetes" "$NINES" submit "$@" --engine kubernetes --image registry.example/nines:1 --jobs 2 -q
golden kubernetes.yaml
python3 - "it's big.yaml" <<'PY' || fail "the manifest does not say what it should"
import sys
import yaml
claim, job, merge = yaml.safe_load_all(open("out"))
assert (claim["kind"], job["kind"], merge["kind"]) == ("PersistentVolumeClaim", "Job", "Job")
assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
spec = job["spec"]
assert (spec["completionMode"], spec["completions"], spec["parallelism"]) == ("Indexed", 3, 3)
assert spec["backoffLimitPerIndex"] > 0
rules = {rule["action"]: rule for rule in spec["podFailurePolicy"]["rules"]}
assert 3 in rules["FailIndex"]["onExitCodes"]["values"] and 6 not in rules["FailIndex"]["onExitCodes"]["values"]
assert rules["Ignore"]["onPodConditions"] == [{"type": "DisruptionTarget"}]
for one in (job, merge):
    pod = one["spec"]["template"]["spec"]
    assert pod["restartPolicy"] == "Never"
    (container,) = pod["containers"]
    assert container["image"] == "registry.example/nines:1"
    assert pod["volumes"][0]["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    assert container["volumeMounts"][0]["name"] == pod["volumes"][0]["name"] and container["volumeMounts"][0]["mountPath"] == container["workingDir"]
    assert all(c.isalnum() or c == "-" for c in one["metadata"]["name"])
(container,) = spec["template"]["spec"]["containers"]
assert container["env"] == [{"name": "NINES_SHARDS", "value": "3"}]
assert container["command"][:3] == ["nines", "sweep", sys.argv[1]] and "--resume" in container["command"]
assert merge["spec"]["suspend"] is True
assert merge["spec"]["template"]["spec"]["containers"][0]["command"][:3] == ["nines", "merge", "Results (1).h5"]
PY

# A pod knows its part by its index alone.
rm -rf ./*.h5 ./*.journal
expect 0 "a pod" env JOB_COMPLETION_INDEX=1 NINES_SHARDS=3 "$NINES" sweep "it's big.yaml" -o pod.h5 --resume
says err "Shard 2 of 3, by JOB_COMPLETION_INDEX=1"
[ -e pod.h5.journal/2-of-3.journal ] || fail "a pod keeps no journal of its own"
expect 2 "a pod that does not know how many there are" env JOB_COMPLETION_INDEX=1 "$NINES" sweep "it's big.yaml" -o pod.h5 --resume
says err NINES_SHARDS
expect 2 "a shard without a file" env JOB_COMPLETION_INDEX=1 NINES_SHARDS=3 "$NINES" sweep "it's big.yaml"
expect 0 "alone all the same" env JOB_COMPLETION_INDEX=1 NINES_SHARDS=3 "$NINES" sweep "it's big.yaml" --shard 1/1 -q
expect 0 "a task that was requeued" env SLURM_RESTART_COUNT=1 SLURM_ARRAY_TASK_ID=1 NINES_SHARDS=3 "$NINES" sweep "it's big.yaml" -o pod.h5
expect 8 "a task that was not" env SLURM_ARRAY_TASK_ID=1 NINES_SHARDS=3 "$NINES" sweep "it's big.yaml" -o pod.h5

expect 3 "a scenario that is none" "$NINES" submit "$@" --engine slurm --set cluster.replication=9
silent out
expect 2 "nobody to submit to" "$NINES" submit "$@"
one_error
expect 2 "no number of shards" "$NINES" submit "it's big.yaml" -o x.h5 --engine slurm
expect 2 "no image" "$NINES" submit "$@" --engine kubernetes
expect 2 "a path outside of the volume" "$NINES" submit "it's big.yaml" -o /x.h5 --shards 2 --engine kubernetes --image i
expect 2 "rounds that need each other" "$NINES" submit "$@" --engine slurm --method adaptive
says err mpirun
expect 2 "the same by hand" "$NINES" sweep "it's big.yaml" --shard 1/2 -o x.h5 --method adaptive
expect 2 "a script of two lines" "$NINES" submit "it's big.yaml" -o x.h5 --shards 2 --engine slurm --set 'a=b
c'
finish
