#include "scenarios/cli/output.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace nines::scenarios {
namespace output_test {

TEST(Output, ATextIsReadWholeUpToTheLimitAndOneByteBeyond) {
  const auto path =
      std::filesystem::temp_directory_path() / ("nines-output-test-" + std::to_string(std::filesystem::hash_value(std::filesystem::current_path())));
  std::ofstream(path) << std::string(200'000, 'x');
  EXPECT_EQ(read_text(path.string(), 1'000'000)->size(), 200'000u);
  EXPECT_EQ(read_text(path.string(), 200'000)->size(), 200'000u);
  EXPECT_EQ(read_text(path.string(), 1'000)->size(), 1'001u);  // The reader sees that there is more than it takes.
  std::filesystem::remove(path);
  ASSERT_FALSE(read_text(path.string(), 1'000).has_value());
  EXPECT_NE(read_text(path.string(), 1'000).error().front().what.find("No such file"), std::string::npos);
}

TEST(Output, ADirectoryIsNoText) {
  const auto text = read_text(std::filesystem::temp_directory_path().string(), 1'000);
  ASSERT_FALSE(text.has_value());
  EXPECT_NE(text.error().front().what.find("is a directory"), std::string::npos);
}

}  // namespace output_test
}  // namespace nines::scenarios
