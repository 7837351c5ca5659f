// What the table and Markdown show, in which order: the same answer in two costumes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/report/report.hpp"

namespace nines::analysis {

struct Section {
  std::string title;  // "Quorum loss"
  std::vector<const Metric*> rows;
};

struct Bar {
  std::string mode;
  double share = 0;
  std::string text;    // "61.2 %"
  std::string detail;  // "58.0 to 64.4 %", or of how many outages it is where they are too few for a range.
};

// One cluster of the answer; a world of one cluster has one, without a name.
struct Chapter {
  std::string cluster;
  std::vector<std::string> headline;  // The first line is the nines.
  bool has_bands = false;             // Some metric says where the catalogue's ranges take it.
  std::vector<Section> sections;
  std::vector<Bar> bars;  // Longest first.
  bool some_without_range = false;
  std::string unseen;  // Modes that caused no outage, in words; may be empty.
};

// Views into `report`, which must outlive them.
std::vector<Chapter> chapters(const Report& report);

// "Self-check: ...", one a cluster: whether simulation and solution agree.
std::vector<std::string> self_check_lines(const Report& report);

// What tells sampling error and the catalogue's ranges apart, wherever both are shown.
inline constexpr std::string_view bands_explained =
    "95 %: what chance leaves open, less with every replication. "
    "Catalogue's ranges: 90 % of the answers when its rates and durations are drawn between their bounds; only better data narrows them.";

std::string provenance_line(const Report& report);
std::string assumptions_line(const Report& report);  // Empty when they were not counted.

std::string plain(std::string_view text);    // Without control characters: names come from files.
std::size_t width(std::string_view text);    // Columns on a terminal: every code point of ours takes one.
std::string escaped(std::string_view text);  // For Markdown: without what would end a cell or begin markup.

}  // namespace nines::analysis
