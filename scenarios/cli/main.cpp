#include "scenarios/cli/cli.hpp"

int main(int argc, char** argv) { return nines::scenarios::command_line(argc, argv); }
