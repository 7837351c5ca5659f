#include "scenarios/cli/cli.hpp"

namespace nines::scenarios {

int command_line(int, char**) { return 0; }

}  // namespace nines::scenarios
