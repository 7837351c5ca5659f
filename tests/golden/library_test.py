"""What nines run says of every scenario of the library: the summary as text, in tests/golden/library.txt, and that nothing of it hangs in the air.

Few replications, so that a change of the model shows here in seconds; how long the whole runs take is measured by bench/library.py.
NINES_GOLDEN=1 writes the file anew.
"""
import json
import os
import re
import subprocess
import sys

NINES = os.environ["NINES"]
GOLDEN = os.path.join(os.environ["NINES_SOURCE_DIR"], "tests", "golden", "library.txt")
REPLICATIONS = "4"


def nines(*arguments):
    done = subprocess.run([NINES, *arguments], capture_output=True, text=True, timeout=600, env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200"})
    assert done.returncode in (0, 4, 7), (arguments, done.returncode, done.stderr[-2000:])  # Expectations may fail with so few.
    return done.stdout


def summary_of(text):
    """The head, what downtime comes from first, expectations, and the last line but for the time it took."""
    blocks = text.rstrip().split("\n\n")
    why = next((block.split("\n") for block in blocks if block.startswith("Why: downtime")), [])
    causes = [re.sub(" +[█▏▎▍▌▋▊▉]+ +", "  ", line) for line in why[1:4] if not line.startswith("  without")]
    expectations = [block for block in blocks if block.startswith("Expectations")]
    last = re.sub(r" in [\d.]+ m?s;", ";", text.rstrip().split("\n")[-1])
    return "\n".join([blocks[0], blocks[1], *([why[0], *causes] if why else []), *expectations, last])


def check_metrics(name, metrics):
    assert len(metrics) > 20, name
    for metric, told in metrics.items():
        assert told["unit"] and told["method"], (name, metric)
        limits = told["low"] is not None or told["high"] is not None
        reasons = ("exact", "approximation", "no interval", "not available", "no ", "none", "too few", "too many", "a share", "nothing", "bottleneck law", "not solved")
        assert limits or any(reason in told["method"] for reason in reasons), (name, metric, told)


def check_causes(name, metrics):
    shares = [metric for metric in metrics if ".share." in metric and metric.startswith("downtime.") or ".downtime.share." in metric]
    assert len(shares) >= 3, (name, "is told fewer than three causes", shares)


def check_inputs(name, inputs):
    assert len(inputs) > 20, name
    for given in inputs:
        assert given["source"].strip(), (name, given["path"], "has no source, and does not say that it is an assumption")


def main():
    names = [entry["name"] for entry in json.loads(nines("list", "--format", "json")) if entry["kind"] == "scenarios" and not entry["name"].startswith("sweep-")]
    assert len(names) >= 25, names
    told = []
    for name in names:
        told.append(summary_of(nines("run", name, "--replications", REPLICATIONS, "--jobs", "2")))
        metrics = json.loads(nines("run", name, "--replications", REPLICATIONS, "--jobs", "2", "--format", "json"))["metrics"]
        check_metrics(name, metrics)
        check_causes(name, metrics)
        check_inputs(name, json.loads(nines("validate", name, "--explain", "--format", "json")))
    text = "\n\n----\n\n".join(told) + "\n"
    if os.environ.get("NINES_GOLDEN"):
        with open(GOLDEN, "w", encoding="utf-8") as file:
            file.write(text)
    with open(GOLDEN, encoding="utf-8") as file:
        expected = file.read()
    if text == expected:
        print(f"{len(names)} scenarios as in tests/golden/library.txt")
        return 0
    for was, now in zip(expected.split("\n\n----\n\n"), told + [""] * len(expected)):
        if was.rstrip() != now.rstrip():
            print(f"expected:\n{was}\n\nnow:\n{now}\n")
    return 1


sys.exit(main())
