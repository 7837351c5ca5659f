// Texts that are absurd rather than wrong: one clear error, soon, and never a crash.
#include <gtest/gtest.h>

#include <string>

#include "scenarios/schema/node.hpp"
#include "tests/scenarios/schema/files.hpp"

namespace nines::scenarios {
namespace limits_test {

std::string refusal(const std::string& text) {
  const auto scenario = read_scenario(text, "file.yaml", catalogs());
  return scenario ? "accepted" : lines(scenario.error());
}

std::string repeated(const std::string& piece, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += piece;
  return out;
}

TEST(Limits, ALineOfTenMegabytesIsTooMuch) {
  EXPECT_EQ(refusal(std::string(10'000'000, 'x')), "0:0: the file has 10000000 bytes; a scenario may have at most 1048576\n");
}

TEST(Limits, ALineLongerThanAnyScreenIsRefused) {
  EXPECT_EQ(refusal("name: " + std::string(20'000, 'x')), "1:10001: the line is longer than 10000 bytes; break it\n");
}

TEST(Limits, BracketsNestedTwoHundredThousandDeepAreRefused) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += std::string(1000, '[') + '\n';
  EXPECT_NE(refusal(text).find("nested more than 32 levels deep; no scenario needs that\n"), std::string::npos);
  EXPECT_EQ(refusal("a: " + repeated("{b: ", 2000)), "1:128: nested more than 32 levels deep; no scenario needs that\n");
  EXPECT_EQ(refusal(repeated("- ", 2000)), "1:65: nested more than 32 levels deep; no scenario needs that\n");
}

TEST(Limits, AsManyLevelsAsAreAllowedAreReadAndOneMoreIsNot) {
  const std::string file = "file.yaml";
  EXPECT_TRUE(parse_yaml(repeated("[", 32) + repeated("]", 32), file).has_value());
  EXPECT_FALSE(parse_yaml(repeated("[", 33) + repeated("]", 33), file).has_value());
}

// Ten levels of ten aliases would be ten thousand million values.
TEST(Limits, ABombOfAliasesDoesNotGoOff) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string name = "a" + std::to_string(i), previous = "*a" + std::to_string(i - 1);
    bomb += name + ": &" + name + " [" + previous + repeated(", " + previous, 9) + "]\n";
  }
  const std::string said = refusal(bomb);
  EXPECT_NE(said.find("1:5: anchors (&name) are not read; write the values out\n"), std::string::npos) << said;
  EXPECT_NE(said.find("2:10: aliases (*name) are not read; write the values out\n"), std::string::npos) << said;
}

TEST(Limits, AHundredErrorsAreShownAndTheRestCounted) {
  std::string text = three_zones();
  for (int i = 0; i < 500; ++i) text += "key" + std::to_string(i) + ": 1\n";
  const auto scenario = read_scenario(text, "file.yaml", catalogs());
  ASSERT_FALSE(scenario.has_value());
  ASSERT_EQ(scenario.error().size(), 101u);
  EXPECT_EQ(scenario.error().back().what, "and 400 more errors");
}

TEST(Limits, MoreValuesThanAnyScenarioNeedsAreRefused) {
  std::string text = "list:\n";
  for (int line = 0; line < 100; ++line) text += "  - [" + repeated("1,", 2500) + "1]\n";
  EXPECT_EQ(refusal(text), "81:4688: more than 200000 values; no scenario needs that\n");
}

TEST(Limits, MoreElementsThanAnyScenarioNeedsAreRefused) {
  std::string zones = "[z";
  for (int i = 0; i < 25'000; ++i) zones += (i % 1000 == 0 ? ",\n      z" : ",z") + std::to_string(i);
  std::string text = three_zones();
  text.replace(text.find("[a, b, c]"), 9, zones + "]");
  EXPECT_NE(refusal(text).find("5:38: a list of more than 20,000 elements; no scenario needs that\n"), std::string::npos);

  std::string zones_that_fit = "[z";
  for (int i = 0; i < 1200; ++i) zones_that_fit += ",z" + std::to_string(i);
  text = three_zones();
  text.replace(text.find("[a, b, c]"), 9, zones_that_fit + "]");
  EXPECT_NE(refusal(text).find("more than 1,000 zones; at most 1,000 are simulated"), std::string::npos);
}

TEST(Limits, MoreNamesThanAnyScenarioNeedsAreRefused) {
  std::string faults = "faults:\n", pools = "\n", clusters = "clusters:\n";
  for (int i = 0; i < 1001; ++i) faults += "  f" + std::to_string(i) + ": off\n";
  EXPECT_NE(refusal(three_zones(faults)).find("more than 1,000 names"), std::string::npos);

  for (int i = 0; i < 101; ++i) pools += "    p" + std::to_string(i) + ": {zones: us-east-1/a, nodes: 1}\n";
  std::string text = three_zones();
  text.replace(text.find(" {brokers: {zones: us-east-1/*, nodes: 3}}\n"), 43, pools);
  EXPECT_NE(refusal(text).find("more than 100 node pools"), std::string::npos);

  for (int i = 0; i < 101; ++i) clusters += "  c" + std::to_string(i) + ": {profile: etcd-3.5, brokers: 1, replication: 1, load: none}\n";
  text = three_zones();
  EXPECT_NE(refusal(text.substr(0, text.find("cluster:")) + clusters).find("more than 100 clusters"), std::string::npos);
}

TEST(Limits, MoreDistancesThanAnyScenarioNeedsAreRefused) {
  std::string distances = "  distances:\n";
  for (int i = 0; i < 1001; ++i) distances += "    - {between: [us-east-1/a, us-east-1/b], rtt: {p50: 1ms}}\n";
  std::string text = three_zones();
  text.insert(text.find("  nodePools"), distances);
  EXPECT_NE(refusal(text).find("more than 1,000 distances"), std::string::npos);
}

TEST(Limits, ANameOrATextWithoutEndIsRefused) {
  EXPECT_NE(refusal(three_zones("  nodePool: " + std::string(200, 'x') + "\n")).find("13:13: the name is longer than 100 bytes"), std::string::npos);
  std::string text = three_zones();
  text.replace(text.find("{name: three-zones}"), 19, "{name: x, question: " + std::string(3000, 'x') + "}");
  EXPECT_NE(refusal(text).find("3:31: the text has more than 2000 bytes"), std::string::npos);
}

TEST(Limits, NulAndControlBytesAreNoText) {
  EXPECT_EQ(refusal(std::string("a: 1\nb: \0", 9)), "2:4: a NUL byte; a scenario is a text in UTF-8\n");
  EXPECT_EQ(refusal("a: \x1b[31mred"), "1:4: a control character; a scenario is plain text\n");
}

TEST(Limits, WhatIsNoUtf8IsRefused) {
  for (const char* bytes :
       {"\xff", "\xc3(", "\xc0\xaf", "\xe2\x82", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\x80"})
    EXPECT_EQ(refusal(std::string("a: ") + bytes), "1:4: not valid UTF-8; save the file as UTF-8\n") << bytes;
}

TEST(Limits, TextsOfEveryLengthOfUtf8AreRead) {
  std::string text = three_zones();
  text.replace(text.find("{name: three-zones}"), 19, "{name: x, question: \"a \xc3\xa9 \xe2\x82\xac \xed\x9f\xbf \xf0\x9f\x98\x80\"}");
  EXPECT_EQ(refusal(text), "accepted");
}

TEST(Limits, AnEmptyFileIsRefused) {
  EXPECT_EQ(refusal(""), "0:0: the file is empty; a scenario begins with 'apiVersion: nines/v1'\n");
  EXPECT_EQ(refusal("---\n"), "0:0: the file is empty; a scenario begins with 'apiVersion: nines/v1'\n");
}

TEST(Limits, LineEndsOfWindowsAndAByteOrderMarkAreRead) {
  std::string windows;
  for (const char c : three_zones()) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(refusal(windows), "accepted");
  EXPECT_EQ(refusal("\xef\xbb\xbf" + three_zones()), "accepted");
}

}  // namespace limits_test
}  // namespace nines::scenarios
