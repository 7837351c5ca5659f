#include "scenarios/schema/service_document.hpp"

namespace nines::scenarios {

template <>
struct Words<workload::Service::Variability> {
  using enum workload::Service::Variability;
  static constexpr std::pair<const char*, workload::Service::Variability> words[] = {{"fixed", fixed}, {"exponential", exponential}};
};

namespace {

using Cost = Time<0, 60'000'000'000>;

template <template <class> class Wrap>
std::vector<Field<ServiceDocument>> service_fields(const char* fallback) {
  using D = ServiceDocument;
  return {
      field<Wrap<Cost>, &D::processing>("processing", fallback, "", "Time in its partition's one thread, on a core of speed 1."),
      field<Wrap<Cost>, &D::leader>("leader", fallback, "", "The leader's CPU beside the thread."),
      field<Wrap<Cost>, &D::leader_batch>("leaderBatch", fallback, "", "The leader's CPU for each batch it writes, whatever is in it."),
      field<Wrap<Cost>, &D::follower>("follower", fallback, "", "Each follower's CPU."),
      field<Wrap<Cost>, &D::follower_batch>("followerBatch", fallback, "", "Each follower's CPU for each batch it is sent."),
      field<Wrap<Cost>, &D::gateway>("gateway", fallback, "", "CPU of the broker or gateway that takes the request in."),
      field<Wrap<Cost>, &D::exporter>("exporter", fallback, "", "The leader's CPU for exporting; it goes where nothing is exported."),
      field<Wrap<Real<0, 1'000'000>>, &D::exported>("exported", fallback, "", "Records sent to the secondary storage."),
      field<Wrap<Real<0, 100'000>>, &D::idle_cores>("idleCores", fallback, "", "Cores of speed 1 that a broker takes without load."),
      field<Wrap<Real<10, 1000>>, &D::cpu_share>("cpuShare", fallback, "", "The share of the CPU that a plan may count on."),
      field<Wrap<Enum<workload::Service::Variability>>, &D::variability>("variability", fallback, "", "Of the processing."),
  };
}

const std::vector<Field<ServiceDocument>>& sourced_fields() {
  static const auto all = service_fields<Sourced>(nullptr);
  return all;
}

}  // namespace

const std::vector<Field<ServiceDocument>>& Table<ServiceDocument>::fields() {
  static const auto all = service_fields<Bare>("");
  return all;
}

bool SourcedService::read(const Node& node, ServiceDocument& out, Context& context) { return read_fields(node, sourced_fields(), out, context); }

std::string SourcedService::schema(Definitions& definitions) { return schema_of(sourced_fields(), definitions); }

void apply(const ServiceDocument& document, AppendCosts& costs) {
  const auto lay_seconds = [](const Cited<Duration>& cited, double& target) {
    if (cited.given) target = seconds(*cited);
  };
  lay_seconds(document.processing, costs.service.processing_s);
  lay_seconds(document.leader, costs.service.leader_s);
  lay_seconds(document.leader_batch, costs.service.leader_batch_s);
  lay_seconds(document.follower, costs.service.follower_s);
  lay_seconds(document.follower_batch, costs.service.follower_batch_s);
  lay_seconds(document.gateway, costs.service.gateway_s);
  lay_seconds(document.exporter, costs.service.exporter_s);
  lay(document.exported, costs.service.exported);
  lay(document.idle_cores, costs.service.idle_cores);
  lay(document.cpu_share, costs.cpu_share);
  lay(document.variability, costs.service.variability);
}

}  // namespace nines::scenarios
