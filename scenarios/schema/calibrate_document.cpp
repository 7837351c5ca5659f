#include "scenarios/schema/calibrate_document.hpp"

namespace nines::scenarios {

namespace {

// Longer round trips, fsyncs and answers are a slip of the unit.
using Way = Time<0, 10'000'000'000>;
using Answer = Time<1, 600'000'000'000>;

}  // namespace

template <>
struct Table<CpuRowDocument> {
  static const char* name() { return "measuredCpu"; }
  static const std::vector<Field<CpuRowDocument>>& fields() {
    static const std::vector<Field<CpuRowDocument>> all{
        required<Rate, &CpuRowDocument::rate>("rate",
                                              "Commands that the whole cluster did: process instances, or appends where the load is appends."),
        required<Real<1, 1'024'000>, &CpuRowDocument::cores>("cores", "Cores that each broker was busy with meanwhile."),
    };
    return all;
  }
};

template <>
struct Table<LoopRowDocument> {
  static const char* name() { return "measuredLoop"; }
  static const std::vector<Field<LoopRowDocument>>& fields() {
    static const std::vector<Field<LoopRowDocument>> all{
        required<Integer<1, 1'000'000>, &LoopRowDocument::clients>("clients", "Each sends the next append when the last was answered."),
        required<Rate, &LoopRowDocument::throughput>("throughput", "Appends that all of them got answered."),
        optional_field<Answer, &LoopRowDocument::latency>("latency", "Mean of an answer. clients / throughput when it is not given."),
    };
    return all;
  }
};

template <>
struct Table<LoopDocument> {
  static const char* name() { return "measuredLoops"; }
  static const std::vector<Field<LoopDocument>>& fields() {
    static const std::vector<Field<LoopDocument>> all{
        required<List<Object<LoopRowDocument>, 2>, &LoopDocument::rows>("rows", "Measurements of one group, one of them with one client."),
        optional_field<Integer<1, 15>, &LoopDocument::replicas>("replicas", "Of the measured group. The cluster's replication when it is not given."),
        required<Way, &LoopDocument::rtt>("rtt", "Between the measured replicas; 0 on one machine."),
        required<Way, &LoopDocument::flush>("flush", "Mean of an fsync of the measured disks; 0 where nothing waits for one."),
        optional_field<Bytes, &LoopDocument::value>("value", "Size of an append. The load's when it is not given."),
    };
    return all;
  }
};

template <>
struct Table<CalibrationDocument> {
  static const char* name() { return "calibrate"; }
  static const std::vector<Field<CalibrationDocument>>& fields() {
    static const std::vector<Field<CalibrationDocument>> all{
        optional_field<List<Object<CpuRowDocument>, 2>, &CalibrationDocument::cpu>("cpu", "Cores of a broker at several rates."),
        optional_field<Object<LoopDocument>, &CalibrationDocument::closed_loop>(
            "closedLoop", "Throughput of several numbers of clients, each of which waits for its answer."),
        optional_field<Integer<1, 2000>, &CalibrationDocument::brokers>("brokers",
                                                                        "With cpu: of the measured cluster. The cluster's when it is not given."),
        optional_field<Integer<1, 15>, &CalibrationDocument::replication>("replication",
                                                                          "With cpu: of the measured cluster. The cluster's when it is not given."),
        optional_field<Flag, &CalibrationDocument::exporting>(
            "exporting", "With cpu: whether the measured cluster exported. As the cluster's secondaryStorage when it is not given."),
        optional_field<Name, &CalibrationDocument::type>("type", "Machine type that it was measured on. The cluster's when it is not given."),
    };
    return all;
  }
};

bool CalibrationText::read(const Node& node, CalibrationDocument& out, Context& context) {
  static const char* const expected =
      "{cpu: [{rate: 150/s, cores: 1.25}, ...]} or {closedLoop: {rows: [{clients: 1, throughput: 500/s}, ...], rtt, flush}}";
  if (node.kind != Node::Kind::map) return context.error(node.place, std::string("expected ") + expected);
  if (!Object<CalibrationDocument>::read(node, out, context)) return false;
  if (out.cpu.given == out.closed_loop.given) return context.error(node.place, std::string("expected ") + expected);
  if (out.cpu.given) return true;
  if (out.brokers.given) return context.error(out.brokers.place, "brokers belongs to cpu; with closedLoop it is replicas");
  if (out.replication.given) return context.error(out.replication.place, "replication belongs to cpu; with closedLoop it is replicas");
  if (out.exporting.given) return context.error(out.exporting.place, "exporting belongs to cpu");
  return true;
}

std::string CalibrationText::schema(Definitions& definitions) { return Object<CalibrationDocument>::schema(definitions); }

}  // namespace nines::scenarios
