// Every file of malformed/ is wrong in the way its first line says; its last lines, `# expect: line:column: message`, are all that may be said about it.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/scenarios/schema/files.hpp"

namespace nines::scenarios {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> malformed_files() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(source_tree() / "tests/scenarios/schema/malformed")) names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

class MalformedScenario : public testing::TestWithParam<std::string> {};

TEST_P(MalformedScenario, IsRefusedWithEveryErrorAtItsPlace) {
  const std::string all = text_of(source_tree() / "tests/scenarios/schema/malformed" / (GetParam() + ".yaml"));
  static const std::string mark = "# expect: ";
  const std::size_t first = all.find(mark);
  ASSERT_NE(first, std::string::npos) << "the file does not say what it expects";
  std::string expected = all.substr(first);
  for (std::size_t at = 0; (at = expected.find(mark, at)) != std::string::npos;) expected.erase(at, mark.size());
  const auto scenario = read_scenario(all.substr(0, first), "file.yaml", catalogs());
  ASSERT_FALSE(scenario.has_value());
  EXPECT_EQ(lines(scenario.error()), expected);
}

INSTANTIATE_TEST_SUITE_P(Files, MalformedScenario, testing::ValuesIn(malformed_files()),
                         [](const testing::TestParamInfo<std::string>& file) { return file.param; });

TEST(MalformedScenarios, AreMoreThanSixty) { EXPECT_GE(malformed_files().size(), 60u); }

}  // namespace
}  // namespace nines::scenarios
