// Bytes in and out of the program by its standard streams, and texts of files: nothing is lost in silence, nothing is read without end.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sim/base/result.hpp"

namespace nines::scenarios {

// Before anything else: a standard stream that the caller closed is opened on the null device, so that no file of ours gets its number; writing
// to such an output still fails. A reader that went away, or a file that may not grow further, is
// an error to report, not a signal to die from.
void guard_standard_streams();

// All of it on standard output, or an error.
Result<void> write_standard_output(std::string_view text);

// The text of a file, "-" for standard input. At most `limit` bytes: what is longer is cut off there, one byte beyond it.
Result<std::string> read_text(const std::string& path, std::size_t limit);

}  // namespace nines::scenarios
