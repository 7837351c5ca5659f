#include "scenarios/import/components.hpp"

namespace nines::scenarios {

void write_components(const std::vector<ImportedComponent>& components, Page& page) {
  if (components.empty()) return;
  page.line("  components:");
  for (const auto& component : components) {
    std::string value = component.on ? "on" : "off";
    if (component.on && (!component.kind.empty() || component.replicas > 0)) {
      value = "{";
      if (!component.kind.empty()) value += "kind: " + component.kind;
      if (component.replicas > 0) value += (component.kind.empty() ? "" : ", ") + ("replicas: " + std::to_string(component.replicas));
      value += "}";
    }
    page.line("    " + component.name + ": " + value, component.how);
  }
}

}  // namespace nines::scenarios
