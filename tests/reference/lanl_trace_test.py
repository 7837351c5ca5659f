# A run over a recorded history reproduces that history's own availability, node by node, to the nanosecond.
# Public log: 23 systems of Los Alamos National Laboratory, 1996-2005 (Schroeder and Gibson, DSN 2006); NINES_LANL_LOG is its path. Each system
# becomes a cluster in which every node holds one partition without copies, so that a partition has no quorum exactly while its node is down.
# The bookkeeping below shares nothing with the program: csv, strptime, one pass over sorted intervals.
import csv
import datetime
import os
import subprocess
import sys
import tempfile

LOG = os.environ.get("NINES_LANL_LOG", "")
START, END = "Prob Started (mm/dd/yy hh:mm)", "Prob Fixed (mm/dd/yy hh:mm)"
SYSTEMS = ["2", "12", "16", "18", "19", "20", "23"]  # The largest, and those with the longest logs.
YEAR_S = 31557600
SCENARIO = """apiVersion: nines/v1
kind: Scenario
metadata: {{name: lanl-{system}}}
catalogs: {{faults: none}}
topology:
  regions: [{{name: los-alamos, zones: [a]}}]
  nodePools: {{nodes: {{zones: los-alamos/*, nodes: {nodes}}}}}
cluster: {{profile: raft-paper, brokers: {nodes}, partitions: {nodes}, replication: 1, spread: node, load: none}}
faults:
  trace:
    file: {log}
    elements: in-order
    where: {{System: {system}}}
    columns: {{start: "{start}", end: "{end}", element: nodenum, timeFormat: "%m/%d/%Y %H:%M"}}
simulation: {{years: {years}, replications: 1}}
"""


def minutes(text):
    """Minutes of the proleptic calendar: the log knows no seconds."""
    at = datetime.datetime.strptime(text, "%m/%d/%Y %H:%M")
    return at.toordinal() * 1440 + at.hour * 60 + at.minute


def downtime_s(intervals, begin, horizon):
    """Seconds in which at least one interval holds, cut off at the horizon."""
    total, reached = 0, begin
    for start, end in sorted(intervals):
        start, end = max(start, reached), min(end, begin + horizon)
        if end > start:
            total += end - start
            reached = end
    return total * 60


def main():
    if not LOG:
        print("skipped: NINES_LANL_LOG is not set")
        return 77
    try:
        import h5py
    except ImportError:
        print("skipped: no h5py")
        return 77
    with open(LOG, newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = 0
    for system in SYSTEMS:
        nodes = {}  # In the order of the file.
        for row in rows:
            if row["System"] == system:
                nodes.setdefault(row["nodenum"], []).append((minutes(row[START]), minutes(row[END])))
        begin = min(start for intervals in nodes.values() for start, _ in intervals)
        last = max(end for intervals in nodes.values() for _, end in intervals)
        tenths = (last - begin) * 60 * 10 // YEAR_S
        horizon = tenths * YEAR_S // 10 // 60  # Minutes: a tenth of a year is a whole number of them.
        assert horizon * 600 == tenths * YEAR_S
        expected = [downtime_s(intervals, begin, horizon) for intervals in nodes.values()]
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "scenario.yaml")
            # A relative path is one from the scenario's folder.
            log = os.path.relpath(LOG, folder)
            with open(path, "w") as file:
                file.write(SCENARIO.format(system=system, nodes=len(nodes), log=log, start=START, end=END, years=tenths / 10))
            out = os.path.join(folder, "run.h5")
            subprocess.run([os.environ["NINES"], "run", path, "-o", out, "--quiet"], check=True, stdout=subprocess.DEVNULL, timeout=300)
            with h5py.File(out) as run:
                simulated_ns = [round(float(x) * 1e9) for x in run["quorum_loss_s"][0]]
        differ = sum(a != b * 10**9 for a, b in zip(simulated_ns, expected))
        wrong += differ + (len(simulated_ns) != len(expected))
        share = sum(expected) / (len(expected) * tenths * YEAR_S / 10)
        print(f"system {system}: {len(nodes)} nodes, {tenths / 10} years, down {share:.10f} of the time; nodes that differ: {differ}")
    return 1 if wrong else 0


sys.exit(main())
