"""The notebooks are committed without outputs, run from top to bottom within a time limit, and become plain scripts."""
import glob
import json
import os
import subprocess
import sys
import tempfile
import time

try:
    import ipykernel  # noqa: F401
    import matplotlib  # noqa: F401
    import nbconvert  # noqa: F401
    import nbformat
    import pandas  # noqa: F401
    import xarray  # noqa: F401
    import yaml  # noqa: F401
except ImportError as missing:
    print("skipped:", missing)
    sys.exit(77)

seconds_each = 200
root = os.path.abspath(os.environ.get("NINES_SOURCE_DIR", os.path.join(os.path.dirname(__file__), "../../..")))
notebooks = sorted(glob.glob(os.path.join(root, "analysis/notebooks/*.ipynb")))
# The distribution's Python first: its kernel is the one that has the distribution's modules.
environment = dict(os.environ, NINES_SOURCE_DIR=root, PYDEVD_DISABLE_FILE_VALIDATION="1", PATH="/usr/bin:" + os.environ["PATH"])
failures = []


def check(holds, text):
    if not holds:
        failures.append(text)
        print("FAILED:", text)


def convert(notebook, kind, to, *options):
    return subprocess.run([sys.executable, "-m", "nbconvert", "--to", kind, "--output-dir", to, *options, notebook],
                          env=environment, capture_output=True, text=True, timeout=2 * seconds_each)


def tidy(book):
    """What must hold of a notebook before it runs, as texts of what does not."""
    wrong = []
    for cell in book["cells"]:
        if cell["cell_type"] != "code":
            continue
        if cell["outputs"]:
            wrong.append("cell '%s' has outputs" % cell["id"])
        if cell["execution_count"] is not None:
            wrong.append("cell '%s' has an execution count" % cell["id"])
    if book["cells"][0]["cell_type"] != "markdown" or "?" not in "".join(book["cells"][0]["source"]):
        wrong.append("does not open with its question")
    if "assert " not in "".join(book["cells"][-1]["source"]):
        wrong.append("does not end with what a reader can rely on")
    return wrong


check(len(notebooks) >= 5, "five notebooks are there")
with tempfile.TemporaryDirectory() as scratch:
    for notebook in notebooks:
        name = os.path.basename(notebook)
        with open(notebook, encoding="utf-8") as file:
            text = file.read()
        book = json.loads(text)
        for wrong in tidy(book):
            check(False, "%s: %s" % (name, wrong))
        check(text == nbformat.writes(nbformat.from_dict(book)) + "\n", name + ": is laid out as nbformat writes it")
        nbformat.validate(nbformat.from_dict(book))

        began = time.monotonic()
        try:
            ran = convert(notebook, "notebook", scratch, "--execute", "--ExecutePreprocessor.timeout=%d" % seconds_each)
        except subprocess.TimeoutExpired:
            check(False, "%s: did not end within %d s" % (name, 2 * seconds_each))
            continue
        check(ran.returncode == 0, "%s: does not run:\n%s" % (name, ran.stderr[-4000:]))
        print("%s: %.1f s" % (name, time.monotonic() - began))
        if ran.returncode == 0:
            with open(os.path.join(scratch, name), encoding="utf-8") as file:
                outputs = [output for cell in json.load(file)["cells"] for output in cell.get("outputs", [])]
            check(any("image/png" in output.get("data", {}) for output in outputs), name + ": draws something")
            check(not any(output.get("name") == "stderr" for output in outputs),
                  name + ": warns: " + "".join("".join(output.get("text", "")) for output in outputs if output.get("name") == "stderr"))

    # Without Jupyter: each is a Python script, too.
    turned = convert(os.path.join(root, "analysis/notebooks/*.ipynb"), "script", scratch)
    check(turned.returncode == 0, "the notebooks become scripts: " + turned.stderr[-2000:])
    scripts = glob.glob(os.path.join(scratch, "*.py"))
    check(len(scripts) == len(notebooks), "each notebook becomes a Python script: %d of %d did" % (len(scripts), len(notebooks)))
    for script in scripts:
        with open(script, encoding="utf-8") as file:
            compile(file.read(), os.path.basename(script), "exec")
    alone = subprocess.run([sys.executable, os.path.join(scratch, "failovers.py")], cwd=scratch, env=dict(environment, MPLBACKEND="agg"),
                           capture_output=True, text=True, timeout=seconds_each)
    check(alone.returncode == 0, "a script runs like its notebook: " + alone.stderr[-2000:])

    # The test itself: outputs and a failing cell are seen.
    planted = json.loads(text)
    planted["cells"][-1]["outputs"] = [{"name": "stdout", "output_type": "stream", "text": "1"}]
    planted["cells"][-1]["execution_count"] = 1
    check(len(tidy(planted)) == 2, "outputs and execution counts are found")
    broken = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("assert 1 == 2", id="broken")], metadata=book["metadata"])
    nbformat.write(broken, os.path.join(scratch, "broken.ipynb"))
    check(convert(os.path.join(scratch, "broken.ipynb"), "notebook", scratch, "--execute", "--output", "ran").returncode != 0, "an assertion that fails fails the test")

sys.exit(1 if failures else 0)
