#include "scenarios/cli/arguments.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace nines::scenarios {
namespace arguments_test {

Result<Arguments> typed(std::vector<const char*> words) {
  words.insert(words.begin(), "nines");
  return read_arguments(static_cast<int>(words.size()), words.data());
}

std::string refused(const std::vector<const char*>& words) {
  const auto arguments = typed(words);
  EXPECT_FALSE(arguments.has_value());
  return arguments ? "" : arguments.error().front().what;
}

TEST(Arguments, OptionsMayStandAnywhere) {
  for (const auto& words : std::vector<std::vector<const char*>>{
           {"run", "x.yaml", "--seed", "7", "-q"}, {"-q", "--seed=7", "run", "x.yaml"}, {"run", "-q", "x.yaml", "--seed", "7"}}) {
    const auto arguments = typed(words);
    ASSERT_TRUE(arguments.has_value());
    EXPECT_EQ(arguments->command, Command::run);
    EXPECT_EQ(arguments->operands, (std::vector<std::string>{"x.yaml"}));
    EXPECT_TRUE(arguments->quiet);
    ASSERT_EQ(arguments->settings.size(), 1u);
    EXPECT_EQ(arguments->settings[0].path, "simulation.seed");
    EXPECT_EQ(arguments->settings[0].value, "7");
  }
}

TEST(Arguments, ASettingKeepsEverythingBehindItsFirstEqualsSign) {
  const auto arguments = typed({"run", "x", "--set", "expect=[uptime.all >= 99%]", "--set", "cluster.load=none"});
  ASSERT_TRUE(arguments.has_value());
  ASSERT_EQ(arguments->settings.size(), 2u);
  EXPECT_EQ(arguments->settings[0].path, "expect");
  EXPECT_EQ(arguments->settings[0].value, "[uptime.all >= 99%]");
}

TEST(Arguments, ATimeHasAUnit) {
  EXPECT_DOUBLE_EQ(typed({"run", "x", "--max-time", "2min"})->max_time->count(), 120);
  EXPECT_NE(refused({"run", "x", "--max-time", "120"}).find("60s"), std::string::npos);
  EXPECT_NE(refused({"run", "x", "--max-time", "-5s"}), "");
  EXPECT_NE(refused({"run", "x", "--max-time", "0s"}), "");
}

TEST(Arguments, APrecisionIsAShareOfTheDowntime) {
  EXPECT_DOUBLE_EQ(*typed({"run", "x", "--relative-error", "5%"})->relative_error, 0.05);
  EXPECT_DOUBLE_EQ(*typed({"run", "x", "--relative-error", "0.1"})->relative_error, 0.1);
  for (const char* wrong : {"0", "5", "-5%", "five", "0.01%"}) EXPECT_NE(refused({"run", "x", "--relative-error", wrong}), "") << wrong;
  EXPECT_FALSE(typed({"run", "x", "--relative-error", "5%"})->limits_replications());
  EXPECT_TRUE(typed({"run", "x", "--relative-error", "5%", "--replications", "10"})->limits_replications());
  EXPECT_EQ(typed({"run", "x", "--relative-error", "5%", "--jobs", "2"})->canonical(), "nines run x --relative-error 0.05");
}

TEST(Arguments, AServiceLevelIsAShareOfTime) {
  EXPECT_DOUBLE_EQ(*typed({"run", "x", "--slo", "99.95%"})->level, 0.9995);
  EXPECT_EQ(typed({"run", "x", "--slo", "0.9995"})->canonical(), "nines run x --slo 0.9995");
  for (const char* wrong : {"99.95", "-1%", "four nines"}) EXPECT_NE(refused({"run", "x", "--slo", wrong}), "") << wrong;
}

TEST(Arguments, AnUnknownWordIsToldTheNearest) {
  EXPECT_NE(refused({"rnu", "x"}).find("did you mean 'run'?"), std::string::npos);
  EXPECT_NE(refused({"run", "x", "--formt", "json"}).find("did you mean '--format'?"), std::string::npos);
  EXPECT_NE(refused({"run", "x", "--form", "json"}).find("did you mean '--format'?"), std::string::npos)
      << "no abbreviations: they break when an option is added";
}

TEST(Arguments, AllThatIsWrongIsSaidAtOnce) {
  const auto arguments = typed({"run", "--jobs", "none", "--max-time", "x", "--explain"});
  ASSERT_FALSE(arguments.has_value());
  EXPECT_EQ(arguments.error().size(), 4u);
}

TEST(Arguments, HelpNeedsNothingElse) {
  EXPECT_TRUE(typed({"--help"})->help);
  EXPECT_TRUE(typed({"run", "--help"})->help);
  EXPECT_TRUE(typed({"-h", "run"})->help);
}

TEST(Arguments, TheExtensionNamesTheKindOfFile) {
  EXPECT_EQ(format_of_extension("a/b.h5"), Format::hdf5);
  EXPECT_EQ(format_of_extension("b.md"), Format::markdown);
  EXPECT_EQ(format_of_extension("b.tar.jsonl"), Format::jsonl);
  EXPECT_EQ(format_of_extension("json"), std::nullopt);
  EXPECT_EQ(format_of_extension("a.json/b"), std::nullopt);
}

// It goes into results, whose bytes must not depend on threads, and is what repeats a broken replication.
TEST(Arguments, TheCanonicalLineHasWhatDecidesTheAnswerAndNothingElse) {
  Arguments arguments =
      *typed({"-q", "run", "it's.yaml", "--jobs", "7", "-o", "x.h5", "--seed", "3", "--max-time", "1h", "--set", "cluster.load=none"});
  EXPECT_EQ(arguments.canonical(), "nines run 'it'\\''s.yaml' --seed 3 --set cluster.load=none");
  arguments.only_replication = 12;
  EXPECT_TRUE(arguments.canonical().ends_with(" --only-replication 12"));
  EXPECT_FALSE(typed({"run", "x", "--set", "a"}).has_value());
  const auto again =
      typed({"run", "it's.yaml", "--seed", "2", "--set", "simulation.seed=3", "--set", "cluster.load=none", "--only-replication", "12"});
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->canonical(), arguments.canonical());
}

}  // namespace arguments_test
}  // namespace nines::scenarios
