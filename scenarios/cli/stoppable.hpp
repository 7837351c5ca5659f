// Work that does not look itself whether it is to stop.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace nines::scenarios {

using Deadline = std::optional<std::chrono::steady_clock::time_point>;

// Does the work on a thread of its own, and throws what it throws. Where Ctrl-C (see listen_to_signals) or the deadline comes first, nobody waits for it:
// says so, "interrupted" or "time was up" and `what` behind it, calls `before`, and ends the process with Exit::interrupted. For work that leaves nothing
// behind before it is done.
void work_unless_stopped(const std::function<void()>& work, const Deadline& deadline, const std::string& what, const std::function<void()>& before = {});

}  // namespace nines::scenarios
