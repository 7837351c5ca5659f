// The summary of a step of GitHub's workflows.
#pragma once

#include <string>

namespace nines::scenarios {

// Appends Markdown to the file that GITHUB_STEP_SUMMARY names, cut where it would grow beyond what GitHub shows. True where no file is named; what went
// wrong stands on standard error.
bool write_summary(const std::string& markdown);

}  // namespace nines::scenarios
