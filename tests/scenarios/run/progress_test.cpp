#include "scenarios/run/progress.hpp"

#include <cstdio>
#include <string>

#include <gtest/gtest.h>

namespace nines::scenarios {
namespace progress_test {

Progress at(double elapsed_s) {
  Progress progress;
  progress.merged = 412;
  progress.of = 1000;
  progress.elapsed = std::chrono::duration<double>(elapsed_s);
  progress.left = std::chrono::duration<double>(4.4);
  progress.headline = {.name = "uptime.all", .value = 0.99996, .low = 0.99995, .high = 0.99997, .unit = "1", .method = "test", .exact = false};
  return progress;
}

std::string shown(ProgressLine::Kind kind, const std::vector<double>& elapsed_s) {
  std::FILE* file = std::tmpfile();
  {
    ProgressLine line(kind, file);
    for (const double s : elapsed_s) line.show(at(s));
  }
  std::string text(static_cast<std::size_t>(std::ftell(file)), '\0');
  std::rewind(file);
  EXPECT_EQ(std::fread(text.data(), 1, text.size(), file), text.size());
  std::fclose(file);
  return text;
}

TEST(Progress, ALineSaysHowMuchHowSureAndHowLong) {
  const std::string line = progress_line(at(3.1));
  for (const char* part : {"412 of 1000", "uptime.all", "99.99", "3.1 s", "about 4.4 s left"}) EXPECT_NE(line.find(part), std::string::npos) << line;
}

TEST(Progress, OnATerminalTheLineIsRewrittenAndGoesAtTheEnd) {
  const std::string text = shown(ProgressLine::Kind::rewritten, {0.2, 0.25, 0.4});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\r'), 3) << "two shown, one cleared; the second came too soon";
  EXPECT_TRUE(text.ends_with("\r\033[K"));
}

TEST(Progress, ElsewhereItIsOneLineInTenSeconds) {
  const std::string text = shown(ProgressLine::Kind::appended, {1, 5, 10, 11, 19, 20.5});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  EXPECT_EQ(text.find('\033'), std::string::npos);
}

TEST(Progress, QuietMeansSilent) { EXPECT_EQ(shown(ProgressLine::Kind::silent, {1, 20}), ""); }

}  // namespace progress_test
}  // namespace nines::scenarios
