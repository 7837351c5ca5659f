#include "scenarios/schema/faults_document.hpp"

namespace nines::scenarios {

namespace {

using Modes = Named<OrOff<Object<ModeDocument>>>;

}  // namespace

bool FaultsText::read(const Node& node, FaultsSection& out, Context& context) {
  const Node* trace = node.find("trace");
  if (trace == nullptr) return Modes::read(node, out.modes, context);
  bool good = true;
  {
    const Context::Step step(context, "trace");
    good = trace->kind == Node::Kind::missing ? context.error(trace->place, "'trace' has no value") : read_into<TraceText>(*trace, out.trace, context);
  }
  Node rest = node;
  int line = 0;
  std::erase_if(rest.entries, [&](const Node::Entry& entry) {
    if (entry.key != "trace") return false;
    if (line > 0) good = context.error(entry.place, "'trace' is given twice; the first is in line " + std::to_string(line));
    if (line == 0) line = entry.place.line;
    return true;
  });
  return Modes::read(rest, out.modes, context) && good;
}

std::string FaultsText::schema(Definitions& definitions) {
  const std::string modes = Modes::schema(definitions);
  return modes.substr(0, modes.size() - 1) + ", \"properties\": {\"trace\": " + TraceText::schema(definitions) + "}}";
}

}  // namespace nines::scenarios
