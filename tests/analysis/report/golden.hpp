// Texts against files of tests/analysis/report/golden.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace nines::analysis::test {

// With NINES_REGENERATE=1 in the environment it writes the file instead.
inline void expect_golden(const std::string& text, const std::string& name) {
  const std::filesystem::path path = std::filesystem::path(NINES_SOURCE_DIR) / "tests/analysis/report/golden" / name;
  if (std::getenv("NINES_REGENERATE") != nullptr) std::ofstream(path) << text;
  std::ifstream file(path);
  std::stringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(text, golden.str()) << name;
}

}  // namespace nines::analysis::test
