#include "scenarios/cli/recall.hpp"

#include <algorithm>
#include <utility>

namespace nines::scenarios {
namespace {

// A line as canonical() writes it, word by word.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  bool inside = false, quoted = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    if (c == ' ' && !quoted) {
      inside = false;
      continue;
    }
    if (!inside) words.emplace_back();
    inside = true;
    if (c == '\'')
      quoted = !quoted;
    else if (c == '\\' && !quoted && at + 1 < line.size())
      words.back() += line[++at];
    else
      words.back() += c;
  }
  return words;
}

bool is_typed(const std::vector<Setting>& settings, const std::string& path) {
  return std::any_of(settings.begin(), settings.end(), [&](const Setting& setting) { return setting.path == path; });
}

}  // namespace

Result<Arguments> recalled(const Arguments& typed, const analysis::RunReading& run) {
  const std::string& file = typed.operands.front();
  const std::vector<std::string> words = words_of(run.provenance.command);
  std::vector<const char*> argv;
  for (const std::string& word : words) argv.push_back(word.c_str());
  if (words.size() < 2) return fail(Place{}, file + " does not say by which command it came about");
  const auto recorded = read_arguments(static_cast<int>(argv.size()), argv.data());
  if (!recorded || recorded->command != Command::run)
    return fail(Place{}, file + " was made by a command that this program does not know: " + run.provenance.command);

  Arguments out = typed;
  out.scenario_text = run.provenance.scenario_text;
  out.recorded_operand = recorded->operands.front();
  out.settings = recorded->settings;
  const bool ended_by_itself = recorded->relative_error || recorded->only_replication || recorded->method != Method::simulate;
  if (!ended_by_itself && run.provenance.replications > 0) {
    std::erase_if(out.settings, [](const Setting& setting) { return setting.path == "simulation.replications"; });
    out.settings.push_back({"simulation.replications", std::to_string(run.provenance.replications)});
  }
  out.settings.insert(out.settings.end(), typed.settings.begin(), typed.settings.end());
  if (!typed.relative_error) out.relative_error = recorded->relative_error;
  // How many replications were typed is then how many there are.
  if (!typed.relative_error && is_typed(typed.settings, "simulation.replications")) out.relative_error.reset();
  if (!typed.level) out.level = recorded->level;
  if (!typed.only_replication) out.only_replication = recorded->only_replication;
  if (!typed.method_is_typed) out.method = recorded->method;
  return out;
}

}  // namespace nines::scenarios
