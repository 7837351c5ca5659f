"""A sweep that is killed at random instants, or whose disk is full at random bytes, and resumed: the result has the bytes of one that was left alone,
and no unit that was finished is done again. NINES_KILLS says how many instants of each kind (default: 6)."""
import os
import random
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

NINES = os.environ["NINES"]
KILLS = int(os.environ.get("NINES_KILLS", "6"))
SWEEP = """
apiVersion: nines/v1
kind: Sweep
metadata: {name: killed, question: "Does it resume?"}
scenario: camunda-three-zones
set: {simulation.replications: 75, expect: [uptime.all >= 50%]}
axes:
  cluster.replication: [1, 3]
  faults.zone-outage.rate: [0.15/year, 0.5/year, 2/year]
"""
BLOCK_UNITS = 6 * 3


def units(journal):
    """The keys of all records of a journal's file, in their order."""
    with open(journal, "rb") as file:
        data = file.read()
    at, keys = 16, []
    while at + 32 <= len(data):
        (length,) = struct.unpack_from("<I", data, at)
        if at + 32 + length > len(data):
            break
        keys.append(data[at + 8:at + 32])
        at += 32 + length
    return keys[1:]  # The first says which sweep it is.


def run(out, *more, limit=None):
    def limited():
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    return subprocess.Popen([NINES, "sweep", "sweep.yaml", "-o", out, "--keep-journal", "--jobs", "2", "-q", *more], stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, preexec_fn=limited)


def main():
    with open("sweep.yaml", "w") as file:
        file.write(SWEEP)
    began = time.monotonic()
    process = run("whole.h5")
    assert process.wait() == 0, process.stderr.read()
    took = time.monotonic() - began
    whole = open("whole.h5", "rb").read()
    size = os.path.getsize("whole.h5.journal/main.journal")
    assert len(units("whole.h5.journal/main.journal")) == BLOCK_UNITS
    dice = random.Random(int(os.environ.get("NINES_SEED", "1")))

    def judge(out, what):
        assert open(out, "rb").read() == whole, f"{what}: other bytes"
        keys = units(out + ".journal/main.journal")
        assert len(keys) == len(set(keys)) == BLOCK_UNITS, f"{what}: {len(keys)} units, {len(set(keys))} different"
        leftovers = [name for name in os.listdir(".") if name.startswith(out) and name not in (out, out + ".journal")]
        assert not leftovers, leftovers
        shutil.rmtree(out + ".journal")
        os.remove(out)

    kills = 0
    while kills < KILLS:
        before = 0
        for attempt in range(100):
            process = run("killed.h5", "--resume")
            try:
                process.wait(timeout=dice.uniform(0, took))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
                journal = "killed.h5.journal/main.journal"
                now = len(units(journal)) if os.path.exists(journal) else 0
                assert now >= before, "finished units were lost"
                before = now
                continue
            assert process.returncode == 0, process.stderr.read()
            break
        judge("killed.h5", f"after {kills} kills")

    for _ in range(KILLS):
        limit = dice.randrange(0, size + len(whole) // 2)
        process = run("full.h5", "--resume", limit=limit)
        error = process.communicate()[1].decode()
        journal = "full.h5.journal/main.journal"
        held = len(units(journal)) if os.path.exists(journal) else 0
        assert process.returncode in ((0, 6) if held else (8,)), (process.returncode, held, limit, error)
        if process.returncode != 0:
            assert "cannot write" in error, error
            assert not os.path.exists("full.h5") and not os.path.exists("full.h5.tmp")
        process = run("full.h5", "--resume")
        assert process.wait() == 0, process.stderr.read()
        judge("full.h5", f"a disk full after {limit} bytes")
    print(f"{kills} kills and {KILLS} full disks: the same bytes, and nothing was done twice")


folder = tempfile.mkdtemp()
try:
    os.chdir(folder)
    main()
finally:
    os.chdir("/")
    shutil.rmtree(folder)
