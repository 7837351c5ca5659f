#include "scenarios/cli/output.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nines::scenarios {
namespace {

namespace fs = std::filesystem;

std::string reason(int error) { return std::generic_category().message(error); }

tl::unexpected<Errors> cannot(const std::string& what, const std::string& why) { return fail(Place{}, what + ": " + why); }

// Everything, or the error number.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

Result<void> write_text(const std::string& path, std::string_view text) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) return cannot("cannot write " + path, reason(errno));
  int error = write_all(descriptor, text);
  // Some file systems only say here that they are full. A pipe or a terminal cannot be synchronised, and need not.
  if (error == 0 && ::fsync(descriptor) != 0 && errno != EINVAL && errno != EROFS && errno != ENOTSUP) error = errno;
  if (::close(descriptor) != 0 && error == 0) error = errno;
  if (error != 0) return cannot("cannot write " + path, reason(error));
  return {};
}

// Where to write: the file that a symbolic link names, so that the link stays one.
fs::path target_of(const std::string& path) {
  std::error_code ignored;
  const fs::path target = fs::is_symlink(path, ignored) ? fs::weakly_canonical(path, ignored) : fs::path(path);
  return target.empty() ? fs::path(path) : target;
}

fs::path beside(const fs::path& target) { return target.parent_path() / ('.' + target.filename().string() + '.' + std::to_string(::getpid()) + ".tmp"); }

Errors renamed(Errors errors, const std::string& temporary, const std::string& path) {
  for (Error& error : errors)
    for (std::size_t at = error.what.find(temporary); at != std::string::npos; at = error.what.find(temporary, at + path.size()))
      error.what.replace(at, temporary.size(), path);
  return errors;
}

}  // namespace

void guard_standard_streams() {
  // Read-only for the outputs: writing to one that was closed must go on failing.
  for (const int descriptor : {0, 1, 2})
    if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) static_cast<void>(::open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY));
  std::signal(SIGPIPE, SIG_IGN);
}

Result<void> write_standard_output(std::string_view text) {
  std::fflush(stdout);
  if (const int error = write_all(STDOUT_FILENO, text); error != 0) return cannot("cannot write to standard output", reason(error));
  return {};
}

Result<void> replace_file(const std::string& path, const std::function<Result<void>(const std::string& path)>& write) {
  const fs::path target = target_of(path);
  std::error_code error;
  const fs::file_status status = fs::status(target, error);
  if (fs::is_directory(status)) return cannot("cannot write " + path, "it is a directory");
  if (fs::exists(status) && !fs::is_regular_file(status)) return write(path);
  const fs::path temporary = beside(target);
  if (Result<void> written = write(temporary.string()); !written) {
    fs::remove(temporary, error);
    return fail(renamed(std::move(written.error()), temporary.string(), path));
  }
  fs::rename(temporary, target, error);
  if (error) {
    const std::string why = error.message();
    fs::remove(temporary, error);
    return cannot("cannot write " + path, why);
  }
  return {};
}

Result<void> write_file(const std::string& path, std::string_view text) {
  return replace_file(path, [&](const std::string& to) { return write_text(to, text); });
}

Result<void> check_writable(const std::string& path) {
  const fs::path target = target_of(path);
  std::error_code error;
  const fs::file_status status = fs::status(target, error);
  if (fs::is_directory(status)) return cannot("cannot write " + path, "it is a directory");
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    if (::access(target.c_str(), W_OK) != 0) return cannot("cannot write " + path, reason(errno));
    return {};
  }
  if (fs::exists(status) && ::access(target.c_str(), W_OK) != 0) return cannot("cannot write " + path, reason(errno));
  const fs::path temporary = beside(target);
  Result<void> written = write_text(temporary.string(), "");
  fs::remove(temporary, error);
  if (!written) return fail(renamed(std::move(written.error()), temporary.string(), path));
  return {};
}

Result<std::string> read_text(const std::string& path, std::size_t limit) {
  const bool standard = path == "-";
  const std::string name = standard ? "standard input" : path;
  const int descriptor = standard ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return cannot("cannot read " + name, reason(errno));
  std::string text;
  int error = 0;
  while (text.size() <= limit) {
    char buffer[1 << 16];
    const ssize_t got = ::read(descriptor, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) error = errno;
    if (got <= 0) break;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  if (!standard) ::close(descriptor);
  if (error != 0) return cannot("cannot read " + name, error == EISDIR ? "it is a directory" : reason(error));
  if (text.size() > limit) text.resize(limit + 1);
  return text;
}

}  // namespace nines::scenarios
