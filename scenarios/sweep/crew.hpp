// Who works on the units of a sweep: threads of this process. Every finished unit goes into the journal at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/run/replicate.hpp"
#include "scenarios/sweep/journal.hpp"
#include "scenarios/sweep/queue.hpp"

namespace nines::scenarios {

// What a unit leaves, as bytes. Called on several threads at once; throws where our own code is broken.
using Execute = std::function<std::string(const Unit&)>;

struct Watch {
  int jobs = 1;
  std::optional<WallTime> deadline{};
  std::chrono::milliseconds patience{500};  // For units under way when work stops before its time.
  // Asked every tenth of a second. Empty: never interrupted.
  std::function<bool()> interrupted{};
  // Told as often, on the caller's thread. May be empty.
  std::function<void(const Queue& queue)> progress{};
};

struct Worked {
  std::uint64_t units = 0;
  Stop stop = Stop::budget;
  struct BrokenUnit {
    Unit unit;
    std::string what;
  };
  std::vector<BrokenUnit> broken;
  Errors journal;  // Why nothing could be appended any more; work has stopped then.
  // Of the workers: time spent on units, on handing them out, on writing what they leave into the journal, and without work while others still had some.
  double busy_s = 0, handing_out_s = 0, journal_s = 0, idle_s = 0;
  std::shared_ptr<void> under_way{};  // See Done.
};

Worked work(Queue& queue, const Execute& execute, Journal& journal, const Watch& watch);

}  // namespace nines::scenarios
