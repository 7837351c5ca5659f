// The command line of `nines`: one call from main() to exit code.
#pragma once

namespace nines::scenarios {

int command_line(int argc, char** argv);

}  // namespace nines::scenarios
