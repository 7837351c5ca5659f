#include "scenarios/schema/csv.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace nines::scenarios {

namespace {

class Reader {
 public:
  Reader(std::string_view text, const std::string& file) : text_(text), file_(file) {
    if (text_.rfind("\xef\xbb\xbf", 0) == 0) at_ = line_start_ = 3;
  }

  bool done() const { return at_ >= text_.size() || full(); }
  bool full() const { return errors.size() >= most_table_errors; }
  int line() const { return line_; }

  // One record, up to and with its line's end. False when it is broken; reading goes on behind it.
  bool record(std::vector<std::string>& fields) {
    fields.clear();
    while (true) {
      std::string& field = fields.emplace_back();
      const bool good = at_ < text_.size() && text_[at_] == '"' ? quoted(field) : plain(field);
      if (!good) {
        skip_line();
        return false;
      }
      if (at_ < text_.size() && text_[at_] == ',') {
        ++at_;
        continue;
      }
      end_line();
      return true;
    }
  }

  void error(int line, int column, std::string what) {
    if (!full()) errors.push_back({Place{file_, line, column}, std::move(what)});
  }

  Errors errors;

 private:
  int column() const { return static_cast<int>(at_ - line_start_) + 1; }
  bool at_end_of_line() const {
    return at_ >= text_.size() || text_[at_] == '\n' || (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n');
  }
  bool fail_here(const char* what) {
    error(line_, column(), what);
    return false;
  }

  bool plain(std::string& field) {
    while (!at_end_of_line() && text_[at_] != ',') {
      if (text_[at_] == '"') return fail_here("a double quote inside a field without quotes; put the field in quotes and double this one");
      if (text_[at_] == '\r') return fail_here("a carriage return that ends no line; lines end with LF or CRLF");
      if (text_[at_] == '\0') return fail_here("a zero byte; this is no text");
      field += text_[at_++];
    }
    return true;
  }

  bool quoted(std::string& field) {
    const int line = line_, begin = column();
    ++at_;
    while (true) {
      if (at_ >= text_.size()) {
        error(line, begin, "this quote is never closed");
        return false;
      }
      const char c = text_[at_];
      if (c == '\0') return fail_here("a zero byte; this is no text");
      if (c == '"' && at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        ++at_;
      } else if (c == '"') {
        ++at_;
        break;
      }
      field += c;
      ++at_;
      if (c == '\n') next_line();
    }
    return at_end_of_line() || text_[at_] == ',' || fail_here("text behind the closing quote; expected a comma or the end of the line");
  }

  void next_line() {
    ++line_;
    line_start_ = at_;
  }
  void end_line() {
    if (at_ >= text_.size()) return;
    at_ += text_[at_] == '\r' ? 2u : 1u;
    next_line();
  }
  void skip_line() {
    while (at_ < text_.size() && text_[at_] != '\n') ++at_;
    end_line();
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0, line_start_ = 0;
  int line_ = 1;
};

}  // namespace

Result<CsvTable> read_csv(std::string_view text, const std::string& file) {
  if (text.size() > csv_most_bytes) return fail(Place{file, 0, 0}, "more than 64 MiB; no log of outages is that large");
  CsvTable table{.file = file, .names = {}, .records = {}};
  Reader reader(text, file);
  if (reader.done()) return fail(Place{file, 0, 0}, "an empty file; expected a line of column names");
  if (!reader.record(table.names)) return fail(std::move(reader.errors));
  std::set<std::string> seen;
  for (const std::string& name : table.names) {
    if (name.empty()) reader.error(1, 1, "a column without a name");
    if (!name.empty() && !seen.insert(name).second) reader.error(1, 1, "two columns are called '" + name.substr(0, 80) + "'");
  }
  while (!reader.done()) {
    CsvRecord record{.line = reader.line(), .fields = {}};
    if (!reader.record(record.fields)) continue;
    const bool is_blank = record.fields.size() == 1 && record.fields[0].empty() && table.names.size() > 1;
    if (is_blank && reader.done()) break;
    if (record.fields.size() != table.names.size()) {
      reader.error(record.line, 1,
                   std::to_string(record.fields.size()) + (record.fields.size() == 1 ? " field" : " fields") + ", where the header has " +
                       std::to_string(table.names.size()));
      continue;
    }
    table.records.push_back(std::move(record));
  }
  if (!reader.errors.empty()) return fail(std::move(reader.errors));
  return table;
}

}  // namespace nines::scenarios
