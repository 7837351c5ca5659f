// A log of incidents as a table: which columns mean start, end, element and cause, and how their times are written.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/schema/csv.hpp"
#include "sim/base/time.hpp"

namespace nines::scenarios {

struct IncidentColumns {
  std::string start = "start";
  std::string end = "end";
  std::vector<std::string> element{"element"};  // Several are joined by a slash.
  // One column holds the cause. Of several, the first that is not empty names it by its own name, as in logs with one column a cause. Empty: the
  // column `cause` where there is one.
  std::vector<std::string> cause;
  std::string time_format;                                 // Empty: ISO 8601, or seconds.
  std::vector<std::pair<std::string, std::string>> where;  // Only records with this value in this column.
};

struct IncidentRecord {
  Duration start{0};  // Since 1970, or in the file's own seconds. Times are taken as they are written: no time zone, no summer time.
  Duration end{0};
  std::string element;
  std::string cause;  // Empty: unknown.
  int line = 0;
};

// The records that `where` keeps, in the order of the file. Errors name the file and the line.
Result<std::vector<IncidentRecord>> incidents_of(const CsvTable& table, const IncidentColumns& columns);

// Nanoseconds since 1970 of "2005-06-21T10:54:00Z", also with a blank for the T, without seconds or with decimals of them; or nothing.
bool read_iso_time(std::string_view text, Duration& out);
// By a format of strptime's: %Y %y %m %d %H %M %S, each other character for itself.
bool read_time(std::string_view text, std::string_view format, Duration& out);
// Is this a format that read_time understands: year, month and day at least, each field once?
bool is_time_format(std::string_view format);
// "90061.5" as nanoseconds, exactly.
bool read_seconds_exactly(std::string_view text, Duration& out);

// "human-error" of "Human Error".
std::string hyphenated(std::string_view cause);

// One element's records joined where they overlap or touch; what is joined keeps the cause of the first. Sorted by start, then by element.
std::vector<IncidentRecord> joined(std::vector<IncidentRecord> records);

}  // namespace nines::scenarios
