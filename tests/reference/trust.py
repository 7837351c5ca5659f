#!/usr/bin/env python3
"""The table of models/raft/README.md from what tests recorded (trust.hpp): trust.py SOURCES JSON... [--write]. Exits with 1 where the README says otherwise."""
import collections, json, os, re, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../real/etcd"))
sys.dont_write_bytecode = True
import compare

MARKS = "<!-- trust_test.sh -->\n", "\n<!-- end -->"
HEADER = ["what is known", "source", "cases", "worst deviation", "its bound", "verdict"]


def records(path):
    """Fields of every record, by the names of the tests: their order in a program follows from how it was compiled."""
    with open(path) as f:
        for suite in sorted(json.load(f)["testsuites"], key=lambda suite: suite["name"]):
            for test in sorted(suite["testsuite"], key=lambda test: test["name"]):
                if "trust" in test:
                    yield test["trust"].split("|")


def live_trials(sources):
    """From the tables that tests/real/etcd/recorded_test.sh holds to what is simulated now: time to the next leader and outage, all configurations."""
    with open(f"{sources}/tests/real/etcd/recorded/README.md") as f:
        rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in f if re.match(r"\| n\d", line)]
    judged = [row for row in rows if row[-1] in ("agree", "DIFFER")]
    leaders, outages = judged[: len(judged) // 2], judged[len(judged) // 2 :]
    assert judged and [row[0] for row in leaders] == [row[0] for row in outages], "not the tables that compare.py prints"
    worst, bounds, beyond = [], [], []
    for quantity, table in ("time to the next leader", leaders), ("outage", outages):
        furthest = max(table, key=lambda row: float(row[7]) / float(row[8]))
        worst.append(f"{quantity}, KS distance: {furthest[7]} ({furthest[0]})")
        bounds.append(furthest[8])
        beyond += [f"{quantity} at {row[0]}" for row in table if row[-1] == "DIFFER"]
    furthest = max((row for row in judged if int(row[1].split("/")[0]) >= compare.FEW), key=lambda row: abs(float(row[6].split()[0])))
    worst.append(f"medians: {abs(float(furthest[6].split()[0])):.1f} % ({furthest[0]})")
    bounds.append("10.0 %")
    trials = sum(int(row[1].split("/")[0]) for row in leaders)
    return ["Failovers of a live etcd 3.4 cluster with delays, seen by its client", "`tests/real/etcd/recorded`", f"{trials} trials in {len(leaders)} configurations",
            "; ".join(worst), "; ".join(bounds), "; ".join(beyond)]


def sums(texts):
    """'40 crashes' and '80 crashes' are '120 crashes'; what is no number and noun stands for itself."""
    counts, rest = collections.Counter(), []
    for text in texts:
        number, _, noun = text.partition(" ")
        if re.fullmatch(r"\d+", number):
            counts[noun] += int(number)
        elif text and text not in rest:
            rest.append(text)
    return "; ".join([f"{n} {noun}" for noun, n in counts.items()] + rest)


def table(all_records, kept):
    """`kept`: the lines of the README, for those that could not be measured here."""
    lines = {}
    for fields in all_records:
        lines.setdefault(fields[0], []).append(fields)
    rows = [f"| {' | '.join(HEADER)} |", "|---" * len(HEADER) + "|"]
    for name, parts in lines.items():
        measured = [part for part in parts if len(part) == 6]
        if len(measured) < len(parts):
            old = [line for line in kept if line.startswith(f"| {name} |")]
            rows += old or sys.exit(f"the table has no line '{name}', and what it takes to measure it is not here")
            continue
        cases, worst, bound, beyond = (sums([part[i] for part in measured]) for i in range(2, 6))
        rows.append(f"| {' | '.join([name, measured[0][1], cases, worst, bound, 'differs: ' + beyond if beyond else 'agrees'])} |")
    return "\n".join(rows)


def main():
    sources, *files = [argument for argument in sys.argv[1:] if argument != "--write"]
    readme = f"{sources}/models/raft/README.md"
    with open(readme) as f:
        text = f.read()
    begin, end = text.index(MARKS[0]) + len(MARKS[0]), text.index(MARKS[1])
    found = [record for path in files[:1] for record in records(path)] + [live_trials(sources)] + [record for path in files[1:] for record in records(path)]
    now = table(found, text[begin:end].splitlines())
    print(now)
    if "--write" in sys.argv:
        with open(readme, "w") as f:
            f.write(text[:begin] + now + text[end:])
    elif text[begin:end] != now:
        sys.exit("models/raft/README.md has another table; to write it anew: sh tests/reference/trust_test.sh --write")


main()
