#include "analysis/export/labelled_file.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>

#include <cerrno>
#include <csignal>
#include <filesystem>

#include "sim/base/check.hpp"
#include "tests/analysis/export/folder.hpp"

namespace nines::analysis {
namespace labelled_file_test {

using test::Folder;

constexpr std::size_t no_row[] = {1};

TEST(LabelledFile, AnUnknownDimensionIsAnError) {
  const Folder folder;
  Result<LabelledFile> file = LabelledFile::create(folder / "out.h5");
  ASSERT_TRUE(file);
  const double values[] = {1, 2};
  file->variable({.path = "x", .dimensions = {"nowhere"}, .long_name = "", .units = "", .flags = {}}, values);
  const Result<void> done = file->finish();
  ASSERT_FALSE(done);
  EXPECT_NE(done.error()[0].what.find("the dimension nowhere of x"), std::string::npos);
  EXPECT_TRUE(folder.empty());
}

TEST(LabelledFile, AfterAnErrorNothingMatters) {
  const Folder folder;
  Result<LabelledFile> file = LabelledFile::create(folder / "out.h5");
  ASSERT_TRUE(file);
  file->dimension("n", 2);
  file->dimension("n", 2);  // Twice.
  file->group("g");
  file->attributes("g", {{"a", 1.0}});
  const LabelledFile::Column column = file->column({.path = "c", .dimensions = {"n"}, .long_name = "", .units = "", .flags = {}}, Type::float64, {});
  const double value[] = {1};
  for (int n = 0; n < 100'000; ++n) file->append(column, value);
  const Result<void> done = file->finish();
  ASSERT_FALSE(done);
  EXPECT_NE(done.error()[0].what.find("HDF5 refused to make n"), std::string::npos) << done.error()[0].what;
  EXPECT_TRUE(folder.empty());
}

TEST(LabelledFile, RowsAreWholeAndOfOneType) {
  const Folder folder;
  Result<LabelledFile> file = LabelledFile::create(folder / "out.h5");
  ASSERT_TRUE(file);
  const std::size_t row[] = {3};
  const auto column = file->column({.path = "c", .dimensions = {"n", "m"}, .long_name = "", .units = "", .flags = {}}, Type::int32, row);
  const std::int64_t two[] = {1, 2};
  const double reals[] = {1, 2, 3};
  EXPECT_THROW(file->append(column, two), BrokenInvariant);
  EXPECT_THROW(file->append(column, reals), BrokenInvariant);
  EXPECT_THROW(file->column({.path = "d", .dimensions = {"n"}, .long_name = "", .units = "", .flags = {}}, Type::int32, no_row), BrokenInvariant);
}

TEST(LabelledFile, AFullDiskIsAnErrorAndLeavesNothing) {
  const Folder folder;
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1000, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  Result<LabelledFile> larger = LabelledFile::create(folder / "larger.h5");
  EXPECT_TRUE(larger);
  const std::vector<double> values(5000, 0.5);
  larger->dimension("n", 5000);
  larger->variable({.path = "x", .dimensions = {"n"}, .long_name = "", .units = "", .flags = {}}, values);
  const Result<void> refused = larger->finish();
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error()[0].what, "cannot write '" + (folder / "larger.h5") + "': File too large");
  EXPECT_FALSE(std::filesystem::exists(folder / "larger.h5"));
  EXPECT_FALSE(std::filesystem::exists(folder / "larger.h5.tmp"));
}

// Everything a file can hold: texts, numbers, a group, columns of several chunks, a grid.
Result<void> write_all_kinds(const std::string& path, const Fault& fault) {
  Result<LabelledFile> file = LabelledFile::create(path, {.gzip = 4, .fault = fault});
  if (!file) return fail(std::move(file.error()));
  const std::vector<std::string> names{"a", "b", "c"};
  const std::size_t row[] = {3}, shape[] = {200, 3, 30};
  file->group("g");
  const auto reals = file->column({"g/reals", {"n", "name"}, "", "s", {}}, Type::float64, row);
  const auto codes = file->column({"g/codes", {"n"}, "", "", {"yes", "no"}}, Type::int8, {});
  const auto grid = file->grid({"grid", {"i", "name", "k"}, "", "1", {}}, Type::float64, shape);
  file->coordinate(Variable{"name", {}, "", "", {}}, std::span<const std::string>(names));
  for (int n = 0; n < 40'000; ++n) {
    const double values[] = {n / 7.0, n / 3.0, 1.0 * n};
    const std::int64_t code[] = {n % 2};
    file->append(reals, values);
    file->append(codes, code);
    if (n < 18'000) file->put(grid, static_cast<std::uint64_t>(n), n / 11.0);
  }
  file->dimension("g/n", 40'000);
  file->dimension("i", 200);
  file->dimension("k", 30);
  file->attributes("/", {{"text", std::string(100'000, 'x')}, {"number", std::uint64_t{7}}});
  return file->finish();
}

// One access that fails, and all from there on: neither a crash nor a file.
TEST(LabelledFile, ADiskThatFailsAtAnyAccessIsAnErrorAndLeavesNothing) {
  const Folder folder;
  std::uint64_t accesses = 0;
  ASSERT_TRUE(write_all_kinds(folder / "whole.h5", [&](std::uint64_t n) { return accesses = n + 1, 0; }));
  std::filesystem::remove(folder / "whole.h5");
  EXPECT_GT(accesses, 20u);
  for (std::uint64_t bad = 0; bad < accesses; ++bad) {
    const Result<void> once = write_all_kinds(folder / "out.h5", [&](std::uint64_t n) { return n == bad ? EIO : 0; });
    const Result<void> for_good = write_all_kinds(folder / "out.h5", [&](std::uint64_t n) { return n >= bad ? ENOSPC : 0; });
    ASSERT_FALSE(once) << bad;
    ASSERT_FALSE(for_good) << bad;
    EXPECT_EQ(once.error()[0].what, "cannot write '" + (folder / "out.h5") + "': Input/output error") << bad;
    EXPECT_EQ(for_good.error()[0].what, "cannot write '" + (folder / "out.h5") + "': No space left on device") << bad;
    EXPECT_TRUE(folder.empty()) << bad;
  }
}

}  // namespace labelled_file_test
}  // namespace nines::analysis
