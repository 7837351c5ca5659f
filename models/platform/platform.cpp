#include "models/platform/platform.hpp"

#include <algorithm>

#include "sim/base/check.hpp"

namespace nines::platform {

const std::vector<Platform>& platforms() {
  static const std::vector<Platform> all{
      {.name = "kubernetes",
       .moves = Moves{.after_loss = 40s + 300s + 90s, .after_drain = 90s},
       .source = "unverified: Kubernetes documentation, node-monitor-grace-period 40 s (50 s from 1.32 on) and tolerations of not-ready and "
                 "unreachable nodes "
                 "for 300 s; 90 s until a web application serves is an assumption (probes of camunda-platform-helm 8.9: 30 s delay, 30 s period)"},
      {.name = "ecs", .moves = Moves{.after_loss = 60s + 90s, .after_drain = 90s}, .source = "assumption: a task that is lost is noticed within a minute and started again at once"},
      {.name = "vm", .moves = std::nullopt, .source = "assumption: a service manager starts a process again on its own machine only"},
      {.name = "bare-metal", .moves = std::nullopt, .source = "assumption: as vm"}};
  return all;
}

const Platform& platform_named(std::string_view name) {
  const auto found = std::find_if(platforms().begin(), platforms().end(), [&](const Platform& platform) { return platform.name == name; });
  SIM_CHECK(found != platforms().end(), "a platform that the reader let pass");
  return *found;
}

}  // namespace nines::platform
