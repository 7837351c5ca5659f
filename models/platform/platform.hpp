// What a platform does about a machine that is gone: how long it takes to notice, and to start elsewhere what stood on it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/time.hpp"

namespace nines::platform {

// When what has no data of its own serves again on another machine. What has waits for its own machine, or its volume's zone.
struct Moves {
  Duration after_loss{0};   // Of a machine that nobody announced.
  Duration after_drain{0};  // Of a machine that is taken out for planned work.
};

struct Platform {
  std::string name;
  std::optional<Moves> moves;  // Nothing: everything waits for its machine.
  std::string source;
};

// "kubernetes", "ecs", "vm", "bare-metal": as in operations.platform.
const std::vector<Platform>& platforms();
const Platform& platform_named(std::string_view name);  // Throws where there is none.

}  // namespace nines::platform
