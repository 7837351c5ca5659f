// Runs a stage event by event with one safety checker a group.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/fuzz/safety.hpp"
#include "tests/support/worlds.hpp"

namespace nines::testing_worlds {

class Guard {
 public:
  explicit Guard(Stage& stage);
  void run_until(Instant t);                  // Every fault before t, every event before t.
  void apply(const failure::Change& change);  // A change of the caller's own, with everything before it.

  std::vector<std::string> violations() const;
  const fuzz::Safety& of(std::size_t group) const { return checkers_[group]; }
  std::uint64_t looks() const;
  std::uint64_t elections() const;

 private:
  void events_before(Instant t);
  void look(std::size_t group);

  Stage* stage_;
  std::vector<fuzz::Safety> checkers_;
  std::vector<std::size_t> roles_read_;  // A group.
  std::vector<fuzz::View> views_;        // Scratch.
};

}  // namespace nines::testing_worlds
