// Tables of any kind with a heading each, and their costumes: text for people, JSON for programs, Markdown for pull requests.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace nines::scenarios {

struct Cell {
  std::string text;
  std::optional<double> value{};  // What it shows, for programs; in the column's unit. Absent: it is text, or there is no finite value.
};

struct Column {
  std::string key;    // JSON: "but_for"
  std::string title;  // People: "but for it"; empty: for programs only.
  std::string unit;   // JSON: "min/year", "1"; empty for text.
};

struct Sheet {
  std::string key, title;
  std::string method;  // One sentence at most: by which method the numbers were found, and what they mean.
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  std::size_t shown = 12;          // Rows for people; programs get all.
  std::vector<std::string> notes;  // Sentences below.
};

struct Book {
  std::string title;
  std::vector<std::string> headline;
  std::vector<std::string> picture{};  // Lines drawn with characters, for people only.
  std::vector<Sheet> sheets;
  std::vector<std::string> notes;
};

std::string text(const Book& book);
std::string markdown(const Book& book);
std::string json(const Book& book);
std::string csv(const Sheet& sheet);  // All its rows under the keys of its columns.

}  // namespace nines::scenarios
