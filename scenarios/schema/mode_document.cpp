#include "scenarios/schema/mode_document.hpp"

#include <cmath>

namespace nines::scenarios {

namespace {

struct RateDocument {
  Written<double> low, base, high;
};
struct ProbabilityDocument {
  Written<double> low, base, high;
};
struct DurationRangeDocument {
  Written<double> low, high;
};
struct ShapeDocument {
  Written<double> shape;
};
struct ArrivalDocument {
  std::optional<ShapeDocument> weibull, gamma;
};

}  // namespace

template <>
struct Table<RateDocument> {
  static const char* name() { return "rateRange"; }
  static const std::vector<Field<RateDocument>>& fields() {
    static const std::vector<Field<RateDocument>> all{
        required<Rate, &RateDocument::low>("low", "The least plausible rate."),
        required<Rate, &RateDocument::base>("base", "The rate that is simulated."),
        required<Rate, &RateDocument::high>("high", "The greatest plausible rate."),
    };
    return all;
  }
};

template <>
struct Table<ProbabilityDocument> {
  static const char* name() { return "probabilityRange"; }
  static const std::vector<Field<ProbabilityDocument>>& fields() {
    static const std::vector<Field<ProbabilityDocument>> all{
        required<Fraction, &ProbabilityDocument::low>("low", "The least plausible probability."),
        required<Fraction, &ProbabilityDocument::base>("base", "The probability that is simulated."),
        required<Fraction, &ProbabilityDocument::high>("high", "The greatest plausible probability."),
    };
    return all;
  }
};

template <>
struct Table<DurationRangeDocument> {
  static const char* name() { return "durationRange"; }
  static const std::vector<Field<DurationRangeDocument>>& fields() {
    static const std::vector<Field<DurationRangeDocument>> all{
        required<Real<1, 1'000>, &DurationRangeDocument::low>("low", "The least plausible mean, as a share of the duration's."),
        required<Real<1'000, 1'000'000>, &DurationRangeDocument::high>("high", "The greatest plausible mean, as a multiple of the duration's."),
    };
    return all;
  }
};

template <>
struct Table<ShapeDocument> {
  static const char* name() { return "arrivalShape"; }
  static const std::vector<Field<ShapeDocument>>& fields() {
    static const std::vector<Field<ShapeDocument>> all{
        required<Real<50, 20'000>, &ShapeDocument::shape>("shape", "Below 1 faults cluster, at 1 they are independent, above 1 they keep apart."),
    };
    return all;
  }
};

template <>
struct Table<ArrivalDocument> {
  static const char* name() { return "arrivalLaw"; }
  static const std::vector<Field<ArrivalDocument>>& fields() {
    static const std::vector<Field<ArrivalDocument>> all{
        optional_field<Object<ShapeDocument>, &ArrivalDocument::weibull>("weibull", "Weibull up-times of the rate's mean."),
        optional_field<Object<ShapeDocument>, &ArrivalDocument::gamma>("gamma", "Gamma up-times of the rate's mean."),
    };
    return all;
  }
};

namespace {

// One value, or {low, base, high}.
template <class One, class Three>
struct Ranged {
  using Value = RateRange;
  static bool read(const Node& node, RateRange& out, Context& context) {
    if (node.kind != Node::Kind::map) {
      double value = 0;
      if (!One::read(node, value, context)) return false;
      out = {value, value, value};
      return true;
    }
    const Context::OneValue whole(context, node, true);
    Three document;
    if (!Object<Three>::read(node, document, context)) return false;
    if (*document.low > *document.base) return context.error(document.low.place, "low is above base");
    if (*document.high < *document.base) return context.error(document.high.place, "high is below base");
    out = {*document.base, *document.low, *document.high};
    return true;
  }
  static std::string schema(Definitions& definitions) {
    return "{\"anyOf\": [" + One::schema(definitions) + ", " + Object<Three>::schema(definitions) + "]}";
  }
};
using RateText = Ranged<Rate, RateDocument>;
using ProbabilityText = Ranged<Fraction, ProbabilityDocument>;

struct DurationRangeText {
  using Value = failure::Range;
  static bool read(const Node& node, failure::Range& out, Context& context) {
    if (node.kind != Node::Kind::map) return context.error(node.place, "expected factors on the mean, '{low: 0.5, high: 2}'");
    const Context::OneValue whole(context, node, true);
    DurationRangeDocument document;
    if (!Object<DurationRangeDocument>::read(node, document, context)) return false;
    out = {*document.low, *document.high};
    return true;
  }
  static std::string schema(Definitions& definitions) { return Object<DurationRangeDocument>::schema(definitions); }
};

struct ArrivalText {
  using Value = Arrival;
  static bool read(const Node& node, Arrival& out, Context& context) {
    if (node.kind == Node::Kind::map) {
      const Context::OneValue whole(context, node, true);
      ArrivalDocument document;
      if (!Object<ArrivalDocument>::read(node, document, context)) return false;
      if (document.weibull.has_value() == document.gamma.has_value())
        return context.error(node.place, "expected one law, weibull or gamma, by its shape");
      out = document.weibull ? Arrival{Law::Kind::weibull, *document.weibull->shape} : Arrival{Law::Kind::gamma, *document.gamma->shape};
      return true;
    }
    if (!check_scalar(node, "exponential, regular or {weibull: {shape: 0.7}}", context)) return false;
    if (node.text != "exponential" && node.text != "regular")
      return context.error(node.place,
                           "'" + node.text.substr(0, 60) + "' is no arrival law; expected exponential, regular or {weibull: {shape: 0.7}}");
    out = {node.text == "regular" ? Law::Kind::fixed : Law::Kind::exponential, 1};
    context.explain(node, node.text);
    return true;
  }
  static std::string schema(Definitions& definitions) {
    return "{\"anyOf\": [{\"enum\": [\"exponential\", \"regular\"]}, " + Object<ArrivalDocument>::schema(definitions) + "]}";
  }
};

Law up_time(const RateRange& rate, const Arrival& arrival) {
  const Duration mean = from_seconds(1 / rate.base);
  switch (arrival.kind) {
    case Law::Kind::fixed: return Law::fixed(mean);
    case Law::Kind::weibull: return Law::weibull_with_mean(mean, arrival.shape);
    case Law::Kind::gamma: return Law::gamma(mean, arrival.shape);
    default: return Law::exponential(mean);
  }
}

Arrival arrival_of(const Law& law) {
  switch (law.kind) {
    case Law::Kind::fixed:
    case Law::Kind::weibull:
    case Law::Kind::gamma: return {law.kind, law.b};
    default: return {};
  }
}

void apply(const EscalationDocument& document, const Place& place, failure::Mode& mode, Context& context) {
  if (document.off.ok) return mode.escalation.reset();
  if (!mode.escalation) {
    if (!document.to.given || !document.probability.given) {
      context.error(place, "a fault that grows needs to what and how often, '{to: region, probability: 5%}'");
      return;
    }
    mode.escalation.emplace();
  }
  if (document.to.given) mode.escalation->to = *document.to;
  if (!document.probability.given) return;
  mode.escalation->probability = document.probability->base;
  mode.escalation->range = {document.probability->low, document.probability->high};
}

}  // namespace

template <>
struct Table<EscalationDocument> {
  static const char* name() { return "escalation"; }
  static const std::vector<Field<EscalationDocument>>& fields() {
    static const std::vector<Field<EscalationDocument>> all{
        optional_field<Enum<failure::Scope>, &EscalationDocument::to>("to", "What it grows to: a scope that encloses the fault's own."),
        optional_field<ProbabilityText, &EscalationDocument::probability>("probability", "Of one fault; or {low, base, high}."),
    };
    return all;
  }
};

template <>
struct Table<RepairDocument> {
  static const char* name() { return "repair"; }
  static const std::vector<Field<RepairDocument>>& fields() {
    static const std::vector<Field<RepairDocument>> all{
        optional_field<Enum<Repairer>, &RepairDocument::by>("by", "Whether it mends itself, or people come when operations.coverage has them."),
        optional_field<Integer<1, 10'000>, &RepairDocument::crews>(
            "crews", "How many faults are repaired at a time; the others wait, first come, first served."),
        optional_field<Name, &RepairDocument::crew>("crew",
                                                    "Whose hands these are: modes that name the same crew share it. Without a name, the mode's own."),
        optional_field<Integer<0, 10'000>, &RepairDocument::spares>(
            "spares", "How many parts lie on the shelf for this mode's faults; each takes one, and one is ordered for it."),
        optional_field<LawText, &RepairDocument::delivery>("delivery",
                                                           "From the order of a part until it is there; a fault waits for one when none is left."),
    };
    return all;
  }
};

namespace {

// `people`, or {by: people, crews: 1, crew: hardware}, or {spares: 1, delivery: 10days}.
struct RepairText {
  using Value = RepairDocument;
  static bool read(const Node& node, RepairDocument& out, Context& context) {
    if (node.kind == Node::Kind::map) return Object<RepairDocument>::read(node, out, context);
    return read_into<Enum<Repairer>>(node, out.by, context);
  }
  static std::string schema(Definitions& definitions) {
    return "{\"anyOf\": [" + Enum<Repairer>::schema(definitions) + ", " + Object<RepairDocument>::schema(definitions) + "]}";
  }
};

void apply(const RepairDocument& document, failure::Mode& mode, Context& context) {
  failure::Repair& repair = mode.repair;
  if (document.by.given && *document.by == Repairer::itself && !document.crew.given && !document.crews.given)
    repair = {};  // And nobody else's hands or parts.
  if (document.by.given) repair.people = *document.by == Repairer::people;
  if (document.crews.given) {
    repair.crews = *document.crews;
    if (repair.crew.empty()) repair.crew = mode.name;
  }
  if (document.crew.given) repair.crew = *document.crew;
  if (document.crew.given && repair.crews == 0)
    context.error(document.crew.place, "a crew needs a number of crews, '{crew: " + repair.crew + ", crews: 1}'");
  if (document.spares.given || document.delivery.given) {
    const Place& place = document.spares.given ? document.spares.place : document.delivery.place;
    if (!repair.parts) repair.parts.emplace();
    if (document.spares.given) repair.parts->spares = *document.spares;
    if (document.delivery.given) repair.parts->delivery = *document.delivery;
    if (repair.parts->delivery == Law{}) context.error(place, "spares are of use where a part is away for long: '{spares: 1, delivery: 10days}'");
  }
  if (repair.parts && !repair.crew.empty()) {
    const Place& place = document.spares.given     ? document.spares.place
                         : document.delivery.given ? document.delivery.place
                         : document.crews.given    ? document.crews.place
                                                   : document.crew.place;
    context.error(place, "faults that wait for spares are not simulated waiting for crews as well; leave one of them out");
  }
}

}  // namespace

const std::vector<Field<ModeDocument>>& Table<ModeDocument>::fields() {
  static const std::vector<Field<ModeDocument>> all{
      optional_field<Enum<failure::Scope>, &ModeDocument::scope>("scope", "What one fault hits; each such element fails on its own."),
      optional_field<Enum<failure::Effect>, &ModeDocument::effect>("effect", "What the fault does to what it hits."),
      optional_field<RateText, &ModeDocument::rate>("rate", "Faults per element and time that it is up, '0.15/year' or {low, base, high}."),
      optional_field<ArrivalText, &ModeDocument::arrival>("arrival",
                                                          "How up-times scatter: exponential, regular (maintenance) or {weibull: {shape}}."),
      optional_field<LawText, &ModeDocument::duration>("duration", "How long one fault lasts."),
      optional_field<DurationRangeText, &ModeDocument::duration_range>("durationRange",
                                                                       "Plausible means of the duration, as factors on it: {low, high}."),
      optional_field<OrOff<Object<EscalationDocument>>, &ModeDocument::escalates>(
          "escalates", "How often the fault hits, when it begins, the whole of what encloses its element: {to: region, probability: 5%}; or off."),
      optional_field<RepairText, &ModeDocument::repair>("repair",
                                                        "Who ends it: itself, people (in their hours, see operations.coverage), or {by, crews, crew, "
                                                        "spares, delivery} where faults wait for hands or parts."),
      optional_field<Fraction, &ModeDocument::loss>("loss", "Of each packet; for the effect lossy."),
      optional_field<PositiveTime, &ModeDocument::extra_delay>("extraDelay", "Of each message; for the effect slow. Of each write; for slow-disk."),
      optional_field<List<Sited<Name>, 1, Single::allowed>, &ModeDocument::components>(
          "components", "Of the scopes component and external: it hits these only. Default: all of them."),
      optional_field<Text, &ModeDocument::source>("source", "Where rate and duration come from, or the word assumption."),
  };
  return all;
}

bool check_new_mode(const ModeDocument& document, const Place& place, Context& context) {
  std::string missing;
  const auto need = [&](bool given, const char* name) {
    if (!given) missing += std::string(missing.empty() ? "" : ", ") + name;
  };
  need(document.scope.given, "scope");
  need(document.effect.given, "effect");
  need(document.rate.given, "rate");
  need(document.duration.given, "duration");
  return missing.empty() || context.error(place, "'" + *document.name + "' is not in the catalogue, so it needs " + missing);
}

failure::Mode new_mode(const std::string& name) {
  failure::Mode mode;
  mode.name = name;
  mode.up_time = Law::exponential(year);
  mode.source = "the scenario";
  return mode;
}

bool apply(const ModeDocument& document, failure::Mode& mode, Context& context) {
  const std::size_t before = context.error_count();
  if (document.scope.given) mode.scope = *document.scope;
  if (document.effect.given) mode.effect = *document.effect;
  if (document.duration.given) {
    mode.duration = *document.duration;
    mode.duration_factor = {1, 1};  // What the scenario gives it knows, as with a rate.
    if (!std::isfinite(mode.duration.mean_s()))
      context.error(document.duration.place, "this law has no mean, so the share of time it takes has none; a pareto law needs a tail above 1");
  }
  if (document.duration_range.given) mode.duration_factor = *document.duration_range;
  if (document.escalates) apply(*document.escalates, document.name.place, mode, context);
  if (document.repair) apply(*document.repair, mode, context);
  if (document.loss.given) mode.loss = *document.loss;
  if (document.extra_delay.given) mode.extra_delay = *document.extra_delay;
  if (document.source.given) mode.source = *document.source;
  if (!document.components.empty()) mode.components.clear();
  for (const auto& name : document.components) mode.components.push_back(*name);
  if (document.rate.given) {
    if (document.rate->base <= 0)
      context.error(document.rate.place, "a rate of nothing: write '" + *document.name + ": off' instead");
    else if (1 / document.rate->base > 1e5 * seconds(year))
      context.error(document.rate.place, "less than once in 100,000 years: write '" + *document.name + ": off' instead");
    else if (document.rate->base > 1)
      context.error(document.rate.place, "more than one fault a second is no availability model");
    mode.rate_per_year = {document.rate->low * seconds(year), document.rate->high * seconds(year)};
  }
  if (context.error_count() == before && (document.rate.given || document.arrival.given)) {
    const Arrival arrival = document.arrival.given ? *document.arrival : arrival_of(mode.up_time);
    const RateRange rate = document.rate.given ? *document.rate : RateRange{1 / mode.up_time.mean_s(), 0, 0};
    mode.up_time = up_time(rate, arrival);
  }

  using enum failure::Scope;
  const Place place = document.effect.given ? document.effect.place : document.scope.given ? document.scope.place : document.name.place;
  const bool is_pair = mode.scope == zone_pair || mode.scope == region_pair;
  const bool is_link = mode.effect == failure::Effect::cut || mode.effect == failure::Effect::cut_out || mode.effect == failure::Effect::slow ||
                       mode.effect == failure::Effect::lossy;
  const bool is_beside = mode.scope == component || mode.scope == external;
  if (is_beside && (mode.effect != failure::Effect::stop || mode.escalation))
    context.error(place, "what runs beside the brokers can stop, and its faults do not grow");
  if (!is_beside && !mode.components.empty()) context.error(place, "'components' belongs to the scopes component and external");
  if (is_pair && !is_link) context.error(place, "a pair can be cut, slow or lossy; nothing else happens to the link between two places");
  if (mode.escalation && !failure::encloses(mode.escalation->to, mode.scope))
    context.error(place, std::string("a fault of a ") + Enum<failure::Scope>::word(mode.scope) + " cannot grow to a " +
                             Enum<failure::Scope>::word(mode.escalation->to) +
                             "; broker, node, rack, zone, region enclose each other, a cluster its brokers, and a pool-in-zone its nodes");
  else if (mode.escalation && !failure::can_escalate(mode.effect))
    context.error(place, std::string("the effect ") + Enum<failure::Effect>::word(mode.effect) + " cannot grow; write 'escalates: off'");
  if ((mode.repair.people || !mode.repair.crew.empty() || mode.repair.parts) && !failure::can_be_repaired(mode.effect))
    context.error(place, std::string("nobody repairs the effect ") + Enum<failure::Effect>::word(mode.effect) + "; write 'repair: itself'");
  const bool is_cut = mode.effect == failure::Effect::cut || mode.effect == failure::Effect::cut_out;
  if (is_cut && (mode.scope == cluster || (mode.escalation && mode.escalation->to == cluster)))
    context.error(place, "a cluster cannot be cut from itself");
  if (is_cut && (mode.scope == pool_in_zone || (mode.escalation && mode.escalation->to == pool_in_zone)))
    context.error(place, "a pool's nodes have no link of their own to the rest of their zone that could be cut");
  if (mode.effect == failure::Effect::lossy && mode.loss <= 0) context.error(place, "the effect lossy needs a loss such as '15%'");
  if (mode.effect == failure::Effect::lossy && mode.loss >= 1) context.error(place, "a loss of everything is the effect cut");
  const bool is_slow = mode.effect == failure::Effect::slow || mode.effect == failure::Effect::slow_disk;
  if (is_slow && mode.extra_delay <= Duration{0})
    context.error(place, std::string("the effect ") + Enum<failure::Effect>::word(mode.effect) + " needs an extraDelay such as '50ms'");
  if (document.loss.given && mode.effect != failure::Effect::lossy) context.error(document.loss.place, "loss belongs to the effect lossy");
  if (document.extra_delay.given && !is_slow) context.error(document.extra_delay.place, "extraDelay belongs to the effects slow and slow-disk");
  return context.error_count() == before;
}

}  // namespace nines::scenarios
