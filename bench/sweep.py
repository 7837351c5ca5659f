"""How sweeps scale: CPU time a point with one worker and with two, what workers spend beside their work, and memory against the number of points.

    python3 bench/sweep.py                 # 10,000 points solved, 200 simulated, 5 rounds
    python3 bench/sweep.py --rounds 1 --points 1000000    # how much memory a million takes

Rounds are interleaved, medians printed: machines are shared. Ends with 1 where a bound is missed. NINES is the program; build/release/nines by default.
"""
import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
NINES = os.path.abspath(os.environ.get("NINES", os.path.join(HERE, "..", "build", "release", "nines")))

# Rates, durations and prices of one kind of design: what faults cost is measured once.
SOLVED = """apiVersion: nines/v1
kind: Sweep
metadata: {{name: solved, question: "How often may zones and operators fail?"}}
scenario: camunda-three-zones
method: exact
axes:
  faults.zone-outage.rate: {{from: 0.05/year, to: 0.45/year, values: {a}}}
  faults.operator-error.rate: {{from: 0.1/year, to: 0.3/year, values: {b}}}
"""
SIMULATED = """apiVersion: nines/v1
kind: Sweep
metadata: {{name: simulated, question: "How often, how many, how large?"}}
scenario: camunda-three-zones
set: {{simulation.replications: {replications}}}
axes:
  cluster.replication: [1, 3]
  cluster.brokers: [3, 5, 6, 9]
  faults.zone-outage.rate: {{from: 0.1/year, to: 0.9/year, values: 5}}
  cluster.partitions: [1, 3, 6, 9, 12]
"""


def measured(name, text, jobs, folder):
    """One sweep from its file: CPU seconds, wall seconds, largest resident size in MB, and what the program says of its workers."""
    sweep, out = os.path.join(folder, name + ".yaml"), os.path.join(folder, name + ".h5")
    with open(sweep, "w") as file:
        file.write(text)
    with open(os.path.join(folder, "err"), "w+") as err:
        process = subprocess.Popen([NINES, "sweep", sweep, "-o", out, "--jobs", str(jobs)], stdout=subprocess.DEVNULL, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        err.seek(0)
        said = err.read()
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, 4, 7), (code, said[-2000:])
    found = re.search(r"Workers: ([\d,]+) units, .* handed out in ([\d.e-]+) us and written to the journal in ([\d.e-]+) us; ([\d.e-]+) % idle", said)
    size = os.path.getsize(out)
    os.remove(out)
    return {"cpu": usage.ru_utime + usage.ru_stime, "rss": usage.ru_maxrss / 1024, "units": int(found[1].replace(",", "")), "handing": float(found[2]),
            "journal": float(found[3]), "idle": float(found[4]), "size": size / 1e6}


def table(name, text, points, rounds, folder):
    runs = {1: [], 2: []}
    for _ in range(rounds):
        for jobs in (1, 2):
            runs[jobs].append(measured(name, text, jobs, folder))
    middle = lambda jobs, what: statistics.median(run[what] for run in runs[jobs])
    for jobs in (1, 2):
        print(f"{name}: {points:,} points, {jobs} worker{'s' if jobs > 1 else ''}: {1e3 * middle(jobs, 'cpu') / points:.3f} ms of CPU a point, "
              f"{middle(jobs, 'journal'):.2f} us to journal a unit, {middle(jobs, 'rss'):.0f} MB, file {middle(jobs, 'size'):.1f} MB")
        judged(f"{name}: us to hand a unit out", middle(jobs, "handing"), 20)
        judged(f"{name}: % idle", middle(jobs, "idle"), 5)
    judged(f"{name}: CPU time a point of two workers, times that of one", middle(2, "cpu") / middle(1, "cpu"), 1.10)


missed = []


def judged(what, value, most):
    print(f"  {what}: {value:.3f} (at most {most:g}){'' if value <= most else '  MISSED'}")
    if value > most:
        missed.append(what)


parser = argparse.ArgumentParser()
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--points", type=int, default=10_000, help="of the solved sweep; alone where it is another number than 10,000")
parser.add_argument("--replications", type=int, default=30)
arguments = parser.parse_args()
with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
    a = max(1, arguments.points // 100)
    if arguments.points == 10_000:
        table("simulated", SIMULATED.format(replications=arguments.replications), 200, arguments.rounds, folder)
        table("solved", SOLVED.format(a=a, b=100), 100 * a, arguments.rounds, folder)
    else:
        run = measured("solved", SOLVED.format(a=a, b=100), 2, folder)
        print(f"solved: {100 * a:,} points, 2 workers: {1e3 * run['cpu'] / (100 * a):.3f} ms of CPU a point, file {run['size']:.1f} MB")
        judged("solved: MB of memory", run["rss"], 300)
sys.exit(1 if missed else 0)
