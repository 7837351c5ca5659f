#include "scenarios/cli/summary.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "analysis/report/gate.hpp"
#include "scenarios/cli/log.hpp"

namespace nines::scenarios {

bool write_summary(const std::string& markdown) {
  const char* path = std::getenv("GITHUB_STEP_SUMMARY");
  if (path == nullptr || path[0] == '\0') return true;
  std::error_code none;
  const auto size = std::filesystem::file_size(path, none);
  const std::size_t taken = none ? 0 : static_cast<std::size_t>(size);  // A step may write more than one.
  const std::size_t room = taken < analysis::most_of_a_summary ? analysis::most_of_a_summary - taken : 0;
  std::ofstream file(path, std::ios::app | std::ios::binary);
  file << analysis::shortened((taken > 0 ? "\n" : "") + markdown, room);
  file.close();
  if (file) return true;
  log_error(std::string("cannot write to the summary of the step, ") + path);
  return false;
}

}  // namespace nines::scenarios
