// Help, manual pages and completions say the same as the table: every option of a command, and no other.
#include "scenarios/cli/completion.hpp"

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "scenarios/cli/manual.hpp"
#include "scenarios/run/resources.hpp"
#include "scenarios/schema/mode_document.hpp"

namespace nines::scenarios {
namespace completion_test {

using Names = std::set<std::string>;

const BuiltIn built_in{.scenarios = {"three-zones", "two-regions"}, .profiles = {"zeebe-8.9", "etcd-3.5"}};

Names in_table(Command command) {
  Names names;
  for (const Option& option : options())
    if ((option.commands & bit(command)) != 0) names.emplace(long_name(option));
  return names;
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t start = text.find(from);
  if (start == std::string::npos) return {};
  const std::size_t end = text.find(to, start + from.size());
  return text.substr(start + from.size(), end == std::string::npos ? end : end - start - from.size());
}

// The first group of every match, line by line.
Names matches(const std::string& text, const char* pattern) {
  const std::regex expression(pattern);
  Names names;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    for (std::sregex_iterator it(line.begin(), line.end(), expression), end; it != end; ++it) names.insert((*it)[1]);
  return names;
}

std::set<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

TEST(Completion, HelpNamesEveryOptionOfACommandAndNoOther) {
  for (const CommandText& text : commands())
    EXPECT_EQ(matches(help_text(text.command), R"(^  (?:-\w,)? *--([a-z-]+))"), in_table(text.command)) << text.name;
}

TEST(Completion, TheManualNamesEveryOptionOfACommandAndNoOther) {
  for (const CommandText& text : commands()) {
    std::string page = between(manual_page(text.command), ".SH OPTIONS\n", ".SH ");
    for (std::size_t at = page.find("\\-"); at != std::string::npos; at = page.find("\\-", at)) page.replace(at, 2, "-");
    EXPECT_EQ(matches(page, R"(^(?:\\fB-\w\\fR, )?\\fB--([a-z-]+)\\fR)"), in_table(text.command)) << text.name;
  }
}

TEST(Completion, BashKnowsEveryOptionOfACommandAndNoOther) {
  const std::string script = completion_script(Shell::bash, built_in);
  for (const CommandText& text : commands()) {
    const std::string part = between(script, std::string("    ") + text.name + ")\n", "      ;;\n");
    EXPECT_EQ(matches(between(part, "options='", "'"), R"(--([a-z-]+))"), in_table(text.command)) << text.name;
  }
}

TEST(Completion, ZshKnowsEveryOptionOfACommandAndNoOther) {
  const std::string script = completion_script(Shell::zsh, built_in);
  for (const CommandText& text : commands()) {
    const std::string part = between(script, std::string("\n    ") + text.name + ")\n", "      ;;\n");
    EXPECT_EQ(matches(part, R"(^        '(?:\*(?:'\{-\w\+?,)?|\(-\w --[a-z-]+\)'\{-\w\+?,)?--([a-z-]+)=?(?:\[|\}))"), in_table(text.command)) << text.name;
  }
}

TEST(Completion, FishKnowsEveryOptionOfACommandAndNoOther) {
  const std::string script = completion_script(Shell::fish, built_in);
  for (const CommandText& text : commands()) {
    const std::string pattern = std::string("^complete -c nines -n '__fish_seen_subcommand_from ") + text.name + "' -l ([a-z-]+)";
    EXPECT_EQ(matches(script, pattern.c_str()), in_table(text.command)) << text.name;
  }
}

TEST(Completion, EveryCommandIsOffered) {
  const std::string bash = completion_script(Shell::bash, built_in), zsh = completion_script(Shell::zsh, built_in);
  const std::string fish = completion_script(Shell::fish, built_in), page = manual_page(), help = help_text();
  const Names in_bash = words_of(between(bash, "words='", "'"));
  for (const CommandText& text : commands()) {
    const std::string name = text.name;
    EXPECT_TRUE(in_bash.contains(name)) << name;
    EXPECT_NE(zsh.find("'" + name + ":"), std::string::npos) << name;
    EXPECT_NE(fish.find("-n __fish_use_subcommand -a " + name + " "), std::string::npos) << name;
    EXPECT_NE(page.find("\\fB" + name + "\\fR\n"), std::string::npos) << name;
    EXPECT_NE(page.find(".BR nines\\-" + name + " (1)"), std::string::npos) << name;
    EXPECT_NE(help.find(text.aside ? name : "\n  " + name + " "), std::string::npos) << name;
  }
  EXPECT_EQ(in_bash.size(), commands().size());
}

// What is offered for an option must be taken: the same words are read as they would be typed.
TEST(Completion, OffersOnlyWhatACommandTakes) {
  const auto offered = [](Command command, const char* option) { return choices(command, *option_named(option), built_in); };
  using Words = std::vector<std::string>;
  EXPECT_EQ(offered(Command::run, "format"), (Words{"table", "json", "jsonl", "csv", "markdown", "junit", "github"}));
  EXPECT_EQ(offered(Command::explain, "format"), (Words{"table", "json", "markdown", "mermaid", "dot"}));
  EXPECT_EQ(offered(Command::fuzz, "format"), (Words{"table", "json"}));
  EXPECT_EQ(offered(Command::run, "method"), (Words{"simulate", "exact", "rare"}));
  EXPECT_EQ(offered(Command::compare, "method"), (Words{"simulate", "exact"}));
  EXPECT_EQ(offered(Command::fuzz, "profile"), built_in.profiles);
  EXPECT_TRUE(offered(Command::run, "seed").empty());
  for (const CommandText& text : commands())
    for (const Option& option : options()) {
      if (option.words[0] == '\0' || (option.commands & bit(text.command)) == 0) continue;
      EXPECT_FALSE(choices(text.command, option, built_in).empty()) << text.name << " --" << long_name(option);
    }
}

TEST(Completion, WordsOfFittedFaultsAreThoseOfScenarios) {
  const auto known = [](const std::vector<std::string>& words, const std::vector<std::string>& names) {
    for (const std::string& word : words) EXPECT_NE(std::find(names.begin(), names.end(), word), names.end()) << word;
  };
  known(choices(Command::fit, *option_named("scope"), built_in), Enum<failure::Scope>::names());
  std::vector<std::string> effects = choices(Command::fit, *option_named("effect"), built_in);
  known(effects, Enum<failure::Effect>::names());
  effects.insert(effects.end(), {"slow", "lossy", "slow-disk"});  // These need more than a log of outages knows.
  EXPECT_EQ(effects.size(), Enum<failure::Effect>::names().size());
}

TEST(Completion, OperandsAreWhatTheSynopsisSays) {
  const auto of = [](const char* synopsis) { return operands_of({Command::help, "x", synopsis, "", ""}); };
  EXPECT_TRUE(of("x FILE|NAME... [options]").scenarios);
  EXPECT_TRUE(of("x FILE|NAME... [options]").files);
  EXPECT_TRUE(of("x FILE.csv --elements N [options]").files);
  EXPECT_FALSE(of("x FILE.csv --elements N [options]").scenarios);
  EXPECT_TRUE(of("x [COMMAND]").commands);
  EXPECT_EQ(of("x [a|b|c] [options]").words, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_TRUE(of("x [options]").words.empty());
  EXPECT_FALSE(of("x --out FILE [options]").files);
}

// Every page opens as man expects it, and no line of text is taken for a request of roff.
TEST(Manual, EveryPageHasItsSections) {
  const std::regex request(R"(^\.(TH|nh|ad|SH|TP|PP|BR|nf|fi)\b)");
  for (const CommandText& text : commands()) {
    const std::string page = manual_page(text.command);
    std::size_t last = 0;
    for (const char* name : {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "FILES", "ENVIRONMENT", "EXAMPLES", "SEE ALSO"}) {
      const std::size_t at = page.find(std::string("\n.SH ") + name + '\n');
      ASSERT_NE(at, std::string::npos) << text.name << ": " << name;
      EXPECT_GT(at, last);
      last = at;
    }
    EXPECT_TRUE(page.starts_with(".TH NINES\\-")) << text.name;
    EXPECT_EQ(page.find(std::string(".BR nines\\-") + text.name + " (1)"), std::string::npos) << "a page does not point to itself";
    std::istringstream lines(page);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_FALSE(line.empty()) << text.name;
      EXPECT_FALSE(line.starts_with('\'')) << line;
      EXPECT_TRUE(!line.starts_with('.') || std::regex_search(line, request)) << line;
    }
  }
}

}  // namespace completion_test
}  // namespace nines::scenarios
