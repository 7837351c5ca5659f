// What the engine that started this process says in its environment: which shard of a sweep it is, whether it was started again.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "scenarios/sweep/shard.hpp"
#include "sim/base/result.hpp"

namespace nines::scenarios {

// Null where there is no such variable.
using Environment = std::function<const char*(const char* name)>;
Environment environment_of_this_process();

struct FoundShard {
  Shard shard;
  std::string by;  // The variable that says so, "SLURM_ARRAY_TASK_ID=3".
};

// By a task of a Slurm array (sbatch(1)), of an AWS Batch array job or of an Indexed Job of Kubernetes. NINES_SHARDS says how many there are where the
// engine does not, or where only some of them are started again: `sbatch --array=3`. Nothing: no engine started this process, or not as one of several.
Result<std::optional<FoundShard>> shard_in(const Environment& environment);

// By Slurm, after its node was lost: it goes on with its journal.
bool is_started_again(const Environment& environment);

// As one of several ranks by mpirun: how many. Of Open MPI and MPICH, whose kin name their variables alike.
int ranks_in(const Environment& environment);
int rank_in(const Environment& environment);

}  // namespace nines::scenarios
