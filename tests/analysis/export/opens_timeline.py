# Opens an incident's file as a notebook would, with every engine there is, and asserts what notebooks rely on: what timeline_file_test.cpp wrote.
# Usage: opens_timeline.py INCIDENT.h5. Ends with 77 (skipped) when the modules are not installed.
import sys

try:
    import h5netcdf, h5py, netCDF4, numpy, xarray
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

for engine in (None, "netcdf4", "h5netcdf"):
    incident = xarray.open_dataset(sys.argv[1], engine=engine)
    assert dict(incident.dims) == {"time": 3, "partition": 2, "reason": 4, "station": 2}, incident.dims
    assert list(incident.time.values) == [0, 1, 1.1] and incident.time.dtype == "float64" and incident.time.attrs["units"] == "s"
    assert list(incident.time_end.values) == [1, 1.1, 2]
    assert list(incident.partition.values) == [0, 1]
    assert list(incident.reason.values) == ["request limit", "write limit", "disk full", "no leader"], incident.reason
    assert list(incident.station.values) == ["CPU of node-0", "thread of partition 2"], incident.station
    for name in ("offered", "accepted", "completed", "failed", "timed_out", "in_flight", "export_backlog"):
        assert incident[name].dims == ("time",) and incident[name].dtype == "int64", (name, incident[name])
        assert incident[name].attrs["units"] == "1" and incident[name].attrs["long_name"], name
    for name in ("latency_p50", "latency_p90", "latency_p99", "latency_max"):
        assert incident[name].dtype == "float64" and incident[name].attrs["units"] == "s", name
        assert list(numpy.isnan(incident[name].values)) == [False, True, False], name  # Nothing was completed: missing, not zero.
    assert list(incident.offered.values) == [10, 20, 30] and list(incident.completed.values) == [9, 0, 9]
    assert float(incident.latency_p99[2]) == 0.03
    assert incident.rejected.dims == ("time", "reason")
    assert list(incident.rejected.sel(reason="no leader").values) == [0, 2, 4]
    assert incident.leader.dims == ("time", "partition") and incident.leader.dtype == "int16"
    assert incident.leader.values.tolist() == [[0, 1], [0, -1], [0, 1]]
    assert incident.partition_completed.values.tolist() == [[5, 4]] * 3
    assert float(incident.utilisation.sel(station="CPU of node-0")) == 0.5
    assert numpy.isnan(incident.mean_sojourn.sel(station="thread of partition 2"))
    assert list(incident.decides.values) == [1, 0]
    assert incident.attrs["Conventions"] == "CF-1.10" and int(incident.attrs["seed"]) == 7
    assert incident.attrs["scenario"] == "three-zones" and int(incident.attrs["offered_in_all"]) == 60
