// PHOLD on the timers of SimGrid's kernel: peer_simgrid PENDING. Prints CPU seconds, events and the checksum.
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include <simgrid/kernel/Timer.hpp>
#include <simgrid/s4u.hpp>

#include "bench/peers/workload.hpp"

namespace {

namespace s4u = simgrid::s4u;
using nines::bench::Phold;

Phold* phold = nullptr;
double started = 0;

void schedule(std::int64_t delay_ns, std::uint32_t job);

// SimGrid's clock counts seconds in floating point; the nearest nanosecond is exact over the length of this run.
void arrive(std::uint32_t job) {
  phold->touch(std::llround(s4u::Engine::get_clock() * 1e9), job);
  if (phold->seen == Phold::warm_up) started = nines::bench::cpu_seconds();
  if (phold->seen == Phold::warm_up + Phold::events) {
    std::printf("%.9f %llu %016llx\n", nines::bench::cpu_seconds() - started, static_cast<unsigned long long>(Phold::events),
                static_cast<unsigned long long>(phold->checksum));
    std::fflush(stdout);
    std::_Exit(0);  // The engine runs for as long as its keeper sleeps.
  }
  const std::int64_t delay = phold->draws.exponential_ns();
  schedule(delay, phold->destination());
}

void schedule(std::int64_t delay_ns, std::uint32_t job) {
  simgrid::kernel::timer::Timer::set(s4u::Engine::get_clock() + static_cast<double>(delay_ns) * 1e-9, [job] { arrive(job); });
}

}  // namespace

int main(int argc, char** argv) {
  s4u::Engine engine(&argc, argv);
  if (argc != 2) return 2;
  const auto pending = static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10));
  Phold workload(pending);
  phold = &workload;
  auto* zone = s4u::create_full_zone("zone");
  auto* host = zone->create_host("host", 1e9);
  zone->seal();
  s4u::Actor::create("keeper", host, [] { s4u::this_actor::sleep_for(1e12); });  // Timers alone do not keep the engine running.
  for (std::uint32_t job = 0; job < pending; ++job) schedule(workload.draws.exponential_ns(), job);
  engine.run();
}
