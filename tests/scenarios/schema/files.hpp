// What the tests of the reader share: the catalogues of the source tree and a scenario to change one thing of.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/schema/scenario.hpp"

namespace nines::scenarios {

std::filesystem::path source_tree();
std::string text_of(const std::filesystem::path& file);
const Catalogs& catalogs();  // Of scenarios/catalog. Aborts the test program when they are broken.

// The smallest useful scenario: three brokers of zeebe-8.9 in three zones, with `more` behind it.
std::string three_zones(const std::string& more = "");

// "4:12: what is wrong", one line an error.
std::string lines(const Errors& errors);

}  // namespace nines::scenarios
