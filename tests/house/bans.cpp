#include "tests/house/bans.hpp"

#include <algorithm>
#include <regex>
#include <set>

namespace nines::house {
namespace {

enum class Look { code, text };  // code: without comments and literals. text: everything.

struct Ban {
  std::vector<std::string> folders;  // Empty: the whole tree.
  Look look;
  std::regex pattern;
  std::string what;
};

std::regex pattern(const char* text) { return std::regex(text, std::regex::ECMAScript | std::regex::optimize); }

const std::vector<std::string> below_scenarios = {"sim", "models", "analysis"};
const std::vector<std::string> all_layers = {"sim", "models", "analysis", "scenarios"};

// Names of this project's workplaces are put together here, so that this file does not name them either.
std::string joined(const char* a, const char* b) { return std::string(a) + b; }

const std::vector<Ban>& bans() {
  static const std::vector<Ban> list = {
      {below_scenarios, Look::code,
       pattern(R"(\b(system_clock|steady_clock|high_resolution_clock|file_clock|gettimeofday|clock_gettime|localtime\w*|gmtime\w*)\b|\b(std::)?time\s*\(\s*(0|NULL|nullptr|&))"),
       "reads the wall clock: time arrives as an argument"},
      {below_scenarios, Look::code, pattern(R"(\brandom_device\b|\bmt19937(_64)?\b|\bdefault_random_engine\b|\bstd::\w+_distribution\b|\bs?rand\s*\(|\bstd::shuffle\b)"),
       "randomness without a key: draw from a Stream"},
      {below_scenarios, Look::code,
       pattern(R"(\b(std::)?(jthread|async|mutex|atomic|atomic_\w+|condition_variable|future|promise)\s*[<(]|\bstd::(thread|jthread|mutex|async|atomic\w*)\b|\bthread_local\b|\bpthread_\w+)"),
       "threads: parallelism belongs to scenarios/run"},
      {below_scenarios, Look::code, pattern(R"(\bspdlog\b|\bstd::(cout|cerr|clog)\b|\b(f|v|vf)?printf\s*\(|\bputs\s*\()"),
       "logs: results are returned"},
      {below_scenarios, Look::code, pattern(R"(\bstd::(unordered_)?(map|set)\s*<\s*(const\s+)?[\w:]+\s*\*)"), "a pointer is used as a key"},
      {below_scenarios, Look::code, pattern(R"(\bgetenv\b)"), "reads the environment"},
      {{"sim/kernel"},
       Look::code,
       pattern(R"(\bstd::function\b|\bvirtual\b|\bshared_ptr\b|\bmake_shared\b)"),
       "no std::function, virtual or shared_ptr on the path of events"},
      {all_layers, Look::code, pattern(R"(\busing\s+namespace\s+(?!std::chrono_literals|std::string_view_literals|std::literals))"),
       "using namespace"},
      {all_layers, Look::code, pattern(R"(\bstd::views\b|\bstd::ranges::views\b|\bsource_location\b)"), "clang-tidy 14 cannot read this"},
      {all_layers, Look::text, pattern(R"(\b(TODO|FIXME|XXX)\b)"), "an unfinished thought"},
      {{}, Look::text, std::regex(joined("(^|[^\\w.$}])/(work|farm|", "home|root|Users|tmp)/")), "names a path of one machine"},
      {{},
       Look::text,
       std::regex(joined("(\\.\\./|\\b)sha", "red/(DESIGN|CONVENTIONS|facts|data|peers|peer-data|seed|hooks)")),
       "names a folder outside the project"},
      {{}, Look::text, std::regex(joined("\\bfac", "ts/\\w+")), "names a folder outside the project"},
  };
  return list;
}

bool applies(const Ban& ban, const std::string& path) {
  if (ban.folders.empty()) return !is_below(path, ".ci");  // Only continuous integration knows what lies beside the clone.
  return is_source(path) && std::any_of(ban.folders.begin(), ban.folders.end(), [&](const std::string& f) { return is_below(path, f); });
}

// Line by line: the standard library's regular expressions recurse over what they search.
void search(const std::string& path, const std::string& text, const Ban& ban, Findings& findings) {
  int line = 1;
  for (std::size_t start = 0; start < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    std::cmatch match;
    if (std::regex_search(text.data() + start, text.data() + end, match, ban.pattern))
      findings.push_back({path, line, ban.what + ": " + match.str()});
    start = end + 1;
  }
}

std::string without_preprocessor(std::string code) {
  bool directive = false, line_start = true;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] == '\n') {
      if (!(directive && i > 0 && code[i - 1] == '\\')) directive = false;
      line_start = true;
      continue;
    }
    if (line_start && code[i] == '#') directive = true;
    if (code[i] != ' ') line_start = false;
    if (directive) code[i] = code[i] == '\\' && i + 1 < code.size() && code[i + 1] == '\n' ? '\\' : ' ';
  }
  return code;
}

enum class Scope { names, type, code };

bool is_template(const std::string& head) { return head.compare(std::min(head.find_first_not_of(" \n"), head.size()), 8, "template") == 0; }

// What a '{' opens, from the text since the last ';', '{' or '}'.
Scope opened_by(const std::string& head, Scope around) {
  static const std::regex names(R"(^\s*(inline\s+)?(namespace\b|extern\s*$))"), type(R"((^|[\s>])(class|struct|union|enum)\b)");
  if (around == Scope::code) return Scope::code;
  if (std::regex_search(head, names)) return Scope::names;
  const bool expression = head.find_first_of("()") != std::string::npos || (head.find('=') != std::string::npos && !is_template(head));
  return std::regex_search(head, type) && !expression ? Scope::type : Scope::code;
}

// Whether the '{' behind `head` holds a value, as in `int a{1};` and `auto f = [] {...};`, and the statement goes on behind its '}'.
bool holds_value(const std::string& head, Scope around) {
  if (is_template(head) || head.find("operator") != std::string::npos) return false;
  int depth = 0;
  for (const char c : head) {
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c == '=' && depth == 0) return true;
  }
  static const std::regex stored(R"(^\s*(inline\s+)?static\b)");
  return head.find(')') == std::string::npos && (around != Scope::code || std::regex_search(head, stored));
}

std::size_t matching_brace(const std::string& code, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < code.size(); ++i) {
    if (code[i] == '{') ++depth;
    if (code[i] == '}' && --depth == 0) return i;
  }
  return code.size();
}

bool is_variable(const std::string& statement, Scope scope) {
  static const std::regex not_a_variable(
      R"(^\s*($|using\b|typedef\b|template\b|friend\b|static_assert\b|namespace\b|concept\b|requires\b|class\b|struct\b|union\b|enum\b|public\b|private\b|protected\b|\[\[))");
  static const std::regex constant(R"(\b(const|constexpr|constinit\s+const)\b)"), stored(R"(^\s*(inline\s+)?(static|thread_local)\b)"),
      extern_c(R"(^\s*extern\b)");
  if (std::regex_search(statement, not_a_variable) || std::regex_search(statement, extern_c)) return false;
  const std::string declared = statement.substr(0, statement.find_first_of("={"));
  if (std::regex_search(declared, constant) || declared.find('(') != std::string::npos || declared.find("operator") != std::string::npos)
    return false;
  if (scope != Scope::names) return std::regex_search(statement, stored);
  static const std::regex two_words(R"(^\s*[\w:<>,\s*&\[\]]+[\s*&>]\w+(\[\w*\])*\s*$)");  // A type and a name.
  return std::regex_match(declared, two_words);
}

}  // namespace

Findings global_findings(const std::string& path, std::string_view text) {
  const std::string code = without_preprocessor(std::string(text));
  Findings findings;
  std::vector<Scope> scopes{Scope::names};
  std::string statement;
  std::size_t start = 0;
  const auto judge = [&] {
    if (is_variable(statement, scopes.back())) {
      findings.push_back({path, line_at(code, start), "a mutable variable of static storage: " + statement.substr(statement.find_first_not_of(" \n"))});
    }
  };
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '{') {
      const Scope inner = opened_by(statement, scopes.back());
      if (inner == Scope::code && holds_value(statement, scopes.back())) {
        i = matching_brace(code, i);
        statement += "{}";
      } else {
        scopes.push_back(inner);
        statement.clear();
      }
    } else if (c == '}') {
      if (scopes.size() > 1) scopes.pop_back();
      statement.clear();
    } else if (c == ';') {
      judge();
      statement.clear();
    } else {
      if (statement.find_first_not_of(" \n") == std::string::npos) start = i;
      statement += c;
    }
  }
  return findings;
}

Findings unordered_loop_findings(const std::string& path, const std::string& code, const std::string& header) {
  static const std::regex declaration(R"(\bunordered_(?:multi)?(?:map|set)\s*<[^;(){}]*>\s*&?\s*(\w+)\s*[;={,)])");
  std::set<std::string> names;
  for (const std::string* text : {&code, &header}) {
    for (std::sregex_iterator it(text->begin(), text->end(), declaration), end; it != end; ++it) names.insert((*it)[1]);
  }
  Findings findings;
  for (const std::string& name : names) {
    const std::regex loop("\\bfor\\s*\\([^;)]*:\\s*(\\w+(\\.|->))*" + name + "\\s*\\)|\\b" + name + "\\s*(\\.|->)\\s*c?begin\\s*\\(");
    for (std::sregex_iterator it(code.begin(), code.end(), loop), end; it != end; ++it) {
      findings.push_back({path, line_at(code, static_cast<std::size_t>(it->position())), "the order of an unordered container leaks: " + name});
    }
  }
  return findings;
}

Findings ban_findings(const Tree& tree) {
  Findings findings;
  for (const auto& [path, text] : tree) {
    const std::string code = is_source(path) ? code_of(text) : std::string();
    for (const Ban& ban : bans()) {
      if (applies(ban, path)) search(path, ban.look == Look::code ? code : text, ban, findings);
    }
    if (!is_source(path)) continue;
    if (path.ends_with(".hpp") && text.find("#pragma once") == std::string::npos) findings.push_back({path, 1, "a header without #pragma once"});
    if (std::none_of(below_scenarios.begin(), below_scenarios.end(), [&](const std::string& f) { return is_below(path, f); })) continue;
    for (Finding& f : global_findings(path, code)) findings.push_back(std::move(f));
    const auto header = tree.find(path.substr(0, path.size() - 4) + ".hpp");
    const std::string beside = path.ends_with(".cpp") && header != tree.end() ? code_of(header->second) : std::string();
    for (Finding& f : unordered_loop_findings(path, code, beside)) findings.push_back(std::move(f));
  }
  return findings;
}

}  // namespace nines::house
