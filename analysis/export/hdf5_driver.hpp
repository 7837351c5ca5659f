// How HDF5 reaches a ForgivingFile: a virtual file driver of ours.
#pragma once

#include "analysis/export/forgiving_file.hpp"
#include "analysis/export/hdf5_handle.hpp"

namespace nines::analysis::hdf5 {

// Files opened with the access properties `access`, whatever their name, are `file`, which outlives them. The driver is to be closed after
// them. Not good: HDF5 refused.
Handle use(Identifier access, ForgivingFile& file);

}  // namespace nines::analysis::hdf5
