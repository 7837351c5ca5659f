// How etcd-io/raft writes members and configurations. Its node n is our member n - 1; its node 0 is nobody.
#pragma once

#include <string>
#include <vector>

#include "models/quorum/change.hpp"

namespace nines::real {

// "v2 v3 l4 r1": the input of a configuration change.
quorum::Change change_named(const std::string& word);
std::vector<quorum::Change> changes_named(const std::vector<std::string>& lines);

std::string members_text(quorum::Members members);                     // "1 2 3"
std::string configuration_text(const quorum::Configuration& c);        // "voters=(2 3)&&(1) learners=(4) autoleave"
std::string configuration_state_text(const quorum::Configuration& c);  // "Voters:[2 3] VotersOutgoing:[1] ... AutoLeave:false"

}  // namespace nines::real
