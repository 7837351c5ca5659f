// One metric as people read it. Shared by the table and by Markdown.
#pragma once

#include <string>
#include <string_view>

#include "analysis/stats/metric.hpp"

namespace nines::analysis {

struct Cells {
  std::string value;  // "99.9951 %", "≥ 99.9991 %", "-"
  std::string range;  // "99.9947 to 99.9955 %", "≤ 3.2 h", "exact", "bound", "no interval"
  std::string band;   // "99.91 to 99.998 %"; empty where the catalogue's ranges were not followed.
};

// `metric` may have any bound; units are those of Metric. UTF-8.
Cells cells(const Metric& metric);

// A downtime fraction shown as availability: as many decimals as its complement has, with two significant digits, so it never reads 100 %.
std::string percent_up(double uptime);

// A method for a column: "gamma, 1204 outages". JSON, CSV and Markdown have the whole phrase.
std::string short_method(std::string_view method);

// What a metric measures, in a few words. Empty for names this file does not know.
std::string_view meaning(std::string_view name);
std::string meaning_of(const Metric& metric);  // The same, or what its method says that is of this answer: the causes of a capability's outages.

// The part of a metric's name that `expect:` shares between clusters: "orders.uptime.all" gives "uptime.all".
std::string_view without_cluster(std::string_view name);

}  // namespace nines::analysis
