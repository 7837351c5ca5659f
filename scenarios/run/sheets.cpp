#include "scenarios/run/sheets.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <nlohmann/json.hpp>

#include "analysis/report/layout.hpp"
#include "analysis/stats/text.hpp"

namespace nines::scenarios {
namespace {

using Json = nlohmann::ordered_json;

using analysis::escaped;
using analysis::plain;
using analysis::width;

// Sentences on lines of a readable length, each begun by `indent`.
std::string wrapped(std::string_view text, const std::string& indent) {
  constexpr std::size_t columns = 130;
  std::string out, line = indent;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    if (width(line) > indent.size() && width(line) + 1 + width(word) > columns) {
      out += line + '\n';
      line = indent;
    }
    line += (line.size() > indent.size() ? " " : "") + std::string(word);
    at = end + 1;
  }
  return out + line + '\n';
}

std::string more(const Sheet& sheet) {
  return sheet.rows.size() > sheet.shown ? "and " + std::to_string(sheet.rows.size() - sheet.shown) + " more, in --format json" : std::string();
}

std::string padded(const std::string& text, std::size_t columns, bool to_the_right) {
  const std::string blanks(columns - std::min(columns, width(text)), ' ');
  return to_the_right ? blanks + text : text + blanks;
}

void add_text(std::string& out, const Sheet& sheet) {
  out += '\n' + plain(sheet.title) + '\n';
  if (!sheet.method.empty()) out += wrapped("(" + plain(sheet.method) + ")", "  ");
  const std::size_t rows = std::min(sheet.rows.size(), sheet.shown);
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < sheet.columns.size(); ++c) {
    widths.push_back(width(sheet.columns[c].title));
    for (std::size_t r = 0; r < rows; ++r) widths[c] = std::max(widths[c], width(plain(sheet.rows[r][c].text)));
  }
  const auto line = [&](const auto& text_at) {
    std::string made = " ";
    for (std::size_t c = 0; c < widths.size(); ++c)
      if (!sheet.columns[c].title.empty()) made += std::string(c > 0 ? 2 : 1, ' ') + padded(text_at(c), widths[c], !sheet.columns[c].unit.empty());
    made.resize(made.find_last_not_of(' ') + 1);
    out += made + '\n';
  };
  if (rows > 0) line([&](std::size_t c) { return sheet.columns[c].title; });
  for (std::size_t r = 0; r < rows; ++r) line([&](std::size_t c) { return plain(sheet.rows[r][c].text); });
  if (const std::string left = more(sheet); !left.empty()) out += "  " + left + '\n';
  for (const std::string& note : sheet.notes) out += wrapped(plain(note), "  ");
}

void add_markdown(std::string& out, const Sheet& sheet) {
  out += "\n### " + escaped(sheet.title) + "\n\n";
  if (!sheet.method.empty()) out += escaped(sheet.method) + ".\n\n";
  if (!sheet.rows.empty()) {
    for (const Column& column : sheet.columns)
      if (!column.title.empty()) out += "| " + escaped(column.title) + ' ';
    out += "|\n";
    for (const Column& column : sheet.columns)
      if (!column.title.empty()) out += column.unit.empty() ? "|---" : "|---:";
    out += "|\n";
  }
  for (std::size_t r = 0; r < std::min(sheet.rows.size(), sheet.shown); ++r) {
    for (std::size_t c = 0; c < sheet.columns.size(); ++c)
      if (!sheet.columns[c].title.empty()) out += "| " + escaped(sheet.rows[r][c].text) + ' ';
    out += "|\n";
  }
  if (const std::string left = more(sheet); !left.empty()) out += '\n' + left + ".\n";
  for (const std::string& note : sheet.notes) out += '\n' + escaped(note) + '\n';
}

}  // namespace

std::string text(const Book& book) {
  std::string out = plain(book.title) + "\n\n";
  for (const std::string& line : book.headline) out += wrapped(plain(line), "  ");
  if (!book.picture.empty()) out += '\n';
  for (const std::string& line : book.picture) out += plain(line) + '\n';
  for (const Sheet& sheet : book.sheets) add_text(out, sheet);
  if (!book.notes.empty()) out += '\n';
  for (const std::string& note : book.notes) out += wrapped("Note: " + plain(note), "");
  return out;
}

std::string markdown(const Book& book) {
  std::string out = "## " + escaped(book.title) + "\n\n";
  for (const std::string& line : book.headline) out += escaped(line) + "<br>\n";
  if (!book.picture.empty()) out += "\n```\n";
  for (const std::string& line : book.picture) out += plain(line) + '\n';
  if (!book.picture.empty()) out += "```\n";
  for (const Sheet& sheet : book.sheets) add_markdown(out, sheet);
  for (const std::string& note : book.notes) out += "\n> " + escaped(note) + '\n';
  return out;
}

std::string json(const Book& book) {
  Json all{{"schema_version", 1}, {"tool", "nines"}, {"title", book.title}, {"headline", book.headline}, {"notes", book.notes}};
  for (const Sheet& sheet : book.sheets) {
    Json units = Json::object(), rows = Json::array();
    for (const Column& column : sheet.columns)
      if (!column.unit.empty()) units[column.key] = column.unit;
    for (const auto& row : sheet.rows) {
      Json object = Json::object();
      for (std::size_t c = 0; c < row.size(); ++c) {
        const Cell& cell = row[c];
        object[sheet.columns[c].key] = sheet.columns[c].unit.empty()              ? Json(cell.text)
                                       : cell.value && std::isfinite(*cell.value) ? Json(*cell.value)
                                                                                  : Json(nullptr);
      }
      rows.push_back(std::move(object));
    }
    all[sheet.key] = Json{{"title", sheet.title}, {"method", sheet.method}, {"units", units}, {"rows", rows}, {"notes", sheet.notes}};
  }
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string csv(const Sheet& sheet) {
  std::string out;
  const auto line = [&](const auto& text_at) {
    for (std::size_t c = 0; c < sheet.columns.size(); ++c) out += (c > 0 ? "," : "") + analysis::csv_field(text_at(c));
    out += '\n';
  };
  line([&](std::size_t c) { return sheet.columns[c].key; });
  for (const auto& row : sheet.rows)
    line([&](std::size_t c) {
      if (sheet.columns[c].unit.empty()) return row[c].text;
      return row[c].value && std::isfinite(*row[c].value) ? analysis::shortest(*row[c].value) : std::string();
    });
  return out;
}

}  // namespace nines::scenarios
