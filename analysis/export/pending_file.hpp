// A file that appears under its name when it is complete, and not before.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "sim/base/result.hpp"

namespace nines::analysis {

class PendingFile {
 public:
  // Opens `path`.tmp beside it and locks it: two runs never share one. A file that a killed run left there is taken over.
  // Refused: directories, devices, read-only files, and folders that cannot be written to.
  static Result<PendingFile> open(const std::string& path);
  // What open() would say of the place, without touching it: before hours of work. That another run writes there is not asked.
  static Result<void> probe(const std::string& path);
  PendingFile(PendingFile&& other) noexcept;
  PendingFile& operator=(PendingFile&& other) noexcept;
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;
  ~PendingFile();  // Removes what was not committed.

  Result<void> write(std::span<const std::byte> bytes);
  Result<void> commit();  // Syncs, renames, and syncs the folder.

  int descriptor() const { return file_; }  // Open for reading and writing, until commit().
  // "cannot write 'PATH': why", as write() says it; by errno, or in words.
  tl::unexpected<Errors> refusal(int error) const;
  tl::unexpected<Errors> refusal(const std::string& why) const;

 private:
  PendingFile() = default;
  void abandon() noexcept;
  int file_ = -1;
  std::string shown_;  // As the user wrote it.
  std::string path_;   // Behind symbolic links.
  std::string pending_;
};

// Whether that is why something of this folder could not be written: the disk is full, or no more of it, or of one file, is the user's.
bool is_for_want_of_room(const Errors& errors);

// Text under a name, whole or not at all.
Result<void> write_file(const std::string& path, std::string_view text);

}  // namespace nines::analysis
