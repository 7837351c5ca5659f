#include <nlohmann/json.hpp>

#include <string>

#include "scenarios/schema/document.hpp"
#include "sim/base/check.hpp"

namespace nines::scenarios {

std::string json_schema() {
  using Json = nlohmann::ordered_json;
  Definitions definitions;
  const std::string root = document_schema(definitions);
  Json schema = Json::object();
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = "nines scenario";
  schema["$ref"] = Json::parse(root, nullptr, false)["$ref"];
  for (const auto& [name, text] : definitions) {
    Json definition = Json::parse(text, nullptr, false);
    SIM_CHECK(!definition.is_discarded(), "a codec describes itself in JSON");
    schema["$defs"][name] = std::move(definition);
  }
  // Exactly one of the two; a table knows no such thing.
  schema["oneOf"] = Json::array({Json{{"required", {"cluster"}}}, Json{{"required", {"clusters"}}}});
  return schema.dump(2) + "\n";
}

}  // namespace nines::scenarios
