// Ranks of an MPI job. In programs that are built with MPI only, see NINES_MPI.
#pragma once

#include <memory>

#include "scenarios/sweep/ranks.hpp"

namespace nines::scenarios {

// Joins the others that mpirun has started. MPI itself ends all ranks when one of them dies.
std::unique_ptr<Ranks> join_mpi(int& argc, char**& argv);

}  // namespace nines::scenarios
