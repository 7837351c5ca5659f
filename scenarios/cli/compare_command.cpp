#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analysis/export/pending_file.hpp"
#include "analysis/report/gate.hpp"
#include "analysis/stats/decision.hpp"
#include "analysis/stats/paired.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/load.hpp"
#include "scenarios/cli/log.hpp"
#include "scenarios/cli/result_file.hpp"
#include "scenarios/cli/signals.hpp"
#include "scenarios/cli/summary.hpp"
#include "scenarios/run/compare.hpp"
#include "scenarios/run/exact_answer.hpp"
#include "scenarios/run/gate.hpp"
#include "scenarios/run/translate.hpp"

namespace nines::scenarios {
namespace {

using Clock = std::chrono::steady_clock;

struct Contender {
  std::string operand;
  std::optional<Loaded> loaded;      // Absent only where a result is all there is.
  std::optional<ResultFile> result;  // Then nothing is simulated.
  Side side;                         // With its latest answer.
  analysis::Provenance provenance;
};

tl::expected<std::vector<Contender>, Exit> contenders(const Arguments& arguments) {
  std::vector<Contender> all;
  const auto catalogs = built_in_catalogs();
  if (!catalogs) return tl::unexpected(Exit::internal_error);
  for (const std::string& operand : arguments.operands) {
    Contender one{.operand = operand, .loaded = {}, .result = {}, .side = {}, .provenance = {}};
    auto result = read_result(operand, *catalogs);
    if (!result) {
      log_errors(result.error());
      return tl::unexpected(Exit::input_or_output);
    }
    if (*result) {
      one.loaded = std::move((*result)->loaded);
      one.result = std::move(**result);
      one.side = one.result->side;
      one.provenance.seed = one.side.seed;
      one.provenance.fingerprint = one.result->fingerprint;
    } else {
      Arguments alone = arguments;
      alone.operands = {operand};
      auto read = load(alone);
      if (!read) return tl::unexpected(read.error());
      one.side.name = read->scenario.metadata.name;
      one.loaded = std::move(*read);
    }
    one.side.operand = operand;
    all.push_back(std::move(one));
  }
  // Two files may hold scenarios of one name: then what was typed tells them apart.
  std::vector<std::string> names;
  for (const Contender& one : all) names.push_back(one.side.name);
  for (Contender& one : all) {
    if (std::count(names.begin(), names.end(), one.side.name) > 1) one.side.name = one.operand;
    if (one.loaded) one.side.scenario = &one.loaded->scenario;
  }
  return all;
}

// Answers the contender, or says with which code to end.
std::optional<Exit> ask(Contender& one, const Arguments& arguments, std::uint64_t replications, std::optional<std::chrono::duration<double>> max_time) {
  Scenario scenario = one.loaded->scenario;
  Question question;
  if (arguments.operands.size() == 2) {
    // What either expects for itself is not the question here, and no reason to go on; it still says whose error budget it is.
    for (const Expectation& expected : scenario.expect)
      if (expected.metric == "uptime.all" && expected.comparison == Expectation::Comparison::at_least) question.level = expected.value;
    scenario.expect.clear();
  }
  question.scenario = &scenario;
  question.world = to_world(scenario);
  question.provenance.scenario = scenario.metadata.name;
  question.provenance.seed = scenario.simulation.seed;
  question.replications = replications;
  question.jobs = arguments.threads();
  question.max_time = max_time;
  question.interrupted = [] { return stop_asked(); };
  analysis::Series series(question.world);
  question.also = [&](std::uint64_t, const world::Record& record) { series.add(record); };
  auto answered = arguments.method == Method::exact ? exact_answer(question) : Result<Answer>(answer(question));
  if (!answered) {
    log_errors(answered.error());
    log_error("the exact method cannot express " + one.operand);
    return Exit::scenario_invalid;
  }
  for (const Broken& broken : answered->broken) log_error("a replication broke an invariant of nines itself: " + broken.what);
  const bool interrupted = answered->stop == Stop::interrupted;
  const Exit exit = !answered->broken.empty() ? Exit::internal_error : Exit::interrupted;
  if (answered->under_way && (interrupted || !answered->broken.empty()))
    std::_Exit(static_cast<int>(exit));  // Not to wait for what is still under way.
  if (!answered->broken.empty() || interrupted) return exit;
  one.side.metrics = std::move(answered->report.metrics);
  one.side.series = series.clusters();
  if (one.side.series.front().down_s.empty()) one.side.series.clear();
  one.side.horizon_s = series.horizon_s();
  one.side.storms = storms_of(scenario, question.world);
  one.side.seed = scenario.simulation.seed;
  one.provenance = std::move(answered->report.provenance);
  return std::nullopt;
}

// All of them once. With two and a deadline, those that are simulated go on to twice the replications, as long as that fits, until no gate is open: looks at
// a growing run, so its limits are taken further from the second on.
std::optional<Exit> ask_all(std::vector<Contender>& all, const Arguments& arguments, Gated& gated) {
  const auto start = Clock::now();
  GateRules rules = arguments.gates;
  const bool two = all.size() == 2;
  const bool may_go_on = two && arguments.gate && arguments.max_time && arguments.method == Method::simulate && !all[0].result && !all[1].result;
  for (std::uint64_t times = 1;; times *= 2) {
    const auto look = Clock::now();
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].result) continue;
      std::optional<std::chrono::duration<double>> left = arguments.max_time;
      // The first of two leaves half of the time to the second.
      if (two && left) left = (*left - (Clock::now() - start)) / (i == 0 && !all[1].result ? 2 : 1);
      const auto replications = times * static_cast<std::uint64_t>(all[i].loaded->scenario.simulation.replications);
      if (const auto exit = ask(all[i], arguments, replications, left)) return exit;
    }
    if (!two) return std::nullopt;
    gated = gate(all[0].side, all[1].side, rules);
    const auto now = Clock::now();
    if (gated.decided || !may_go_on || (now - start) + 2.2 * (now - look) > *arguments.max_time) return std::nullopt;
    rules.further = analysis::for_looking_again;
  }
}

Book book_of(const std::vector<Contender>& all, const Gated& gated, const Arguments& arguments) {
  std::vector<Side> answers;
  for (const Contender& one : all) answers.push_back(one.side);
  Book book = comparison(answers);
  if (all.size() != 2) return book;
  std::vector<Sheet> sheets;
  if (arguments.gate) {
    for (const analysis::Gate& gate : gated.gates) {
      if (gate.verdict != analysis::Verdict::failed) continue;
      book.headline.push_back("Failed: " + gate.text + ": " + gate.because +
                              (gate.place.line > 0 ? "; see " + gate.place.file + ':' + std::to_string(gate.place.line) : ""));
      for (const std::string& detail : gate.details) book.headline.push_back("  " + detail);
    }
    sheets.push_back(gates_sheet(gated.gates));
  }
  sheets.insert(sheets.end(), gated.sheets.begin(), gated.sheets.end());
  sheets.insert(sheets.end(), book.sheets.begin(), book.sheets.end());
  book.sheets = std::move(sheets);
  book.notes.insert(book.notes.end(), gated.notes.begin(), gated.notes.end());
  return book;
}

std::string headline_of(const Book& book, const std::vector<analysis::Gate>& gates) {
  const auto failed = std::count_if(gates.begin(), gates.end(), [](const analysis::Gate& gate) { return gate.verdict == analysis::Verdict::failed; });
  return book.title + "; " + std::to_string(failed) + " of " + std::to_string(gates.size()) + " metrics are worse";
}

std::string text_of(Format format, const Book& book, const Gated& gated, const analysis::Provenance& from) {
  switch (format) {
    case Format::json: return json(book);
    case Format::markdown: return markdown(book);
    case Format::junit: return analysis::junit(gated.gates, from);
    case Format::github: return analysis::github(gated.gates, from, headline_of(book, gated.gates));
    default: return text(book);
  }
}

}  // namespace

Exit compare(const Arguments& arguments) {
  auto all = contenders(arguments);
  if (!all) return all.error();
  std::optional<analysis::PendingFile> out;
  if (!arguments.out.empty()) {
    auto opened = analysis::PendingFile::open(arguments.out);
    if (!opened) {
      log_errors(opened.error());
      return Exit::input_or_output;
    }
    out.emplace(std::move(*opened));
  }
  listen_to_signals();
  Gated gated;
  if (const auto exit = ask_all(*all, arguments, gated)) return *exit;
  const Book book = book_of(*all, gated, arguments);
  analysis::Provenance from = all->back().provenance;
  from.version = program_version();
  from.scenario = all->back().side.name;
  from.command = arguments.canonical();
  const Format format = arguments.format.value_or(Format::table);
  Exit exit = Exit::fine;
  if (out) {
    const std::string made = text_of(format_of_extension(arguments.out).value_or(format), book, gated, from);
    auto written = out->write(std::as_bytes(std::span(made)));
    if (written) written = out->commit();
    if (!written) {
      log_errors(written.error());
      exit = Exit::input_or_output;
    }
  }
  std::string shown = text_of(format, book, gated, from);
  if (format == Format::markdown) shown = analysis::shortened(std::move(shown), analysis::most_of_a_comment);
  if (const Exit printed = print(shown); printed != Exit::fine) exit = printed;
  if (format == Format::github && !write_summary(markdown(book))) exit = Exit::input_or_output;
  if (exit != Exit::fine || !arguments.gate) return exit;
  switch (analysis::worst(gated.gates)) {
    case analysis::Verdict::failed: return Exit::comparison_regression;
    case analysis::Verdict::undecided: return Exit::expectation_undecided;
    case analysis::Verdict::passed: break;
  }
  return Exit::fine;
}

}  // namespace nines::scenarios
