// Messages for people, on standard error.
#pragma once

#include <string>

#include "sim/base/result.hpp"

namespace nines::scenarios {

enum class Loudness : unsigned char { normal, errors_only };

void start_log(Loudness loudness);
void log_error(const std::string& message);
void log_errors(const Errors& errors);  // Those without a place; one line each.
void log_warning(const std::string& message);
void log_plain(const std::string& text);  // What is laid out already, such as errors with their lines; no prefix.

}  // namespace nines::scenarios
