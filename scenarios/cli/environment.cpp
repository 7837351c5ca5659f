#include "scenarios/cli/environment.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <string_view>

namespace nines::scenarios {
namespace {

std::optional<std::uint64_t> number_in(const Environment& environment, const char* name) {
  const char* text = environment(name);
  if (text == nullptr) return std::nullopt;
  const std::string_view digits = text;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace

Environment environment_of_this_process() {
  return [](const char* name) { return std::getenv(name); };
}

Result<std::optional<FoundShard>> shard_in(const Environment& environment) {
  struct Engine {
    const char* index;
    const char* of;  // Empty: it does not say.
  };
  constexpr Engine engines[] = {
      {"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT"},
      {"AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE"},
      {"JOB_COMPLETION_INDEX", ""},
  };
  for (const Engine& engine : engines) {
    const char* text = environment(engine.index);
    if (text == nullptr) continue;
    const std::string by = std::string(engine.index) + '=' + std::string(text).substr(0, 40);
    const auto wrong = [&](const std::string& what) {
      return fail(Place{}, by + ": " + what + "; --shard K/N says which part this is, --shard 1/1 that it is all of it");
    };
    const auto index = number_in(environment, engine.index);
    if (!index) return wrong("no number");
    std::optional<std::uint64_t> of = number_in(environment, "NINES_SHARDS");
    std::uint64_t number = *index;
    if (environment("NINES_SHARDS") != nullptr) {
      if (!of || *of == 0) return wrong("NINES_SHARDS is not the number of shards");
    } else {
      of = number_in(environment, engine.of);
      if (!of || *of == 0) return wrong("of how many? NINES_SHARDS says it");
      if (std::string_view(engine.index) == "SLURM_ARRAY_TASK_ID") {
        const std::uint64_t first = number_in(environment, "SLURM_ARRAY_TASK_MIN").value_or(0);
        const std::uint64_t step = number_in(environment, "SLURM_ARRAY_TASK_STEP").value_or(1);
        if (step == 0 || number < first || (number - first) % step != 0) return wrong("not a task of its own array");
        number = (number - first) / step;
      }
    }
    if (number >= *of) return wrong("there are " + std::to_string(*of) + " shards only, counted from 0; an array has no gaps");
    if (*of > most_shards) return wrong("more than " + std::to_string(most_shards) + " shards");
    return FoundShard{{.number = static_cast<std::uint32_t>(number), .of = static_cast<std::uint32_t>(*of)}, by};
  }
  return std::nullopt;
}

bool is_started_again(const Environment& environment) { return number_in(environment, "SLURM_RESTART_COUNT").value_or(0) > 0; }

static int first_of(const Environment& environment, std::initializer_list<const char*> names, int otherwise) {
  for (const char* name : names)
    if (const auto value = number_in(environment, name)) return static_cast<int>(std::min<std::uint64_t>(*value, 1'000'000'000));
  return otherwise;
}

int ranks_in(const Environment& environment) { return first_of(environment, {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"}, 1); }
int rank_in(const Environment& environment) { return first_of(environment, {"OMPI_COMM_WORLD_RANK", "PMI_RANK"}, 0); }

}  // namespace nines::scenarios
