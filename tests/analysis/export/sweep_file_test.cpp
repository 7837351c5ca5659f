#include "analysis/export/sweep_file.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "sim/base/check.hpp"
#include "tests/analysis/export/folder.hpp"
#include "tests/analysis/export/sweeps.hpp"

namespace nines::analysis {
namespace sweep_file_test {

using namespace test;

Result<void> write(const std::string& path, const SweepShape& shape, const FileOptions& options = {}) {
  Result<SweepFile> file = SweepFile::create(path, shape, options);
  if (!file) return fail(std::move(file.error()));
  for (std::uint64_t point = 0; point < shape.points(); ++point) {
    if (!is_left_out(point)) file->add(point, row_of(point));
  }
  return file->finish(of_small_sweep(), "axes: {cluster.replication: [1, 3, 5]}");
}

std::string bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string why_not(const SweepShape& shape) {
  const Folder folder;
  const Result<SweepFile> file = SweepFile::create(folder / "sweep.h5", shape);
  return file ? "" : file.error()[0].what;
}

TEST(SweepFile, OpensInANotebookWithAnAxisADimension) {
  const Folder folder;
  ASSERT_TRUE(write(folder / "sweep.h5", small_sweep()));
  const std::string interpreter = std::filesystem::exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
  const int status = std::system((interpreter + " '" NINES_SOURCE_DIR "/tests/analysis/export/opens_sweep.py' '" + (folder / "sweep.h5") + "'").c_str());
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (code == 77) GTEST_SKIP() << "what reads HDF5 is not installed";
  EXPECT_EQ(code, 0);
}

TEST(SweepFile, EqualRowsGiveEqualBytes) {
  const Folder folder;
  ASSERT_TRUE(write(folder / "a.h5", small_sweep()));
  ASSERT_TRUE(write(folder / "b.h5", small_sweep()));
  EXPECT_EQ(bytes(folder / "a.h5"), bytes(folder / "b.h5"));
}

TEST(SweepFile, APointAloneIsASweepWithoutAxes) {
  const Folder folder;
  SweepShape shape = small_sweep();
  shape.dimensions.clear();
  const Result<void> done = write(folder / "point.h5", shape);
  EXPECT_TRUE(done) << done.error()[0].what;
}

TEST(SweepFile, RowsComeInTheOrderOfTheirPoints) {
  const Folder folder;
  Result<SweepFile> file = SweepFile::create(folder / "sweep.h5", small_sweep());
  ASSERT_TRUE(file);
  file->add(3, row_of(3));
  EXPECT_THROW(file->add(3, row_of(3)), BrokenInvariant);
  EXPECT_THROW(file->add(2, row_of(2)), BrokenInvariant);
  EXPECT_THROW(file->add(12, row_of(12)), BrokenInvariant);
}

TEST(SweepFile, AMetricNobodyAnnouncedIsOurMistake) {
  const Folder folder;
  Result<SweepFile> file = SweepFile::create(folder / "sweep.h5", small_sweep());
  ASSERT_TRUE(file);
  SweepRow row = row_of(0);
  row.metrics[0].unit = "percent";
  EXPECT_THROW(file->add(0, row), BrokenInvariant);
}

TEST(SweepFile, AnAxisWithTheNameOfAnythingElseIsRefusedBeforeTheWork) {
  SweepShape shape = small_sweep();
  shape.dimensions[2].name = "replications";
  EXPECT_NE(why_not(shape).find("two things of this sweep would be called 'replications'"), std::string::npos) << why_not(shape);
  shape.dimensions[2].name = "uptime.all.low";
  EXPECT_NE(why_not(shape).find("'uptime.all.low'"), std::string::npos) << why_not(shape);
  shape.dimensions[2].name = "cluster.replication";
  EXPECT_NE(why_not(shape).find("'cluster.replication'"), std::string::npos) << why_not(shape);
}

TEST(SweepFile, NamesAreWhatReadersTake) {
  EXPECT_EQ(SweepFile::name_in_file("client.us-east-1/a.uptime"), "client.us-east-1:a.uptime");
  EXPECT_EQ(SweepFile::name_in_file("size and price"), "size_and_price");
  EXPECT_EQ(SweepFile::name_in_file("größe"), "größe");
  EXPECT_EQ(SweepFile::name_in_file("-x"), "_-x");
  EXPECT_EQ(SweepFile::name_in_file(""), "_");
}

// A file of more than a chunk a variable.
SweepShape long_sweep() {
  SweepShape shape = small_sweep();
  shape.dimensions[0] = {.name = "n", .long_name = "", .unit = "", .labels = std::vector<std::string>(3000, "x")};
  return shape;
}

// HDF5 cannot live with that; whatever it wanted to write or read when the disk failed, there is neither a crash nor a file.
TEST(SweepFile, ADiskThatFailsAtAnyAccessIsAnErrorAndLeavesNothing) {
  const Folder folder;
  const SweepShape shape = long_sweep();
  std::uint64_t accesses = 0;
  ASSERT_TRUE(write(folder / "whole.h5", shape, {.gzip = 4, .fault = [&](std::uint64_t n) { return accesses = n + 1, 0; }}));
  std::filesystem::remove(folder / "whole.h5");
  EXPECT_GT(accesses, 30u);
  for (std::uint64_t bad = 0; bad < accesses; ++bad) {
    const Result<void> done = write(folder / "sweep.h5", shape, {.gzip = 4, .fault = [&](std::uint64_t n) { return n == bad ? EIO : 0; }});
    ASSERT_FALSE(done) << bad;
    EXPECT_EQ(done.error()[0].what, "cannot write '" + (folder / "sweep.h5") + "': Input/output error") << bad;
    EXPECT_TRUE(folder.empty()) << bad;
  }
}

// A limit on the size of files stands for a full disk: the system refuses part of a write, then all of it.
TEST(SweepFile, ADiskThatIsFullAtAnySizeIsAnErrorAndLeavesNothing) {
  const Folder folder;
  const SweepShape shape = long_sweep();
  ASSERT_TRUE(write(folder / "whole.h5", shape));
  const std::uintmax_t size = std::filesystem::file_size(folder / "whole.h5");
  std::filesystem::remove(folder / "whole.h5");
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  for (std::uintmax_t room = 0; room < size; room += size / 50) {
    const rlimit small{room, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    const Result<void> done = write(folder / "sweep.h5", shape);
    setrlimit(RLIMIT_FSIZE, &before);
    ASSERT_FALSE(done) << room;
    EXPECT_EQ(done.error()[0].what, "cannot write '" + (folder / "sweep.h5") + "': File too large") << room;
    EXPECT_TRUE(folder.empty()) << room;
  }
  std::signal(SIGXFSZ, old_handler);
  EXPECT_TRUE(write(folder / "sweep.h5", shape));  // Nothing of it lingers.
}

TEST(SweepFile, AnAbandonedOneLeavesNothing) {
  const Folder folder;
  {
    Result<SweepFile> file = SweepFile::create(folder / "sweep.h5", small_sweep());
    ASSERT_TRUE(file);
    file->add(0, row_of(0));
  }
  EXPECT_TRUE(folder.empty());
}

}  // namespace sweep_file_test
}  // namespace nines::analysis
