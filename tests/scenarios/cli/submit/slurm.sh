#!/bin/sh
# Printed by: nines submit 'it'\''s big.yaml' --set 'expect=[uptime.all >= 50%]' --replications 60 -o 'Results (1).h5' --engine slurm --shards 3
# Run it with sh, in a folder that all nodes see: it submits 3 tasks, and a job that merges what they found once all have succeeded.
# What your cluster asks for, such as --partition, --account or --time, goes into SBATCH_PARTITION, SBATCH_ACCOUNT, SBATCH_TIMELIMIT.
# A task whose node was lost is requeued and goes on with its journal. One that fails is not: exit code 3 says that the scenario is invalid,
# 6 that time was up. Run this script again to go on with what is not finished.
set -eu
tasks=$(sbatch --parsable --job-name=nines-results-1 --array=0-2 --requeue --open-mode=append --ntasks=1 --cpus-per-task=2 <<'TASK'
#!/bin/sh
export NINES_SHARDS=3   # So that a single task can be submitted again: sbatch --array=3.
exec nines sweep 'it'\''s big.yaml' --set 'expect=[uptime.all >= 50%]' --replications 60 -o 'Results (1).h5' --resume --max-time 7200s --quiet --jobs "${SLURM_CPUS_PER_TASK:-1}"
TASK
)
merge=$(sbatch --parsable --job-name=nines-results-1-merge --dependency="afterok:${tasks%%;*}" --kill-on-invalid-dep=yes --ntasks=1 <<'MERGE'
#!/bin/sh
exec nines merge 'Results (1).h5' --jobs 1
MERGE
)
echo "$tasks $merge"
