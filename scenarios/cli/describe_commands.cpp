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

namespace {

// "27 points", "27 points, of which 'where' leaves 18". Every point of a space that is not too large to try is read; what is wrong with one is said.
tl::expected<std::string, std::string> counted(const Space& space, const std::vector<SourceFile>& texts) {
  constexpr std::uint64_t most_tried = 1000, most_said = 3;
  std::string points = std::to_string(space.points()) + (space.points() == 1 ? " point" : " points");
  if (space.points() > most_tried) return points;
  std::uint64_t left = 0, wrong = 0;
  std::string what;
  for (std::uint64_t point = 0; point < space.points(); ++point) {
    const auto scenario = space.scenario(point);
    if (!scenario && ++wrong <= most_said) what += render(scenario.error(), texts);
    if (scenario && *scenario) ++left;
  }
  if (wrong > most_said) what += "nines: error: and " + std::to_string(wrong - most_said) + " more points cannot be\n";
  if (wrong > 0) return tl::unexpected<std::string>(what);
  return left == space.points() ? points : points + ", of which 'where' leaves " + std::to_string(left);
}

// What a file that can be read is, or what is wrong with it.
struct Verdict {
  std::string word = "valid";
  Scenario scenario;
  std::vector<SourceFile> texts;
};
tl::expected<Verdict, Refusal> verdict_on(const std::string& operand, const Catalogs& catalogs, const std::vector<Setting>& settings) {
  const bool is_sweep = kind_of_operand(operand) == FileKind::sweep;
  auto loaded = is_sweep ? tl::expected<Loaded, Refusal>(Loaded{}) : load(operand, catalogs, settings, Wanted::scenario_or_incident);
  if (!loaded) return tl::unexpected<Refusal>(std::move(loaded.error()));
  if (!is_sweep && (!loaded->scenario.sweep || operand == "-"))
    return Verdict{.scenario = std::move(loaded->scenario), .texts = std::move(loaded->texts)};
  auto sweep = load_sweep(operand, catalogs, settings);
  if (!sweep) return tl::unexpected<Refusal>(std::move(sweep.error()));
  const auto space = Space::of(std::move(sweep->source), catalogs);
  if (!space) return tl::unexpected<Refusal>(Refusal{Exit::scenario_invalid, render(space.error(), sweep->texts)});
  auto points = counted(*space, sweep->texts);
  if (!points) return tl::unexpected<Refusal>(Refusal{Exit::scenario_invalid, std::move(points.error())});
  return Verdict{.word = "valid, " + *points, .scenario = std::move(sweep->scenario), .texts = std::move(sweep->texts)};
}

}  // namespace

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
    const auto verdict = verdict_on(operand, *catalogs, arguments.settings);
    if (!verdict) {
      log_plain(verdict.error().text);
      exit = verdict.error().exit;
      verdicts.push_back({operand, "invalid"});
      continue;
    }
    const Scenario& scenario = verdict->scenario;
    if (!arguments.quiet) log_plain(render(scenario.warnings, verdict->texts, "warning"));
    to_world(scenario);  // What the reader lets pass can be built; if not, that is a bug to hear of now.
    verdicts.push_back({operand, verdict->word});
    for (const Explanation& one : scenario.explanations) values.push_back({one.path, one.value, one.source});
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
  for (const std::string& name : sweep_names()) {
    const auto sweep = read_sweep_file(library_file(name)->text, name);
    rows.push_back({"sweeps", name, sweep ? sweep->beside.metadata.question : "(cannot be read)"});
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
    const std::vector<std::string> kinds{"scenarios", "sweeps", "profiles", "faults", "distances", "disks", "prices"};
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
  if (format == Format::table) return print(std::string("nines ") + program_version() + " (sources " + program_sources() + ")\n");
  if (format == Format::json) return print(Json{{"tool", "nines"}, {"version", program_version()}, {"sources", program_sources()}}.dump(2) + '\n');
  return print(rows_as(format, {"tool", "version", "sources"}, {{"nines", program_version(), program_sources()}}));
}

Exit help(const Arguments& arguments) {
  if (arguments.operands.empty()) return print(help_text());
  const std::string& name = arguments.operands.front();
  const auto command = command_called(name);
  return command ? print(help_text(*command)) : Exit::usage;
}

}  // namespace nines::scenarios
