# Opens a sweep's file as a notebook would, with every engine there is, and as the tools of netCDF and HDF5 do.
# Usage: opens_sweep.py SWEEP.h5, as sweep_file_test.cpp writes it. Ends with 77 (skipped) when the modules or the tools are not installed.
import shutil
import subprocess
import sys

try:
    import h5netcdf, netCDF4, numpy, pandas, xarray
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

AXIS, RTT = "cluster.replication", "topology.distances.r:a-r:b.rtt"


def check_coordinates(sweep):
    assert dict(sweep.dims) == {AXIS: 3, RTT: 2, "machine": 2}, sweep.dims
    assert list(sweep[AXIS].values) == [1, 3, 5] and sweep[AXIS].dtype == "int64" and sweep[AXIS].attrs["units"] == "1"
    assert list(sweep[RTT].values) == [0.0005, 0.002] and sweep[RTT].dtype == "float64"
    assert sweep[RTT].attrs["units"] == "s" and sweep[RTT].attrs["long_name"] == "round trip"
    assert sweep[RTT].attrs["axis_path"] == "topology.distances.r/a-r/b.rtt"
    assert list(sweep["machine"].values) == ["small", "large"]
    coordinates = {RTT + ".label": ["500us", "2ms"], "topology.nodePools.brokers.type": ["m6i.xlarge", "m6i.4xlarge"], "topology.nodePools.brokers.nodes": [3, 6]}
    for name, values in coordinates.items():
        assert name in sweep.coords and list(sweep[name].values) == values, name
    assert set(sweep.coords) == {AXIS, RTT, "machine"} | set(coordinates), sweep.coords
    assert AXIS + ".label" not in sweep  # The labels say no more than the numbers.


def check_variables(sweep):
    expected = {"included", "replications", "expectations"}
    for name in ("uptime.all", "failover.p99", "client.r:a.uptime", "cost.month.USD:month", "cost.month.EUR:month"):
        expected |= {name, name + ".low", name + ".high"}
    expected |= {"uptime.all.band_low", "uptime.all.band_high"}  # Only one point has a band.
    assert set(sweep.data_vars) == expected, set(sweep.data_vars) ^ expected
    for name in sweep.data_vars:
        assert sweep[name].dims == (AXIS, RTT, "machine"), name
    uptime = sweep["uptime.all"]
    assert uptime.attrs["units"] == "1" and uptime.attrs["method"] == "gamma interval" and uptime.attrs["metric"] == "uptime.all", uptime.attrs
    assert uptime.attrs["long_name"] == "share of time in which every partition is writable"
    assert "method" not in sweep["failover.p99"].attrs  # It differs from point to point.
    assert sweep["client.r:a.uptime"].attrs["metric"] == "client.r/a.uptime"
    assert sweep["cost.month.EUR:month"].attrs["units"] == "EUR/month" and sweep["cost.month.EUR:month"].attrs["metric"] == "cost.month"
    assert sweep["expectations"].dtype == "int8" and sweep["included"].dtype == "int8" and sweep["replications"].dtype == "int64"
    assert sweep["expectations"].attrs["flag_meanings"].split() == ["none", "passed", "failed", "undecided"]
    assert list(sweep["expectations"].attrs["flag_values"]) == [0, 1, 2, 3]


def check_values(sweep):
    point = lambda p: sweep.isel({AXIS: p // 4, RTT: p // 2 % 2, "machine": p % 2})
    for p in range(12):
        here = point(p)
        out = p == 4
        assert int(here["included"]) == (0 if out else 1)
        assert int(here["replications"]) == (0 if out else 100 + p)
        assert int(here["expectations"]) == (0 if out else p % 4)
        for name, value in {"uptime.all": 0.9, "uptime.all.low": 0.8, "uptime.all.high": 0.95}.items():
            assert numpy.isnan(here[name]) if out else float(here[name]) == value + p / 1000, (p, name)
        assert numpy.isnan(here["failover.p99"]) and (float(here["failover.p99.high"]) == 7 + p if p < 6 and not out else numpy.isnan(here["failover.p99.high"]))
        assert numpy.isnan(here["cost.month.USD:month"]) == (out or p >= 10) and numpy.isnan(here["cost.month.EUR:month"]) == (p < 10)
        assert (float(here["uptime.all.band_low"]) == 0.5) if p == 7 else numpy.isnan(here["uptime.all.band_low"])
    chosen = sweep["uptime.all"].sel({AXIS: 3, RTT: 0.002, "machine": "large"})  # Point 1 * 4 + 1 * 2 + 1.
    assert float(chosen) == 0.9 + 7 / 1000, chosen
    assert str(chosen["topology.nodePools.brokers.type"].values) == "m6i.4xlarge"
    frame = sweep.to_dataframe()
    assert frame.shape[0] == 12 and frame.loc[(3, 0.002, "large"), "uptime.all"] == 0.9 + 7 / 1000, frame
    assert isinstance(frame.index, pandas.MultiIndex)
    best = sweep["uptime.all"].where(sweep["included"] == 1).max(AXIS)
    assert best.dims == (RTT, "machine") and float(best.sel({RTT: 0.0005, "machine": "small"})) == 0.9 + 8 / 1000


def check_attributes(sweep):
    assert sweep.attrs["Conventions"] == "CF-1.10" and sweep.attrs["title"] == "How many replicas?"
    assert sweep.attrs["scenario_text"].startswith("# Wie verfügbar?") and len(sweep.attrs["scenario_text"]) > 100_000
    assert sweep.attrs["sweep_text"] == "axes: {cluster.replication: [1, 3, 5]}"
    assert int(sweep.attrs["seed"]) == 2**64 - 1 and sweep.attrs["fingerprint"] == "fedcba9876543210"
    assert int(sweep.attrs["points"]) == 12 and int(sweep.attrs["points_included"]) == 11
    assert sweep.attrs["command"] == "nines sweep three-zones.yaml" and sweep.attrs["stop_reason"] == "all 12 points done"


path = sys.argv[1]
for engine in (None, "netcdf4", "h5netcdf"):
    with xarray.open_dataset(path, engine=engine) as sweep:
        check_coordinates(sweep)
        check_variables(sweep)
        check_values(sweep)
        check_attributes(sweep)

if not shutil.which("ncdump") or not shutil.which("h5dump"):
    print("skipped: ncdump (netcdf-bin) or h5dump (hdf5-tools) is missing")
    sys.exit(77)
header = subprocess.run(["ncdump", "-h", path], check=True, capture_output=True, text=True).stdout
assert "cluster.replication = 3 ;" in header and "double uptime.all(cluster.replication, " in header, header[:3000]
assert "phony_dim" not in header
dump = subprocess.run(["h5dump", "-H", path], check=True, capture_output=True, text=True).stdout
assert 'DATASET "uptime.all.high"' in dump and 'DATASET "client.r:a.uptime"' in dump, dump[:3000]
