#include "scenarios/import/lists.hpp"

#include <algorithm>
#include <set>

#include "scenarios/import/helm.hpp"
#include "scenarios/schema/quantity.hpp"

namespace nines::scenarios {
namespace {

std::string label_of(const Node& item, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (std::string text = text_below(item, {"metadata", "labels", name}); !text.empty()) return text;
  return {};
}

// Its own word for what it is, else variables that only Zeebe's brokers have.
const Node* broker_container(const Node& pod) {
  static const std::set<std::string> components{"zeebe-broker", "orchestration", "core"};
  const Node* containers = below(pod, {"spec", "containers"});
  if (containers == nullptr || containers->items.empty()) return nullptr;
  for (const Node& container : containers->items)
    if (const Node* env = container.find("env"))
      for (const Node& variable : env->items)
        if (text_below(variable, {"name"}).starts_with("ZEEBE_BROKER_CLUSTER_")) return &container;
  return components.contains(label_of(pod, {"app.kubernetes.io/component"})) ? &containers->items.front() : nullptr;
}

void add_node(const Node& item, Lists& lists, Errors& errors) {
  ListedNode node{.name = text_below(item, {"metadata", "name"}),
                  .region = label_of(item, {"topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region"}),
                  .zone = label_of(item, {"topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"}),
                  .type = label_of(item, {"node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type"}),
                  .place = item.place};
  const Node* labels = below(item, {"metadata", "labels"});
  const auto has = [&](const char* label) { return labels != nullptr && labels->find(label) != nullptr; };
  node.is_for_all =
      !has("node-role.kubernetes.io/control-plane") && !has("node-role.kubernetes.io/master") && text_below(item, {"spec", "unschedulable"}) != "true";
  if (node.name.empty()) errors.push_back({item.place, "a node without metadata.name"});
  for (const std::string& name : {node.region, node.zone})
    if (!name.empty() && !is_place_name(name)) errors.push_back({item.place, "'" + harmless(name) + "' cannot be the label of a region or a zone"});
  if (!is_place_name(node.type)) node.type.clear();
  lists.nodes.push_back(std::move(node));
}

void add_pod(const Node& item, Lists& lists, Errors& errors) {
  lists.pods.push_back(&item);
  const Node* container = broker_container(item);
  const std::string phase = text_below(item, {"status", "phase"});
  if (container == nullptr || phase == "Succeeded" || phase == "Failed") return;
  BrokerPod pod{.name = text_below(item, {"metadata", "name"}),
                .in = text_below(item, {"metadata", "namespace"}),
                .set = {},
                .node = text_below(item, {"spec", "nodeName"}),
                .container = container,
                .place = item.place};
  const std::size_t dash = pod.name.find_last_of('-');
  const auto ordinal = dash == std::string::npos ? std::nullopt : read_whole(std::string_view(pod.name).substr(dash + 1));
  if (!ordinal || *ordinal < 0 || *ordinal >= 2000) {
    errors.push_back({item.place, "the broker's pod '" + harmless(pod.name) + "' is not called as a statefulset's are: NAME-0, NAME-1, ..."});
    return;
  }
  pod.set = pod.name.substr(0, dash);
  pod.ordinal = static_cast<int>(*ordinal);
  lists.brokers.push_back(std::move(pod));
}

void add_item(const Node& item, Lists& lists, Errors& errors) {
  const std::string kind = text_below(item, {"kind"});
  if (kind == "Node") add_node(item, lists, errors);
  if (kind == "Pod") add_pod(item, lists, errors);
  if (kind == "StatefulSet") lists.sets.push_back(&item);
  if (kind == "ConfigMap") lists.configurations.push_back(&item);
}

}  // namespace

const Node* below(const Node& node, std::initializer_list<const char*> path) {
  const Node* at = &node;
  for (const char* key : path) {
    at = at->find(key);
    if (at == nullptr) return nullptr;
  }
  return at;
}

std::string text_below(const Node& node, std::initializer_list<const char*> path) {
  const Node* at = below(node, path);
  return at != nullptr && at->kind == Node::Kind::scalar ? at->text : std::string();
}

Result<Lists> sorted_lists(const std::vector<Node>& roots) {
  Lists lists;
  Errors errors;
  for (const Node& root : roots) {
    const Node* items = root.find("items");
    if (root.kind != Node::Kind::map || root.find("kind") == nullptr)
      errors.push_back({root.place, "not what 'kubectl get ... -o json' prints: no 'kind'"});
    else if (items != nullptr && items->kind == Node::Kind::list)
      for (const Node& item : items->items) add_item(item, lists, errors);
    else
      add_item(root, lists, errors);
  }
  std::set<std::string> seen;
  for (const auto& node : lists.nodes)
    if (!seen.insert("node " + node.name).second) errors.push_back({node.place, "the node '" + harmless(node.name) + "' is there twice"});
  for (const auto& pod : lists.brokers)
    if (!seen.insert("pod " + pod.in + '/' + pod.name).second) errors.push_back({pod.place, "the pod '" + harmless(pod.name) + "' is there twice"});
  if (errors.empty() && lists.nodes.empty()) errors.push_back({{}, "no nodes: give what 'kubectl get nodes -o json' prints"});
  if (errors.empty() && lists.brokers.empty())
    errors.push_back({{}, "none of " + std::to_string(lists.pods.size()) + " pods is a broker of Zeebe (label app.kubernetes.io/component: zeebe-broker): give what 'kubectl get pods -n NAMESPACE -o json' prints"});
  if (!errors.empty()) return fail(std::move(errors));
  return lists;
}

}  // namespace nines::scenarios
