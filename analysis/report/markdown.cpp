#include <string_view>

#include "analysis/report/format.hpp"
#include "analysis/report/layout.hpp"
#include "analysis/report/report.hpp"

namespace nines::analysis {
namespace {

void add_chapter(std::string& out, const Chapter& chapter) {
  if (!chapter.cluster.empty()) out += "### " + escaped(chapter.cluster) + "\n\n";
  for (std::size_t line = 0; line < chapter.headline.size(); ++line) {
    out += line == 0 ? "**" + chapter.headline[line] + "**" : "<br>" + escaped(chapter.headline[line]);
    out += '\n';
  }
  if (chapter.has_bands) out += "<br>" + escaped(bands_explained) + '\n';
  bool bands = false;
  for (const Section& section : chapter.sections)
    for (const Metric* metric : section.rows) bands |= !cells(*metric).band.empty();
  if (!chapter.sections.empty())
    out += bands ? "\n| metric | | value | 95 % interval | catalogue's ranges | method |\n|---|---|---:|---|---|---|\n"
                 : "\n| metric | | value | 95 % interval | method |\n|---|---|---:|---|---|\n";
  for (const Section& section : chapter.sections) {
    for (const Metric* metric : section.rows) {
      const Cells shown = cells(*metric);
      out += "| `" + plain(without_cluster(metric->name)) + "` | " + meaning_of(*metric) + " | " + shown.value + " | " + shown.range +
             (bands ? " | " + shown.band : "") + " | " + escaped(metric->method) + " |\n";
    }
  }
  if (!chapter.bars.empty()) out += "\n| downtime by the fault that began it | share | 95 % interval, or outages |\n|---|---:|---|\n";
  for (const Bar& bar : chapter.bars) out += "| " + escaped(bar.mode) + " | " + bar.text + " | " + bar.detail + " |\n";
  if (!chapter.unseen.empty()) out += "\nWithout an outage here: " + escaped(chapter.unseen) + ".\n";
}

}  // namespace

std::string markdown(const Report& report) {
  const Provenance& from = report.provenance;
  std::string out = "## " + escaped(from.scenario) + "\n\n";
  if (!from.question.empty()) out += escaped(from.question) + "\n\n";
  for (const Chapter& chapter : chapters(report)) {
    add_chapter(out, chapter);
    out += '\n';
  }
  for (const Expectation& expectation : report.expectations) {
    const char* mark = expectation.verdict == Verdict::passed ? "passed" : expectation.verdict == Verdict::failed ? "**failed**" : "undecided";
    out += std::string("* ") + mark + ": `" + plain(expectation.text) + "`" + (expectation.because.empty() ? "" : ", " + escaped(expectation.because)) + '\n';
  }
  if (!report.expectations.empty()) out += '\n';
  for (const std::string& warning : report.warnings) out += "> " + escaped(warning) + "\n\n";
  for (const std::string& line : self_check_lines(report)) out += escaped(line) + "\n\n";
  // The wall time stays out: Markdown is compared between runs.
  Report timeless{.provenance = from, .metrics = {}, .expectations = {}, .self_checks = {}, .warnings = {}, .wall_s = {}};
  out += escaped(provenance_line(timeless)) + '\n';
  if (const std::string line = assumptions_line(report); !line.empty()) out += '\n' + escaped(line) + '\n';
  return out;
}

}  // namespace nines::analysis
