#include "scenarios/schema/incidents.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <tuple>

#include "scenarios/schema/decode.hpp"

namespace nines::scenarios {

namespace {

// Up to `most` digits off the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t least, std::size_t most) {
  std::size_t n = 0;
  int value = 0;
  while (n < most && n < text.size() && is_digit(text[n])) value = value * 10 + (text[n++] - '0');
  if (n < least) return std::nullopt;
  text.remove_prefix(n);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// Decimals of a second as nanoseconds: ".5". More than nine digits are refused rather than rounded.
bool take_decimals(std::string_view& text, std::int64_t& ns) {
  ns = 0;
  if (!take(text, '.')) return true;
  std::int64_t scale = 1'000'000'000;
  std::size_t digits = 0;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
    if (++digits > 9) return false;
    scale /= 10;
    ns += (text.front() - '0') * scale;
  }
  return digits > 0;
}

struct Civil {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  std::int64_t ns = 0;
};

bool to_time(const Civil& civil, Duration& out) {
  namespace calendar = std::chrono;
  // Nanoseconds in 64 bits reach from 1678 to 2261.
  if (civil.year < 1700 || civil.year > 2250 || civil.hour > 23 || civil.minute > 59 || civil.second > 59) return false;
  const calendar::year_month_day date{calendar::year{civil.year}, calendar::month{static_cast<unsigned>(civil.month)},
                                      calendar::day{static_cast<unsigned>(civil.day)}};
  if (!date.ok()) return false;
  out = calendar::sys_days{date}.time_since_epoch() + calendar::hours{civil.hour} + calendar::minutes{civil.minute} +
        calendar::seconds{civil.second} + Duration{civil.ns};
  return true;
}

class Columns {
 public:
  Columns(const CsvTable& table, Errors& errors) : table_(table), errors_(errors) {}
  std::size_t find(const std::string& name) {
    const auto found = std::find(table_.names.begin(), table_.names.end(), name);
    if (found == table_.names.end())
      errors_.push_back({Place{table_.file, 1, 1}, "no column is called '" + name.substr(0, 80) + "'" + did_you_mean(name, table_.names)});
    return static_cast<std::size_t>(found - table_.names.begin());
  }
  std::vector<std::size_t> find(const std::vector<std::string>& names) {
    std::vector<std::size_t> all;
    for (const std::string& name : names) all.push_back(find(name));
    return all;
  }

 private:
  const CsvTable& table_;
  Errors& errors_;
};

enum class TimeKind : std::uint8_t { unknown, by_format, iso, seconds };

bool read_any_time(const std::string& text, const std::string& format, TimeKind& kind, Duration& out) {
  if (!format.empty()) return read_time(text, format, out);
  if (kind != TimeKind::seconds && read_iso_time(text, out)) {
    kind = TimeKind::iso;
    return true;
  }
  if (kind == TimeKind::iso || !read_seconds_exactly(text, out)) return false;
  kind = TimeKind::seconds;
  return true;
}

}  // namespace

bool read_iso_time(std::string_view text, Duration& out) {
  Civil civil;
  const auto part = [&](int& value, std::size_t digits) {
    const auto number = take_number(text, digits, digits);
    value = number.value_or(0);
    return number.has_value();
  };
  if (!part(civil.year, 4) || !take(text, '-') || !part(civil.month, 2) || !take(text, '-') || !part(civil.day, 2)) return false;
  if (!text.empty()) {
    if (!take(text, 'T') && !take(text, ' ')) return false;
    if (!part(civil.hour, 2) || !take(text, ':') || !part(civil.minute, 2)) return false;
    if (take(text, ':') && (!part(civil.second, 2) || !take_decimals(text, civil.ns))) return false;
    take(text, 'Z');
  }
  return text.empty() && to_time(civil, out);
}

bool is_time_format(std::string_view format) {
  std::string seen;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') continue;
    if (++i >= format.size() || std::string_view("YymdHMS").find(format[i]) == std::string_view::npos) return false;
    const char field = format[i] == 'y' ? 'Y' : format[i];
    if (seen.find(field) != std::string::npos) return false;
    seen += field;
  }
  return seen.find('Y') != std::string::npos && seen.find('m') != std::string::npos && seen.find('d') != std::string::npos;
}

bool read_time(std::string_view text, std::string_view format, Duration& out) {
  Civil civil;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      if (!take(text, format[i])) return false;
      continue;
    }
    const char field = ++i < format.size() ? format[i] : '\0';
    const auto number = take_number(text, field == 'Y' ? 4 : field == 'y' ? 2 : 1, field == 'Y' ? 4 : 2);
    if (!number) return false;
    switch (field) {
      case 'Y': civil.year = *number; break;
      case 'y': civil.year = *number + (*number < 69 ? 2000 : 1900); break;  // POSIX strptime.
      case 'm': civil.month = *number; break;
      case 'd': civil.day = *number; break;
      case 'H': civil.hour = *number; break;
      case 'M': civil.minute = *number; break;
      case 'S': civil.second = *number; break;
      default: return false;
    }
  }
  return text.empty() && to_time(civil, out);
}

bool read_seconds_exactly(std::string_view text, Duration& out) {
  std::int64_t whole = 0, ns = 0;
  std::size_t digits = 0;
  for (; !text.empty() && is_digit(text.front()) && digits < 10; ++digits, text.remove_prefix(1)) whole = whole * 10 + (text.front() - '0');
  if (digits == 0 || whole > 9'000'000'000 || !take_decimals(text, ns) || !text.empty()) return false;
  out = Duration{whole * 1'000'000'000 + ns};
  return true;
}

Result<std::vector<IncidentRecord>> incidents_of(const CsvTable& table, const IncidentColumns& columns) {
  Errors errors;
  Columns find(table, errors);
  const std::size_t start = find.find(columns.start), end = find.find(columns.end);
  const std::vector<std::size_t> element = find.find(columns.element);
  std::vector<std::size_t> cause = find.find(columns.cause);
  if (columns.cause.empty())
    if (const auto usual = std::find(table.names.begin(), table.names.end(), "cause"); usual != table.names.end())
      cause.push_back(static_cast<std::size_t>(usual - table.names.begin()));
  std::vector<std::pair<std::size_t, std::string>> where;
  for (const auto& [name, value] : columns.where) where.emplace_back(find.find(name), value);
  if (!errors.empty()) return fail(std::move(errors));

  std::vector<IncidentRecord> records;
  TimeKind kind = TimeKind::unknown;
  const auto wrong = [&](int line, std::string what) {
    if (errors.size() < most_table_errors) errors.push_back({Place{table.file, line, 1}, std::move(what)});
  };
  const auto time = [&](const CsvRecord& row, std::size_t column, Duration& out) {
    const std::string& text = row.fields[column];
    if (read_any_time(text, columns.time_format, kind, out)) return true;
    const std::string expected = !columns.time_format.empty() ? "a time as '" + columns.time_format + "' says"
                                 : kind == TimeKind::iso      ? "a time such as '2005-06-21 10:54:00', as before"
                                 : kind == TimeKind::seconds  ? "seconds, as before"
                                                              : "a time such as '2005-06-21 10:54:00', or seconds; other ways need a timeFormat";
    wrong(row.line, "'" + table.names[column] + "' is '" + text.substr(0, 60) + "'; expected " + expected);
    return false;
  };
  for (const CsvRecord& row : table.records) {
    if (!std::all_of(where.begin(), where.end(), [&](const auto& wanted) { return row.fields[wanted.first] == wanted.second; })) continue;
    IncidentRecord record{.start = {}, .end = {}, .element = {}, .cause = {}, .line = row.line};
    const bool starts = time(row, start, record.start), ends = time(row, end, record.end);
    if (starts && ends && record.end < record.start) wrong(row.line, "it ends before it starts");
    for (const std::size_t column : element) {
      if (row.fields[column].empty()) wrong(row.line, "'" + table.names[column] + "' is empty, and with it what was hit");
      record.element += (record.element.empty() ? "" : "/") + row.fields[column];
    }
    if (cause.size() == 1) record.cause = row.fields[cause[0]];
    if (cause.size() > 1) {
      const auto named = std::find_if(cause.begin(), cause.end(), [&](std::size_t column) { return !row.fields[column].empty(); });
      if (named != cause.end()) record.cause = table.names[*named];
    }
    records.push_back(std::move(record));
  }
  if (!errors.empty()) return fail(std::move(errors));
  return records;
}

std::string hyphenated(std::string_view cause) {
  std::string name;
  bool gap = false;
  for (const char c : cause) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (!upper && !(c >= 'a' && c <= 'z') && !is_digit(c)) {
      gap = true;
      continue;
    }
    if (gap && !name.empty()) name += '-';
    gap = false;
    name += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return name;
}

std::vector<IncidentRecord> joined(std::vector<IncidentRecord> records) {
  const auto by_element = [](const IncidentRecord& a, const IncidentRecord& b) {
    return std::tie(a.element, a.start, a.line) < std::tie(b.element, b.start, b.line);
  };
  std::sort(records.begin(), records.end(), by_element);
  std::vector<IncidentRecord> out;
  for (IncidentRecord& record : records) {
    if (!out.empty() && out.back().element == record.element && record.start <= out.back().end)
      out.back().end = std::max(out.back().end, record.end);
    else
      out.push_back(std::move(record));
  }
  std::sort(out.begin(), out.end(),
            [](const IncidentRecord& a, const IncidentRecord& b) { return std::tie(a.start, a.element) < std::tie(b.start, b.element); });
  return out;
}

}  // namespace nines::scenarios
