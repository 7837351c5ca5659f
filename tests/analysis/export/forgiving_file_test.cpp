#include "analysis/export/forgiving_file.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/analysis/export/folder.hpp"

namespace nines::analysis {
namespace forgiving_file_test {

using test::Folder;

// A file on the disk, and what one reads and writes as text.
class Disk {
 public:
  explicit Disk(Fault fault = {}) : descriptor_(::open((folder_ / "file").c_str(), O_CREAT | O_RDWR, 0600)), file(descriptor_, std::move(fault)) {}
  ~Disk() { ::close(descriptor_); }
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  void write(std::uint64_t at, const std::string& text) { file.write(at, std::as_bytes(std::span<const char>(text))); }
  std::string read(std::uint64_t at, std::size_t length) {
    std::string text(length, '?');
    file.read(at, std::as_writable_bytes(std::span<char>(text)));
    return text;
  }
  std::string on_disk() const {
    std::ifstream in(folder_ / "file", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  Folder folder_;
  int descriptor_;

 public:
  ForgivingFile file;
};

TEST(ForgivingFile, IsAFileAsLongAsTheDiskWorks) {
  Disk disk;
  disk.write(0, "hello world");
  disk.write(6, "there");
  disk.file.resize(8);
  EXPECT_EQ(disk.on_disk(), "hello th");
  EXPECT_EQ(disk.read(6, 4), std::string("th\0\0", 4));
  EXPECT_EQ(disk.file.error(), 0);
}

// What the library wrote, it reads, wherever it is; the disk has only what came before.
TEST(ForgivingFile, KeepsWhatItIsGivenOnceTheDiskHasFailed) {
  Disk disk([](std::uint64_t access) { return access == 1 ? ENOSPC : 0; });
  disk.write(0, std::string(10'000, 'a'));
  disk.write(4090, std::string(4200, 'b'));  // Over two borders of pages.
  disk.write(20'000, "end");
  EXPECT_EQ(disk.file.error(), ENOSPC);
  EXPECT_EQ(disk.file.size(), 20'003u);
  EXPECT_EQ(disk.read(4085, 10), "aaaaabbbbb");
  EXPECT_EQ(disk.read(8285, 10), "bbbbbaaaaa");
  EXPECT_EQ(disk.read(9998, 4), std::string("aa\0\0", 4));
  EXPECT_EQ(disk.read(19'999, 5), std::string("\0end\0", 5));
  EXPECT_EQ(disk.on_disk(), std::string(10'000, 'a'));
}

TEST(ForgivingFile, RemembersAFailedReadToo) {
  Disk disk([](std::uint64_t access) { return access == 1 ? EIO : 0; });
  disk.write(0, "abc");
  EXPECT_EQ(disk.read(0, 3), "abc");  // The fault is an order to fail; the disk itself still reads.
  EXPECT_EQ(disk.file.error(), EIO);
}

TEST(ForgivingFile, WritesNothingMoreOnceItGaveUp) {
  Disk disk;
  disk.write(0, "abc");
  disk.file.give_up();
  disk.write(0, "xyz");
  disk.file.resize(1);
  EXPECT_EQ(disk.read(0, 3), "xyz");
  EXPECT_EQ(disk.on_disk(), "abc");
}

}  // namespace forgiving_file_test
}  // namespace nines::analysis
