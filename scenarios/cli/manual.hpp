// Manual pages in roff, printed from the tables of option_table.hpp: what `man nines` and `man nines-run` show.
#pragma once

#include <string>

#include "scenarios/cli/arguments.hpp"

namespace nines::scenarios {

std::string manual_page();                 // nines.1
std::string manual_page(Command command);  // nines-run.1

}  // namespace nines::scenarios
