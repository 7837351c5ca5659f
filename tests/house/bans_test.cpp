#include "tests/house/bans.hpp"

#include <gtest/gtest.h>

namespace nines::house {
namespace bans_test {

const Tree& ours() {
  static const Tree tree = read_tree(NINES_SOURCE_DIR);
  return tree;
}

// How many findings a file of this text brings when it is planted alone in a tree.
std::size_t found(const std::string& path, const std::string& text) { return ban_findings({{path, text}}).size(); }

TEST(Bans, TheTreeKeepsThem) {
  ASSERT_GT(ours().size(), 20u);
  EXPECT_EQ(listed(ban_findings(ours())), "");
}

TEST(Bans, AViolationPlantedInOurTreeIsFoundWithItsLine) {
  const Findings before = ban_findings(ours());
  Tree tree = ours();
  tree["models/world/planted.cpp"] = "namespace nines {\n\nauto now() { return std::chrono::system_clock::now(); }\n}\n";
  const Findings after = ban_findings(tree);
  ASSERT_EQ(after.size(), before.size() + 1);
  const auto planted = std::find_if(after.begin(), after.end(), [](const Finding& f) { return f.path == "models/world/planted.cpp"; });
  ASSERT_NE(planted, after.end());
  EXPECT_EQ(planted->line, 3);
}

TEST(Bans, NoWallClockBelowScenarios) {
  EXPECT_EQ(found("sim/base/a.cpp", "auto t = [] { return std::chrono::steady_clock::now(); };"), 1u + 1u) << "the clock, and a global";
  EXPECT_EQ(found("sim/base/a.cpp", "long f() { return time(nullptr); }"), 1u);
  EXPECT_EQ(found("sim/base/a.cpp", "long f() { return sample_time(0); }"), 0u);
  EXPECT_EQ(found("scenarios/run/a.cpp", "auto f() { return std::chrono::steady_clock::now(); }"), 0u);
}

TEST(Bans, NoUnkeyedRandomnessBelowScenarios) {
  EXPECT_EQ(found("models/raft/a.cpp", "int f() { return std::random_device{}(); }"), 1u);
  EXPECT_EQ(found("models/raft/a.cpp", "double f(G& g) { return std::normal_distribution<double>(0, 1)(g); }"), 1u);
  EXPECT_EQ(found("models/raft/a.cpp", "int f() { return rand(); }"), 1u);
  EXPECT_EQ(found("models/raft/a.cpp", "int f() { return operand(); }"), 0u);
}

TEST(Bans, NoThreadsBelowScenarios) {
  EXPECT_EQ(found("analysis/stats/a.cpp", "void f() { std::thread t; }"), 1u);
  EXPECT_EQ(found("analysis/stats/a.cpp", "void f() { std::mutex m; }"), 1u);
  EXPECT_EQ(found("analysis/stats/a.hpp", "#pragma once\nstruct A { std::atomic<int> n; };"), 1u);
  EXPECT_EQ(found("scenarios/run/a.cpp", "void f() { std::thread t; }"), 0u);
}

TEST(Bans, NoLogBelowScenarios) {
  EXPECT_EQ(found("models/world/a.cpp", "void f() { std::cerr << 1; }"), 1u);
  EXPECT_EQ(found("models/world/a.cpp", "void f() { printf(\"x\"); }"), 1u);
  EXPECT_EQ(found("models/world/a.cpp", "void f() { snprintf(b, 1, \"x\"); }"), 0u);
}

TEST(Bans, NoPointerIsAKey) {
  EXPECT_EQ(found("models/world/a.cpp", "void f() { std::map<const Node*, int> m; }"), 1u);
  EXPECT_EQ(found("models/world/a.cpp", "void f() { std::map<int, const Node*> m; }"), 0u);
}

TEST(Bans, NoGlobalsBelowScenarios) {
  EXPECT_EQ(found("sim/base/a.cpp", "namespace nines {\nint counter = 0;\n}"), 1u);
  EXPECT_EQ(found("sim/base/a.cpp", "namespace nines {\nstd::vector<int> counters;\n}"), 1u);
  EXPECT_EQ(found("sim/base/a.cpp", "namespace {\nstd::map<int, double> cache{{1, 2.0}};\n}"), 1u);
  EXPECT_EQ(found("sim/base/a.cpp", "int f() { static int calls = 0; return ++calls; }"), 1u);
  EXPECT_EQ(found("sim/base/a.cpp", "std::size_t size = std::size_t{4} << 20;"), 1u);
  EXPECT_EQ(found("sim/base/a.cpp", "int f() { static std::vector<int> seen{1, 2}; return seen[0]; }"), 1u);
  EXPECT_EQ(found("sim/base/a.hpp", "#pragma once\nstruct A { inline static int count = 0; int member = 0; };"), 1u);
}

TEST(Bans, ConstantsFunctionsAndTypesAreNoGlobals) {
  EXPECT_EQ(
      found("sim/base/a.cpp", "inline constexpr int limit = 3;\nconst std::vector<int> table = {1, 2};\nconst std::map<int, int> more{{1, 2}};"), 0u);
  EXPECT_EQ(
      found("sim/base/a.cpp", "int f(int a);\ntemplate <class T> struct B { T b; };\nusing C = B<int>;\nenum class D : int { a, b };\nclass E;"), 0u);
  EXPECT_EQ(found("sim/base/a.cpp", "int f() { static const int table[] = {1, 2}; int local = 0; return table[0] + local; }"), 0u);
  EXPECT_EQ(found("sim/base/a.hpp",
                  "#pragma once\nstruct A { static A make(int a = 1); static constexpr int one = 1; };\nconstexpr auto x = [] { return 1; };"),
            0u);
  EXPECT_EQ(
      found(
          "sim/base/a.cpp",
          "constexpr std::size_t size = std::size_t{4} << 20;\nconst auto f = [] { int local = 1; return local; };\nint g(int a = 1) { return a; }"),
      0u);
  EXPECT_EQ(
      found("sim/base/a.cpp",
            "template <class T = int> struct F { T member = 0; };\nstruct G { int member{1}; } const g;\nvoid h() { if (int a = 1; a) { a = 2; } }"),
      0u);
  EXPECT_EQ(found("sim/base/a.cpp", "A::A(int a) : b_(a), c_{a} {}\nbool A::operator==(const A&) const = default;"), 0u);
}

TEST(Bans, NoOrderOfAnUnorderedContainerLeaks) {
  EXPECT_EQ(found("models/world/a.cpp", "void f() { std::unordered_map<int, int> m; for (auto& [k, v] : m) use(k, v); }"), 1u);
  EXPECT_EQ(found("models/world/a.cpp", "void f() { std::unordered_set<int> m; g(m.begin()); }"), 1u);
  EXPECT_EQ(found("models/world/a.cpp", "void f() { std::unordered_map<int, int> m; use(m.at(1)); }"), 0u);
  const Tree pair = {{"models/world/a.hpp", "#pragma once\nstruct A { void f(); std::unordered_map<int, int> seen_; };"},
                     {"models/world/a.cpp", "void A::f() { for (const auto& s : seen_) use(s); }"}};
  EXPECT_EQ(ban_findings(pair).size(), 1u);
}

TEST(Bans, NoDispatchOnThePathOfEvents) {
  EXPECT_EQ(found("sim/kernel/a.hpp", "#pragma once\nstruct A {\n  virtual void f();\n  std::function<void()> g;\n  std::shared_ptr<int> h;\n};"), 3u);
  EXPECT_EQ(found("models/world/a.hpp", "#pragma once\nstruct A { std::function<void()> g; };"), 0u);
}

TEST(Bans, NoPathOfAMachineAnywhere) {
  const std::string root = "/";
  EXPECT_EQ(found("README.md", "see " + root + "home/somebody/nines"), 1u);
  EXPECT_EQ(found("scenarios/library/a.yaml", "# from " + root + "tmp/x"), 1u);
  EXPECT_EQ(found("tests/a_test.cpp", "// \"" + root + "root/x\""), 1u);
  EXPECT_EQ(found("README.md", root + "home/a/b\n" + root + "work/x\n"), 2u);
  EXPECT_EQ(found("README.md", "a/home/b and https://example.org/home/b and build/tmp/c"), 0u);
  EXPECT_EQ(found("models/README.md", "see fac" + std::string("ts/raft.md")), 1u);
}

TEST(Bans, WhatIsOnlySaidIsNotDone) {
  EXPECT_EQ(found("sim/base/a.cpp", "// Unlike std::mutex, rand() or system_clock.\nconst char* const text = \"std::thread\";"), 0u);
  EXPECT_EQ(found("sim/base/a.cpp", "const int n = 1'000'000; /* std::thread */ const char c = '\"'; const auto r = R\"(std::mutex)\";"), 0u);
}

TEST(Bans, AHeaderIsReadOnce) { EXPECT_EQ(found("sim/base/a.hpp", "struct A {};"), 1u); }

}  // namespace bans_test
}  // namespace nines::house
