#include "scenarios/cli/environment.hpp"

#include <map>
#include <string>

#include <gtest/gtest.h>

namespace nines::scenarios {
namespace environment_test {

using Variables = std::map<std::string, std::string>;

Environment with(Variables variables) {
  return [variables = std::move(variables)](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}

std::string shard(const Variables& variables) {
  const auto found = shard_in(with(variables));
  if (!found) return found.error().front().what;
  if (!*found) return "alone";
  return std::to_string((*found)->shard.number) + " of " + std::to_string((*found)->shard.of) + " by " + (*found)->by;
}

bool refused(const Variables& variables) { return !shard_in(with(variables)).has_value(); }

TEST(Environment, WithoutAnEngineASweepIsAlone) {
  EXPECT_EQ(shard({}), "alone");
  EXPECT_EQ(shard({{"NINES_SHARDS", "3"}, {"SLURM_JOB_ID", "7"}}), "alone");
}

TEST(Environment, ASlurmArrayIsCountedFromItsFirstTaskInItsSteps) {
  EXPECT_EQ(shard({{"SLURM_ARRAY_TASK_ID", "2"},
                   {"SLURM_ARRAY_TASK_MIN", "0"},
                   {"SLURM_ARRAY_TASK_MAX", "7"},
                   {"SLURM_ARRAY_TASK_STEP", "1"},
                   {"SLURM_ARRAY_TASK_COUNT", "8"}}),
            "2 of 8 by SLURM_ARRAY_TASK_ID=2");
  EXPECT_EQ(shard({{"SLURM_ARRAY_TASK_ID", "9"},
                   {"SLURM_ARRAY_TASK_MIN", "1"},
                   {"SLURM_ARRAY_TASK_MAX", "13"},
                   {"SLURM_ARRAY_TASK_STEP", "4"},
                   {"SLURM_ARRAY_TASK_COUNT", "4"}}),
            "2 of 4 by SLURM_ARRAY_TASK_ID=9");
}

// `--array=1,5,7`: two tasks would do the same part, and one nobody.
TEST(Environment, ASlurmArrayWithGapsIsRefused) {
  EXPECT_TRUE(refused({{"SLURM_ARRAY_TASK_ID", "7"}, {"SLURM_ARRAY_TASK_MIN", "1"}, {"SLURM_ARRAY_TASK_STEP", "1"}, {"SLURM_ARRAY_TASK_COUNT", "3"}}));
  EXPECT_TRUE(refused({{"SLURM_ARRAY_TASK_ID", "6"}, {"SLURM_ARRAY_TASK_MIN", "1"}, {"SLURM_ARRAY_TASK_STEP", "4"}, {"SLURM_ARRAY_TASK_COUNT", "3"}}));
}

// `sbatch --array=3` starts one task of the eight again: it must not take itself for the whole sweep.
TEST(Environment, OneTaskOfAnArrayThatIsStartedAgainKnowsTheOthersByNinesShards) {
  EXPECT_EQ(shard({{"SLURM_ARRAY_TASK_ID", "3"},
                   {"SLURM_ARRAY_TASK_MIN", "3"},
                   {"SLURM_ARRAY_TASK_STEP", "1"},
                   {"SLURM_ARRAY_TASK_COUNT", "1"},
                   {"NINES_SHARDS", "8"}}),
            "3 of 8 by SLURM_ARRAY_TASK_ID=3");
}

TEST(Environment, AnIndexedJobIsToldHowManyItHas) {
  EXPECT_EQ(shard({{"JOB_COMPLETION_INDEX", "0"}, {"NINES_SHARDS", "3"}}), "0 of 3 by JOB_COMPLETION_INDEX=0");
  EXPECT_NE(shard({{"JOB_COMPLETION_INDEX", "0"}}).find("NINES_SHARDS"), std::string::npos);
  EXPECT_TRUE(refused({{"JOB_COMPLETION_INDEX", "3"}, {"NINES_SHARDS", "3"}}));
}

TEST(Environment, AnArrayOfAwsBatchSaysItsSizeItselfOrIsTold) {
  EXPECT_EQ(shard({{"AWS_BATCH_JOB_ARRAY_INDEX", "4"}, {"AWS_BATCH_JOB_ARRAY_SIZE", "10"}}), "4 of 10 by AWS_BATCH_JOB_ARRAY_INDEX=4");
  EXPECT_EQ(shard({{"AWS_BATCH_JOB_ARRAY_INDEX", "4"}, {"NINES_SHARDS", "5"}}), "4 of 5 by AWS_BATCH_JOB_ARRAY_INDEX=4");
}

TEST(Environment, WhatIsNoNumberIsRefusedAndNotPassedOver) {
  for (const char* wrong : {"", "-1", "1x", "one", "99999999999999999999"}) {
    EXPECT_TRUE(refused({{"JOB_COMPLETION_INDEX", wrong}, {"NINES_SHARDS", "3"}})) << wrong;
    EXPECT_TRUE(refused({{"JOB_COMPLETION_INDEX", "1"}, {"NINES_SHARDS", wrong}})) << wrong;
  }
  EXPECT_TRUE(refused({{"JOB_COMPLETION_INDEX", "0"}, {"NINES_SHARDS", "0"}}));
  EXPECT_TRUE(refused({{"JOB_COMPLETION_INDEX", "0"}, {"NINES_SHARDS", "1000000"}}));
}

TEST(Environment, SlurmSaysWhetherATaskWasRequeued) {
  EXPECT_FALSE(is_started_again(with({})));
  EXPECT_FALSE(is_started_again(with({{"SLURM_RESTART_COUNT", "0"}})));
  EXPECT_TRUE(is_started_again(with({{"SLURM_RESTART_COUNT", "1"}})));
}

TEST(Environment, MpirunSaysHowManyRanksThereAre) {
  EXPECT_EQ(ranks_in(with({})), 1);
  EXPECT_EQ(ranks_in(with({{"OMPI_COMM_WORLD_SIZE", "3"}, {"OMPI_COMM_WORLD_RANK", "2"}})), 3);
  EXPECT_EQ(rank_in(with({{"OMPI_COMM_WORLD_SIZE", "3"}, {"OMPI_COMM_WORLD_RANK", "2"}})), 2);
  EXPECT_EQ(ranks_in(with({{"PMI_SIZE", "4"}})), 4);
}

}  // namespace environment_test
}  // namespace nines::scenarios
