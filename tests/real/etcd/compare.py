#!/usr/bin/env python3
"""Real beside simulated trials, as tables and pictures in the terminal: compare.py REAL SIMULATED [--markdown | --quiet]. Exits with 4 where they differ."""
import argparse, csv, math, os, sys

HERE = os.path.dirname(os.path.abspath(__file__))
# What is judged, and what is shown beside it. The longest put sits on multiples of the client's timeout, where a millisecond is a great distance.
QUANTITIES = [("to_leader_ms", "time to the next leader", True), ("outage_ms", "outage seen by the client", True),
              ("rest_ms", "outage less the time to the next leader, trial by trial", False), ("longest_put_ms", "longest put", False)]


FEW = 30  # Fewer trials do not tell a median to 10 %, so only the distance is judged.


def read(path, column):
    with open(path) as f:
        rows = list(csv.DictReader(f))
    if column == "rest_ms":
        return sorted(float(row["outage_ms"]) - float(row["to_leader_ms"]) for row in rows)
    return sorted(float(row[column]) for row in rows)


def quantile(values, p):
    place = p * (len(values) - 1)
    i = int(place)
    return values[i] + (place - i) * (values[min(i + 1, len(values) - 1)] - values[i])


def distance(a, b):
    """Kolmogorov and Smirnov's: the greatest distance of two empirical distribution functions."""
    greatest, i, j = 0.0, 0, 0
    while i < len(a) and j < len(b):
        x = min(a[i], b[j])
        while i < len(a) and a[i] <= x:
            i += 1
        while j < len(b) and b[j] <= x:
            j += 1
        greatest = max(greatest, abs(i / len(a) - j / len(b)))
    return greatest


def picture(real, simulated, width=64, height=10):
    """Both distribution functions up to where the rarest hundredth begins: r real, s simulated, # both."""
    low, high = min(real[0], simulated[0]), max(quantile(real, 0.99), quantile(simulated, 0.99))
    step = (high - low) / width or 1
    below = lambda values, x: sum(v <= x for v in values) / len(values)
    rows = [[" "] * width for _ in range(height + 1)]
    for values, mark in ((real, "r"), (simulated, "s")):
        for x in range(width):
            y = round(below(values, low + (x + 1) * step) * height)
            rows[y][x] = mark if rows[y][x] == " " else "#"
    lines = [f"{100 * y // height:>5} % |{''.join(rows[y])}" for y in range(height, -1, -1)]
    return "\n".join(lines + [f"{'':8}+{'-' * width}", f"{'':9}{low:<10.0f}{high:>{width - 10}.0f} ms"])


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("real")
    p.add_argument("simulated")
    p.add_argument("--markdown", action="store_true", help="tables for a README, without pictures")
    p.add_argument("--quiet", action="store_true", help="tables without pictures")
    a = p.parse_args()
    with open(f"{HERE}/configurations.csv") as f:
        names = [row["name"] for row in csv.DictReader(f)]
    names = [n for n in names if os.path.exists(f"{a.real}/{n}.csv") and os.path.exists(f"{a.simulated}/{n}.csv")]
    differing = 0
    for column, title, judged in QUANTITIES:
        header = ["configuration", "trials", "10 %", "median", "90 %", "mean", "medians differ", "KS distance", "limit"] + ([""] if judged else [])
        rows = []
        for name in names:
            real, simulated = read(f"{a.real}/{name}.csv", column), read(f"{a.simulated}/{name}.csv", column)
            if not real or not simulated:
                continue
            both = lambda of: f"{of(real):.0f} / {of(simulated):.0f}"
            off = quantile(simulated, 0.5) / quantile(real, 0.5) - 1
            d, limit = distance(real, simulated), 1.68 / math.sqrt(len(real))
            same = d <= limit and (abs(off) <= 0.1 or len(real) < FEW)
            differing += judged and not same
            rows.append([name, f"{len(real)} / {len(simulated)}", both(lambda v: quantile(v, 0.1)), both(lambda v: quantile(v, 0.5)), both(lambda v: quantile(v, 0.9)),
                         both(lambda v: sum(v) / len(v)), f"{100 * off:+.1f} %", f"{d:.3f}", f"{limit:.3f}"] + (["agree" if same else "DIFFER"] if judged else []))
        print(f"{title[0].upper()}{title[1:]}, ms, real / simulated" + ("" if judged else " (not judged)") + "\n")
        if a.markdown:
            print("\n".join(f"| {' | '.join(cells)} |" for cells in [header, ["---"] * len(header), *rows]))
        else:
            widths = [max(len(r[i]) for r in [header, *rows]) for i in range(len(header))]
            print("\n".join("  ".join(cell.ljust(w) for cell, w in zip(cells, widths)).rstrip() for cells in [header, *rows]))
        print()
        for name in names if judged and not a.markdown and not a.quiet else []:
            print(f"{name}: {title}; r real, s simulated, # both\n{picture(read(f'{a.real}/{name}.csv', column), read(f'{a.simulated}/{name}.csv', column))}\n")
    if not names:
        sys.exit("nothing to compare")
    sys.exit(4 if differing else 0)


if __name__ == "__main__":
    main()
