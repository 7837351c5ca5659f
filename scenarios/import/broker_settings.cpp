#include "scenarios/import/broker_settings.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "scenarios/schema/quantity.hpp"

namespace nines::scenarios {
namespace {

// One number of the cluster under all names that it goes by.
struct Number {
  const char* what;
  int most;
  std::array<const char*, 4> variables;             // Of the environment.
  std::array<std::array<const char*, 4>, 3> paths;  // Of application.yaml; null-terminated.
};
constexpr Number size{"clusterSize",
                      2000,
                      {"ZEEBE_BROKER_CLUSTER_CLUSTERSIZE", "CAMUNDA_CLUSTER_SIZE", nullptr, nullptr},
                      {{{"camunda", "cluster", "size", nullptr}, {"zeebe", "broker", "cluster", "clusterSize"}, {nullptr, nullptr, nullptr, nullptr}}}};
constexpr Number partitions{"partitions",
                            20'000,
                            {"ZEEBE_BROKER_CLUSTER_PARTITIONSCOUNT", "CAMUNDA_CLUSTER_PARTITIONCOUNT", "CAMUNDA_CLUSTER_PARTITION_COUNT", nullptr},
                            {{{"camunda", "cluster", "partition-count", nullptr},
                              {"camunda", "cluster", "partitionCount", nullptr},
                              {"zeebe", "broker", "cluster", "partitionsCount"}}}};
constexpr Number replication_setting{
    "replication",
    15,
    {"ZEEBE_BROKER_CLUSTER_REPLICATIONFACTOR", "CAMUNDA_CLUSTER_REPLICATIONFACTOR", "CAMUNDA_CLUSTER_REPLICATION_FACTOR", nullptr},
    {{{"camunda", "cluster", "replication-factor", nullptr},
      {"camunda", "cluster", "replicationFactor", nullptr},
      {"zeebe", "broker", "cluster", "replicationFactor"}}}};

std::string origin(const Node& node, const std::string& name) {
  return basename_of(node.place.file) + ':' + std::to_string(node.place.line) + ' ' + name;
}

Result<bool> take(const Node& node, const std::string& name, const Number& number, Said<int>& out) {
  if (node.text.empty() && node.kind == Node::Kind::scalar) return false;
  const auto value = node.kind == Node::Kind::scalar ? read_whole(node.text) : std::nullopt;
  if (!value || *value < 1 || *value > number.most)
    return fail(node.place, name + ": expected a whole number from 1 to " + std::to_string(number.most) + ", not '" + harmless(node.text) + "'");
  out = {static_cast<int>(*value), origin(node, name), node.place, true};
  return true;
}

Result<bool> from_container(const Node& container, const Number& number, Said<int>& out) {
  const Node* env = container.find("env");
  if (env == nullptr) return false;
  for (const Node& variable : env->items)
    for (const char* name : number.variables) {
      const Node* value = variable.find("value");
      if (name != nullptr && value != nullptr && text_below(variable, {"name"}) == name) return take(*value, name, number, out);
    }
  return false;
}

// From the text of an application.yaml in a configuration map; its values have the place of that text.
Result<bool> from_configuration(const Node& text, const std::string& key, const Number& number, Said<int>& out) {
  const auto root = read_list(SourceFile{text.place.file, text.text});
  if (!root) return false;  // Somebody else's, and no YAML.
  for (const auto& path : number.paths) {
    const Node* at = path.front() == nullptr ? nullptr : &*root;
    std::string name;
    for (const char* level : path) {
      if (at == nullptr || level == nullptr) break;
      at = at->find(level);
      name += (name.empty() ? "" : ".") + std::string(level);
    }
    if (at == nullptr || at->kind != Node::Kind::scalar) continue;
    Node placed = *at;
    placed.place = text.place;
    return take(placed, harmless(key) + ' ' + name, number, out);
  }
  return false;
}

bool is_in_namespace_of_brokers(const Node& item, const Lists& lists) {
  const std::string in = text_below(item, {"metadata", "namespace"});
  return std::any_of(lists.brokers.begin(), lists.brokers.end(), [&](const BrokerPod& pod) { return pod.in == in; });
}

const Node* set_of(const Lists& lists) {
  for (const Node* set : lists.sets)
    for (const auto& pod : lists.brokers)
      if (text_below(*set, {"metadata", "name"}) == pod.set && text_below(*set, {"metadata", "namespace"}) == pod.in) return set;
  return nullptr;
}

Result<void> read_number(const Lists& lists, const Number& number, Said<int>& out) {
  for (const auto& pod : lists.brokers)
    if (const auto read = from_container(*pod.container, number, out); !read || *read) return read ? Result<void>() : fail(read.error());
  const Node* set = set_of(lists);
  const Node* containers = set == nullptr ? nullptr : below(*set, {"spec", "template", "spec", "containers"});
  if (containers != nullptr)
    for (const Node& container : containers->items)
      if (const auto read = from_container(container, number, out); !read || *read) return read ? Result<void>() : fail(read.error());
  for (const Node* configuration : lists.configurations) {
    const Node* data = configuration->find("data");
    if (data == nullptr || !is_in_namespace_of_brokers(*configuration, lists)) continue;
    for (const auto& entry : data->entries)
      if (entry.value.kind == Node::Kind::scalar && entry.value.text.find("cluster:") != std::string::npos)
        if (const auto read = from_configuration(entry.value, entry.key, number, out); !read || *read)
          return read ? Result<void>() : fail(read.error());
  }
  return {};
}

void assume(const char* what, Said<int>& out, Deployment& deployment, int brokers) {
  if (!out.how.empty()) return;
  out.value = std::min(3, brokers);
  out.how = "assumed: the chart's default";
  deployment.warnings.push_back({{},
                                 std::string("no variable of the pods and no configuration says the ") + what + ": taken for " + std::to_string(out.value) +
                                     "; since Camunda 8.8 they stand in a configuration: add what 'kubectl get configmaps -o json' prints"});
}

// "camunda/zeebe:8.5.25" is 8.5.
std::string version_of(const std::string& image) {
  const std::size_t colon = image.find_last_of(':');
  if (colon == std::string::npos) return {};
  const std::string tag = image.substr(colon + 1);
  const std::size_t dot = tag.find('.');
  if (dot == std::string::npos) return {};
  return tag.substr(0, tag.find_first_not_of("0123456789", dot + 1));
}

void read_version(const Lists& lists, const ImportSettings& settings, const Catalogs& catalogs, Deployment& deployment) {
  const Node* image = lists.brokers.front().container->find("image");
  const std::string version = image == nullptr ? std::string() : version_of(image->text);
  deployment.profile = {"camunda-8.9", "assumed: the image's tag tells no version that is known (--chart-version)"};
  if (!settings.chart_version.empty())
    deployment.profile = {"camunda-" + settings.chart_version, "--chart-version"};
  else if (!version.empty() && catalogs.profile("camunda-" + version) != nullptr)
    deployment.profile = {"camunda-" + version, origin(*image, "image " + harmless(image->text))};
}

// How many pods of the brokers' namespaces bear this label.
int count_pods(const Lists& lists, const char* label, std::initializer_list<std::string_view> values) {
  int count = 0;
  for (const Node* pod : lists.pods)
    if (is_in_namespace_of_brokers(*pod, lists))
      count += std::find(values.begin(), values.end(), text_below(*pod, {"metadata", "labels", label})) != values.end() ? 1 : 0;
  return std::min(count, 1000);
}

constexpr const char* name_label = "app.kubernetes.io/name";
constexpr const char* component_label = "app.kubernetes.io/component";

// Of what the product runs as processes beside the brokers: what no pod is, is off.
void add_seen(const Lists& lists, const char* name, std::initializer_list<std::string_view> labels, Deployment& deployment, Belongs belongs = Belongs::cluster) {
  const int count = count_pods(lists, component_label, labels);
  deployment.components.push_back(
      {name,
       count > 0,
       {},
       count,
       (count > 0 ? "read: pods labelled " : "read: no pod is labelled ") + std::string(component_label) + ": " + std::string(*labels.begin()),
       {},
       belongs});
}

// By what Camunda's chart labels pods.
void read_components(const Lists& lists, Deployment& deployment) {
  const int elasticsearch = count_pods(lists, name_label, {"elasticsearch"}), opensearch = count_pods(lists, name_label, {"opensearch"});
  const std::string kind = elasticsearch > 0 ? "elasticsearch" : opensearch > 0 ? "opensearch" : "";
  const int storage = elasticsearch > 0 ? elasticsearch : opensearch;
  if (storage > 0)
    deployment.components.push_back({"secondaryStorage", true, kind, storage, std::string("read: pods labelled ") + name_label + ": " + kind});
  else
    deployment.components.push_back({"secondaryStorage", true, {}, 0, "assumed: no pod is one, so it runs elsewhere", "external"});
  if (storage == 1)
    deployment.warnings.push_back(
        {{}, std::string(elasticsearch == 1 ? "Elasticsearch" : "OpenSearch") + " runs once: its node's loss takes Operate, Tasklist and queries along"});
  const std::string& profile = deployment.profile.value;
  if (profile == "camunda-8.5" || profile == "camunda-8.6" || profile == "camunda-8.7") {
    add_seen(lists, "gateway", {"zeebe-gateway"}, deployment);
    if (auto& gateway = deployment.components.back(); !gateway.on)
      gateway = {"gateway", true, {}, 0, "read: no pod is one, so brokers are", "brokers"};
    add_seen(lists, "operate", {"operate"}, deployment);
    add_seen(lists, "tasklist", {"tasklist"}, deployment);
    add_seen(lists, "identity", {"identity"}, deployment);
    const bool has_identity = deployment.components.back().on;
    const int keycloak = count_pods(lists, name_label, {"keycloak"}), database = count_pods(lists, name_label, {"postgresql"});
    const auto beside = [&](const char* name, const char* product, int count) {
      if (!has_identity)
        deployment.components.push_back({name, false, {}, 0, "read: there is no Identity that would need it"});
      else if (count > 0)
        deployment.components.push_back({name, true, product, count, std::string("read: pods labelled ") + name_label + ": " + product});
      else
        deployment.components.push_back({name, true, {}, 0, "assumed: no pod is one, so it runs elsewhere", "external"});
    };
    beside("identityProvider", "keycloak", keycloak);
    beside("database", "postgresql", database);
  }
  add_seen(lists, "optimize", {"optimize"}, deployment);
  add_seen(lists, "connectors", {"connectors"}, deployment);
  add_seen(lists, "console", {"console"}, deployment, Belongs::management);
  add_seen(lists, "webModeler", {"restapi", "web-modeler-restapi"}, deployment, Belongs::management);
  deployment.management_identity = {"bundled", "assumed: the chart's"};
}

}  // namespace

Result<void> read_broker_settings(const Lists& lists, const ImportSettings& settings, const Catalogs& catalogs, Deployment& deployment) {
  Errors errors;
  const auto read = [&](const Number& number, Said<int>& out) {
    if (const auto done = read_number(lists, number, out); !done) errors.insert(errors.end(), done.error().begin(), done.error().end());
  };
  read(size, deployment.brokers);
  read(partitions, deployment.partitions);
  read(replication_setting, deployment.replication);
  if (const Node* cpu = below(*lists.brokers.front().container, {"resources", "limits", "cpu"}); cpu != nullptr) {
    const auto value = cpu->kind == Node::Kind::scalar ? read_kubernetes_quantity(cpu->text) : std::nullopt;
    if (!value || !(*value >= 0.001) || *value > 1024)
      errors.push_back({cpu->place, "resources.limits.cpu: expected a quantity such as 2000m or 2, not '" + harmless(cpu->text) + "'"});
    else
      deployment.cpu = {*value, origin(*cpu, "resources.limits.cpu"), cpu->place, true};
  }
  if (!errors.empty()) return fail(std::move(errors));
  const int brokers = static_cast<int>(std::min<std::size_t>(lists.brokers.size(), 2000));
  if (lists.brokers.size() > 2000) return fail(Place{}, "more than 2,000 brokers; at most 2,000 are simulated");
  assume("number of partitions", deployment.partitions, deployment, brokers);
  assume("replication", deployment.replication, deployment, brokers);
  read_version(lists, settings, catalogs, deployment);
  return {};
}

void finish_broker_settings(const Lists& lists, const Catalogs& catalogs, Deployment& deployment) {
  std::string storage_class, storage_how;
  const Node* set = set_of(lists);
  const Node* claims = set == nullptr ? nullptr : below(*set, {"spec", "volumeClaimTemplates"});
  if (set != nullptr && (claims == nullptr || claims->items.empty())) {
    deployment.loses_disk = {true, origin(*set, "the statefulset has no volumeClaimTemplates"), set->place, true};
    deployment.warnings.push_back(
        {set->place, "the brokers' statefulset has no volumeClaimTemplates: a broker that is moved loses its data and has all of it sent anew"});
  }
  if (claims != nullptr && !claims->items.empty()) {
    const Node& claim = claims->items.front();
    const Node* storage = below(claim, {"spec", "resources", "requests", "storage"});
    const auto bytes = storage == nullptr ? std::nullopt : read_kubernetes_quantity(storage->text);
    if (bytes && *bytes >= 1 && *bytes <= 1e15) deployment.disk_bytes = {*bytes, origin(*storage, "volumeClaimTemplates"), storage->place, true};
    storage_class = text_below(claim, {"spec", "storageClassName"});
    storage_how = origin(claim, "storageClassName");
  }
  read_components(lists, deployment);
  choose_catalogs(catalogs, deployment, storage_class, storage_how);
}

}  // namespace nines::scenarios
