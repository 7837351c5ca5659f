// The command line of `nines`: one call from main() to exit code.
#pragma once

#include "scenarios/sweep/ranks.hpp"

namespace nines::scenarios {

// `ranks`: of which this process is one, and not the only one. The first does what was typed; the others work for it.
int command_line(int argc, char** argv, Ranks* ranks = nullptr);

}  // namespace nines::scenarios
