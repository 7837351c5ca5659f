// Processes that were started together to work on one sweep: the first of them has the queue, the journal and the result, and hands units to the others.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "scenarios/sweep/unit.hpp"

namespace nines::scenarios {

// What a unit leaves in the journal, see Points::work_on.
using Perform = std::function<std::string(const Unit&)>;

class Ranks {
 public:
  Ranks() = default;
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;
  virtual ~Ranks() = default;

  virtual int rank() const = 0;
  virtual int count() const = 0;

  // The first rank. Tells the others which sweep it is, and that `jobs` threads of every rank work on it; once.
  virtual void begin(std::string_view identity, int jobs) = 0;
  // The first rank, on count() * jobs threads at once: does it here, by `here`, or has another rank do it. What another cannot do is done here, so that
  // what is wrong shows as it would alone.
  virtual std::string perform(const Unit& unit, const Perform& here) = 0;
  // The first rank: time that units spent on their way to another rank and back.
  virtual double seconds_away() const = 0;
  // The first rank, at the end whatever it was: lets the others go, once they are through with what they have. Nothing may be performed any more.
  // A second call does nothing.
  virtual void end() = 0;

  // The other ranks, until they are let go: works on what it is given. `open`: from the identity to who performs its units; empty where it cannot.
  virtual void serve(const std::function<Perform(const std::string& identity)>& open) = 0;
};

}  // namespace nines::scenarios
