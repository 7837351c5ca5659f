#include "analysis/report/layout.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/report/format.hpp"
#include "analysis/stats/text.hpp"

namespace nines::analysis {
namespace {

struct Family {
  std::string_view prefix, title;
};
constexpr Family families[] = {{"uptime.", "Availability"},
                               {"nines", "Availability"},
                               {"downtime.", "Downtime of the cluster, a year"},
                               {"budget.", "Probability of exhausting the error budget"},
                               {"quorum_loss.", "Quorum loss"},
                               {"failover.", "Failover, partition by partition"},
                               {"client.", "What clients see"},
                               {"capability.", "What users can do"},
                               {"throughput.", "Load"},
                               {"demand_met", "Load"},
                               {"latency.", "Load"},
                               {"cost.", "Cost"},
                               {"", "More"}};

std::string_view title_of(std::string_view name) {
  for (const Family& family : families) {
    if (name.starts_with(family.prefix)) return family.title;
  }
  return {};
}

bool in_headline(std::string_view name) { return name == "uptime.all" || name == "nines" || name == "downtime.minutes_per_year"; }

// "; catalogue's ranges: 12 to 310 min a year", or nothing.
std::string with_band(const Metric& metric) {
  const std::string band = cells(metric).band;
  return band.empty() ? band : "; catalogue's ranges: " + band;
}

// "25.8 min a year (95 %: 23.6 to 28.1 min a year)", "≤ 1.2 min a year (95 % bound)", "25.8 min a year (exact)"; each with its band.
std::string with_limits(const Metric& metric) {
  const Cells shown = cells(metric);
  const std::string end = with_band(metric) + ")";
  switch (metric.bound()) {
    case Bound::exact: return shown.value + " (exact" + end;
    case Bound::none: return shown.value + " (no interval: " + metric.method + end;
    default: break;
  }
  if (!metric.value) return shown.value + " (95 % bound" + end;
  return shown.value + " (95 %: " + shown.range + end;
}

// "250 a second (CPU of brokers-0)": what binds stands in the method.
std::string carried(const Metric& metric) {
  const auto binds = metric.method.find(" binds");
  return cells(metric).value + (binds == std::string::npos ? "" : " (" + metric.method.substr(0, binds) + ")");
}

// Beside the nines: what is carried, how fast, at what price. What was not asked for is left out.
void add_trade_offs(Chapter& chapter, const std::vector<const Metric*>& metrics) {
  const auto of = [&](std::string_view name) -> const Metric* {
    const auto found = std::find_if(metrics.begin(), metrics.end(), [&](const Metric* metric) { return without_cluster(metric->name) == name; });
    return found == metrics.end() || !(*found)->value ? nullptr : *found;
  };
  std::string line;
  const auto add = [&](const std::string& part) { line += (line.empty() ? "" : ", ") + part; };
  if (const Metric* metric = of("throughput.healthy")) add("carries " + carried(*metric));
  if (const Metric* metric = of("throughput.long_run")) add(cells(*metric).value + " over the years");
  if (const Metric* metric = of("throughput.node_lost")) add(carried(*metric) + " without a node");
  if (const Metric* metric = of("throughput.zone_lost")) add(carried(*metric) + " without a zone");
  if (const Metric* metric = of("throughput.region_lost")) add(carried(*metric) + " without a region");
  if (!line.empty()) chapter.headline.push_back(line);
  line.clear();
  if (const Metric* metric = of("demand_met")) add("demand met " + cells(*metric).value + " of the time");
  if (const Metric* metric = of("latency.p99")) add("99 of 100 commands answered within " + cells(*metric).value);
  if (!line.empty()) chapter.headline.push_back(line);
  line.clear();
  if (const Metric* metric = of("cost.month")) add("costs " + cells(*metric).value);
  if (const Metric* metric = of("cost.downtime")) add("and downtime " + cells(*metric).value + " expected");
  if (!line.empty()) chapter.headline.push_back(line);
}

void add_headline(Chapter& chapter, const Metric* nines, const Metric* all, const Metric* minutes, const std::vector<const Metric*>& others) {
  if (nines) {
    const Cells shown = cells(*nines);
    std::string line = shown.value + " nines";
    const std::string end = with_band(*nines) + ")";
    if (nines->value && nines->bound() != Bound::none) line += (nines->exact ? " (exact" : " (95 %: " + shown.range) + end;
    if (!nines->value) line += (nines->low ? " (95 % bound: no outage seen" : " (" + nines->method) + end;
    chapter.headline.push_back(line);
  }
  if (all) chapter.headline.push_back("uptime.all " + with_limits(*all) + ": every partition is writable");
  if (minutes) chapter.headline.push_back("downtime " + with_limits(*minutes));
  add_trade_offs(chapter, others);
  if (all && !all->method.empty()) chapter.headline.push_back(all->method);
}

void add_share(Chapter& chapter, const Metric& metric, std::string_view name, std::vector<std::string>& unseen) {
  const std::string mode(name.substr(std::string_view("downtime.share.").size()));
  if (!metric.value) {
    unseen.push_back(mode);
    return;
  }
  const Cells shown = cells(metric);
  const bool ranged = metric.bound() == Bound::two_sided;
  const std::string reason = metric.method.substr(0, metric.method.find(", "));  // "4 of 9,974 outages"
  chapter.bars.push_back({mode, *metric.value, shown.value, ranged ? shown.range : reason});
  chapter.some_without_range |= !ranged;
}

std::string years_text(double years) {
  const double whole = std::round(years);
  if (whole < 1e15 && std::fabs(years - whole) < 1e-6 * whole) return grouped(static_cast<std::uint64_t>(whole));
  return significant(years, 4);
}

}  // namespace

std::string plain(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return out;
}

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : plain(text)) {
    if (std::string_view("|<>*_`[]\\").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::vector<Chapter> chapters(const Report& report) {
  std::vector<Chapter> out;
  // A cluster's metrics stand together and begin with its uptime.all.
  for (std::size_t begin = 0; begin < report.metrics.size();) {
    const auto cluster_of = [&](std::size_t m) {
      const std::string& name = report.metrics[m].name;
      const std::string_view own = without_cluster(name);
      return own.size() == name.size() ? std::string() : name.substr(0, name.size() - own.size() - 1);
    };
    Chapter chapter{.cluster = cluster_of(begin), .headline = {}, .has_bands = false, .sections = {}, .bars = {}, .some_without_range = false, .unseen = {}};
    const Metric *nines = nullptr, *all = nullptr, *minutes = nullptr;
    std::vector<std::string> unseen;
    std::vector<const Metric*> others;
    std::size_t end = begin;
    for (; end < report.metrics.size() && cluster_of(end) == chapter.cluster; ++end) {
      const Metric& metric = report.metrics[end];
      const std::string_view name = without_cluster(metric.name);
      if (name == "nines") nines = &metric;
      if (name == "uptime.all") all = &metric;
      if (name == "downtime.minutes_per_year") minutes = &metric;
      chapter.has_bands |= !cells(metric).band.empty();
      if (in_headline(name)) continue;
      others.push_back(&metric);
      if (name.starts_with("downtime.share.")) {
        add_share(chapter, metric, name, unseen);
        continue;
      }
      if (name.starts_with("capability.") && name.find(".share.") != std::string_view::npos) continue;  // The capability names its causes.
      if (!metric.value && metric.bound() == Bound::none) continue;  // Programs get the reason, people a shorter table.
      const std::string_view title = title_of(name);
      if (chapter.sections.empty() || chapter.sections.back().title != title) chapter.sections.push_back({std::string(title), {}});
      chapter.sections.back().rows.push_back(&metric);
    }
    add_headline(chapter, nines, all, minutes, others);
    std::stable_sort(chapter.bars.begin(), chapter.bars.end(), [](const Bar& x, const Bar& y) { return x.share > y.share; });
    for (const std::string& mode : unseen) chapter.unseen += (chapter.unseen.empty() ? "" : ", ") + mode;
    out.push_back(std::move(chapter));
    begin = end;
  }
  return out;
}

std::vector<std::string> self_check_lines(const Report& report) {
  std::vector<std::string> lines;
  const auto one = [](const char* what, const std::optional<double>& p, const std::string& over) {
    return std::string(what) + (p ? " p = " + significant(*p, 2) : std::string(" not informative")) + " (" + over + ")";
  };
  for (const SelfCheck& check : report.self_checks) {
    std::string line = "Self-check";
    if (report.self_checks.size() > 1) line += " of " + check.cluster;
    line += std::string(": simulation and solution ") +
            (check.flagged()              ? "DISAGREE"
             : check.quorum || check.gaps ? "agree"
                                          : "cannot be compared yet") +
            "; " + one("quorum", check.quorum, check.quorum_over);
    if (!check.gaps_over.empty()) line += "; " + one("gaps", check.gaps, check.gaps_over);
    lines.push_back(line + ".");
  }
  return lines;
}

std::string provenance_line(const Report& report) {
  const Provenance& from = report.provenance;
  std::string line =
      from.years > 0 ? grouped(from.replications) + " replications, " + years_text(from.years) + " simulated cluster-years" : std::string("Solved");
  if (report.wall_s) line += " in " + human_time(*report.wall_s, 2);
  line += "; seed " + std::to_string(from.seed);
  if (!from.fingerprint.empty()) line += "; fingerprint " + from.fingerprint;
  if (!from.stop_reason.empty()) line += "; stopped: " + from.stop_reason;
  return plain(line) + ".";
}

std::string assumptions_line(const Report& report) {
  const auto& count = report.provenance.assumptions;
  if (!count) return {};
  if (*count == 0) return "Every input has a source.";
  return (*count == 1 ? std::string("1 input is an assumption") : grouped(*count) + " inputs are assumptions") +
         " that nobody measured: nines validate --explain names " + (*count == 1 ? "it." : "them.");
}

}  // namespace nines::analysis
