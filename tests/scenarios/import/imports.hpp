// What the tests of imports share: an import of texts written in a test, with what it warned of.
#pragma once

#include <string>
#include <vector>

#include "scenarios/import/kubectl.hpp"
#include "tests/scenarios/schema/files.hpp"

namespace nines::scenarios {

struct Imported {
  std::string text;      // Empty where it was refused.
  std::string warnings;  // One line each, as errors.
  std::string errors;    // "file:line:column: what"
  Scenario scenario;     // As the reader takes it.
};

Imported import_helm(const std::vector<std::string>& values, const ImportSettings& settings = {});  // Called a.yaml, b.yaml, ...
Imported import_kubectl(const std::vector<SourceFile>& files, const ImportSettings& settings = {});

}  // namespace nines::scenarios
