#include "analysis/export/pending_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace nines::analysis {
namespace {

tl::unexpected<Errors> cannot_write(const std::string& path, const std::string& why) {
  return fail(Place{.file = path}, "cannot write '" + path + "': " + why);
}
tl::unexpected<Errors> cannot_write(const std::string& path, int error) { return cannot_write(path, std::generic_category().message(error)); }

// The file behind symbolic links, or why it cannot be written, as far as that can be told without touching it.
Result<std::string> writable(const std::string& path) {
  if (path.empty()) return fail(Place{}, "expected the name of a file to write");
  std::error_code error;
  const std::filesystem::path real = std::filesystem::weakly_canonical(path, error);
  if (error) return cannot_write(path, error.message());
  struct stat there {};
  if (stat(real.c_str(), &there) == 0) {
    if (S_ISDIR(there.st_mode)) return cannot_write(path, "it is a directory");
    if (!S_ISREG(there.st_mode)) return cannot_write(path, "it is not a regular file");
    if (faccessat(AT_FDCWD, real.c_str(), W_OK, AT_EACCESS) != 0) return cannot_write(path, errno);
  } else if (path.back() == '/') {
    return cannot_write(path, "it is a directory");
  }
  return real.string();
}

bool same_file(int file, const std::string& path) {
  struct stat by_file {
  }, by_path{};
  return fstat(file, &by_file) == 0 && stat(path.c_str(), &by_path) == 0 && by_file.st_ino == by_path.st_ino && by_file.st_dev == by_path.st_dev;
}

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// The folder's entry for the file is durable only when the folder is.
void sync_folder(const std::string& path) {
  const int fd = ::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);  // Some file systems refuse; the file itself is synced.
  ::close(fd);
}

}  // namespace

Result<PendingFile> PendingFile::open(const std::string& path) {
  auto real = writable(path);
  if (!real) return fail(std::move(real.error()));
  PendingFile made;
  made.shown_ = path;
  made.path_ = std::move(*real);
  made.pending_ = made.path_ + ".tmp";

  // The name may move to another file between open and lock, when a run that held it ends: then once more.
  for (int attempt = 0; attempt < 10; ++attempt) {
    made.file_ = ::open(made.pending_.c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (made.file_ < 0) return cannot_write(path, errno);
    if (flock(made.file_, LOCK_EX | LOCK_NB) != 0) {
      ::close(std::exchange(made.file_, -1));
      return cannot_write(path, "another run is writing it (" + made.pending_ + " is locked)");
    }
    if (same_file(made.file_, made.pending_)) break;
    ::close(std::exchange(made.file_, -1));
  }
  if (made.file_ < 0) return cannot_write(path, "other runs keep writing it");
  if (ftruncate(made.file_, 0) != 0) return cannot_write(path, errno);
  return made;
}

Result<void> PendingFile::probe(const std::string& path) {
  const auto real = writable(path);
  if (!real) return fail(real.error());
  const std::string folder = folder_of(*real);
  struct stat there {};
  if (stat(folder.c_str(), &there) != 0) return cannot_write(path, errno);
  if (!S_ISDIR(there.st_mode)) return cannot_write(path, ENOTDIR);
  if (faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0) return cannot_write(path, errno);
  return {};
}

PendingFile::PendingFile(PendingFile&& other) noexcept
    : file_(std::exchange(other.file_, -1)), shown_(std::move(other.shown_)), path_(std::move(other.path_)), pending_(std::move(other.pending_)) {}

PendingFile& PendingFile::operator=(PendingFile&& other) noexcept {
  if (this == &other) return *this;
  abandon();
  file_ = std::exchange(other.file_, -1);
  shown_ = std::move(other.shown_);
  path_ = std::move(other.path_);
  pending_ = std::move(other.pending_);
  return *this;
}

PendingFile::~PendingFile() { abandon(); }

void PendingFile::abandon() noexcept {
  if (file_ < 0) return;
  if (same_file(file_, pending_)) ::unlink(pending_.c_str());
  ::close(std::exchange(file_, -1));
}

Result<void> PendingFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(file_, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return cannot_write(shown_, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
  return {};
}

Result<void> PendingFile::commit() {
  if (::fsync(file_) != 0) return cannot_write(shown_, errno);
  if (::rename(pending_.c_str(), path_.c_str()) != 0) return cannot_write(shown_, errno);
  const int closed = ::close(std::exchange(file_, -1));
  if (closed != 0 && errno != EINTR) return cannot_write(shown_, errno);
  sync_folder(path_);
  return {};
}

tl::unexpected<Errors> PendingFile::refusal(int error) const { return cannot_write(shown_, error); }
tl::unexpected<Errors> PendingFile::refusal(const std::string& why) const { return cannot_write(shown_, why); }

bool is_for_want_of_room(const Errors& errors) {
  for (const Error& error : errors)
    for (const int why : {ENOSPC, EDQUOT, EFBIG})
      if (error.what.ends_with(": " + std::generic_category().message(why))) return true;
  return false;
}

Result<void> write_file(const std::string& path, std::string_view text) {
  Result<PendingFile> file = PendingFile::open(path);
  if (!file) return fail(std::move(file.error()));
  if (auto written = file->write(std::as_bytes(std::span<const char>(text))); !written) return written;
  return file->commit();
}

}  // namespace nines::analysis
