#include "scenarios/schema/incident_document.hpp"

namespace nines::scenarios {

template <>
struct Words<workload::Load::Kind> {
  using enum workload::Load::Kind;
  static constexpr std::pair<const char*, workload::Load::Kind> words[] = {{"poisson", poisson}, {"spaced", spaced}};
};

const std::vector<Field<ScriptDocument>>& Table<ScriptDocument>::fields() {
  static const std::vector<Field<ScriptDocument>> all{
      required<AnyTime, &ScriptDocument::at>("at", "When it begins, from the start of the run."),
      required<Name, &ScriptDocument::fault>(
          "fault", "A failure mode, or an effect: stop, planned-stop, pause, cut, cut-out; in an incident also export-stop, of a cluster."),
      required<List<Sited<PlaceName>, 1, Single::allowed>, &ScriptDocument::on>(
          "on", "What it hits: 'broker-0', 'orders/0', a node 'pool-0', a zone, a region, or two of them."),
      required<PositiveTime, &ScriptDocument::lasts>("for", "How long it lasts."),
  };
  return all;
}

template <>
struct Table<RateStepDocument> {
  static const char* name() { return "rateStep"; }
  static const std::vector<Field<RateStepDocument>>& fields() {
    static const std::vector<Field<RateStepDocument>> all{
        required<AnyTime, &RateStepDocument::from>("from", "When this rate begins, from the start of the incident."),
        required<Rate, &RateStepDocument::rate>("rate", "Commands of the whole cluster, until the next step."),
    };
    return all;
  }
};

template <>
struct Table<IncidentLoadDocument> {
  static const char* name() { return "incidentLoad"; }
  static const std::vector<Field<IncidentLoadDocument>>& fields() {
    using D = IncidentLoadDocument;
    static const std::vector<Field<D>> all{
        optional_field<Rate, &D::rate>("rate", "So many commands a second, whatever becomes of them."),
        optional_field<List<Object<RateStepDocument>, 1>, &D::steps>("steps", "Rates that change: bursts and ramps."),
        optional_field<Text, &D::trace>("trace", "A CSV file whose column `at` holds the seconds at which commands come, from the incident's start."),
        optional_field<Integer<1, 1'000'000>, &D::closed>("closed",
                                                          "So many clients, each of which waits for the end of its command before the next."),
        optional_field<AnyTime, &D::think>("think",
                                           "With closed: how long a client waits before its next command, on average. 0s when it is not given."),
    };
    return all;
  }
};

template <>
struct Table<IncidentClientsDocument> {
  static const char* name() { return "incidentClients"; }
  static const std::vector<Field<IncidentClientsDocument>>& fields() {
    using D = IncidentClientsDocument;
    static const std::vector<Field<D>> all{
        optional_field<PositiveTime, &D::timeout>("timeout", "A client gives up after so long. The profile's client time-out when it is not given."),
        optional_field<Enum<workload::Routing>, &D::routing>(
            "routing",
            "free: a gateway tries the next partition where one has no leader or is too busy; even: a key decides. Process instances are free "
            "when it is not given, appends even."),
        optional_field<Enum<workload::Load::Kind>, &D::spacing>("spacing",
                                                                "poisson: at random; spaced: at equal distances. poisson when it is not given."),
    };
    return all;
  }
};

const std::vector<Field<IncidentDocument>>& Table<IncidentDocument>::fields() {
  using D = IncidentDocument;
  static const std::vector<Field<D>> all{
      optional_field<Name, &D::cluster>("cluster", "Whose commands are simulated. The first cluster's when it is not given."),
      optional_field<Time<1'000'000'000, 604'800'000'000'000>, &D::length>(
          "length", "How long it is watched, at most a week. 10min when it is not given, or a third longer than the script where that is more."),
      optional_field<Object<IncidentLoadDocument>, &D::load>("load",
                                                             "What clients ask for: {rate}, {steps}, {trace} or {closed}. The cluster's load "
                                                             "when it is not given."),
      optional_field<Object<IncidentClientsDocument>, &D::clients>("clients", "How clients behave."),
      required<List<Object<ScriptDocument>, 1>, &D::script>("script", "What happens."),
  };
  return all;
}

namespace {

bool check_load(const IncidentLoadDocument& load, const Place& place, Context& context) {
  const int kinds = int{load.rate.given} + int{load.steps.given} + int{load.trace.given} + int{load.closed.given};
  if (kinds != 1)
    return context.error(place,
                         "expected one of {rate: 100/s}, {steps: [{from: 0s, rate: 100/s}, ...]}, {trace: arrivals.csv} or {closed: 200, think: 0s}");
  if (load.think.given && !load.closed.given) return context.error(load.think.place, "think belongs to closed");
  bool good = true;
  for (std::size_t i = 1; i < load.steps->size(); ++i) {
    const RateStepDocument& step = load.steps.value[i];
    if (step.from.ok && load.steps.value[i - 1].from.ok && *step.from <= *load.steps.value[i - 1].from)
      good = context.error(step.from.place, "steps go forwards in time: this one is not after the one before");
  }
  return good;
}

}  // namespace

bool IncidentText::read(const Node& node, IncidentDocument& out, Context& context) {
  if (node.kind == Node::Kind::list) return List<Object<ScriptDocument>, 1>::read(node, out.script, context);
  if (node.kind != Node::Kind::map)
    return context.error(node.place, "expected a list of faults, '[{at, fault, on, for}]', or a map '{length, load, clients, script: [...]}'");
  if (!Object<IncidentDocument>::read(node, out, context)) return false;
  return !out.load || check_load(*out.load, node.find("load")->place, context);
}

std::string IncidentText::schema(Definitions& definitions) {
  return "{\"anyOf\": [" + List<Object<ScriptDocument>, 1>::schema(definitions) + ", " + Object<IncidentDocument>::schema(definitions) + "]}";
}

}  // namespace nines::scenarios
