// Progress for people: one line that is rewritten on a terminal, one line in ten seconds anywhere else. On standard error only.
#pragma once

#include <chrono>
#include <cstdio>
#include <functional>
#include <string>

#include "scenarios/run/answer.hpp"

namespace nines::scenarios {

// "  412 of 1000 replications, 99.9961 % (99.9950 to 99.9970 %), 3.1 s, about 4.4 s left"
std::string progress_line(const Progress& progress);

class ProgressLine {
 public:
  enum class Kind : std::uint8_t { silent, rewritten, appended };
  ProgressLine(Kind kind, std::FILE* to) : kind_(kind), to_(to) {}
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const Progress& progress);
  void show(std::chrono::duration<double> elapsed, const std::function<std::string()>& line);
  void clear();  // Before anything else is written to the same terminal.

 private:
  Kind kind_;
  std::FILE* to_;
  bool on_screen_ = false;
  std::chrono::duration<double> shown_{0};
};

}  // namespace nines::scenarios
