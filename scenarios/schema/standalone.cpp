#include "scenarios/schema/standalone.hpp"

#include <algorithm>
#include <utility>

#include "scenarios/schema/resolve.hpp"

namespace nines::scenarios {

namespace {

template <FileKind Kind>
struct KindWord {
  static constexpr const char* text = Kind == FileKind::sweep ? "Sweep" : "Incident";
};

// {path: value, ...}, each at its place.
struct SettingsText {
  using Value = std::vector<Setting>;
  static bool read(const Node& node, Value& out, Context& context) {
    bool good = check_map(node, {}, context);
    for (const auto& entry : node.entries) {
      if (entry.value.kind == Node::Kind::missing) good = context.error(entry.place, "'" + entry.key.substr(0, 80) + "' has no value");
      out.push_back({entry.key, entry.value.written(), entry.value.place});
    }
    return good;
  }
  static std::string schema(Definitions&) { return R"({"type": "object"})"; }
};

template <FileKind Kind>
struct BesideDocument {
  Written<std::string> api_version, kind, scenario;
  MetadataDocument metadata;
  std::vector<Setting> settings;
};

}  // namespace

template <FileKind Kind>
struct Table<BesideDocument<Kind>> {
  static const std::vector<Field<BesideDocument<Kind>>>& fields() {
    using D = BesideDocument<Kind>;
    static const std::vector<Field<D>> all{
        required<Constant<ApiVersion>, &D::api_version>("apiVersion", "The version of this format."),
        required<Constant<KindWord<Kind>>, &D::kind>("kind", "What the file holds."),
        required<Object<MetadataDocument>, &D::metadata>("metadata", "Name and question."),
        required<Text, &D::scenario>("scenario", "The scenario it is about: a path beside this file, or a name of the library."),
        optional_field<SettingsText, &D::settings>("set", "What differs from the scenario at every point: paths and their values."),
    };
    return all;
  }
};

namespace {

template <class S>
void add_names(std::vector<std::string>& names) {
  for (const auto& field : Table<S>::fields()) names.emplace_back(field.name);
}

// The keys of the file that say where it belongs, and the others.
template <FileKind Kind, class Body>
bool read_parts(const Node& root, Beside& beside, Node& rest, Context& context) {
  std::vector<std::string> heads, all;
  add_names<BesideDocument<Kind>>(heads);
  all = heads;
  add_names<Body>(all);
  if (!check_map(root, all, context)) return false;
  Node head = root;
  rest = root;
  const auto is_head = [&](const Node::Entry& entry) { return std::find(heads.begin(), heads.end(), entry.key) != heads.end(); };
  std::erase_if(rest.entries, is_head);
  std::erase_if(head.entries, [&](const Node::Entry& entry) { return !is_head(entry); });
  BesideDocument<Kind> document;
  const bool good = read_fields(head, Table<BesideDocument<Kind>>::fields(), document, context);
  if (document.metadata.name.ok) beside.metadata.name = *document.metadata.name;
  if (document.metadata.question.ok) beside.metadata.question = *document.metadata.question;
  if (document.scenario.ok) beside.scenario = {*document.scenario, document.scenario.place};
  beside.settings = std::move(document.settings);
  return good;
}

template <class S>
void add_fields(std::vector<std::pair<std::string, std::string>>& properties, std::vector<std::string>& required_names, Definitions& definitions) {
  for (const auto& field : Table<S>::fields()) {
    properties.emplace_back(field.name, describe(field.schema(definitions), field.doc, field.fallback, field.source));
    if (field.fallback == nullptr) required_names.emplace_back(field.name);
  }
}

template <FileKind Kind, class Body>
std::string schema_of_parts(const char* name, Definitions& definitions) {
  std::vector<std::pair<std::string, std::string>> properties;
  std::vector<std::string> required_names;
  add_fields<BesideDocument<Kind>>(properties, required_names, definitions);
  add_fields<Body>(properties, required_names, definitions);
  definitions[name] = object_schema(properties, required_names);
  return std::string("{\"$ref\": \"#/$defs/") + name + "\"}";
}

}  // namespace

FileKind kind_of(std::string_view text) {
  const auto root = parse_yaml(text, "");
  const Node* kind = root ? root->find("kind") : nullptr;
  if (kind == nullptr) return FileKind::scenario;
  return kind->text == "Sweep" ? FileKind::sweep : kind->text == "Incident" ? FileKind::incident : FileKind::scenario;
}

Result<SweepFile> read_sweep_file(std::string_view text, const std::string& file) {
  const auto root = parse_yaml(text, file);
  if (!root) return fail(root.error());
  Context context;
  SweepFile out;
  Node rest;
  if (read_parts<FileKind::sweep, SweepDocument>(*root, out.beside, rest, context) || rest.kind == Node::Kind::map) {
    SweepDocument document;
    read_fields(rest, Table<SweepDocument>::fields(), document, context);
    out.sweep = sweep_of(document);
  }
  if (context.error_count() > 0) return fail(context.finish());
  return out;
}

Result<IncidentFile> read_incident_file(std::string_view text, const std::string& file) {
  const auto root = parse_yaml(text, file);
  if (!root) return fail(root.error());
  Context context;
  IncidentFile out;
  if (read_parts<FileKind::incident, IncidentDocument>(*root, out.beside, out.incident, context) || out.incident.kind == Node::Kind::map) {
    IncidentDocument document;
    IncidentText::read(out.incident, document, context);
  }
  if (context.error_count() > 0) return fail(context.finish());
  return out;
}

Result<Scenario> read_incident_scenario(const IncidentFile& incident, std::string_view text, const std::string& file, const Catalogs& catalogs,
                                        const std::vector<Setting>& settings) {
  auto root = parse_yaml(text, file);
  if (!root) return fail(std::move(root.error()));
  Context context;
  apply_settings(*root, incident.beside.settings, context);
  const Place& place = incident.incident.place;
  Node only{.kind = Node::Kind::map, .place = place, .entries = {}};
  only.entries.push_back({incident.beside.metadata.name, place, incident.incident});
  lay_over(*root, "incidents", only, place, context);
  apply_settings(*root, settings, context);  // Of the command line: they reach the incident, too.
  return read_root(*root, file, catalogs, context);
}

std::string sweep_file_schema(Definitions& definitions) { return schema_of_parts<FileKind::sweep, SweepDocument>("sweepFile", definitions); }
std::string incident_file_schema(Definitions& definitions) {
  return schema_of_parts<FileKind::incident, IncidentDocument>("incidentFile", definitions);
}

}  // namespace nines::scenarios
