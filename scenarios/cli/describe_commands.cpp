#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <nlohmann/json.hpp>

#include "analysis/export/pending_file.hpp"
#include "analysis/stats/text.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/load.hpp"
#include "scenarios/cli/log.hpp"
#include "scenarios/cli/option_table.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/cli/starter.hpp"
#include "scenarios/run/resources.hpp"
#include "scenarios/run/translate.hpp"
#include "scenarios/cli/suggest.hpp"

namespace nines::scenarios {
namespace {

using Json = nlohmann::ordered_json;

// Columns as wide as their widest cell, two blanks between them.
std::string columns(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      if (widths.size() <= i) widths.resize(i + 1, 0);
      widths[i] = std::max(widths[i], row[i].size());
    }
  std::string out;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += row[i];
      if (i + 1 < row.size()) out.append(widths[i] - row[i].size() + 2, ' ');
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    out += '\n';
  }
  return out;
}

// Rows under named columns, in any of the formats for text.
std::string rows_as(Format format, const std::vector<std::string>& names, const std::vector<std::vector<std::string>>& rows) {
  std::string out;
  if (format == Format::json || format == Format::jsonl) {
    Json all = Json::array();
    for (const auto& row : rows) {
      Json object = Json::object();
      for (std::size_t i = 0; i < names.size(); ++i) object[names[i]] = row[i];
      if (format == Format::jsonl) out += object.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
      all.push_back(std::move(object));
    }
    return format == Format::jsonl ? out : all.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
  }
  if (format == Format::csv || format == Format::markdown) {
    const bool csv = format == Format::csv;
    const auto line = [&](const std::vector<std::string>& cells) {
      if (!csv) out += '|';
      for (std::size_t i = 0; i < cells.size(); ++i) out += csv ? (i > 0 ? "," : "") + analysis::csv_field(cells[i]) : ' ' + cells[i] + " |";
      out += '\n';
    };
    line(names);
    if (!csv) line(std::vector<std::string>(names.size(), "---"));
    for (const auto& row : rows) line(row);
    return out;
  }
  return columns(rows);
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

}  // namespace

const char* program_version() { return NINES_VERSION; }

Exit print(const std::string& text) {
  const auto written = write_standard_output(text);
  if (written) return Exit::fine;
  log_errors(written.error());
  return Exit::input_or_output;
}

std::optional<Command> command_called(const std::string& name) {
  std::vector<std::string> names;
  for (const CommandText& text : commands()) {
    if (name == text.name) return text.command;
    names.emplace_back(text.name);
  }
  log_error("there is no command '" + name.substr(0, 80) + "'" + suggest(name, names));
  return std::nullopt;
}

Exit validate(const Arguments& arguments) {
  const auto catalogs = built_in_catalogs();
  if (!catalogs) return Exit::internal_error;
  Exit exit = Exit::fine;
  std::vector<std::vector<std::string>> verdicts, values;
  for (const std::string& operand : arguments.operands) {
    const auto loaded = load(operand, *catalogs, arguments.settings);
    if (!loaded) {
      log_plain(loaded.error().text);
      exit = loaded.error().exit;
      verdicts.push_back({operand, "invalid"});
      continue;
    }
    if (!arguments.quiet) log_plain(render(loaded->scenario.warnings, loaded->text, "warning"));
    to_world(loaded->scenario);  // What the reader lets pass can be built; if not, that is a bug to hear of now.
    verdicts.push_back({operand, "valid"});
    for (const Explanation& one : loaded->scenario.explanations) values.push_back({one.path, one.value, one.source});
  }
  const Format format = arguments.format.value_or(Format::table);
  const Exit printed = print(arguments.explain ? rows_as(format, {"path", "value", "source"}, values) : rows_as(format, {"scenario", "verdict"}, verdicts));
  return exit == Exit::fine ? printed : exit;
}

Exit list(const Arguments& arguments) {
  const auto catalogs = built_in_catalogs();
  if (!catalogs) return Exit::internal_error;
  std::vector<std::vector<std::string>> rows;
  for (const std::string& name : library_names()) {
    const auto loaded = load(name + ".yaml", *catalogs, {});
    rows.push_back({"scenarios", name, loaded ? loaded->scenario.metadata.question : "(cannot be read)"});
  }
  for (const ProfileEntry& entry : catalogs->profiles)
    rows.push_back({"profiles", entry.profile.name, entry.aliases.empty() ? "" : "also " + joined(entry.aliases)});
  for (const FaultCatalog& catalog : catalogs->faults) {
    std::vector<std::string> names;
    for (const failure::Mode& mode : catalog.modes) names.push_back(mode.name);
    rows.push_back({"faults", catalog.name, joined(names)});
  }
  for (const Distances& distances : catalogs->distances)
    rows.push_back({"distances", distances.name, std::to_string(distances.pairs.size()) + " pairs of regions"});
  for (const DiskType& disk : catalogs->disks) rows.push_back({"disks", disk.name, "fsync " + disk.fsync.text()});
  for (const auto& book : catalogs->prices)
    rows.push_back({"prices", book->name, book->currency + "; machines " + joined(cost::machine_types(*book))});

  if (!arguments.operands.empty()) {
    const std::vector<std::string> kinds{"scenarios", "profiles", "faults", "distances", "disks", "prices"};
    const std::string& wanted = arguments.operands.front();
    if (std::find(kinds.begin(), kinds.end(), wanted) == kinds.end()) {
      log_error("nothing to list is called '" + wanted.substr(0, 80) + "'" + suggest(wanted, kinds));
      return Exit::usage;
    }
    std::erase_if(rows, [&](const auto& row) { return row.front() != wanted; });
  }
  return print(rows_as(arguments.format.value_or(Format::table), {"kind", "name", "what"}, rows));
}

Exit init(const Arguments& arguments) {
  const std::string path = !arguments.operands.empty() ? arguments.operands.front() : arguments.out;
  if (path.empty()) return print(starter_scenario());
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) {
    log_error("'" + path + "' is there already and stays as it is");
    return Exit::input_or_output;
  }
  if (const auto written = analysis::write_file(path, starter_scenario()); !written) {
    log_errors(written.error());
    return Exit::input_or_output;
  }
  if (!arguments.quiet) log_plain("Wrote " + path + ". Next: nines run " + path + '\n');
  return Exit::fine;
}

Exit schema(const Arguments& arguments) {
  std::string text = json_schema();
  if (text.empty() || text.back() != '\n') text += '\n';
  if (arguments.out.empty()) return print(text);
  if (const auto written = analysis::write_file(arguments.out, text); !written) {
    log_errors(written.error());
    return Exit::input_or_output;
  }
  return Exit::fine;
}

Exit version(const Arguments& arguments) {
  const Format format = arguments.format.value_or(Format::table);
  if (format == Format::table) return print(std::string("nines ") + program_version() + '\n');
  if (format == Format::json) return print(Json{{"tool", "nines"}, {"version", program_version()}}.dump(2) + '\n');
  return print(rows_as(format, {"tool", "version"}, {{"nines", program_version()}}));
}

Exit help(const Arguments& arguments) {
  if (arguments.operands.empty()) return print(help_text());
  const std::string& name = arguments.operands.front();
  const auto command = command_called(name);
  return command ? print(help_text(*command)) : Exit::usage;
}

}  // namespace nines::scenarios
