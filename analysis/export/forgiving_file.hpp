// A file for a library that cannot live with a failed write: HDF5 1.10 crashes when it closes a file on a full disk. It takes every write;
// from the first that the disk refuses, it keeps what is written in memory and remembers why. The library closes in peace, and the caller
// throws the file away. It should stop soon after: what it goes on writing is kept.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>

namespace nines::analysis {

// Tests: the error (errno) that the n-th access is to end with, counted from 0; 0 is none.
using Fault = std::function<int(std::uint64_t access)>;

class ForgivingFile {
 public:
  // Does not own the descriptor. The file is empty.
  explicit ForgivingFile(int descriptor, Fault fault = {}) : descriptor_(descriptor), fault_(std::move(fault)) {}

  void write(std::uint64_t at, std::span<const std::byte> bytes);
  void read(std::uint64_t at, std::span<std::byte> bytes);  // Zeros where nothing was written.
  void resize(std::uint64_t size);
  void give_up();  // Nothing more reaches the disk.

  std::uint64_t size() const { return size_; }
  int error() const { return error_; }  // errno of the first access that failed; 0: none.

 private:
  static constexpr std::uint64_t page_bytes = 4096;
  using Page = std::array<std::byte, page_bytes>;
  int next_fault();
  int read_through(std::uint64_t at, std::span<std::byte> bytes) const;
  int write_through(std::uint64_t at, std::span<const std::byte> bytes) const;
  Page& kept(std::uint64_t number);

  int descriptor_;
  Fault fault_;
  int error_ = 0;
  std::uint64_t accesses_ = 0;
  std::uint64_t size_ = 0;
  std::map<std::uint64_t, Page> pages_;  // By number: what was written since the first failure, over what the disk holds.
};

}  // namespace nines::analysis
