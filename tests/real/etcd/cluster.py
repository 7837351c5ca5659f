"""A real etcd cluster: a network namespace for the client (0) and one for each member, joined by `links`; processes; what their logs say."""
import calendar, contextlib, ctypes, http.client, json, os, re, shutil, signal, subprocess, tempfile, time

STAMP = re.compile(r'"ts":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)')
EVENTS = [("campaign", re.compile(r"is starting a new election at term (\d+)")), ("leader", re.compile(r"became leader at term (\d+)")),
          ("candidate", re.compile(r"became candidate at term (\d+)")), ("lease", re.compile(r"ignored .* at term (\d+): lease is not expired"))]


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout


def set_namespace(file):
    if ctypes.CDLL(None, use_errno=True).setns(file.fileno(), 0x40000000) != 0:
        raise OSError(ctypes.get_errno(), "setns")


@contextlib.contextmanager
def outside():
    """At the end this process sees again what it saw before Network.enter()."""
    with open("/proc/self/ns/net") as before:
        try:
            yield
        finally:
            set_namespace(before)


class Network:
    """Addresses 10.77.0.1 (client), 10.77.0.2 ... (members), in namespaces that nobody else uses and that end with close()."""

    def __init__(self, members, links):
        self.members = members
        self.spaces = [f"nines-etcd-{os.getpid()}-{i}" for i in range(members + 1)]
        self.links = None
        try:
            for space in self.spaces:
                run("ip", "netns", "add", space)
            self.links = subprocess.Popen(["chrt", "-r", "10", links, *self.spaces], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
            if self.links.stdout.readline().strip() != "ready":
                raise RuntimeError("the links did not start")
            for i, space in enumerate(self.spaces):
                run("ip", "-n", space, "link", "set", "lo", "up")
                run("ip", "-n", space, "address", "add", f"{self.address(i)}/24", "dev", "link")
                run("ip", "-n", space, "link", "set", "dev", "link", "mtu", "9000", "up")
        except Exception:
            self.close()
            raise

    def address(self, i):
        return f"10.77.0.{i + 1}"

    def inside(self, i, command):
        return ["nsenter", f"--net=/run/netns/{self.spaces[i]}", *command]

    def enter(self, i):
        """This process sees from now on what namespace i sees."""
        with open(f"/run/netns/{self.spaces[i]}") as space:
            set_namespace(space)

    def tell(self, command):
        self.links.stdin.write(command + "\n")
        if self.links.stdout.readline().strip() != "done":
            raise RuntimeError(f"links: {command}")

    def round_trip(self, ms):
        for a in range(1, self.members + 1):
            for b in range(1, self.members + 1):
                if a != b:
                    self.tell(f"delay {a} {b} {int(ms * 500)}")

    def isolate(self, member, verb):
        """verb: cut or join, between this member and all others; the client reaches it all the time."""
        for other in range(1, self.members + 1):
            if other != member:
                self.tell(f"{verb} {member} {other} 0")
                self.tell(f"{verb} {other} {member} 0")

    def close(self):
        if self.links:
            self.links.stdin.close()
            self.links.wait(5)
        for space in self.spaces:
            subprocess.run(["ip", "netns", "delete", space], stderr=subprocess.DEVNULL)


class Cluster:
    def __init__(self, network, configuration):
        self.network, self.configuration = network, configuration
        self.members = range(1, network.members + 1)
        # In memory: an fsync takes about a microsecond there, so a shared machine's disk is no part of the experiment.
        self.folder = tempfile.mkdtemp(prefix=f"nines-etcd-{os.getpid()}-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
        self.processes, self.read, self.member_of = {}, {}, {}
        self.events = []  # (time, member, what, term), from the logs.

    def start(self, member):
        c, a = self.configuration, self.network.address
        everybody = ",".join(f"m{i}=http://{a(i)}:2380" for i in self.members)
        log = open(f"{self.folder}/m{member}.log", "ab")
        command = ["chrt", "-r", "1", "etcd", "--name", f"m{member}", "--data-dir", f"{self.folder}/m{member}", "--logger=zap", "--log-outputs=stderr",
                   "--heartbeat-interval", c["heartbeat_ms"], "--election-timeout", c["election_ms"], "--pre-vote=" + ("true" if c["pre_vote"] == "1" else "false"),
                   "--listen-client-urls", f"http://{a(member)}:2379", "--advertise-client-urls", f"http://{a(member)}:2379",
                   "--listen-peer-urls", f"http://{a(member)}:2380", "--initial-advertise-peer-urls", f"http://{a(member)}:2380",
                   "--initial-cluster", everybody, "--initial-cluster-state", "new"]
        self.processes[member] = subprocess.Popen(self.network.inside(member, command), stdout=log, stderr=log)
        log.close()

    def signal(self, member, which):
        self.processes[member].send_signal(which)

    def buried(self, member):
        self.processes.pop(member).wait()

    def post(self, member, path, body, timeout=0.5):
        connection = http.client.HTTPConnection(self.network.address(member), 2379, timeout=timeout)
        try:
            connection.request("POST", path, json.dumps(body))
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        finally:
            connection.close()

    def status(self, member):
        """(leader, term, index), or None."""
        try:
            code, answer = self.post(member, "/v3/maintenance/status", {})
            if code != 200:
                return None
            self.member_of[answer["header"]["member_id"]] = member
            return self.member_of.get(answer.get("leader")), int(answer["raftTerm"]), int(answer["raftIndex"])
        except (OSError, http.client.HTTPException, ValueError, KeyError):
            return None

    def healthy(self, limit=40):
        """Waits until all members run and agree on a leader and a term twice in a row, with logs of nearly one length."""
        end, last = time.time() + limit, None
        while time.time() < end:
            all_of = [self.status(i) for i in self.members]
            if all(all_of) and len({s[:2] for s in all_of}) == 1 and all_of[0][0] and max(s[2] for s in all_of) - min(s[2] for s in all_of) < 50:
                if last == all_of[0][:2]:
                    return last
                last = all_of[0][:2]
            else:
                last = None
            time.sleep(0.1)
        raise TimeoutError("the cluster does not agree on a leader")

    def follow_logs(self):
        for i in self.members:
            path = f"{self.folder}/m{i}.log"
            if not os.path.exists(path):
                continue
            with open(path, "rb") as log:
                log.seek(self.read.get(i, 0))
                text = log.read()
            text = text[:text.rfind(b"\n") + 1]
            self.read[i] = self.read.get(i, 0) + len(text)
            for line in text.decode("utf8", "replace").splitlines():
                stamp = STAMP.search(line)
                for what, pattern in EVENTS if stamp else []:
                    if found := pattern.search(line):
                        at = calendar.timegm(time.strptime(stamp[1], "%Y-%m-%dT%H:%M:%S")) + float(stamp[2])
                        self.events.append((at, i, what, int(found[1])))
                        break
        self.events.sort()

    def next_leader(self, since, term, limit):
        """The first "became leader" of a higher term after `since`: (time, member, what, term), or None at the limit."""
        while True:
            self.follow_logs()
            for event in self.events:
                if event[0] >= since - 0.001 and event[2] == "leader" and event[3] > term:
                    return event
            if time.time() > limit:
                return None
            time.sleep(0.02)

    def close(self):
        for process in self.processes.values():
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
