// Designs of one kind: alike in everything but how often faults come. What a single fault costs beside the quorum, and which faults together take a
// quorum away, is worked out once for all of them.
#pragma once

#include <string>
#include <vector>

#include "models/failure/mode.hpp"
#include "models/world/options.hpp"

namespace nines::analysis {

// The modes whose rates stand for those of all designs of a kind, so that what is measured of a kind does not depend on which design came first.
struct Canonical {
  std::vector<failure::Mode> modes;
  bool differs = false;  // Some rate is not the design's own.
};

// A mode that `base` has too comes as often as there, or twice, four times, ... as often or as rarely, whichever is nearest: a design's own
// rate is never more than 1.42 times off. Whatever else the design changes of it stays, and so does a rate whose law is not base's stretched, or that
// is regular where the other is not.
Canonical canonical(const std::vector<failure::Mode>& modes, const std::vector<failure::Mode>& base);

// Everything that a world with these modes depends on, one value after the other; nothing of what the catalogue only says about its own
// rates (sources, bounds). Equal texts, equal worlds.
std::string content_of(const world::Options& options, const std::vector<failure::Mode>& modes);

// The same of what runs beside the brokers, which is not in it.
std::string content_of(const services::Services& services);

// What was left out there: the bounds between which catalogue_band() draws.
std::string bounds_of(const std::vector<failure::Mode>& modes);

}  // namespace nines::analysis
