"""The processes and files of `.ci/cluster`: all of them end and go with it."""

import ctypes
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ADDRESS = "127.0.0.1"
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


class Failure(Exception):
    """What went wrong, for whoever runs this."""


def secret():
    return secrets.token_urlsafe(32)


def wait_for(what, seconds, holds, goes_on=lambda: True):
    """Waits until something holds, for so long at most, and while something else goes on."""
    until = time.monotonic() + seconds
    while not holds():
        if not goes_on():
            raise Failure(f"waited for {what}, and the process ended")
        if time.monotonic() > until:
            raise Failure(f"waited {seconds} s for {what}")
        time.sleep(0.25)


class Machine:
    """A temporary folder within the root of MySQL, and the processes that were started."""

    def __init__(self, document, root):
        self.text, self.root = document.read_text(), root
        self.folder, self.processes, self.addresses = None, {}, {}
        self.password = secret()[:24]  # MySQL takes at most 32 for replication.

    def __enter__(self):
        # A signal ends it as an error does.
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, _frame: (_ for _ in ()).throw(Failure(f"ended by signal {number}")))
        self.folder = Path(tempfile.mkdtemp(prefix="cluster-", dir=self.root / "tmp"))
        return self

    def __exit__(self, kind, _error, _trace):
        self.kill(*self.processes)
        if kind is not None:
            for log in sorted(self.folder.glob("*.log")):
                lines = log.read_text(errors="replace").splitlines()
                # Of Storekeeper, the errors.
                lines = [line for line in lines if not re.search('"level":"(INFO|WARN)"|/health/ready', line)][-5:]
                print(f"\n== {log.name}\n" + "\n".join(line[:500] for line in lines), flush=True)
        shutil.rmtree(self.folder)

    def inside(self, path):
        """A path as a process in the chroot names it."""
        return "/" + str(path.relative_to(self.root))

    def document(self, name):
        """What docs/cluster.md shows as this file, with a password."""
        found = re.search(rf"<!-- {re.escape(name)} -->\n```\w+\n(.*?)```\n<!-- end of", self.text, re.DOTALL)
        if not found:
            raise Failure(f"docs/cluster.md shows no {name}")
        return found[1].replace("'PASSWORD'", f"'{self.password}'")

    def with_addresses(self, text):
        for documented, real in self.addresses.items():
            text = re.sub(rf"{re.escape(documented)}(?!\d)", real, text)
        return text

    @staticmethod
    def free_ports(count):
        """Ports that nobody listens on, below those that clients are given."""
        ports, sockets = [], []
        candidates = iter(range(20000 + secrets.randbelow(8000), 32000))
        while len(ports) < count:
            one = socket.socket()
            sockets.append(one)
            try:
                one.bind((ADDRESS, port := next(candidates)))
                ports.append(port)
            except OSError:
                pass
        for one in sockets:
            one.close()
        return ports

    def start(self, name, command, environment=None):
        with open(self.folder / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=os.environ | (environment or {}), start_new_session=True, cwd=self.folder,
                # It ends when this does, however this ends.
                preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL))

    def alive(self, name):
        return self.processes[name].poll() is None

    def hang(self, name):
        self.processes[name].send_signal(signal.SIGSTOP)

    def go_on(self, name):
        self.processes[name].send_signal(signal.SIGCONT)

    def kill(self, *names):
        for name in names:
            self.processes[name].kill()
        for name in names:
            self.processes[name].wait()

    def stop(self, name, seconds):
        """Stops a process gently, and returns its code."""
        self.processes[name].terminate()
        try:
            return self.processes[name].wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failure(f"{name} did not stop within {seconds} s") from None

    def run(self, command, text, timeout, environment=None):
        """Runs a command to its end, and returns the lines that it printed."""
        command = [str(part) for part in command]
        try:
            done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=timeout, check=False,
                                  env=os.environ | (environment or {}), cwd=self.folder)
        except subprocess.TimeoutExpired:
            raise Failure(f"{text[:80] or command} took longer than {timeout} s") from None
        if done.returncode != 0:
            raise Failure(f"{text[:80] or command}: {(done.stdout + done.stderr)[-1000:].strip()}")
        return done.stdout.splitlines()
