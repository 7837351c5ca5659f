// What is compared of a trace: etcd's own text without its log lines and write flags, messages of one list in any order.
#pragma once

#include <string>
#include <vector>

namespace nines::real {

struct TraceLine {
  std::string text;
  int line = 0;  // In the file.
};

// Leaves out log lines (INFO, DEBUG, ...), "Ready MustSync", "ok" and indentation; joins a message that runs over several lines; sorts every
// run of messages.
std::vector<TraceLine> normalised(const std::vector<std::string>& lines, int first_line);

// Empty where both say the same; else both side by side: " " in both, "-" expected only (with its place), "+" ours only.
std::string difference(const std::string& file, const std::vector<TraceLine>& expected, const std::vector<TraceLine>& ours);

}  // namespace nines::real
