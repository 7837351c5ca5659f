#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "analysis/stats/text.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/log.hpp"
#include "scenarios/cli/sweep_setup.hpp"
#include "scenarios/cli/words.hpp"

namespace nines::scenarios {
namespace {

using Words = std::vector<std::string>;

// What one shard runs. Always to be gone on with: whoever is started again finds the journal, and whoever is first begins one.
Words sweep_words(const Arguments& arguments) {
  Arguments sweep = arguments;
  sweep.command = Command::sweep;
  Words words = sweep.canonical_words();
  words.insert(words.end(), {"-o", arguments.out, "--resume"});
  if (arguments.max_time) words.insert(words.end(), {"--max-time", analysis::shortest(arguments.max_time->count()) + 's'});
  if (arguments.quiet) words.emplace_back("--quiet");
  return words;
}

Words merge_words(const Arguments& arguments) { return {"nines", "merge", arguments.out}; }

std::string line_of(const Words& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + quoted(word);
  return line;
}

std::string submitted(const Arguments& arguments) {
  Words words = arguments.canonical_words();
  words.insert(words.end(), {"-o", arguments.out, "--engine", arguments.submit.engine == SubmitOptions::Engine::slurm ? "slurm" : "kubernetes",
                             "--shards", std::to_string(arguments.submit.shards)});
  if (!arguments.submit.image.empty()) words.insert(words.end(), {"--image", arguments.submit.image});
  return line_of(words);
}

// What the jobs are called: of letters that Kubernetes takes (RFC 1123), and not too long for what it appends.
std::string name_of(const Arguments& arguments) {
  std::string name = "nines-";
  for (const char c : std::filesystem::path(arguments.out).stem().string()) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter)
      name += c;
    else if (c >= 'A' && c <= 'Z')
      name += static_cast<char>(c - 'A' + 'a');
    else if (name.back() != '-')
      name += '-';
  }
  name.resize(std::min<std::size_t>(name.size(), 40));
  while (name.back() == '-') name.pop_back();
  return name;
}

std::string slurm_script(const Arguments& arguments) {
  const std::string name = name_of(arguments), shards = std::to_string(arguments.submit.shards);
  const std::string jobs = std::to_string(std::max(1, arguments.jobs));
  std::string out;
  out += "#!/bin/sh\n";
  out += "# Printed by: " + submitted(arguments) + "\n";
  out += "# Run it with sh, in a folder that all nodes see: it submits " + shards +
         " tasks, and a job that merges what they found once all have succeeded.\n";
  out += "# What your cluster asks for, such as --partition, --account or --time, goes into SBATCH_PARTITION, SBATCH_ACCOUNT, SBATCH_TIMELIMIT.\n";
  out +=
      "# A task whose node was lost is requeued and goes on with its journal. One that fails is not: exit code 3 says that the scenario is "
      "invalid,\n";
  out += "# 6 that time was up. Run this script again to go on with what is not finished.\n";
  out += "set -eu\n";
  out += "tasks=$(sbatch --parsable --job-name=" + name + " --array=0-" + std::to_string(arguments.submit.shards - 1) +
         " --requeue --open-mode=append --ntasks=1 --cpus-per-task=" + jobs + " <<'TASK'\n";
  out += "#!/bin/sh\n";
  out += "export NINES_SHARDS=" + shards + "   # So that a single task can be submitted again: sbatch --array=3.\n";
  out += "exec " + line_of(sweep_words(arguments)) + " --jobs \"${SLURM_CPUS_PER_TASK:-1}\"\n";
  out += "TASK\n";
  out += ")\n";
  out +=
      "merge=$(sbatch --parsable --job-name=" + name + "-merge --dependency=\"afterok:${tasks%%;*}\" --kill-on-invalid-dep=yes --ntasks=1 <<'MERGE'\n";
  out += "#!/bin/sh\n";
  out += "exec " + line_of(merge_words(arguments)) + " --jobs 1\n";
  out += "MERGE\n";
  out += ")\n";
  out += "echo \"$tasks $merge\"\n";
  return out;
}

// A scalar of JSON is one of YAML.
std::string yaml(const std::string& text) { return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace); }

std::string yaml(const Words& words) {
  std::string list;
  for (const std::string& word : words) list += (list.empty() ? "[" : ", ") + yaml(word);
  return list + ']';
}

// The pods of both jobs, from `template:` on.
std::string pod(const Arguments& arguments, const Words& command, const std::string& jobs, const std::string& variables) {
  Words words = command;
  words.insert(words.end(), {"--jobs", jobs});
  std::string out;
  out += "  template:\n";
  out += "    spec:\n";
  out += "      restartPolicy: Never\n";
  out += "      containers:\n";
  out += "        - name: nines\n";
  out += "          image: " + yaml(arguments.submit.image) + "\n";
  out += "          workingDir: /work\n";
  out += "          command: " + yaml(words) + "\n";
  out += variables;
  out += "          resources: {requests: {cpu: \"" + jobs + "\"}}\n";
  out += "          volumeMounts: [{name: work, mountPath: /work}]\n";
  out += "      volumes: [{name: work, persistentVolumeClaim: {claimName: " + name_of(arguments) + "}}]\n";
  return out;
}

std::string kubernetes_manifest(const Arguments& arguments) {
  const std::string name = name_of(arguments), shards = std::to_string(arguments.submit.shards);
  std::string out;
  out += "# Printed by: " + submitted(arguments) + "\n";
  out += "#\n";
  out += "#   kubectl apply -f THIS\n";
  out += "#   kubectl wait --for=condition=complete --timeout=-1s job/" + name + "\n";
  out += "#   kubectl patch job/" + name + "-merge --type=merge --patch '{\"spec\": {\"suspend\": false}}'\n";
  out += "#\n";
  out +=
      "# For Kubernetes 1.33, where backoffLimitPerIndex and the action FailIndex became stable. Files, the scenario's too where it is not one that "
      "nines\n";
  out += "# brings, are in the volume, which all pods mount as their folder /work.\n";
  out += "apiVersion: v1\n";
  out += "kind: PersistentVolumeClaim\n";
  out += "metadata: {name: " + name + "}\n";
  out += "spec:\n";
  out += "  accessModes: [ReadWriteMany]\n";
  out += "  resources: {requests: {storage: 10Gi}}\n";
  out += "---\n";
  out += "apiVersion: batch/v1\n";
  out += "kind: Job\n";
  out += "metadata: {name: " + name + "}\n";
  out += "spec:\n";
  out += "  completionMode: Indexed\n";
  out += "  completions: " + shards + "\n";
  out += "  parallelism: " + shards + "\n";
  out += "  backoffLimitPerIndex: 6\n";
  out += "  podFailurePolicy:\n";
  out += "    rules:\n";
  out += "      # A pod that was evicted goes on with its journal, as often as it takes.\n";
  out += "      - {action: Ignore, onPodConditions: [{type: DisruptionTarget}]}\n";
  out += "      # 3: the scenario is invalid, and stays so. 2: so does what was typed.\n";
  out += "      - {action: FailIndex, onExitCodes: {containerName: nines, operator: In, values: [2, 3]}}\n";
  out += pod(arguments, sweep_words(arguments), std::to_string(std::max(1, arguments.jobs)),
             "          env: [{name: NINES_SHARDS, value: \"" + shards + "\"}]   # Which of them a pod is, JOB_COMPLETION_INDEX says.\n");
  out += "---\n";
  out += "# Waits for the patch above: a job knows no other that it comes after.\n";
  out += "apiVersion: batch/v1\n";
  out += "kind: Job\n";
  out += "metadata: {name: " + name + "-merge}\n";
  out += "spec:\n";
  out += "  suspend: true\n";
  out += "  backoffLimit: 0   # Its exit code is an answer: 4, an expectation failed.\n";
  out += pod(arguments, merge_words(arguments), "1", "");
  return out;
}

bool lies_in_the_volume(const std::string& path) {
  return !path.starts_with('/') && path != ".." && !path.starts_with("../") && path.find("/../") == std::string::npos;
}

}  // namespace

Exit submit(const Arguments& arguments) {
  const auto setup = set_up_sweep(arguments);  // What is wrong is said here, once, and not by every shard.
  if (!setup) return setup.error();
  if (setup->method == Sweep::Method::adaptive) {
    log_error("an adaptive sweep decides from what all have found: not in shards; on threads, or under mpirun. Shards simulate or solve: --method");
    return Exit::usage;
  }
  if (arguments.submit.engine == SubmitOptions::Engine::slurm) return print(slurm_script(arguments));
  for (const std::string& path : {arguments.operands.front(), arguments.out}) {
    if (lies_in_the_volume(path)) continue;
    log_error("'" + path + "' is not in the volume that the pods mount: give a path relative to its top");
    return Exit::usage;
  }
  return print(kubernetes_manifest(arguments));
}

}  // namespace nines::scenarios
