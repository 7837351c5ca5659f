# Opens a run's file as a notebook would, with every engine there is, and asserts what notebooks rely on.
# Usage: opens.py RUN.h5 REPLICATIONS OUTAGES. Ends with 77 (skipped) when the modules are not installed.
import sys

try:
    import h5netcdf, h5py, netCDF4, numpy, xarray
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)


def check_root(run, replications, outages):
    sizes = {"replication": replications, "cluster": 2, "partition": 4, "zone": 3, "mode": 3}
    assert {name: size for name, size in run.dims.items() if name != "metric"} == sizes, run.dims
    assert list(run.cluster.values) == ["orders", "billing"], run.cluster
    assert list(run.zone.values) == ["r/a", "r/b", "r/c"], run.zone
    assert list(run.mode.values) == ["broker-crash", "zone-outage", "unattributed"], run.mode
    assert list(run.partition.values) == [0, 1, 2, 3] and run.partition.dtype == "int32"
    assert list(run.replication.values) == list(range(replications)) and run.replication.dtype == "int64"
    assert list(run.partition_name.values) == ["orders/1", "orders/2", "billing/1", "billing/2"]
    shapes = {
        "downtime_s": ("replication", "cluster"),
        "total_downtime_s": ("replication", "cluster"),
        "downtime_beside_quorum_loss_s": ("replication", "cluster"),
        "downtime_by_mode_s": ("replication", "cluster", "mode"),
        "partition_downtime_s": ("replication", "partition"),
        "quorum_loss_s": ("replication", "partition"),
        "client_downtime_s": ("replication", "cluster", "zone"),
    }
    for name, dims in shapes.items():
        variable = run[name]
        assert variable.dims == dims, (name, variable.dims)
        assert variable.dtype == "float64", (name, variable.dtype)
        assert variable.attrs["units"] == "s" and variable.attrs["long_name"], variable.attrs
    assert run.failovers.dtype == "int32" and run.failovers.dims == ("replication", "partition")
    assert run.history.dtype == "uint64", run.history.dtype

    assert run.attrs["Conventions"] == "CF-1.10"
    assert run.attrs["scenario"] == "three-zones"
    assert run.attrs["scenario_text"].startswith("# Wie verfügbar?") and len(run.attrs["scenario_text"]) > 100_000
    assert int(run.attrs["seed"]) == 2**64 - 1, run.attrs["seed"]
    assert int(run.attrs["replications"]) == replications

    if replications:
        metric = run.sel(metric="orders.uptime.all")
        assert 0 < float(metric.low) < 1
        assert str(metric.unit.values) == "1" and str(metric.method.values)
        assert float(metric.band_low) == 0.9 and float(metric.band_high) == 0.99999, (metric.band_low, metric.band_high)
        assert numpy.isnan(run.sel(metric="orders.uptime.any").band_low)  # Nobody followed the ranges there.
        uptimes = ["uptime" in str(name) for name in run.metric.values]
        for limit in (run.value, run.low, run.high):  # What was never seen is missing or a bound: neither perfect nor infinite.
            assert not numpy.any(limit.values[uptimes] >= 1) and not numpy.any(numpy.isinf(limit.values)), limit
        if outages == 0:  # A metric without a value is missing, not zero.
            assert numpy.isnan(metric.value) and numpy.isnan(metric.high)


def check_outages(table, outages, modes):
    assert dict(table.dims) == {"outage": outages} and not table.coords, table
    types = {name: str(table[name].dtype) for name in table}
    assert types == {"replication": "int64", "partition": "int32", "start": "float64", "end": "float64", "phase": "int8", "mode": "int16"}, types
    assert table.start.attrs["units"] == "s"
    assert table.phase.attrs["flag_meanings"].split() == ["election", "quorum", "recovery", "pause", "access"]
    assert list(table.phase.attrs["flag_values"]) == [0, 1, 2, 3, 4] and table.phase.attrs["flag_values"].dtype == "int8"
    assert table["mode"].attrs["flag_meanings"].split() == modes


def check_contents(run, frame):
    frame["length"] = frame.end - frame.start
    # Two roads to one number: every outage, and the sums per replication.
    sums = frame.groupby(["replication", "partition"]).length.sum()
    downtime = run.partition_downtime_s.values
    for (replication, partition), length in sums.items():
        assert abs(downtime[replication, partition] - length) < 1e-6, (replication, partition)
    assert abs(float(run.downtime_by_mode_s.sum()) - float(run.downtime_s.sum())) < 1e-6
    # What the test wrote in replication 1 (run_file_test.cpp).
    first = frame[frame.replication == 1].iloc[0]
    assert (first.partition, first.start, first.end, first.phase, first["mode"]) == (0, 10, 30, 0, 0), first
    assert float(run.downtime_s.sel(cluster="orders")[1]) == 40
    assert float(run.total_downtime_s.sel(cluster="orders")[1]) == 10
    assert float(run.downtime_by_mode_s.sel(cluster="orders", mode="broker-crash")[1]) == 40
    assert float(run.downtime_by_mode_s.sel(cluster="billing", mode="unattributed")[1]) == 60
    assert float(run.quorum_loss_s[1, 3]) == 60
    assert int(run.failovers[1, 0]) == 2
    assert float(run.client_downtime_s.sel(cluster="orders", zone="r/b")[1]) == 15
    assert int(run.history[1]) == 0xFEDCBA9876543210
    assert int(run.faults[1]) == 5


# The groups beside the outages, as run_file_test.cpp fills them in replication 1.
def check_events(open_group, modes, eventful):
    losses, failovers, changes = (open_group(name) for name in ("quorum_losses", "failover_events", "broker_events"))
    assert dict(losses.dims) == {"quorum_loss": eventful} and dict(failovers.dims) == {"failover": 2 * eventful} and dict(changes.dims) == {"event": 2 * eventful}
    assert losses["mode"].attrs["flag_meanings"].split() == modes and failovers["mode"].attrs["flag_meanings"].split() == modes
    assert changes.what.attrs["flag_meanings"].split() == ["stopped", "started", "paused", "resumed"]
    for variable in (losses.start, losses.end, failovers.start, failovers.duration, changes["at"]):
        assert variable.attrs["units"] == "s" and variable.dtype == "float64", variable
    if eventful:
        rows = lambda group, columns: [tuple(row) for row in group.to_dataframe()[group.replication.to_series() == 1][columns].values.tolist()]
        assert rows(losses, ["partition", "start", "end", "mode"]) == [(3, 100, 160, 1)]
        assert rows(failovers, ["partition", "start", "duration", "mode"]) == [(0, 10, 5, 0), (0, 20, 5, 0)]
        assert rows(changes, ["broker", "at", "what"]) == [(2, 10, 0), (2, 30, 1)]
        lost = open_group("data_losses")
        assert rows(lost, ["partition", "at", "entries", "mode"]) == [(3, 160, 12, 1)] and lost.entries.dtype == "int64"


path, replications, outages = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for engine in (None, "netcdf4", "h5netcdf"):
    run = xarray.open_dataset(path, engine=engine)
    check_root(run, replications, outages)
    table = xarray.open_dataset(path, group="outages", engine=engine)
    check_outages(table, outages, list(run.mode.values))
    check_events(lambda group: xarray.open_dataset(path, group=group, engine=engine), list(run.mode.values), outages // 3)
    if outages:
        check_contents(run, table.to_dataframe())
