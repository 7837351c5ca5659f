#include <algorithm>
#include <cmath>
#include <string_view>

#include "analysis/report/format.hpp"
#include "analysis/report/layout.hpp"
#include "analysis/report/report.hpp"

namespace nines::analysis {
namespace {

class Paint {
 public:
  explicit Paint(Color color) : on_(color == Color::on) {}
  std::string bold(std::string_view text) const { return with("\033[1m", text); }
  std::string dim(std::string_view text) const { return with("\033[2m", text); }
  std::string bar(std::string_view text) const { return with("\033[33m", text); }
  std::string verdict(Verdict verdict) const {
    switch (verdict) {
      case Verdict::passed: return with("\033[32m", "passed   ");
      case Verdict::failed: return with("\033[31m", "failed   ");
      case Verdict::undecided: break;
    }
    return with("\033[33m", "undecided");
  }

 private:
  std::string with(std::string_view code, std::string_view text) const {
    return on_ ? std::string(code) + std::string(text) + "\033[0m" : std::string(text);
  }
  bool on_;
};

std::string left(std::string text, std::size_t columns) {
  text.append(columns - std::min(columns, width(text)), ' ');
  return text;
}

// Eighths of a block, so that small shares differ.
std::string blocks(double share, double most) {
  static constexpr const char* parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto eighths = std::max(1, static_cast<int>(std::lround(share / most * 30 * 8)));
  std::string bar;
  for (int whole = 0; whole < eighths / 8; ++whole) bar += "█";
  return bar + parts[eighths % 8];
}

void add_sections(std::string& out, const Chapter& chapter, const Paint& paint) {
  struct Row {
    std::string name, meaning;
    Cells cells;
    std::string method;
  };
  std::size_t names = 0, meanings = 0, values = 5, ranges = 13, bands = 0;
  const auto row_of = [](const Metric& metric) {
    return Row{plain(without_cluster(metric.name)), meaning_of(metric), cells(metric), plain(short_method(metric.method))};
  };
  for (const Section& section : chapter.sections) {
    for (const Metric* metric : section.rows) {
      const Row row = row_of(*metric);
      names = std::max(names, width(row.name));
      meanings = std::max(meanings, width(row.meaning));
      values = std::max(values, width(row.cells.value));
      ranges = std::max(ranges, width(row.cells.range));
      bands = std::max(bands, width(row.cells.band));
    }
  }
  if (chapter.sections.empty()) return;
  constexpr std::string_view band_title = "catalogue's ranges";
  if (bands > 0) bands = std::max(bands, width(band_title)) + 2;
  out += '\n' + std::string(names + meanings + 6, ' ') +
         paint.dim(left("value", values + 2) + left("95 % interval", ranges + 2) + left(bands > 0 ? std::string(band_title) : std::string(), bands) +
                   "method") +
         '\n';
  for (const Section& section : chapter.sections) {
    out += paint.bold(section.title) + '\n';
    for (const Metric* metric : section.rows) {
      const Row row = row_of(*metric);
      out += "  " + left(row.name, names + 2) + paint.dim(left(row.meaning, meanings + 2)) + left(row.cells.value, values + 2) +
             left(row.cells.range, ranges + 2) + left(row.cells.band, bands) + paint.dim(row.method) + '\n';
    }
  }
}

void add_bars(std::string& out, const Chapter& chapter, const Paint& paint) {
  if (chapter.bars.empty()) return;
  std::size_t names = 0, texts = 0;
  for (const Bar& bar : chapter.bars) {
    names = std::max(names, width(bar.mode));
    texts = std::max(texts, width(bar.text));
  }
  out += '\n' + paint.bold("Why: downtime by the fault that began it") + '\n';
  for (const Bar& bar : chapter.bars) {
    out += "  " + left(plain(bar.mode), names + 2) + paint.bar(left(blocks(bar.share, chapter.bars.front().share), 32)) +
           std::string(texts - width(bar.text), ' ') + bar.text + "  " + paint.dim(bar.detail) + '\n';
  }
  if (chapter.some_without_range) out += paint.dim("  without a range: too few outages for an interval") + '\n';
  if (!chapter.unseen.empty()) out += paint.dim("  without an outage here: " + plain(chapter.unseen)) + '\n';
}

}  // namespace

std::string table(const Report& report, Color color) {
  const Paint paint(color);
  const Provenance& from = report.provenance;
  std::string out = paint.bold(plain(from.scenario)) + (from.question.empty() ? "" : ": " + plain(from.question)) + '\n';
  if (report.metrics.empty()) out += "\n  no replication has finished: no answer yet\n";
  for (const Chapter& chapter : chapters(report)) {
    out += '\n';
    if (!chapter.cluster.empty()) out += paint.bold(plain(chapter.cluster)) + '\n';
    for (std::size_t line = 0; line < chapter.headline.size(); ++line) {
      const bool method = line + 1 == chapter.headline.size() && line > 0;
      out += "  " +
             (line == 0 ? paint.bold(chapter.headline[line])
              : method  ? paint.dim(plain(chapter.headline[line]))
                        : chapter.headline[line]) +
             '\n';
    }
    if (chapter.has_bands) out += "  " + paint.dim(bands_explained) + '\n';
    add_sections(out, chapter, paint);
    add_bars(out, chapter, paint);
  }
  if (!report.expectations.empty()) {
    out += '\n' + paint.bold("Expectations") + '\n';
    for (const Expectation& expectation : report.expectations) {
      out += "  " + paint.verdict(expectation.verdict) + "  " + plain(expectation.text) +
             (expectation.because.empty() ? "" : ": " + plain(expectation.because)) + '\n';
    }
  }
  out += '\n';
  for (const std::string& warning : report.warnings) out += paint.bold("Note: ") + plain(warning) + '\n';
  for (const std::string& line : self_check_lines(report)) out += plain(line) + '\n';
  out += provenance_line(report) + '\n';
  if (const std::string line = assumptions_line(report); !line.empty()) out += line + '\n';
  return out;
}

}  // namespace nines::analysis
