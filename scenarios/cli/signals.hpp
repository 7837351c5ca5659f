// Whether somebody pressed Ctrl-C, and whether anybody looks.
#pragma once

namespace nines::scenarios {

// The first Ctrl-C asks for what is known so far; the second ends the process.
void listen_to_signals();
bool stop_asked();

bool is_terminal(int descriptor);  // One that understands more than lines.

}  // namespace nines::scenarios
