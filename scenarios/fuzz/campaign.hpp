// Seed after seed on several threads, merged strictly in their order: what was found and covered depends on the seeds, never on the threads.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "scenarios/fuzz/swarm.hpp"

namespace nines::fuzz {

struct Campaign {
  std::vector<raft::Profile> profiles;
  Rules rules = Rules::also_mixed;
  std::uint64_t first = 0;
  std::optional<std::uint64_t> seeds{};                 // How many; without: until time is up.
  std::optional<std::chrono::duration<double>> time{};  // Seeds that are under way then are not waited for.
  int jobs = 1;
  std::function<bool()> interrupted{};
  std::function<void(const Coverage&, std::chrono::duration<double>)> progress{};  // About ten times a second, on the caller's thread.
};

struct Report {
  Coverage coverage;
  std::optional<Finding> finding;  // Of the first seed that found something; the campaign ends there.
  std::uint64_t seed = 0;
  bool interrupted = false;
  std::chrono::duration<double> elapsed{0};
};

Report run(const Campaign& campaign);

}  // namespace nines::fuzz
