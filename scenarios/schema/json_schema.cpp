#include <nlohmann/json.hpp>

#include <string>

#include "scenarios/schema/document.hpp"
#include "scenarios/schema/standalone.hpp"
#include "sim/base/check.hpp"

namespace nines::scenarios {

std::string json_schema() {
  using Json = nlohmann::ordered_json;
  Definitions definitions;
  const auto reference = [](const std::string& text) { return Json::parse(text, nullptr, false); };
  Json scenario = reference(document_schema(definitions));
  const Json sweep = reference(sweep_file_schema(definitions)), incident = reference(incident_file_schema(definitions));
  // Exactly one of the two; a table knows no such thing.
  scenario["oneOf"] = Json::array({Json{{"required", {"cluster"}}}, Json{{"required", {"clusters"}}}});
  Json schema = Json::object();
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = "nines scenario, sweep or incident";
  for (const auto& [name, text] : definitions) {
    Json definition = Json::parse(text, nullptr, false);
    SIM_CHECK(!definition.is_discarded(), "a codec describes itself in JSON");
    schema["$defs"][name] = std::move(definition);
  }
  // By its kind, so that what is wrong with a file is said of the shape it wants to have.
  const auto is_kind = [](const char* word) {
    return Json{{"type", "object"}, {"properties", {{"kind", {{"const", word}}}}}, {"required", Json::array({"kind"})}};
  };
  schema["if"] = is_kind("Sweep");
  schema["then"] = sweep;
  schema["else"] = Json{{"if", is_kind("Incident")}, {"then", incident}, {"else", scenario}};
  return schema.dump(2) + "\n";
}

}  // namespace nines::scenarios
