#include "scenarios/schema/flow_document.hpp"

#include <algorithm>

namespace nines::scenarios {
namespace {

using Requests = workload::RequestLimitOptions;
using Writes = workload::WriteLimitOptions;
using Count = Real<1000, 1'000'000'000>;

const std::vector<Field<Requests>>& aimd_fields() {
  static const std::vector<Field<Requests>> all{
      field<PositiveTime, &Requests::target>("target", "200ms", "Zeebe 8.9 AIMDCfg.java, requestTimeout",
                                             "An answer within this raises the limit by one."),
      field<Count, &Requests::initial>("initial", "100", "Zeebe 8.9 AIMDCfg.java, initialLimit", "Requests in work at the start."),
      field<Count, &Requests::least>("least", "1", "Zeebe 8.9 AIMDCfg.java, minLimit", "The limit never falls below."),
      field<Count, &Requests::most>("most", "1000", "Zeebe 8.9 AIMDCfg.java, maxLimit", "The limit never grows beyond."),
      field<Real<1, 999>, &Requests::backoff>("backoff", "0.9", "Zeebe 8.9 AIMDCfg.java, backoffRatio", "What a later answer leaves of the limit."),
  };
  return all;
}

const std::vector<Field<Requests>>& vegas_fields() {
  static const std::vector<Field<Requests>> all{
      field<Count, &Requests::vegas_initial>("initial", "20", "Zeebe 8.9 VegasCfg.java, initialLimit", "Requests in work at the start."),
      field<Count, &Requests::alpha>("alpha", "3", "Zeebe 8.9 VegasCfg.java, alpha", "With fewer requests in the queue the limit grows."),
      field<Count, &Requests::beta>("beta", "6", "Zeebe 8.9 VegasCfg.java, beta", "With more requests in the queue it shrinks."),
  };
  return all;
}

struct Fixed {
  double limit = 0;
};
const std::vector<Field<Fixed>>& fixed_fields() {
  static const std::vector<Field<Fixed>> all{required<Count, &Fixed::limit>("fixed", "Requests of a partition in work.")};
  return all;
}

const std::vector<Field<Writes>>& throttling_fields() {
  constexpr const char* source = "camunda-docs configure-flow-control.md";
  static const std::vector<Field<Writes>> all{
      field<Count, &Writes::acceptable_backlog>("acceptableBacklog", "100000", source, "Records that may wait to be exported."),
      field<Rate, &Writes::least_per_s>("minimum", "100/s", source, "The limit never falls below."),
      field<Time<100'000'000, 604'800'000'000'000>, &Writes::resolution>("resolution", "15s", source, "How often the rate of exporting is measured."),
  };
  return all;
}

struct Throttling {
  using Value = Writes;
  static bool read(const Node& node, Writes& out, Context& context) {
    out.throttling = true;
    return read_fields(node, throttling_fields(), out, context);
  }
  static std::string schema(Definitions& definitions) { return schema_of(throttling_fields(), definitions); }
};

struct WriteFields {
  double per_s = 0;
  std::optional<Writes> throttling;
};
const std::vector<Field<WriteFields>>& write_fields() {
  static const std::vector<Field<WriteFields>> all{
      optional_field<Rate, &WriteFields::per_s>("limit", "Entries that each partition may write in a second."),
      optional_field<Throttling, &WriteFields::throttling>("throttling", "By what waits to be exported: {acceptableBacklog, minimum, resolution}."),
  };
  return all;
}

constexpr const char* requests_expected = "off, {fixed: 20}, aimd, {aimd: {...}}, vegas or {vegas: {...}}";
constexpr const char* writes_expected = "off, {limit: 4000/s} or {throttling: {acceptableBacklog: 100000}}";

Node map_of_nothing(const Place& place) { return default_node("{}", place); }

}  // namespace

bool RequestLimitText::read(const Node& node, Value& out, Context& context) {
  std::string word;
  const Node* inner = nullptr;
  if (node.kind == Node::Kind::map) {
    if (!check_map(node, {"fixed", "aimd", "vegas"}, context)) return false;
    if (node.entries.size() != 1) return context.error(node.place, std::string("expected ") + requests_expected);
    word = node.entries.front().key;
    inner = &node.entries.front().value;
    if (inner->kind == Node::Kind::missing) return context.error(inner->place, "'" + word + "' has no value");
  } else {
    if (!check_scalar(node, requests_expected, context)) return false;
    word = node.text;
    if (word != "off" && word != "aimd" && word != "vegas")
      return context.error(node.place, "expected " + std::string(requests_expected) + ", not '" + word.substr(0, 60) + "'");
    context.explain(node, word);
  }
  if (word == "off") {
    out.kind = Value::Kind::off;
    return true;
  }
  if (word == "fixed") {
    Fixed fixed;
    if (!read_fields(node, fixed_fields(), fixed, context)) return false;
    out.kind = Value::Kind::fixed;
    out.fixed = fixed.limit;
    return true;
  }
  const bool is_aimd = word == "aimd";
  out.kind = is_aimd ? Value::Kind::aimd : Value::Kind::vegas;
  const Context::Step step(context, word);
  if (!read_fields(inner == nullptr ? map_of_nothing(node.place) : *inner, is_aimd ? aimd_fields() : vegas_fields(), out, context)) return false;
  const Place& place = inner == nullptr ? node.place : inner->place;
  if (is_aimd && !(out.least <= out.initial && out.initial <= out.most)) return context.error(place, "expected least <= initial <= most");
  if (!is_aimd && out.alpha > out.beta) return context.error(place, "expected alpha <= beta");
  return true;
}

std::string RequestLimitText::schema(Definitions& definitions) {
  return "{\"anyOf\": [{\"enum\": [\"off\", false, \"aimd\", \"vegas\"]}, " + schema_of(fixed_fields(), definitions) + ", " +
         object_schema({{"aimd", schema_of(aimd_fields(), definitions)}}, {"aimd"}) + ", " +
         object_schema({{"vegas", schema_of(vegas_fields(), definitions)}}, {"vegas"}) + "]}";
}

bool WriteLimitText::read(const Node& node, Value& out, Context& context) {
  if (node.kind != Node::Kind::map) {
    if (!check_scalar(node, writes_expected, context)) return false;
    if (node.text != "off") return context.error(node.place, "expected " + std::string(writes_expected) + ", not '" + node.text.substr(0, 60) + "'");
    context.explain(node, node.text);
    return true;
  }
  WriteFields fields;
  if (!read_fields(node, write_fields(), fields, context)) return false;
  if (fields.throttling) out = *fields.throttling;
  out.per_s = fields.per_s;
  if (!out.throttling && !(out.per_s > 0)) return context.error(node.place, std::string("expected ") + writes_expected);
  if (out.throttling && out.per_s > 0 && out.least_per_s > out.per_s)
    return context.error(node.place, "the minimum of the throttling lies above the limit");
  return true;
}

std::string WriteLimitText::schema(Definitions& definitions) {
  return "{\"anyOf\": [{\"enum\": [\"off\", false]}, " + schema_of(write_fields(), definitions) + "]}";
}

const std::vector<Field<FlowDocument>>& Table<FlowDocument>::fields() {
  static const std::vector<Field<FlowDocument>> all{
      optional_field<RequestLimitText, &FlowDocument::requests>("requests",
                                                                "How many requests a partition has in work at most. The profile's when it is "
                                                                "not given."),
      optional_field<WriteLimitText, &FlowDocument::writes>("writes",
                                                            "How much a partition writes in a second at most. The profile's when it is not given."),
  };
  return all;
}

const std::vector<Field<CitedFlow>>& Table<CitedFlow>::fields() {
  static const std::vector<Field<CitedFlow>> all{
      required<Sourced<RequestLimitText>, &CitedFlow::requests>("requests", "How many requests a partition has in work at most."),
      required<Sourced<WriteLimitText>, &CitedFlow::writes>("writes", "How much a partition writes in a second at most."),
  };
  return all;
}

void resolve_flow(const std::optional<FlowDocument>& written, const ProfileEntry& entry, Cluster& cluster, Context& context) {
  cluster.flow = entry.flow;
  if (written && written->requests.given) cluster.flow.requests = *written->requests;
  if (written && written->writes.given) cluster.flow.writes = *written->writes;
  for (const Explanation& value : entry.flow_explanations) {
    const bool is_requests = value.path.starts_with("requests");
    if (written && (is_requests ? written->requests.given : written->writes.given)) continue;
    context.explain_default(cluster.path + ".flowControl." + value.path, value.value, value.source);
  }
}

}  // namespace nines::scenarios
