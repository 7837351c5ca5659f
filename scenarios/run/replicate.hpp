// Replications over a pool of threads, merged strictly in the order of their indices: the result is the same for any number of threads. Only a
// deadline or an interruption makes it depend on time, and then in nothing but how many replications it holds.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/world/record.hpp"

namespace nines::scenarios {

using WallTime = std::chrono::steady_clock::time_point;

// Called on several threads at once.
using Simulate = std::function<world::Record(std::uint64_t replication)>;
// Called on the caller's thread, in the order of the indices.
using Merge = std::function<void(std::uint64_t replication, const world::Record& record)>;

enum class Stop : std::uint8_t {
  budget,       // All that was asked for.
  max_time,     // The deadline passed.
  interrupted,  // Somebody pressed Ctrl-C.
};
const char* word(Stop stop);  // "budget", "max-time", "interrupted"

struct Work {
  std::uint64_t first = 0;
  std::uint64_t replications = 0;
  int jobs = 1;
  std::optional<WallTime> deadline{};
  std::chrono::milliseconds patience{500};  // For replications under way when a run stops before its time.
  // Asked every tenth of a second and between merges. Empty: never interrupted.
  std::function<bool()> interrupted{};
  // Told about as often how many are merged, on the caller's thread. May be empty.
  std::function<void(std::uint64_t merged)> progress{};
};

// One replication in which our own code broke.
struct Broken {
  std::uint64_t replication = 0;
  std::string what;
};

struct Done {
  std::uint64_t merged = 0;  // Replications first .. first + merged - 1 are in, but those that broke.
  std::vector<Broken> broken;
  Stop stop = Stop::budget;
  // Threads whose replication did not end soon after the stop: nothing can stop them from outside. Whoever drops this waits for them. Null: none.
  std::shared_ptr<void> under_way;
};

Done replicate(const Simulate& simulate, const Merge& merge, const Work& work);

}  // namespace nines::scenarios
