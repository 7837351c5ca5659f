#include "scenarios/import/helm_components.hpp"

#include <algorithm>

namespace nines::scenarios {
namespace {

constexpr int most_component_replicas = 1000;

Said<bool> is_on(Asked& asked, const std::string& path) {
  Said<bool> on;
  asked.yes_or_no(path, on);
  return on;
}

// Of this component, by its switch and, where it has one, its number of replicas.
void add_plain(Asked& asked, const std::string& name, const std::string& enabled, const std::string& replicas, Deployment& deployment) {
  const Said<bool> on = is_on(asked, enabled);
  Said<int> count;
  if (on.value && !replicas.empty()) asked.whole(replicas, 0, most_component_replicas, count);
  ImportedComponent component{.name = name, .on = on.value, .kind = {}, .replicas = count.value, .how = on.how};
  if (on.value && !count.how.empty()) {
    component.how = count.how;
    component.on = count.value > 0;
  }
  if (component.how.empty()) component.how = "assumed: " + enabled + " is not set";
  deployment.components.push_back(std::move(component));
}

bool knows(const ChartDefaults& chart, std::string_view key) {
  return std::any_of(chart.values.begin(), chart.values.end(), [&](const auto& value) { return value.key == key; });
}

// Elasticsearch, OpenSearch or a database, the chart's own or somebody else's.
void add_storage(Asked& asked, const ChartDefaults& chart, const std::string& version, Deployment& deployment) {
  const Said<bool> elasticsearch = is_on(asked, "global.elasticsearch.enabled"), opensearch = is_on(asked, "global.opensearch.enabled");
  const Said<bool> external = is_on(asked, "global.elasticsearch.external"), own = is_on(asked, "elasticsearch.enabled");
  Said<std::string> type;
  asked.word(chart.brokers + ".data.secondaryStorage.type", type);
  ImportedComponent component{.name = "secondaryStorage", .on = true, .kind = {}, .replicas = 0, .how = {}};
  const bool is_bundled = knows(chart, "elasticsearch.enabled");
  if (own.value && !is_bundled)
    deployment.warnings.push_back({own.place, "the chart of " + version + " brings no Elasticsearch with it: elasticsearch.enabled has no effect"});
  if (type.value == "rdbms") {
    component.kind = "rdbms";
    component.how = type.how + "; a database outside of the chart";
    component.runs = "external";
  } else if (opensearch.value || type.value == "opensearch") {
    component.kind = "opensearch";
    component.how = (opensearch.value ? opensearch.how : type.how) + "; outside of the chart";
    component.runs = "external";
  } else if (own.value && is_bundled && !external.value) {
    Said<int> masters, data;
    asked.whole("elasticsearch.master.replicaCount", 0, most_component_replicas, masters);
    asked.whole("elasticsearch.data.replicaCount", 0, most_component_replicas, data);
    component.kind = "elasticsearch";
    component.replicas = std::min(most_component_replicas, masters.value + data.value);
    component.how = masters.how;
    if (component.replicas == 1)
      deployment.warnings.push_back(
          {masters.place, "Elasticsearch runs once (elasticsearch.master.replicaCount): its node's loss takes Operate, Tasklist and queries along"});
  } else if (elasticsearch.value || external.value || type.value == "elasticsearch") {
    component.kind = "elasticsearch";
    component.how = (elasticsearch.value ? elasticsearch.how : external.value ? external.how : type.how) + "; outside of the chart";
    component.runs = "external";
  } else {
    component.on = false;
    component.how = (type.how.empty() ? elasticsearch.how : type.how) + ": none is configured";
    deployment.warnings.push_back({type.place, "no secondary storage is configured: Operate, Tasklist and queries have nothing to read"});
  }
  deployment.components.push_back(std::move(component));
}

// Up to 8.7: Identity, with Keycloak and its PostgreSQL beside it, or over a provider of somebody else's.
void add_identity_of_old(Asked& asked, Deployment& deployment) {
  const Said<bool> identity = is_on(asked, "identity.enabled"), keycloak = is_on(asked, "identityKeycloak.enabled");
  deployment.components.push_back({"identity", identity.value, {}, 0, identity.how});
  if (!identity.value) {
    deployment.components.push_back({"identityProvider", false, {}, 0, identity.how});
    deployment.components.push_back({"database", false, {}, 0, identity.how});
  } else if (keycloak.value) {
    deployment.components.push_back({"identityProvider", true, "keycloak", 1, keycloak.how});
    deployment.components.push_back({"database", true, "postgresql", 1, keycloak.how});
  } else {
    deployment.components.push_back({"identityProvider", true, {}, 0, keycloak.how + " is false", "external"});
    deployment.components.push_back({"database", true, {}, 0, keycloak.how + " is false", "external"});
  }
}

// From 8.8 on: users lie in the secondary storage, unless an OIDC provider has them.
void add_provider_of_new(Asked& asked, const std::string& base, Deployment& deployment) {
  Said<std::string> method;
  asked.word("global.security.authentication.method", method);
  asked.word(base + ".security.authentication.method", method);
  if (method.value != "oidc") return;
  const Said<bool> keycloak = is_on(asked, "identityKeycloak.enabled");
  deployment.components.push_back({"identityProvider", true, keycloak.value ? "keycloak" : "", 0, method.how + ": oidc", keycloak.value ? "process" : "external"});
}

// Console and modeler, and who checks the log-ins to them.
void add_management(Asked& asked, Deployment& deployment) {
  const std::size_t first = deployment.components.size();
  add_plain(asked, "console", "console.enabled", "console.replicas", deployment);
  add_plain(asked, "webModeler", "webModeler.enabled", "webModeler.restapi.replicas", deployment);
  for (std::size_t i = first; i < deployment.components.size(); ++i) deployment.components[i].belongs = Belongs::management;
  const Said<bool> identity = is_on(asked, "identity.enabled"), keycloak = is_on(asked, "identityKeycloak.enabled");
  deployment.management_identity.value = !identity.value ? "none" : keycloak.value ? "bundled" : "external";
  deployment.management_identity.how = !identity.value ? identity.how : keycloak.how;
  if (deployment.management_identity.how.empty()) deployment.management_identity.how = "the chart brings no Keycloak with it";
}

}  // namespace

void read_helm_components(Asked& asked, const ChartDefaults& chart, const std::string& version, Deployment& deployment) {
  add_storage(asked, chart, version, deployment);
  const Said<bool> keycloak = is_on(asked, "identityKeycloak.enabled"), identity = is_on(asked, "identity.enabled");
  if (chart.brokers == "zeebe") {
    Said<int> gateways{.value = 1};
    asked.whole("zeebeGateway.replicas", 0, most_component_replicas, gateways);
    deployment.components.push_back({"gateway", gateways.value > 0, {}, gateways.value, gateways.how});
    if (gateways.value == 1) deployment.warnings.push_back({gateways.place, "zeebeGateway.replicas 1: clients are cut off while it is replaced"});
    add_plain(asked, "operate", "operate.enabled", "", deployment);
    add_plain(asked, "tasklist", "tasklist.enabled", "", deployment);
    add_identity_of_old(asked, deployment);
  } else {
    deployment.components.push_back({"gateway", true, {}, 0, "chart " + version + ": in every broker"});
    for (const char* name : {"operate", "tasklist"}) {
      const Said<bool> on = is_on(asked, chart.brokers + ".profiles." + name);
      deployment.components.push_back({name, on.value, {}, 0, on.how + (on.value ? ", in every broker" : "")});
    }
    add_provider_of_new(asked, chart.brokers, deployment);
  }
  add_plain(asked, "optimize", "optimize.enabled", "", deployment);
  add_plain(asked, "connectors", "connectors.enabled", "connectors.replicas", deployment);
  add_management(asked, deployment);
  if (keycloak.value && !knows(chart, "identityKeycloak.enabled"))
    deployment.warnings.push_back({keycloak.place, "the chart of " + version + " brings no Keycloak with it: identityKeycloak.enabled has no effect"});
  else if (keycloak.value && identity.value)
    deployment.warnings.push_back({keycloak.place, "Keycloak's PostgreSQL runs once (identityKeycloak.enabled): nobody can log in while it is down"});
}

}  // namespace nines::scenarios
