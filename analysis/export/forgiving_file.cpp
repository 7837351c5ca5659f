#include "analysis/export/forgiving_file.hpp"

#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace nines::analysis {

int ForgivingFile::next_fault() {
  const std::uint64_t access = accesses_++;
  return fault_ ? fault_(access) : 0;
}

int ForgivingFile::write_through(std::uint64_t at, std::span<const std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t done = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return errno;
    if (done == 0) return ENOSPC;
    bytes = bytes.subspan(static_cast<std::size_t>(done));
    at += static_cast<std::uint64_t>(done);
  }
  return 0;
}

int ForgivingFile::read_through(std::uint64_t at, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t done = ::pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return errno;
    if (done == 0) break;  // Behind the end.
    bytes = bytes.subspan(static_cast<std::size_t>(done));
    at += static_cast<std::uint64_t>(done);
  }
  std::fill(bytes.begin(), bytes.end(), std::byte{0});
  return 0;
}

ForgivingFile::Page& ForgivingFile::kept(std::uint64_t number) {
  const auto [page, is_new] = pages_.try_emplace(number, Page{});
  if (is_new) read_through(number * page_bytes, page->second);  // What cannot be read stays zero: the file is lost anyway.
  return page->second;
}

void ForgivingFile::write(std::uint64_t at, std::span<const std::byte> bytes) {
  size_ = std::max(size_, at + bytes.size());
  if (error_ == 0) error_ = next_fault();
  if (error_ == 0) error_ = write_through(at, bytes);
  if (error_ == 0) return;
  while (!bytes.empty()) {
    const std::uint64_t offset = at % page_bytes;
    const std::size_t length = std::min<std::size_t>(bytes.size(), page_bytes - offset);
    std::copy_n(bytes.begin(), length, kept(at / page_bytes).begin() + static_cast<std::ptrdiff_t>(offset));
    bytes = bytes.subspan(length);
    at += length;
  }
}

void ForgivingFile::read(std::uint64_t at, std::span<std::byte> bytes) {
  if (error_ == 0) error_ = next_fault();
  const int failed = read_through(at, bytes);
  if (failed != 0) std::fill(bytes.begin(), bytes.end(), std::byte{0});
  if (error_ == 0) error_ = failed;
  for (auto page = pages_.lower_bound(at / page_bytes); page != pages_.end() && page->first * page_bytes < at + bytes.size(); ++page) {
    const std::uint64_t begins = page->first * page_bytes, from = std::max(at, begins), to = std::min(at + bytes.size(), begins + page_bytes);
    std::copy_n(page->second.begin() + static_cast<std::ptrdiff_t>(from - begins), to - from, bytes.begin() + static_cast<std::ptrdiff_t>(from - at));
  }
}

void ForgivingFile::resize(std::uint64_t size) {
  size_ = size;
  if (error_ == 0) error_ = next_fault();
  while (error_ == 0 && ::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
    if (errno != EINTR) error_ = errno;
  }
}

void ForgivingFile::give_up() {
  if (error_ == 0) error_ = ECANCELED;
}

}  // namespace nines::analysis
