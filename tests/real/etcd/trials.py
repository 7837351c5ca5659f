#!/usr/bin/env python3
"""Faults in a real etcd cluster, one CSV row a trial: trials.py PROGRAMS CONFIGURATION... --trials N --out FOLDER. As root; README.md says what is measured.
--healthy SECONDS: no faults; how long puts take at the leader and at followers."""
import argparse, csv, os, random, signal, subprocess, sys, time
from contextlib import closing

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from cluster import Cluster, Network, outside

COLUMNS = ["configuration", "trial", "to_leader_ms", "outage_ms", "longest_put_ms", "campaigns", "leases", "term_delta", "puts_lost", "puts_timed_out", "put_p50_ms", "load"]
PERIOD_MS, TIMEOUT_MS, GIVE_UP_MS, PAUSE_MS = 10, 1000, 10000, 100  # The client's rules, as in simulate_main.cpp.


class Experiment:
    def __init__(self, configuration, programs):
        self.c = configuration
        self.members = int(configuration["members"])
        self.cluster = self.writer = None
        self.network = Network(self.members, f"{programs}/etcd_links")
        try:
            self.begin(programs)
        except BaseException:
            self.close()
            raise

    def begin(self, programs):
        self.network.round_trip(float(self.c["rtt_ms"]))
        self.network.enter(0)
        self.cluster = Cluster(self.network, self.c)
        for i in self.cluster.members:
            self.cluster.start(i)
        self.cluster.healthy()
        self.path = f"{self.cluster.folder}/puts"  # What the client writes.
        rules = [str(ms) for ms in (PERIOD_MS, TIMEOUT_MS, GIVE_UP_MS, PAUSE_MS)]
        self.writer = subprocess.Popen(["chrt", "-r", "5", f"{programs}/etcd_writer", *rules, *[f"{self.network.address(i)}:2379" for i in self.cluster.members]],
                                       stdout=open(self.path, "wb"))
        time.sleep(1)

    def puts_since(self, t):
        """(issued, done, ok, timeouts) of the puts issued from t on, in seconds."""
        found = []
        with open(self.path) as puts:
            puts.seek(self.mark)
            for line in puts:
                cells = line.split()
                if len(cells) == 6 and float(cells[0]) / 1e6 >= t:
                    found.append((float(cells[0]) / 1e6, float(cells[1]) / 1e6, cells[2] == "ok", int(cells[5])))
        return found

    def healthy(self, seconds):
        """Rows of healthy.csv: from the rest of the put's time, beside whole round trips, comes what a hop and a member's work take."""
        leader, _ = self.cluster.healthy()
        begin = os.path.getsize(self.path)
        time.sleep(seconds)
        taken = {"leader": [], "follower": []}
        with open(self.path) as puts:
            puts.seek(begin)
            for line in puts.readlines()[1:-1]:
                issued, done, how, member, attempts, _ = line.split()
                if how == "ok" and attempts == "1":
                    taken["leader" if int(member) + 1 == leader else "follower"].append((int(done) - int(issued)) / 1e3)
        if self.cluster.healthy()[0] != leader:
            return []
        rows = []
        for where, ms in taken.items():
            ms.sort()
            rows.append({"configuration": self.c["name"], "rtt_ms": self.c["rtt_ms"], "at": where, "puts": len(ms),
                         **{f"p{p}_ms": round(ms[len(ms) * p // 100], 2) for p in (1, 10, 50, 90, 99)}, "load": round(os.getloadavg()[0], 1)})
        return rows

    def fault(self, leader, target):
        """Strikes; returns when."""
        at = time.time()
        kind = self.c["fault"]
        if kind == "kill":
            self.cluster.signal(leader, signal.SIGKILL)
        elif kind == "pause":
            self.cluster.signal(leader, signal.SIGSTOP)
        elif kind == "partition":
            self.network.isolate(leader, "cut")
        elif kind == "transfer":
            identity = next(key for key, member in self.cluster.member_of.items() if member == target)
            code, answer = self.cluster.post(leader, "/v3/maintenance/transfer-leadership", {"targetID": identity}, 5)
            if code != 200:
                raise RuntimeError(f"transfer refused: {answer}")
        return at

    def end(self, leader):
        kind = self.c["fault"]
        if kind == "kill":
            self.cluster.buried(leader)
            self.cluster.start(leader)
        elif kind == "pause":
            self.cluster.signal(leader, signal.SIGCONT)
        elif kind == "partition":
            self.network.isolate(leader, "join")

    def trial(self, number):
        leader, term = self.cluster.healthy()
        time.sleep(random.uniform(1, 2) * max(0.6, float(self.c["election_ms"]) / 1000))
        if any(self.cluster.status(i)[:2] != (leader, term) for i in self.cluster.members):
            return None  # It moved meanwhile.
        self.mark = max(0, os.path.getsize(self.path) - 20000)
        self.cluster.follow_logs()
        self.cluster.events.clear()
        at = self.fault(leader, random.choice([i for i in self.cluster.members if i != leader]))
        hold = float(self.c["hold_ms"]) / 1000
        found = self.cluster.next_leader(at, term, at + (hold or 30))
        if found:
            # Puts issued until half a second after the new leader count; each is done after two timeouts at the latest, or is not counted as done.
            time.sleep(max(0.0, found[0] + 0.5 + 2 * TIMEOUT_MS / 1000 - time.time()) if not hold else 0)
        time.sleep(max(0.0, at + hold - time.time()))
        self.end(leader)
        if hold:
            self.cluster.healthy()
            time.sleep(1.2)
        if not found:
            print(f"{self.c['name']} {number}: no leader within {hold or 30} s", file=sys.stderr)
            return None
        return self.row(number, at, term, found)

    def row(self, number, at, term, found):
        puts = self.puts_since(at - 1)
        done = sorted(p[1] for p in puts if p[2])
        until = found[0] + 0.5
        outage = max(b - a for a, b in zip(done, done[1:]) if b > at and a < until)
        counted = [p for p in puts if at - 0.5 <= p[0] < until]
        before = sorted(p[1] - p[0] for p in puts if p[2] and p[1] < at)
        events = [e for e in self.cluster.events if at - 0.001 <= e[0] <= found[0]]
        count = lambda what: sum(e[2] == what for e in events)
        return {"configuration": self.c["name"], "trial": number, "to_leader_ms": round(max(0.0, found[0] - at) * 1e3, 1), "outage_ms": round(outage * 1e3, 1),
                "longest_put_ms": round(max(p[1] - p[0] for p in counted) * 1e3, 1), "campaigns": count("campaign"), "leases": count("lease"),
                "term_delta": found[3] - term, "puts_lost": sum(not p[2] for p in counted), "puts_timed_out": sum(p[3] > 0 for p in counted),
                "put_p50_ms": round(before[len(before) // 2] * 1e3, 2), "load": round(os.getloadavg()[0], 1)}

    def close(self):
        if self.writer:
            self.writer.kill()
            self.writer.wait()
        if self.cluster:
            self.cluster.close()
        self.network.close()


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("programs")
    p.add_argument("configurations", nargs="+")
    p.add_argument("--trials", type=int, default=40)
    p.add_argument("--out", default=".")
    p.add_argument("--healthy", type=float, default=0)
    p.add_argument("--limit", type=float, default=900, help="seconds a configuration may take")
    a = p.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # Close what is open.
    with open(f"{HERE}/configurations.csv") as f:
        known = {row["name"]: row for row in csv.DictReader(f)}
    if a.healthy:
        out = csv.DictWriter(sys.stdout, ["configuration", "rtt_ms", "at", "puts", "p1_ms", "p10_ms", "p50_ms", "p90_ms", "p99_ms", "load"], lineterminator="\n")
        out.writeheader()
    for name in a.configurations:
        if a.healthy:
            with outside(), closing(Experiment(known[name], a.programs)) as experiment:
                out.writerows(experiment.healthy(a.healthy))
            continue
        began, done, failed = time.time(), 0, 0
        with open(f"{a.out}/{name}.csv", "w", newline="") as f:
            out = csv.DictWriter(f, COLUMNS, lineterminator="\n")
            out.writeheader()
            while done < a.trials and failed < 10 and time.time() < began + a.limit:
                # A process keeps the phase of its ticks for its life: a new cluster each ten trials, or all would share three of them.
                with outside(), closing(Experiment(known[name], a.programs)) as experiment:
                    for _ in range(min(10, a.trials - done)):
                        row = experiment.trial(done)
                        if row is None:
                            failed += 1
                            break
                        out.writerow(row)
                        f.flush()
                        done += 1
                        print(f"\r{name}: {done} of {a.trials}", end="", file=sys.stderr, flush=True)
        print(f"\r{name}: {done} trials in {time.time() - began:.0f} s, {failed} set aside", file=sys.stderr)


if __name__ == "__main__":
    main()
