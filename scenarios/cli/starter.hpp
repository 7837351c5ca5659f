// The commented scenario that `nines init` writes.
#pragma once

namespace nines::scenarios {

const char* starter_scenario();

}  // namespace nines::scenarios
