#include "scenarios/cli/sweep_setup.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/analysis/export/folder.hpp"

namespace nines::scenarios {
namespace sweep_setup_test {

Arguments typed(const std::vector<std::string>& words) {
  std::vector<const char*> pointers;
  for (const std::string& word : words) pointers.push_back(word.c_str());
  auto arguments = read_arguments(static_cast<int>(pointers.size()), pointers.data());
  if (!arguments) throw std::runtime_error(arguments.error().front().what);
  return *arguments;
}

// What a program called nines is given when the line is pasted into sh.
std::vector<std::string> pasted(const std::string& line) {
  const analysis::test::Folder folder;
  std::ofstream(folder / "line.sh") << "nines() { printf '%s\\0' nines \"$@\"; }\n" << line << '\n';
  std::FILE* pipe = ::popen(("sh '" + (folder / "line.sh") + "'").c_str(), "r");
  std::vector<std::string> words(1);
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
    if (c == 0)
      words.emplace_back();
    else
      words.back() += static_cast<char>(c);
  }
  EXPECT_EQ(::pclose(pipe), 0);
  words.pop_back();
  return words;
}

std::vector<std::uint64_t> counted(const SweepSetup& setup) {
  std::vector<std::uint64_t> all;
  for (std::uint64_t point = 0; point < setup.points->space().points(); ++point)
    if (setup.points->at(point) != nullptr) all.push_back(point);
  return all;
}

// Found by a line of which sh said: syntax error near unexpected token `('.
TEST(SweepSetup, ALineThatRepeatsAPointDoesSoWhenItIsPasted) {
  const analysis::test::Folder folder;
  const std::string file = folder / "it's (mine).yaml";
  std::ofstream(file) << "apiVersion: nines/v1\nkind: Sweep\nmetadata: {name: small, question: \"?\"}\nscenario: camunda-three-zones\n"
                         "axes: {cluster.replication: [1, 3], cluster.partitions: [3, 4, 5]}\n";
  const Arguments arguments = typed({"nines", "sweep", file, "--set", "metadata.question=Whose? It's $HOME's; `mine` (\"here\").", "--seed", "7",
                                     "--replications", "31", "--method", "simulate", "--jobs", "2", "-q", "-o", folder / "out.h5"});
  const auto before = set_up_sweep(arguments);
  ASSERT_TRUE(before);
  const auto after = set_up_sweep(typed(pasted(to_repeat(arguments, Unit{.point = 4, .first = 0, .points = 1, .count = 30}))));
  ASSERT_TRUE(after);
  EXPECT_EQ(counted(*after), (std::vector<std::uint64_t>{4}));
  EXPECT_EQ(after->method, before->method);
  const auto setting = [](const Setting& one) { return one.path + '=' + one.value; };
  const std::vector<Setting> was = before->points->space().settings(4), is = after->points->space().settings(4);
  ASSERT_EQ(was.size(), is.size());
  for (const Setting& one : was)
    EXPECT_EQ(std::count_if(is.begin(), is.end(), [&](const Setting& other) { return setting(one) == setting(other); }), 1) << setting(one);
  const Scenario &a = before->points->at(4)->scenario, &b = after->points->at(4)->scenario;
  EXPECT_EQ(a.simulation.seed, 7u);
  EXPECT_EQ(b.simulation.seed, 7u);
  EXPECT_EQ(b.simulation.replications, 31);
  EXPECT_EQ(a.metadata.question, b.metadata.question);
}

TEST(SweepSetup, ALineThatRepeatsAUnitKeepsToWhatWasAskedFor) {
  const Unit unit{.point = 4, .first = 0, .points = 4, .count = 0};
  EXPECT_EQ(to_repeat(typed({"nines", "sweep", "x.yaml", "--method", "exact", "--only", "a=2", "--only", "5", "--only", "17"}), unit),
            "nines sweep x.yaml --method exact --only a=2 --only 5");
  EXPECT_EQ(to_repeat(typed({"nines", "sweep", "x.yaml"}), unit), "nines sweep x.yaml --only 4 --only 5 --only 6 --only 7");
}

// Of more points than are kept in memory, some may still be worked on without a file.
TEST(SweepSetup, CountsThePointsThatWereAskedFor) {
  const analysis::test::Folder folder;
  std::ofstream(folder / "sweep.yaml")
      << "apiVersion: nines/v1\nkind: Sweep\nmetadata: {name: small, question: \"?\"}\nscenario: camunda-three-zones\n"
         "axes: {cluster.replication: [1, 3], cluster.partitions: [3, 4, 5]}\n";
  const auto selected = [&](std::vector<std::string> only) {
    only.insert(only.begin(), {"nines", "sweep", folder / "sweep.yaml"});
    return set_up_sweep(typed(only))->selected;
  };
  EXPECT_EQ(selected({}), 6u);
  EXPECT_EQ(selected({"--only", "replication=1"}), 3u);
  EXPECT_EQ(selected({"--only", "4", "--only", "5"}), 2u);
}

}  // namespace sweep_setup_test
}  // namespace nines::scenarios
