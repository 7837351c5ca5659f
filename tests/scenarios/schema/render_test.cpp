#include <gtest/gtest.h>

#include <string>

#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {
namespace render_test {

TEST(Render, PrintsPlaceMessageLineAndCaret) {
  EXPECT_EQ(render({{{"f.yaml", 2, 4}, "what"}}, "a: 1\nb: 2\n"), "f.yaml:2:4: error: what\n  b: 2\n     ^\n");
  EXPECT_EQ(render({{{"f.yaml", 1, 1}, "what"}}, "a: 1\r\n", "warning"), "f.yaml:1:1: warning: what\n  a: 1\n  ^\n");
}

TEST(Render, PrintsNoLineForAFileAsAWholeOrBehindItsEnd) {
  EXPECT_EQ(render({{{"f.yaml", 0, 0}, "what"}}, "a: 1\n"), "f.yaml: error: what\n");
  EXPECT_EQ(render({{{"f.yaml", 7, 1}, "what"}}, "a: 1\n"), "f.yaml:7:1: error: what\n");
}

TEST(Render, TheCaretCountsCharacters) {
  EXPECT_EQ(render({{{"f.yaml", 1, 7}, "what"}}, "a\xc3\xbc\xc3\xb6: x\n"), "f.yaml:1:7: error: what\n  a\xc3\xbc\xc3\xb6: x\n      ^\n");
}

TEST(Render, ALongLineIsShownAroundTheError) {
  const std::string line = std::string(500, 'x') + '!' + std::string(500, 'y');
  const std::string shown = render({{{"f.yaml", 1, 501}, "what"}}, line + "\n");
  EXPECT_LT(shown.size(), 300u);
  const std::size_t begin = shown.find('\n') + 1, second = shown.find('\n', begin) + 1;
  EXPECT_EQ(shown[begin + shown.find('^', second) - second], '!');  // The caret stands under it.
}

TEST(Render, AFileCannotSteerTheTerminal) { EXPECT_EQ(render({{{"f.yaml", 1, 1}, "what"}}, "\x1b[2J\n"), "f.yaml:1:1: error: what\n  ?[2J\n  ^\n"); }

}  // namespace render_test
}  // namespace nines::scenarios
