#include <algorithm>
#include <filesystem>
#include <string>

#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/log.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/run/fit.hpp"
#include "scenarios/schema/mode_document.hpp"

namespace nines::scenarios {
namespace {

// The value behind a word of an option; false, with a message, when there is none.
template <class E>
bool read_choice(const std::string& word, const char* option, E& out) {
  for (const auto& [known, value] : Words<E>::words) {
    if (word != known) continue;
    out = value;
    return true;
  }
  log_error(std::string("--") + option + " does not know '" + word.substr(0, 80) + "'" + did_you_mean(word, Enum<E>::names()));
  return false;
}

}  // namespace

Exit fit(const Arguments& arguments) {
  const FitOptions& options = arguments.fit;
  const std::string& path = arguments.operands.front();
  Exposure exposure{
      .log = path == "-" ? "standard input" : std::filesystem::path(path).filename().string(), .elements = options.elements, .window = options.window};
  if (!read_choice(options.scope, "scope", exposure.scope) || !read_choice(options.effect, "effect", exposure.effect)) return Exit::usage;
  using enum failure::Effect;
  if (exposure.effect == slow || exposure.effect == lossy || exposure.effect == slow_disk) {
    log_error("--effect " + options.effect + " needs more than a log of outages knows: how slow, how lossy");
    return Exit::usage;
  }
  const auto text = read_text(path, csv_most_bytes);
  if (!text) {
    log_errors(text.error());
    return Exit::input_or_output;
  }
  const auto refuse = [&](const Errors& errors) {
    log_plain(render(errors, *text));
    return Exit::scenario_invalid;
  };
  const auto table = read_csv(*text, path);
  if (!table) return refuse(table.error());
  const auto records = incidents_of(*table, options.columns);
  if (!records) return refuse(records.error());
  if (records->empty()) return refuse({Error{Place{path, 0, 0}, options.columns.where.empty() ? "no record" : "no record is left by --where"}});

  Duration first = records->front().start, last = records->front().end;
  std::vector<std::string> elements;
  for (const IncidentRecord& record : *records) {
    first = std::min(first, record.start);
    last = std::max(last, record.end);
    elements.push_back(record.element);
  }
  std::sort(elements.begin(), elements.end());
  const auto seen = static_cast<std::uint64_t>(std::unique(elements.begin(), elements.end()) - elements.begin());
  if (last - first > exposure.window)
    return refuse({Error{Place{path, 0, 0}, "the log spans " + number_text(seconds(last - first) / 86400) + " days, more than --window"}});
  if (seen > exposure.elements)
    return refuse({Error{Place{path, 0, 0}, "the log tells of " + std::to_string(seen) + " elements, more than --elements"}});
  return print(overlay(nines::scenarios::fit(*records, exposure), exposure));
}

}  // namespace nines::scenarios
