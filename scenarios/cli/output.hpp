// Bytes out of the program, so that nothing is lost in silence and no partial file ever has the final name.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "sim/base/result.hpp"

namespace nines::scenarios {

// Before anything else: a standard stream that the caller closed is opened on the null device, so that no file of ours gets its number; writing
// to such an output still fails. A reader that went away is an error to report, not a signal to die from.
void guard_standard_streams();

// All of it on standard output, or an error.
Result<void> write_standard_output(std::string_view text);

// Calls `write` with a path beside `path`, then renames it to `path`; what `write` left is removed when it fails. A path that is no regular file
// (a device, a pipe) is given to `write` itself. A directory is refused.
Result<void> replace_file(const std::string& path, const std::function<Result<void>(const std::string& path)>& write);

// replace_file with a text.
Result<void> write_file(const std::string& path, std::string_view text);

// Whether a file could be written there: asked before a long run, not after it.
Result<void> check_writable(const std::string& path);

// The text of a file, "-" for standard input. At most `limit` bytes: what is longer is cut off there, one byte beyond it.
Result<std::string> read_text(const std::string& path, std::size_t limit);

}  // namespace nines::scenarios
