"""What an adaptive sweep spares: on the library's sweeps, the front of cost against downtime that all replications of all points find, and the one that
`--method adaptive` finds with a part of them. Ends with 1 where the fronts differ in a point that all replications tell apart from its strongest rival,
or where more than a fifth of the replications was spent.

    python3 bench/budget.py [--replications N] [SWEEP...]

NINES is the program; build/release/nines by default. Fewer replications than the sweeps say are for those whose points are dear.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
NINES = os.path.abspath(os.environ.get("NINES", os.path.join(HERE, "..", "build", "release", "nines")))


def rows(sweep, method, folder, replications):
    more = ["--replications", str(replications)] if replications else []
    out = os.path.join(folder, method + ".jsonl")
    began = time.monotonic()
    code = subprocess.run([NINES, "sweep", sweep, "--method", method, "-o", out, "-q", *more], stdout=subprocess.DEVNULL).returncode
    assert code in (0, 4, 7), code
    with open(out) as file:
        found = {row["point"]: row for row in map(json.loads, file)}
    return found, time.monotonic() - began


def figures(row):
    """Cost and downtime of a point, with the limits of the downtime; the cluster that is down most."""
    downtime = max((metric for name, metric in row["metrics"].items() if name.endswith("downtime.minutes_per_year")), key=lambda metric: metric["value"] or 0)
    cost = row["metrics"].get("cost.month", {}).get("value") or 0
    return cost, downtime["value"] or 0, downtime["low"] or 0, downtime["high"]


def front(points):
    """The points that no other beats: along rising cost, each that is down less than all before."""
    best, on = float("inf"), set()
    for point in sorted(points, key=lambda p: (points[p][0], points[p][1], p)):
        if points[point][1] < best:
            best = points[point][1]
            on.add(point)
    return on


def main():
    missed = False
    parser = argparse.ArgumentParser()
    parser.add_argument("--replications", type=int)
    parser.add_argument("sweeps", nargs="*")
    arguments = parser.parse_args()
    for sweep in arguments.sweeps or ["sweep-camunda-sizes", "sweep-etcd-members", "sweep-zone-outage-rate"]:
        with tempfile.TemporaryDirectory() as folder:
            brute, brute_s = rows(sweep, "simulate", folder, arguments.replications)
            adaptive, adaptive_s = rows(sweep, "adaptive", folder, arguments.replications)
        assert brute.keys() == adaptive.keys()
        all_points = {point: figures(row) for point, row in brute.items()}
        found, wanted = front({point: figures(row) for point, row in adaptive.items()}), front(all_points)
        mistakes = []
        for point in found ^ wanted:
            cost, downtime, low, high = all_points[point]
            rivals = [all_points[other] for other in all_points if other != point and all_points[other][0] <= cost]
            rival = min(rivals, key=lambda one: one[1]) if rivals else None
            if rival is None or low > rival[3] or high < rival[2]:
                mistakes.append(point)
        spent, full = (sum(row["replications"] for row in one.values()) for one in (adaptive, brute))
        print(f"{sweep}: {len(brute)} points; front of {len(wanted)} points with {full:,} replications ({brute_s:.0f} s), of {len(found)} with {spent:,} "
              f"({adaptive_s:.0f} s), {100 * spent / full:.1f} % of them; {len(found ^ wanted)} points differ, {len(mistakes)} of them told apart by all replications")
        missed = missed or bool(mistakes) or spent > full / 5
    return 1 if missed else 0


sys.exit(main())
