// A strict reader of comma-separated values (RFC 4180) with a header: every record has as many fields as the header, or it is an error with its line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/base/result.hpp"

namespace nines::scenarios {

struct CsvRecord {
  int line = 0;                     // Where it begins.
  std::vector<std::string> fields;  // As many as there are names.
};

struct CsvTable {
  std::string file;
  std::vector<std::string> names;  // Of the columns; unlike each other and not empty.
  std::vector<CsvRecord> records;
};

inline constexpr std::size_t csv_most_bytes = std::size_t{64} << 20;
inline constexpr std::size_t most_table_errors = 20;  // Told of one table.

// Fields may stand in double quotes, a double quote inside is doubled, and a quoted field may hold commas and line breaks. Lines end with LF or
// CRLF; a byte order mark is skipped, and an empty line ends nothing but the file. `file` names the text in errors. At most most_table_errors are told.
Result<CsvTable> read_csv(std::string_view text, const std::string& file);

}  // namespace nines::scenarios
