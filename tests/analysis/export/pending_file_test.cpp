#include "analysis/export/pending_file.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/analysis/export/folder.hpp"

namespace nines::analysis {
namespace pending_file_test {

using test::Folder;
namespace fs = std::filesystem;

std::string why(const std::string& path) {
  const Result<PendingFile> file = PendingFile::open(path);
  return file ? "" : file.error()[0].what;
}

// The same before and at the work.
std::string why_probed(const std::string& path) {
  const Result<void> probed = PendingFile::probe(path);
  EXPECT_EQ(probed ? "" : probed.error()[0].what, why(path)) << path;
  return probed ? "" : probed.error()[0].what;
}

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::span<const std::byte> as_bytes(std::string_view text) { return std::as_bytes(std::span<const char>(text)); }

TEST(PendingFile, AppearsWhenItIsComplete) {
  const Folder folder;
  Result<PendingFile> file = PendingFile::open(folder / "out.h5");
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->write(as_bytes("whole")));
  EXPECT_FALSE(fs::exists(folder / "out.h5"));
  EXPECT_TRUE(fs::exists(folder / "out.h5.tmp"));
  ASSERT_TRUE(file->commit());
  EXPECT_EQ(content(folder / "out.h5"), "whole");
  EXPECT_FALSE(fs::exists(folder / "out.h5.tmp"));
}

TEST(PendingFile, KeepsTheOldFileUntilTheNewOneIsThere) {
  const Folder folder;
  std::ofstream(folder / "out.h5") << "old";
  {
    Result<PendingFile> file = PendingFile::open(folder / "out.h5");
    ASSERT_TRUE(file && file->write(as_bytes("half")));
  }
  EXPECT_EQ(content(folder / "out.h5"), "old");
  EXPECT_FALSE(fs::exists(folder / "out.h5.tmp"));
}

TEST(PendingFile, WritesATextAtOnce) {
  const Folder folder;
  ASSERT_TRUE(write_file(folder / "answer.json", "{}\n"));
  EXPECT_EQ(content(folder / "answer.json"), "{}\n");
  EXPECT_FALSE(write_file(folder.path(), "{}\n"));
}

TEST(PendingFile, SaysWhyAPlaceCannotBeWritten) {
  const Folder folder;
  std::ofstream(folder / "file") << "x";
  EXPECT_EQ(why_probed(""), "expected the name of a file to write");
  EXPECT_EQ(why_probed(folder.path()), "cannot write '" + folder.path() + "': it is a directory");
  EXPECT_EQ(why_probed(folder / "new/"), "cannot write '" + (folder / "new/") + "': it is a directory");
  EXPECT_EQ(why_probed(folder / "no/out.h5"), "cannot write '" + (folder / "no/out.h5") + "': No such file or directory");
  EXPECT_EQ(why_probed(folder / "file/out.h5"), "cannot write '" + (folder / "file/out.h5") + "': Not a directory");
  EXPECT_EQ(why_probed("/dev/null"), "cannot write '/dev/null': it is not a regular file");
}

TEST(PendingFile, IsProbedWithoutATrace) {
  const Folder folder;
  EXPECT_TRUE(PendingFile::probe(folder / "out.h5"));
  EXPECT_TRUE(folder.empty());
  std::ofstream(folder / "old.h5") << "old";
  EXPECT_TRUE(PendingFile::probe(folder / "old.h5"));
  EXPECT_EQ(content(folder / "old.h5"), "old");
}

TEST(PendingFile, TellsWantOfRoomFromOtherTrouble) {
  const Folder folder;
  const Result<PendingFile> file = PendingFile::open(folder / "out.h5");
  ASSERT_TRUE(file);
  for (const int room : {ENOSPC, EDQUOT, EFBIG}) EXPECT_TRUE(is_for_want_of_room(file->refusal(room).value())) << room;
  for (const int other : {EIO, EACCES, EROFS}) EXPECT_FALSE(is_for_want_of_room(file->refusal(other).value())) << other;
}

// A user who owns neither the folder nor the file; only root can become somebody else for a while.
TEST(PendingFile, RespectsPermissions) {
  const Folder folder;
  std::ofstream(folder / "kept.h5") << "x";
  fs::permissions(folder / "kept.h5", fs::perms::owner_read);
  const bool root = ::geteuid() == 0;
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
  if (root) {
    ASSERT_EQ(::seteuid(65534), 0);
  }
  const std::string kept = why_probed(folder / "kept.h5"), made = why_probed(folder / "new.h5");
  if (root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  fs::permissions(folder.path(), fs::perms::owner_all);
  EXPECT_EQ(kept, "cannot write '" + (folder / "kept.h5") + "': Permission denied");
  EXPECT_EQ(made, "cannot write '" + (folder / "new.h5") + "': Permission denied");
}

TEST(PendingFile, TwoRunsDoNotShareAFile) {
  const Folder folder;
  const Result<PendingFile> first = PendingFile::open(folder / "out.h5");
  ASSERT_TRUE(first);
  EXPECT_NE(why(folder / "out.h5").find("another run is writing it"), std::string::npos);
}

TEST(PendingFile, TakesOverWhatAKilledRunLeft) {
  const Folder folder;
  std::ofstream(folder / "out.h5.tmp") << "a long rest of something else";
  Result<PendingFile> file = PendingFile::open(folder / "out.h5");
  ASSERT_TRUE(file && file->write(as_bytes("new")) && file->commit());
  EXPECT_EQ(content(folder / "out.h5"), "new");
}

TEST(PendingFile, WritesBehindASymbolicLink) {
  const Folder folder;
  fs::create_directory(folder / "disk");
  std::ofstream(folder / "disk/real.h5") << "old";
  fs::create_symlink(folder / "disk/real.h5", folder / "out.h5");
  Result<PendingFile> file = PendingFile::open(folder / "out.h5");
  ASSERT_TRUE(file && file->write(as_bytes("new")) && file->commit());
  EXPECT_TRUE(fs::is_symlink(folder / "out.h5"));
  EXPECT_EQ(content(folder / "disk/real.h5"), "new");
}

// A limit on the size of files stands for a full disk: the system refuses part of a write, then all of it.
TEST(PendingFile, AFullDiskIsAnErrorAndLeavesNothing) {
  const Folder folder;
  std::ofstream(folder / "out.h5") << "old";
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1000, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  {
    Result<PendingFile> file = PendingFile::open(folder / "out.h5");
    EXPECT_TRUE(file);
    const Result<void> written = file->write(as_bytes(std::string(5000, 'x')));
    EXPECT_FALSE(written);
    EXPECT_TRUE(written || written.error()[0].what == "cannot write '" + (folder / "out.h5") + "': File too large");
  }
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(content(folder / "out.h5"), "old");
  EXPECT_FALSE(fs::exists(folder / "out.h5.tmp"));
}

}  // namespace pending_file_test
}  // namespace nines::analysis
