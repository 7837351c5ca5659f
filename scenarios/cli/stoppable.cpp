#include "scenarios/cli/stoppable.hpp"

#include <cstdlib>
#include <future>

#include "scenarios/cli/exit.hpp"
#include "scenarios/cli/log.hpp"
#include "scenarios/cli/signals.hpp"

namespace nines::scenarios {

void work_unless_stopped(const std::function<void()>& work, const Deadline& deadline, const std::string& what, const std::function<void()>& before) {
  using namespace std::chrono_literals;
  std::future<void> done = std::async(std::launch::async, work);
  while (done.wait_for(50ms) != std::future_status::ready) {
    const bool is_late = deadline && std::chrono::steady_clock::now() >= *deadline;
    if (!is_late && !stop_asked()) continue;
    log_error((stop_asked() ? "interrupted " : "time was up ") + what);
    if (before) before();
    std::_Exit(static_cast<int>(Exit::interrupted));
  }
  done.get();
}

}  // namespace nines::scenarios
