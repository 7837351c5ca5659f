#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "tests/scenarios/schema/files.hpp"

namespace nines::scenarios {
namespace json_schema_test {

// `nines schema > scenarios/schema/scenario.schema.json` makes it anew.
TEST(JsonSchema, TheCommittedOneIsUpToDate) { EXPECT_EQ(text_of(source_tree() / "scenarios/schema/scenario.schema.json"), json_schema()); }

TEST(JsonSchema, EveryKeyHasAWordOfExplanationAndNoOtherKeyIsAllowed) {
  const auto schema = nlohmann::json::parse(json_schema());
  int keys = 0;
  for (const auto& [name, definition] : schema["$defs"].items()) {
    if (!definition.contains("properties")) continue;
    EXPECT_EQ(definition["additionalProperties"], false) << name;
    for (const auto& [key, property] : definition["properties"].items()) {
      EXPECT_GT(property["description"].get<std::string>().size(), 5u) << name << '.' << key;
      ++keys;
    }
  }
  EXPECT_GT(keys, 120);
}

TEST(JsonSchema, EveryReferenceLeadsSomewhere) {
  const std::string text = json_schema();
  const auto schema = nlohmann::json::parse(text);
  static const std::string mark = "\"#/$defs/";
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    const std::size_t from = at + mark.size();
    EXPECT_TRUE(schema["$defs"].contains(text.substr(from, text.find('"', from) - from)));
  }
}

TEST(Library, EveryFileNamesTheSchemaAndOpensWithItsQuestion) {
  const std::set<std::string> traps{"camunda-replication-two", "camunda-single-node-backups"};  // Their warning is what they show.
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(source_tree() / "scenarios/library")) {
    if (entry.path().extension() != ".yaml") continue;
    const std::string text = text_of(entry.path());
    EXPECT_EQ(text.substr(0, text.find('\n')), "# yaml-language-server: $schema=../schema/scenario.schema.json") << entry.path();
    const std::size_t second = text.find('\n') + 1;
    EXPECT_EQ(text.substr(second, 2), "# ") << entry.path();
    EXPECT_LT(text.find('?'), text.find("apiVersion")) << entry.path() << " asks nothing";
    const auto scenario = read_scenario(text, entry.path().filename().string(), catalogs());
    ASSERT_TRUE(scenario.has_value()) << render(scenario.error(), text);
    EXPECT_TRUE(scenario->warnings.empty() || traps.contains(scenario->metadata.name)) << render(scenario->warnings, text, "warning");
    EXPECT_EQ(scenario->metadata.name + ".yaml", entry.path().filename().string());
    ++files;
  }
  EXPECT_GE(files, 25);
}

}  // namespace json_schema_test
}  // namespace nines::scenarios
