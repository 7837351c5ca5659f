"""How long nines run takes on every scenario of the library, with the replications that it asks for: at most ten seconds each.

    python3 bench/library.py              # all of them
    python3 bench/library.py camunda-eks  # some

Two workers on two cores of their own. What is bounded is the CPU time by the number of workers, for machines are shared; the wall clock is printed beside it. Ends with 1
where the bound is missed. NINES is the program; build/release/nines by default.
"""
import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
NINES = os.path.abspath(os.environ.get("NINES", os.path.join(HERE, "..", "build", "release", "nines")))
WORKERS = 2
BOUND = 10

names = sys.argv[1:] or [entry["name"] for entry in json.loads(subprocess.check_output([NINES, "list", "--format", "json"]))
                         if entry["kind"] == "scenarios" and not entry["name"].startswith("sweep-")]
missed = []
for name in names:
    began = time.monotonic()
    process = subprocess.Popen([NINES, "run", name, "--jobs", str(WORKERS)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) in (0, 4, 7), name
    each = (usage.ru_utime + usage.ru_stime) / WORKERS
    print(f"{name}: {each:.1f} s of CPU a worker, {time.monotonic() - began:.1f} s of wall clock (at most {BOUND}){'' if each <= BOUND else '  MISSED'}", flush=True)
    if each > BOUND:
        missed.append(name)
print(f"{len(names)} scenarios, {len(missed)} beyond {BOUND} s" + "".join(f"\n  {name}" for name in missed))
sys.exit(1 if missed else 0)
