// PHOLD on ns-3: peer_ns3 SCHEDULER PENDING, for example peer_ns3 ns3::PriorityQueueScheduler 64.
// Prints CPU seconds, events and the checksum. ns3::HeapScheduler loses events on Remove and is not compared.
#include <cstdio>
#include <cstdlib>

#include <ns3/core-module.h>

#include "bench/peers/workload.hpp"

namespace {

using nines::bench::Phold;

Phold* phold = nullptr;
double started = 0;

void arrive(std::uint32_t job) {
  phold->touch(ns3::Simulator::Now().GetNanoSeconds(), job);
  if (phold->seen == Phold::warm_up) started = nines::bench::cpu_seconds();
  if (phold->seen == Phold::warm_up + Phold::events) return ns3::Simulator::Stop();
  const std::int64_t delay = phold->draws.exponential_ns();
  ns3::Simulator::Schedule(ns3::NanoSeconds(delay), &arrive, phold->destination());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto pending = static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10));
  Phold workload(pending);
  phold = &workload;
  ns3::ObjectFactory scheduler;
  scheduler.SetTypeId(argv[1]);
  ns3::Simulator::SetScheduler(scheduler);
  for (std::uint32_t job = 0; job < pending; ++job) ns3::Simulator::Schedule(ns3::NanoSeconds(workload.draws.exponential_ns()), &arrive, job);
  ns3::Simulator::Run();
  std::printf("%.9f %llu %016llx\n", nines::bench::cpu_seconds() - started, static_cast<unsigned long long>(Phold::events),
              static_cast<unsigned long long>(workload.checksum));
}
