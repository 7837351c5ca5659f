#include "scenarios/run/incident_picture.hpp"

#include <algorithm>
#include <functional>

#include "analysis/report/layout.hpp"
#include "analysis/stats/text.hpp"

namespace nines::scenarios {
namespace {

constexpr std::size_t most_columns = 90;
constexpr std::size_t label_columns = 17;
constexpr std::size_t most_partitions = 12;
constexpr std::size_t most_faults = 6;

struct PictureColumn {
  Instant from{}, to{};
  std::vector<const workload::Interval*> of;
  double span() const {
    Duration sum{0};
    for (const workload::Interval* interval : of) sum += interval->to - interval->from;
    return seconds(sum);
  }
};

std::vector<PictureColumn> columns_of(const Played& played) {
  const Duration length = played.incident.length;
  const auto whole = (length + 1s - 1ns) / 1s;
  const Duration step = 1s * std::max<std::int64_t>(1, (whole + static_cast<std::int64_t>(most_columns) - 1) / static_cast<std::int64_t>(most_columns));
  std::vector<PictureColumn> columns;
  for (Instant at{}; at < Instant{} + length; at += step) columns.push_back({at, std::min(at + step, Instant{} + length), {}});
  for (const workload::Interval& interval : played.timeline.intervals) {
    const auto at = static_cast<std::size_t>((interval.from - Instant{}) / step);
    columns[std::min(at, columns.size() - 1)].of.push_back(&interval);
  }
  return columns;
}

std::string label(const std::string& text) {
  const std::string shown = analysis::plain(text);
  return "  " + shown + std::string(label_columns - std::min(label_columns, analysis::width(shown)), ' ');
}

using Value = std::function<double(const PictureColumn&)>;

std::string bars(const std::string& name, const std::vector<PictureColumn>& columns, const Value& value, const std::function<std::string(double)>& say) {
  static const char* const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::vector<double> values;
  for (const PictureColumn& column : columns) values.push_back(value(column));
  const double most = *std::max_element(values.begin(), values.end());
  std::string out = label(name);
  for (const double v : values) out += v > 0 ? blocks[std::min<std::size_t>(7, static_cast<std::size_t>(8 * v / most))] : " ";
  return out + (most > 0 ? "  up to " + say(most) : "  none");
}

double summed(const PictureColumn& column, const std::function<std::uint64_t(const workload::Counts&)>& of) {
  std::uint64_t sum = 0;
  for (const workload::Interval* interval : column.of) sum += of(interval->counts);
  return column.span() > 0 ? static_cast<double>(sum) / column.span() : 0;
}

std::string leaders(std::size_t partition, const std::vector<PictureColumn>& columns) {
  static constexpr const char* digits = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string out = label(partition == 0 ? "leader of 1" : "          " + std::to_string(partition + 1));
  for (const PictureColumn& column : columns) {
    int leader = column.of.empty() ? -1 : column.of.back()->partitions[partition].leader;
    for (const workload::Interval* interval : column.of) leader = interval->partitions[partition].leader < 0 ? -1 : leader;
    out += leader < 0 ? "·" : std::string(1, leader < 36 ? digits[leader] : '+');
  }
  return out;
}

// The partitions whose leader changed first, then the others.
std::vector<std::size_t> shown_partitions(const Played& played) {
  std::vector<bool> moves(played.deployment.partitions.size());
  for (const workload::Change& change : played.options.changes)
    if (change.kind == workload::Change::Kind::leader_serves || change.kind == workload::Change::Kind::leader_lost) moves[change.partition] = true;
  std::vector<std::size_t> moved, still;
  for (std::size_t p = 0; p < moves.size(); ++p) (moves[p] ? moved : still).push_back(p);
  moved.insert(moved.end(), still.begin(), still.end());
  moved.resize(std::min(moved.size(), most_partitions));
  std::sort(moved.begin(), moved.end());
  return moved;
}

std::string axis(const std::vector<PictureColumn>& columns) {
  std::string out = label("");
  const std::size_t begin = out.size();
  for (std::size_t c = 0; c < columns.size(); c += 10) {
    if (out.size() > begin + c) continue;  // The one before is still there.
    out.resize(begin + c, ' ');
    out += '|' + clock_text(columns[c].from);
  }
  return out;
}

}  // namespace

std::string clock_text(Instant at) {
  const std::int64_t tenths = ((at - Instant{}) + 50ms) / 100ms;
  const std::int64_t whole = tenths / 10, hours = whole / 3600, minutes = whole / 60 % 60;
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  std::string out = hours > 0 ? std::to_string(hours) + ':' + two(minutes) : std::to_string(minutes);
  out += ':' + two(whole % 60);
  return tenths % 10 == 0 ? out : out + '.' + std::to_string(tenths % 10);
}

std::vector<std::string> picture_of(const Played& played) {
  const std::vector<PictureColumn> columns = columns_of(played);
  const auto per_s = [](double v) { return analysis::significant(v, 3) + " /s"; };
  std::vector<std::string> lines;
  for (std::size_t f = 0; f < std::min(most_faults, played.faults.size()); ++f) {
    const IncidentFault& fault = played.faults[f];
    std::string line = label(f == 0 ? "faults" : "");
    for (const PictureColumn& column : columns) line += fault.from < column.to && fault.to > column.from ? "▒" : " ";
    lines.push_back(line + "  " + analysis::plain(fault.label));
  }
  lines.push_back(bars(
      "offered", columns, [](const PictureColumn& c) { return summed(c, [](const auto& n) { return n.offered; }); }, per_s));
  lines.push_back(bars(
      "completed", columns, [](const PictureColumn& c) { return summed(c, [](const auto& n) { return n.completed; }); }, per_s));
  lines.push_back(bars(
      "rejected", columns, [](const PictureColumn& c) { return summed(c, [](const auto& n) { return n.rejected_in_all(); }); }, per_s));
  lines.push_back(bars(
      "failed, timed out", columns, [](const PictureColumn& c) { return summed(c, [](const auto& n) { return n.failed + n.timed_out; }); }, per_s));
  const auto worst = [](const PictureColumn& column) {
    Duration p99{0};
    for (const workload::Interval* interval : column.of) p99 = std::max(p99, interval->latency.p99);
    return seconds(p99);
  };
  lines.push_back(bars("latency, p99", columns, worst, [](double v) { return analysis::human_time(v, 3); }));
  const auto count = [](double v) { return analysis::significant(v, 3); };
  const auto most = [](std::int64_t workload::Interval::*member) {
    return [member](const PictureColumn& column) {
      std::int64_t high = 0;
      for (const workload::Interval* interval : column.of) high = std::max(high, interval->*member);
      return static_cast<double>(high);
    };
  };
  lines.push_back(bars("in work", columns, most(&workload::Interval::in_flight), count));
  if (played.deployment.service.exported > 0)
    lines.push_back(bars("not exported", columns, most(&workload::Interval::export_backlog), [&](double v) { return count(v) + " records"; }));
  for (const std::size_t p : shown_partitions(played)) lines.push_back(leaders(p, columns));
  const std::size_t left = played.deployment.partitions.size() - std::min(played.deployment.partitions.size(), most_partitions);
  if (left > 0) lines.push_back(label("") + "and " + std::to_string(left) + " partitions more, in --format json");
  lines.push_back(axis(columns));
  return lines;
}

}  // namespace nines::scenarios
