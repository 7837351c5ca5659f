// etcd_simulated CONFIGURATIONS.csv FOLDER TRIALS NAME...: simulated trials as CSV, one file a configuration.
#include <cstdio>
#include <cstdlib>

#include "tests/real/etcd/simulate.hpp"

int main(int count, char** arguments) {
  using namespace nines::real_etcd;
  if (count < 5) {
    std::fputs("etcd_simulated CONFIGURATIONS.csv FOLDER TRIALS NAME...\n", stderr);
    return 2;
  }
  const auto wanted = std::strtoull(arguments[3], nullptr, 10);
  for (const Configuration& c : read_configurations(arguments[1])) {
    bool named = false;
    for (int i = 4; i < count; ++i) named = named || c.name == arguments[i];
    if (!named) continue;
    const auto plan = plan_of(c, etcd_profile(c));
    std::FILE* out = std::fopen((std::string(arguments[2]) + "/" + c.name + ".csv").c_str(), "w");
    if (out == nullptr) return 8;
    std::fputs("configuration,trial,to_leader_ms,outage_ms,longest_put_ms,campaigns,put_p50_ms\n", out);
    std::uint64_t aside = 0;
    for (std::uint64_t k = 0; k < wanted; ++k) {
      const auto o = trial_of(c, plan, k);
      if (!o) {
        ++aside;
        continue;
      }
      std::fprintf(out, "%s,%llu,%.1f,%.1f,%.1f,%d,%.2f\n", c.name.c_str(), static_cast<unsigned long long>(k), o->to_leader_ms, o->outage_ms,
                   o->longest_put_ms, o->campaigns, o->put_p50_ms);
    }
    std::fclose(out);
    std::fprintf(stderr, "%s: %llu simulated, %llu set aside\n", c.name.c_str(), static_cast<unsigned long long>(wanted - aside),
                 static_cast<unsigned long long>(aside));
  }
}
