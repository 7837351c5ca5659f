#include "scenarios/import/components.hpp"

#include <algorithm>

namespace nines::scenarios {
namespace {

std::string value_of(const ImportedComponent& component) {
  if (!component.on) return "off";
  std::string inside;
  const auto add = [&](const char* key, const std::string& value) { inside += (inside.empty() ? "" : ", ") + std::string(key) + ": " + value; };
  if (!component.kind.empty()) add("kind", component.kind);
  if (component.replicas > 0) add("replicas", std::to_string(component.replicas));
  if (!component.runs.empty()) add("runs", component.runs);
  return inside.empty() ? "on" : '{' + inside + '}';
}

void write(const Deployment& deployment, Belongs belongs, const std::string& indent, Page& page) {
  const auto is_here = [&](const ImportedComponent& component) { return component.belongs == belongs; };
  if (std::none_of(deployment.components.begin(), deployment.components.end(), is_here)) return;
  page.line(indent + "components:");
  for (const auto& component : deployment.components)
    if (is_here(component)) page.line(indent + "  " + component.name + ": " + value_of(component), component.how);
}

}  // namespace

void write_components(const Deployment& deployment, Page& page) { write(deployment, Belongs::cluster, "  ", page); }

void write_management(const Deployment& deployment, Page& page) {
  const auto manages = [](const ImportedComponent& component) { return component.belongs == Belongs::management && component.on; };
  if (std::none_of(deployment.components.begin(), deployment.components.end(), manages)) return;
  page.line("management:");
  page.line("  nodePool: " + deployment.pools.back().name, "assumed: nothing that was read says where they run");
  page.line("  manages: [cluster]");
  if (!deployment.management_identity.value.empty())
    page.line("  identity: " + deployment.management_identity.value, deployment.management_identity.how);
  write(deployment, Belongs::management, "  ", page);
}

}  // namespace nines::scenarios
