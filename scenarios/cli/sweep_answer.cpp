#include "scenarios/cli/sweep_answer.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "analysis/export/pending_file.hpp"
#include "analysis/report/format.hpp"
#include "analysis/report/gate.hpp"
#include "analysis/stats/text.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/log.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/cli/summary.hpp"
#include "scenarios/cli/words.hpp"

namespace nines::scenarios {
namespace {

using analysis::Gate;
using analysis::Verdict;

constexpr std::size_t most_details = 20;  // Points that a gate names.

// Where the line of `expect:` stands: in the sweep's own list, or in the scenario's.
Place place_of(const SweepSetup& setup, const std::string& text) {
  for (const WrittenText& line : setup.loaded.source.sweep.expect)
    if (line.text == text) return line.place;
  for (const Expectation& line : setup.loaded.scenario.expect)
    if (line.text == text) return line.place;
  return {};
}

// A gate a line of `expect:`, over all points.
std::vector<Gate> gates_of(const SweepSetup& setup, const Overview& overview) {
  std::vector<Gate> gates;
  for (const Overview::Line& line : overview.lines()) {
    Gate gate{.text = line.text, .verdict = line.failed > 0 ? Verdict::failed : line.undecided > 0 ? Verdict::undecided : Verdict::passed};
    const std::uint64_t all = line.passed + line.failed + line.undecided;
    gate.because = line.failed > 0      ? "fails at " + analysis::grouped(line.failed) + " of " + analysis::counted(all, "points")
                   : line.undecided > 0 ? "is undecided at " + analysis::grouped(line.undecided) + " of " + analysis::counted(all, "points")
                                        : "passes at " + analysis::counted(all, "points");
    if (line.failed > 0 && line.undecided > 0) gate.because += ", and is undecided at " + analysis::grouped(line.undecided);
    for (const Overview::Missed& missed : line.missed) {
      if (gate.details.size() == most_details) {
        gate.details.push_back("and at further points");
        break;
      }
      if (line.failed > 0 && missed.line.verdict != Verdict::failed) continue;
      gate.details.push_back(setup.points->space().label(missed.point) + ": " + missed.line.because);
    }
    gate.place = place_of(setup, line.text);
    gates.push_back(std::move(gate));
  }
  return gates;
}

// "Worth their price" in one line: how many points, and the best of them.
std::string headline_of(const Overview& overview, const SweepSetup& setup) {
  return setup.provenance.scenario + ": " + analysis::counted(overview.points(), "points") + ", " +
         (overview.replications() == 0 ? std::string("solved") : analysis::counted(overview.replications(), "replications"));
}

Exit print_rows(const SweepResult& result, ResultKind kind) {
  Exit exit = Exit::fine;
  std::string waiting;
  const auto flush = [&] {
    if (exit == Exit::fine) exit = print(waiting);
    waiting.clear();
  };
  result.print(kind, [&](const std::string& lines) {
    waiting += lines;
    if (waiting.size() > (std::size_t{1} << 16)) flush();
  });
  flush();
  return exit;
}

Exit print_answer(const Arguments& arguments, const SweepSetup& setup, const SweepResult& result, const analysis::Provenance& from, const std::string& note) {
  const auto book = [&] {
    Book all = result.overview().book(setup.provenance.scenario);
    all.headline.push_back("Seed " + std::to_string(from.seed) + "; fingerprint " + from.fingerprint + "; stopped: " + from.stop_reason + ".");
    if (!note.empty()) all.headline.push_back(note);
    return all;
  };
  const Format format = arguments.format.value_or(Format::table);
  switch (format) {
    case Format::csv: return print_rows(result, ResultKind::csv);
    case Format::jsonl: return print_rows(result, ResultKind::jsonl);
    case Format::json: return print(json(book()));
    case Format::markdown: return print(analysis::shortened(markdown(book()), analysis::most_of_a_comment));
    case Format::junit: return print(analysis::junit(gates_of(setup, result.overview()), from));
    case Format::github: {
      const Exit printed = print(analysis::github(gates_of(setup, result.overview()), from, headline_of(result.overview(), setup)));
      return write_summary(markdown(book())) ? printed : Exit::input_or_output;
    }
    case Format::table:
    case Format::mermaid:
    case Format::dot:
    case Format::hdf5: break;
  }
  return print(text(book()));
}

}  // namespace

std::optional<ResultKind> result_kind_of(const std::string& path) {
  switch (format_of_extension(path).value_or(Format::table)) {
    case Format::hdf5: return ResultKind::hdf5;
    case Format::csv: return ResultKind::csv;
    case Format::jsonl: return ResultKind::jsonl;
    default: return std::nullopt;
  }
}

std::optional<Exit> refuse_target(const Arguments& arguments, const SweepSetup& setup) {
  if (arguments.out.empty()) return std::nullopt;
  if (const auto probed = analysis::PendingFile::probe(arguments.out); !probed) {
    log_errors(probed.error());
    return Exit::input_or_output;
  }
  const auto taken = taken_name(setup.points->space(), *result_kind_of(arguments.out));
  if (!taken) return std::nullopt;
  Place place;
  for (const Axis& axis : setup.loaded.source.sweep.axes)
    if (axis.name == *taken) place = axis.place;
  log_plain(render({{place, "an axis cannot be called '" + *taken + "' in " + arguments.out + ", which has that for something else; name it otherwise"}},
                   setup.loaded.texts));
  return Exit::scenario_invalid;
}

Exit conclude_sweep(const Arguments& arguments, const SweepSetup& setup, Journal& journal, const std::string& stop_reason, const std::string& note) {
  const SweepRows rows(*setup.points, journal, arguments.threads());
  const SweepResult result(setup.points->space(), rows);
  analysis::Provenance from = setup.provenance;
  from.fingerprint = result.fingerprint();
  from.stop_reason = stop_reason;
  from.replications = result.overview().replications();
  from.years = result.overview().years();
  std::string unwritten;  // What helps.
  if (!arguments.out.empty()) {
    const auto wrote = result.write(arguments.out, *result_kind_of(arguments.out), from, setup.loaded.text);
    if (!wrote) {
      log_errors(wrote.error());
      unwritten = analysis::is_for_want_of_room(wrote.error()) ? "with room for the result" : "once it can be written";
    }
  }
  const Exit printed = print_answer(arguments, setup, result, from, note);
  if (!unwritten.empty()) {
    log_error("every finished unit is in the journal: " + unwritten +
              (arguments.command == Command::merge ? ", the same merge writes it" : ", 'nines sweep ... --resume' writes it"));
    return Exit::interrupted;
  }
  if (printed != Exit::fine) return printed;
  switch (result.overview().verdict()) {
    case Verdict::failed: return Exit::expectation_failed;
    case Verdict::undecided: return Exit::expectation_undecided;
    case Verdict::passed: break;
  }
  return Exit::fine;
}

}  // namespace nines::scenarios
