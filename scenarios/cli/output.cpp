#include "scenarios/cli/output.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace nines::scenarios {
namespace {

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

}  // namespace

void guard_standard_streams() {
  // Read-only for the outputs: writing to one that was closed must go on failing.
  for (const int descriptor : {0, 1, 2})
    if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) static_cast<void>(::open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY));
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

Result<void> write_standard_output(std::string_view text) {
  std::fflush(stdout);
  if (const int error = write_all(STDOUT_FILENO, text); error != 0) return cannot("cannot write to standard output", reason(error));
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
