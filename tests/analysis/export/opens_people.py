# Opens a run's file and asserts what run_file_test.cpp wrote of procedures, restorations and missing capabilities.
# Usage: opens_people.py RUN.h5. Ends with 77 (skipped) when the modules are not installed.
import sys

try:
    import numpy, xarray
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

for engine in ("netcdf4", "h5netcdf"):
    opened = lambda group: xarray.open_dataset(sys.argv[1], group=group, engine=engine)
    steps = opened("procedures")
    assert dict(steps.dims) == {"procedure": 1}, steps
    row = {name: steps[name].values[0] for name in steps}
    assert (row["replication"], row["cluster"], row["mode"], row["region"]) == (1, 0, 1, 0), row
    assert [row[name] for name in ("lost", "detected", "decided", "forced", "writable", "lost_entries", "lost_time_s")] == [100, 130, 150, 160, 170, 7, 2], row
    assert all(numpy.isnan(row[name]) for name in ("rerouted", "stood_down", "returned", "rejoined", "whole")), row
    assert steps.cluster.attrs["flag_meanings"].split() == ["orders", "billing"] and steps.detected.attrs["units"] == "s"
    backs = opened("restorations")
    assert dict(backs.dims) == {"restoration": 2} and list(backs.cluster.values) == [1, 1]
    assert (float(backs.backup[0]), float(backs.lost[0]), float(backs.detected[0])) == (-50, 500, 530) and numpy.isnan(backs.restored[0])
    missed = opened("capability_outages")
    row = {name: missed[name].values[0] for name in missed}
    assert (row["replication"], row["capability"], row["start"], row["end"], row["mean_s"]) == (1, 1, 10, 30, 5), row
    assert missed["mode"].attrs["flag_meanings"].split()[row["mode"]] == "component-crash", row
    assert missed.capability.attrs["flag_meanings"].split() == ["orders.start", "orders.log-in"], missed.capability.attrs
    assert missed.mean_s.attrs["units"] == "s"
