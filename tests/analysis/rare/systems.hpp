// Systems of a few like elements whose unavailability is known.
#pragma once

#include "analysis/exact/count.hpp"
#include "analysis/rare/rare.hpp"
#include "tests/support/worlds.hpp"

namespace nines::analysis::test {

// n nodes of one partition with the same laws.
struct Majority {
  Majority(std::size_t n, const Law& up, const Law& down) : options(options_of(n, up, down)), model(*model_of(options)), system(model, options, 0) {
    exact = fewer_than_up(std::vector<double>(n, model.atoms[0].unavailability), n / 2 + 1);
  }
  Majority(const Majority&) = delete;
  Majority& operator=(const Majority&) = delete;

  world::Options options;
  Model model;
  System system;
  double exact = 0;

 private:
  static world::Options options_of(std::size_t n, const Law& up, const Law& down) {
    world::Options made = testing_worlds::cluster(n, 1, 1, n, testing_worlds::zeebe());
    failure::Mode mode = testing_worlds::exponential_mode("node-loss", failure::Scope::node, failure::Effect::stop, 1h, 1h);
    mode.up_time = up;
    mode.duration = down;
    made.modes = {mode};
    return made;
  }
};

}  // namespace nines::analysis::test
