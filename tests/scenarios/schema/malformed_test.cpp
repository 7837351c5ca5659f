// Every file of malformed/ is wrong in the way its first line says; its last lines, `# expect: line:column: message`, are all that may be said about it.
// `# set: path=value` stands for a setting of the command line.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "tests/scenarios/schema/files.hpp"

namespace nines::scenarios {
namespace malformed_test {

namespace fs = std::filesystem;

std::vector<std::string> malformed_files() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(source_tree() / "tests/scenarios/schema/malformed")) names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

class MalformedScenario : public testing::TestWithParam<std::string> {};

// What follows `mark` in each line that begins with it.
std::vector<std::string> marked(const std::string& text, const std::string& mark) {
  std::vector<std::string> found;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    if (line.rfind(mark, 0) == 0) found.push_back(line.substr(mark.size()));
  return found;
}

TEST_P(MalformedScenario, IsRefusedWithEveryErrorAtItsPlace) {
  const std::string all = text_of(source_tree() / "tests/scenarios/schema/malformed" / (GetParam() + ".yaml"));
  const std::string text = all.substr(0, all.find("# expect: "));
  std::vector<Setting> settings;
  for (const auto& setting : marked(text, "# set: "))
    settings.push_back({setting.substr(0, setting.find('=')), setting.substr(setting.find('=') + 1)});
  const auto scenario = read_scenario(text, "file.yaml", catalogs(), settings);
  ASSERT_FALSE(scenario.has_value());
  std::string expected;
  for (const auto& line : marked(all, "# expect: ")) expected += line + '\n';
  EXPECT_FALSE(expected.empty()) << "the file does not say what it expects";
  EXPECT_EQ(lines(scenario.error()), expected);
}

// The line of the file, and below it a caret under the column of the message; all of these files but two are in ASCII.
TEST_P(MalformedScenario, IsShownWithALineAndACaret) {
  const std::string all = text_of(source_tree() / "tests/scenarios/schema/malformed" / (GetParam() + ".yaml"));
  const std::string text = all.substr(0, all.find("# expect: "));
  const auto scenario = read_scenario(text, "file.yaml", catalogs());
  if (scenario) return;  // Only its settings are wrong.
  std::vector<std::string> written{""};
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) written.push_back(line);
  for (const auto& error : scenario.error()) {
    const std::string shown = render({error}, text);
    EXPECT_NE(shown.find(": error: " + error.what + '\n'), std::string::npos);
    const auto number = static_cast<std::size_t>(error.place.line);
    if (error.place.line == 0 || number >= written.size() || written[number].size() > 150) continue;
    std::size_t characters = 0;
    for (const char c : written[number].substr(0, static_cast<std::size_t>(error.place.column - 1)))
      characters += (static_cast<unsigned char>(c) & 0xc0u) == 0x80u ? 0 : 1;
    std::string margin(characters, ' ');
    if (written[number][0] == '\t') margin.clear();  // The tab itself is what is wrong.
    EXPECT_NE(shown.find("  " + written[number] + "\n  " + margin + "^\n"), std::string::npos) << shown;
  }
}

INSTANTIATE_TEST_SUITE_P(Files, MalformedScenario, testing::ValuesIn(malformed_files()),
                         [](const testing::TestParamInfo<std::string>& file) { return file.param; });

// Whatever a message proposes for a misspelt key can be looked up in the JSON Schema.
TEST(MalformedScenarios, AreToldOfKeysThatTheJsonSchemaDescribes) {
  const std::string schema = json_schema();
  int proposals = 0;
  for (const auto& name : malformed_files()) {
    static const std::string mark = "; did you mean '";
    for (const auto& line : marked(text_of(source_tree() / "tests/scenarios/schema/malformed" / (name + ".yaml")), "# expect: ")) {
      const std::size_t at = line.find(mark);
      if (at == std::string::npos || line.find("unknown key") == std::string::npos) continue;
      const std::size_t from = at + mark.size();
      EXPECT_NE(schema.find('"' + line.substr(from, line.find('\'', from) - from) + "\": {"), std::string::npos) << line;
      ++proposals;
    }
  }
  EXPECT_GT(proposals, 3);
}

TEST(MalformedScenarios, AreMoreThanSixty) { EXPECT_GE(malformed_files().size(), 60u); }

}  // namespace malformed_test
}  // namespace nines::scenarios
