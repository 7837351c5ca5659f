#include "tests/seeded/catalogue.hpp"

#include "scenarios/run/resources.hpp"
#include "sim/base/check.hpp"

namespace nines::seeded {

const std::vector<raft::Profile>& catalogue_profiles() {
  static const std::vector<raft::Profile> all = [] {
    const auto catalogs = scenarios::read_catalogs(scenarios::embedded_files("catalog"));
    SIM_CHECK(catalogs.has_value(), "the catalogues cannot be read");
    std::vector<raft::Profile> profiles;
    for (const scenarios::ProfileEntry& entry : catalogs->profiles) profiles.push_back(entry.profile);
    // Silence is not simulated yet (resolve_clusters.cpp): a jump passes over the moment it begins, and nobody tells the silent that their
    // leader is gone.
    for (raft::Profile& profile : profiles) profile.quiesce_after = 0ns;
    return profiles;
  }();
  return all;
}

testing_worlds::RandomWorld random_world(std::uint64_t seed) { return testing_worlds::random_world(seed, catalogue_profiles()); }

}  // namespace nines::seeded
