#!/usr/bin/python3
"""The commands of the example workflows, run as they stand in a repository of git: a harmless change passes, a worse architecture fails with 5."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

try:
    import yaml
except ImportError:
    print("skipped: no PyYAML")
    sys.exit(77)
if not shutil.which("git"):
    print("skipped: no git")
    sys.exit(77)

source = pathlib.Path(os.environ["NINES_SOURCE_DIR"])
nines = pathlib.Path(os.environ["NINES"])
ci = source / "scenarios/ci"

SCENARIO = """\
apiVersion: nines/v1
kind: Scenario
metadata: {name: cluster}
catalogs: {prices: aws, faults: none}
topology:
  regions: [{name: us-east-1, zones: [a, b, c]}]
  nodePools: {pool: {zones: us-east-1/*, nodes: 3, type: m6i.large, disk: {type: gp3, size: 10Gi}}}
cluster:
  profile: zeebe-8.9
  nodePool: pool
  brokers: 3
  partitions: 3
  replication: 3
  load: {appends: 10/s}
faults:
  node-loss: {scope: node, effect: stop, rate: 3/year, duration: {exponential: {mean: 1h}}}
simulation: {years: 1, replications: 60}
expect:
  - uptime.all >= 99%
"""


def commands(name):
    """Scripts by step, without what installs the program."""
    document = yaml.safe_load((ci / name).read_text())
    if "jobs" in document:
        steps = [step["run"] for step in document["jobs"]["nines"]["steps"] if "run" in step]
    else:
        steps = document["nines"]["script"]
    return [step for step in steps if "apt-get" not in step]


def git(folder, *words):
    subprocess.run(["git", "-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main", *words],
                   cwd=folder, check=True, capture_output=True)


def play(name, change):
    """The workflow on a branch with that change: exit code of the first step that fails, what was said, and the folder's reports."""
    with tempfile.TemporaryDirectory() as scratch:
        origin, work = pathlib.Path(scratch, "origin"), pathlib.Path(scratch, "work")
        (origin / "architecture").mkdir(parents=True)
        (origin / "architecture/cluster.yaml").write_text(SCENARIO)
        git(origin, "init", "-q", ".")
        git(origin, "add", ".")
        git(origin, "commit", "-qm", "An architecture.")
        git(scratch, "clone", "-q", str(origin), str(work))
        git(work, "checkout", "-qb", "change")
        before = (work / "architecture/cluster.yaml").read_text()
        assert change[0] in before
        (work / "architecture/cluster.yaml").write_text(before.replace(*change))
        git(work, "commit", "-qam", "A change.")
        # The build's own folder may hold more than the program.
        bin_folder = pathlib.Path(scratch, "bin")
        bin_folder.mkdir()
        (bin_folder / "nines").symlink_to(nines)
        environment = dict(os.environ, PATH=f"{bin_folder}:{os.environ['PATH']}", GITHUB_STEP_SUMMARY=str(work / "summary.md"))
        code, said = 0, ""
        for step in commands(name):
            # Hosted machines have more time than a test.
            done = subprocess.run(["bash", "-e", "-c", step.replace("5min", "20s")], cwd=work, env=environment, capture_output=True, text=True, timeout=300)
            said += done.stdout + done.stderr
            if done.returncode != 0:
                code = done.returncode
                break
        reports = {path.name: path.read_text() for path in work.glob("nines*.xml")}
        summary = (work / "summary.md").read_text() if (work / "summary.md").exists() else ""
        return code, said, reports, summary


def check(name, change, want):
    code, said, reports, summary = play(name, change)
    assert code == want, f"{name}: exit code {code} instead of {want}\n{said}"
    for report in reports.values():
        ElementTree.fromstring(report)
    return said, reports, summary


HARMLESS = ("simulation: {years: 1, replications: 60}", "simulation: {years: 1, replications: 60}   # As before.")
WORSE = ("replication: 3", "replication: 1")
BROKEN_PROMISE = ("uptime.all >= 99%", "uptime.all >= 99.99999%")

for name in ("github-actions.yml", "gitlab-ci.yml"):
    assert len(commands(name)) >= 3, name
    said, reports, summary = check(name, HARMLESS, 0)
    assert set(reports) == {"nines.xml", "nines-gate.xml"}, reports
    said, reports, summary = check(name, WORSE, 5)
    failed = [case.get("name") for case in ElementTree.fromstring(reports["nines-gate.xml"]).iter("testcase") if case.find("failure") is not None]
    assert any(case.startswith("downtime.minutes_per_year") for case in failed), failed
    assert "replication: 3 -&gt; 1" in reports["nines-gate.xml"]
    if name.startswith("github"):
        assert "::error file=architecture/cluster.yaml,line=13," in said, said
        assert "## cluster" in summary and "What must not get worse" in summary, summary
    check(name, BROKEN_PROMISE, 4)
print("the workflows do what they say")
