#include "analysis/export/labelled_file.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "sim/base/check.hpp"
#include "tests/analysis/export/folder.hpp"

namespace nines::analysis {
namespace {

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

}  // namespace
}  // namespace nines::analysis
