#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <unistd.h>

#include "analysis/export/pending_file.hpp"
#include "analysis/export/run_file.hpp"
#include "analysis/export/run_reading.hpp"
#include "analysis/report/gate.hpp"
#include "analysis/report/report.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/lines.hpp"
#include "scenarios/cli/load.hpp"
#include "scenarios/cli/log.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/cli/recall.hpp"
#include "scenarios/cli/signals.hpp"
#include "scenarios/cli/summary.hpp"
#include "scenarios/cli/words.hpp"
#include "scenarios/run/answer.hpp"
#include "scenarios/run/exact_answer.hpp"
#include "scenarios/run/expect.hpp"
#include "scenarios/run/progress.hpp"
#include "scenarios/run/rare_answer.hpp"
#include "scenarios/run/translate.hpp"

namespace nines::scenarios {
namespace {

constexpr std::uint64_t most_replications = 10'000'000;  // The schema's limit.

bool wants_color() {
  const char* no_color = std::getenv("NO_COLOR");  // https://no-color.org: present and not empty.
  return is_terminal(STDOUT_FILENO) && (no_color == nullptr || no_color[0] == '\0');
}

std::string text_of(const analysis::Report& report, Format format, analysis::Color color) {
  switch (format) {
    case Format::json: return analysis::json(report);
    case Format::jsonl: return json_lines(report);
    case Format::csv: return analysis::csv(report);
    case Format::markdown: return analysis::markdown(report);
    case Format::junit: return analysis::junit(analysis::gates_of(report), report.provenance);
    case Format::github: return analysis::github(analysis::gates_of(report), report.provenance, analysis::headline(report));
    case Format::table:
    case Format::mermaid:
    case Format::dot:
    case Format::hdf5: break;
  }
  return analysis::table(report, color);
}

Format kind_of(const Arguments& arguments) {
  if (const auto by_extension = format_of_extension(arguments.out)) return *by_extension;
  return arguments.format.value_or(Format::table);
}

// The file of -o. It is opened before the run, so that hours of simulation do not end at a folder that is not there.
class RunOutput {
 public:
  static Result<RunOutput> open(const Arguments& arguments, const world::Options& world) {
    RunOutput file;
    file.path_ = arguments.out;
    file.kind_ = kind_of(arguments);
    if (file.path_.empty()) return file;
    if (file.kind_ == Format::hdf5) {
      auto run = analysis::RunFile::create(file.path_, world);
      if (!run) return fail(std::move(run.error()));
      file.run_.emplace(std::move(*run));
    } else {
      auto text = analysis::PendingFile::open(file.path_);
      if (!text) return fail(std::move(text.error()));
      file.text_.emplace(std::move(*text));
    }
    return file;
  }

  void add(const world::Record& record) {
    if (run_) run_->add(record);
  }

  Result<void> finish(const analysis::Report& report) {
    if (run_) return run_->finish(report.provenance, report.metrics);
    if (!text_) return {};
    const std::string text = text_of(report, kind_, analysis::Color::off);
    if (auto written = text_->write(std::as_bytes(std::span(text))); !written) return written;
    return text_->commit();
  }

 private:
  std::string path_;
  Format kind_ = Format::table;
  std::optional<analysis::RunFile> run_;
  std::optional<analysis::PendingFile> text_;
};

Exit exit_of(const Answer& answer) {
  using analysis::Verdict;
  if (!answer.broken.empty()) return Exit::internal_error;
  if (answer.stop == Stop::interrupted) return Exit::interrupted;
  switch (worst(answer.report.expectations)) {
    case Verdict::failed: return Exit::expectation_failed;
    case Verdict::undecided: return Exit::expectation_undecided;
    case Verdict::passed: break;
  }
  return Exit::fine;
}

void report_broken(const Answer& answer, Arguments arguments) {
  constexpr std::size_t most = 5;
  for (std::size_t i = 0; i < std::min(most, answer.broken.size()); ++i) {
    const Broken& broken = answer.broken[i];
    arguments.only_replication = broken.replication;
    log_error("replication " + std::to_string(broken.replication) + " broke an invariant of nines itself: " + broken.what);
    log_error("  to repeat it: " + arguments.canonical());
  }
  if (answer.broken.size() > most) log_error("... and " + std::to_string(answer.broken.size() - most) + " more replications");
}

}  // namespace

Exit run_scenario(const Arguments& typed) {
  Arguments arguments = typed;
  if (analysis::is_hdf5(typed.operands.front())) {
    const auto run = analysis::read_run(typed.operands.front());
    auto again = run ? recalled(typed, *run) : Result<Arguments>(fail(run.error()));
    if (!again) {
      log_errors(again.error());
      return Exit::input_or_output;
    }
    arguments = std::move(*again);
  }
  const auto loaded = load(arguments);
  if (!loaded) return loaded.error();
  const Scenario& scenario = loaded->scenario;

  Question question;
  question.scenario = &scenario;
  question.world = to_world(scenario);
  question.provenance.version = program_version();
  question.provenance.scenario = scenario.metadata.name;
  question.provenance.question = scenario.metadata.question;
  question.provenance.scenario_text = loaded->text;
  question.provenance.scenario_hash = analysis::hexadecimal(hash_of(loaded->text));
  question.provenance.command = arguments.canonical();
  question.provenance.seed = scenario.simulation.seed;
  listen_to_signals();
  auto out = RunOutput::open(arguments, question.world);
  if (!out) {
    log_errors(out.error());
    return Exit::input_or_output;
  }
  question.also = [&](std::uint64_t, const world::Record& record) { out->add(record); };
  question.first = arguments.only_replication.value_or(0);
  question.replications = arguments.only_replication ? 1 : static_cast<std::uint64_t>(scenario.simulation.replications);
  question.jobs = arguments.threads();
  question.max_time = arguments.max_time;
  question.level = arguments.level;
  if (!arguments.only_replication) question.relative_error = arguments.relative_error;
  if (question.relative_error && !arguments.limits_replications()) question.replications = most_replications;
  question.interrupted = [] { return stop_asked(); };
  ProgressLine line(arguments.quiet              ? ProgressLine::Kind::silent
                    : is_terminal(STDERR_FILENO) ? ProgressLine::Kind::rewritten
                                                 : ProgressLine::Kind::appended,
                    stderr);
  question.progress = [&](const Progress& progress) { line.show(progress); };
  auto answered = arguments.method == Method::exact  ? exact_answer(question)
                  : arguments.method == Method::rare ? rare_answer(question)
                                                     : Result<Answer>(scenarios::answer(question));
  line.clear();
  if (!answered) {
    log_errors(answered.error());
    log_error(arguments.method == Method::rare ? "the rare method cannot express this scenario" : "the exact method cannot express this scenario");
    return Exit::scenario_invalid;
  }
  const Answer& answer = *answered;

  const auto written = out->finish(answer.report);
  if (!written) log_errors(written.error());
  const Format format = arguments.format.value_or(Format::table);
  std::string text = text_of(answer.report, format, wants_color() ? analysis::Color::on : analysis::Color::off);
  if (format == Format::markdown) text = analysis::shortened(std::move(text), analysis::most_of_a_comment);
  if ((format == Format::junit || format == Format::github || kind_of(arguments) == Format::junit) && scenario.expect.empty() && !arguments.quiet)
    log_warning("nothing is expected of this scenario, so nothing can fail: 'expect:' says what must hold");
  Exit printed = print(text);
  if (format == Format::github && !write_summary(analysis::markdown(answer.report))) printed = Exit::input_or_output;
  report_broken(answer, arguments);
  Exit exit = exit_of(answer);
  if (exit != Exit::internal_error && (!written || printed != Exit::fine)) exit = Exit::input_or_output;
  // Not to wait for a replication that is still under way.
  if (answer.under_way) std::_Exit(static_cast<int>(exit));
  return exit;
}

}  // namespace nines::scenarios
