// RFC 4180, strictly: what a field is, and what is wrong with a file, by line.
#include "scenarios/schema/csv.hpp"

#include <gtest/gtest.h>

#include "tests/scenarios/schema/files.hpp"

namespace nines::scenarios {
namespace csv_test {

using Fields = std::vector<std::string>;

std::vector<Fields> records(std::string_view text) {
  const auto table = read_csv(text, "log.csv");
  EXPECT_TRUE(table) << lines(table.error());
  std::vector<Fields> all;
  if (table)
    for (const CsvRecord& record : table->records) all.push_back(record.fields);
  return all;
}

std::string refusal(std::string_view text) {
  const auto table = read_csv(text, "log.csv");
  return table ? "accepted" : lines(table.error());
}

TEST(Csv, QuotesKeepCommasLineBreaksAndQuotes) {
  EXPECT_EQ(records("a,b\n\"x, y\",\"he said \"\"no\"\"\"\n"), (std::vector<Fields>{{"x, y", "he said \"no\""}}));
  EXPECT_EQ(records("a,b\n\"two\nlines\",\n"), (std::vector<Fields>{{"two\nlines", ""}}));
  EXPECT_EQ(records("a\n\"\"\n"), (std::vector<Fields>{{""}}));
}

TEST(Csv, LinesEndAsTheyDoOnEverySystem) {
  const std::vector<Fields> two{{"1", "2"}, {"3", ""}};
  EXPECT_EQ(records("a,b\n1,2\n3,\n"), two);
  EXPECT_EQ(records("a,b\r\n1,2\r\n3,\r\n"), two);
  EXPECT_EQ(records("a,b\n1,2\n3,"), two) << "the last line may be open";
  EXPECT_EQ(records("a,b\n1,2\n3,\n\n"), two) << "and so may one empty line end it";
  EXPECT_EQ(records("\xef\xbb\xbf"
                    "a,b\n1,2\n3,\n"),
            two)
      << "after a byte order mark";
  EXPECT_TRUE(records("a,b\n").empty());
}

TEST(Csv, ARecordRemembersWhereItBegan) {
  const auto table = read_csv("a,b\n\"x\ny\",1\nz,2\n", "log.csv");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->names, (Fields{"a", "b"}));
  EXPECT_EQ(table->records[0].line, 2);
  EXPECT_EQ(table->records[1].line, 4);
}

TEST(Csv, EveryBrokenLineIsToldWithItsPlace) {
  EXPECT_EQ(refusal(""), "0:0: an empty file; expected a line of column names\n");
  EXPECT_EQ(refusal("a,b\n1\n1,2,3\n1,2\n"), "2:1: 1 field, where the header has 2\n3:1: 3 fields, where the header has 2\n");
  EXPECT_EQ(refusal("a,b\n1,2\n\n3,4\n"), "3:1: 1 field, where the header has 2\n");
  EXPECT_EQ(refusal("a,b\n1,\"2\n3,4\n"), "2:3: this quote is never closed\n");
  EXPECT_EQ(refusal("a,b\n1,\"2\"x\n3,4\n"), "2:6: text behind the closing quote; expected a comma or the end of the line\n");
  EXPECT_EQ(refusal("a,b\n1,2\"\n"), "2:4: a double quote inside a field without quotes; put the field in quotes and double this one\n");
  EXPECT_EQ(refusal("a,b\n1\r,2\n"), "2:2: a carriage return that ends no line; lines end with LF or CRLF\n");
  EXPECT_EQ(refusal(std::string_view("a,b\n1,\0\n", 8)), "2:3: a zero byte; this is no text\n");
  EXPECT_EQ(refusal("a,,a\n"), "1:1: a column without a name\n1:1: two columns are called 'a'\n");
}

TEST(Csv, AFileOfNothingButErrorsIsNotReadToItsEnd) {
  std::string text = "a,b\n";
  for (int i = 0; i < 1000; ++i) text += "1\n";
  const auto table = read_csv(text, "log.csv");
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().size(), 20u);
}

}  // namespace csv_test
}  // namespace nines::scenarios
