#include "scenarios/cli/cli.hpp"

#ifdef NINES_MPI
#include "scenarios/cli/environment.hpp"
#include "scenarios/sweep/mpi_crew.hpp"

int main(int argc, char** argv) {
  using namespace nines::scenarios;
  if (ranks_in(environment_of_this_process()) <= 1) return command_line(argc, argv);
  const auto ranks = join_mpi(argc, argv);
  return command_line(argc, argv, ranks.get());
}
#else
int main(int argc, char** argv) { return nines::scenarios::command_line(argc, argv); }
#endif
