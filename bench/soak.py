#!/usr/bin/env python3
"""Hostile clients of every kind at once, beside customers who order: does the shop go on, and does memory stay flat?

    bench/soak.py target/dist/storekeeper sqlite:///tmp/soak.db --minutes 30
    bench/soak.py target/dist/storekeeper mysql://root@127.0.0.1:3306/soak --minutes 30

The database is migrated and filled first; on a server it must exist. Customers order alone for a fifth of the time, under
attack for three fifths, and alone again. It prints tables for docs/performance.md: the times of orders in each part, what
the hostile clients got, and the memory of the server, from /proc. It needs Linux and Python 3, nothing else. Clients of
one kind share a process; the hostile ones have the lowest priority, since others would bring processors of their own.
"""

import argparse
import multiprocessing
import os
import random
import resource
import select
import socket
import subprocess
import sys
import threading
import time
from collections import Counter

sys.dont_write_bytecode = True
from lists import PASSWORD, Client, percentiles, settings

CUSTOMERS = 8
# Between two orders of a customer, in seconds.
PAUSE = 0.1


def address():
    """Another client each time, as the proxy names it."""
    return f"203.0.{random.randrange(256)}.{random.randrange(1, 255)}"


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=5)


def is_closed(connection):
    """Whether the other side closed or reset it, without reading what came."""
    poll = select.poll()
    poll.register(connection, select.POLLRDHUP)
    return any(event & (select.POLLRDHUP | select.POLLHUP | select.POLLERR) for _, event in poll.poll(0))


def head(method, path, *headers):
    lines = [f"{method} {path} HTTP/1.1", "Host: shop", f"X-Forwarded-For: {address()}", *headers]
    return "\r\n".join(lines).encode()


class Attack:
    """Hostile clients of one kind, as threads of a process of their own."""

    def __init__(self, port, token):
        self.port, self.token, self.seen = port, token, Counter()

    def slow_readers(self):
        """200 that ask for a large document again and again, and read nothing"""
        self.hold(200, lambda connection: connection.sendall(
            (head("GET", "/openapi/openapi.json") + b"\r\n\r\n") * 50), lambda connection: None, 40)

    def slow_senders(self):
        """200 that send a byte of their request each second"""
        def begin(connection):
            request = head("POST", "/api/v1/auth/login", "Content-Type: application/json", "Content-Length: 5000")
            connection.sendall(request + random.choice((b"", b"\r\n\r\n{")))
        self.hold(200, begin, lambda connection: connection.sendall(b" "))

    def idle_connections(self):
        """1,000 connections that say nothing"""
        self.hold(1000, lambda connection: None, lambda connection: None)

    def hold(self, count, begin, each_second, longest=float("inf")):
        """Keeps so many connections, and replaces those that the server closes, and those that are older than `longest`
        seconds: a server that gives up on a client that reads nothing cannot tell it so."""
        held = []
        while True:
            kept = []
            for opened, connection in held:
                if time.monotonic() > opened + longest:
                    connection.close()
                    self.seen["opened anew"] += 1
                    continue
                try:
                    each_second(connection)
                except OSError:
                    # No room to send, or closed, which is seen next.
                    pass
                if is_closed(connection):
                    connection.close()
                    self.seen["closed by the server"] += 1
                else:
                    kept.append((opened, connection))
            held = kept
            while len(held) < count:
                try:
                    connection = connect(self.port)
                    connection.setblocking(False)
                    try:
                        begin(connection)
                    except BlockingIOError:
                        pass
                    held.append((time.monotonic(), connection))
                except OSError as error:
                    self.seen[f"refused: {type(error).__name__}"] += 1
                    break
            time.sleep(1)

    def logins(self):
        """16 that guess passwords, of the administrator and of nobody, each time from another address"""
        def guess(client):
            client.headers["X-Forwarded-For"] = address()
            username = random.choice(("admin", f"nobody-{random.randrange(10**6)}"))
            return client.send("POST", "/api/v1/auth/login", {"username": username, "password": "not this one"})[0]
        self.repeat(16, guess)

    def expensive_lists(self):
        """16 customers that ask for lists and searches that no index serves"""
        queries = ("in_stock=false&min_price=100000000000", "in_stock=false&min_price=1&sort=name",
                   "q=a&in_stock=false", "q=xylophonist&sort=relevance", "q=b&min_price=100000000000",
                   "updated_after=2020-01-01T00:00:00Z&in_stock=false")

        def ask(client):
            client.headers["Authorization"] = f"Bearer {self.token}"
            return client.send("GET", f"/api/v1/products?{random.choice(queries)}")[0]
        self.repeat(16, ask)

    def repeat(self, count, send):
        def one():
            client = Client(self.port)
            while True:
                status = send(client)
                self.seen[status or "no answer"] += 1
                time.sleep(0.01)
        for _ in range(count - 1):
            threading.Thread(target=one, daemon=True).start()
        one()

    def malformed_requests(self):
        """4 that send what is no request, or no good one"""
        def requests():
            yield random.randbytes(2000)
            yield head("GET", "/" + "a" * 100_000) + b"\r\n\r\n"
            yield head("GET", "/", "X: " + "a" * 1_000_000) + b"\r\n\r\n"
            yield head("GET", "/", *["X: y"] * 5000) + b"\r\n\r\n"
            yield head("POST", "/api/v1/orders", "Transfer-Encoding: chunked") + b"\r\n\r\nffffffffffffffff\r\n"
            yield head("POST", "/api/v1/orders", "Content-Length: 5", "Content-Length: 6") + b"\r\n\r\nhello"
            yield head("POST", "/api/v1/orders", "Content-Length: -1") + b"\r\n\r\n"
            deep = b"[" * 100_000
            yield head("POST", "/api/v1/auth/login", "Content-Type: application/json",
                       f"Content-Length: {len(deep)}") + b"\r\n\r\n" + deep
            yield head("GET", "/api/v1/products?q=%ff%00", "Authorization: Bearer \xff") + b"\r\n\r\n"

        def one():
            while True:
                for request in requests():
                    try:
                        with connect(self.port) as connection:
                            connection.sendall(request)
                            connection.shutdown(socket.SHUT_WR)
                            answer = connection.recv(100)
                        self.seen[answer[9:12].decode("latin-1") if answer.startswith(b"HTTP/") else "closed"] += 1
                    except OSError as error:
                        self.seen[type(error).__name__] += 1
                    time.sleep(0.01)
        for _ in range(3):
            threading.Thread(target=one, daemon=True).start()
        one()

    def run(self, kind, pipe):
        os.nice(19)
        threading.Thread(target=getattr(self, kind), daemon=True).start()
        pipe.recv()
        pipe.send(dict(self.seen))


KINDS = ("slow_readers", "slow_senders", "idle_connections", "logins", "expensive_lists", "malformed_requests")


def order(port, tokens, products, pipe):
    """Customers that order until they are told to stop: when, how long it took, and the status."""
    results = []

    def one(token):
        client = Client(port, token)
        while True:
            items = [{"product_id": product, "quantity": 1} for product in random.sample(products, 3)]
            began = time.time()
            status, _, took = client.send("POST", "/api/v1/orders", {"items": items})
            results.append((began, took, status))
            time.sleep(PAUSE)
    for token in tokens:
        threading.Thread(target=one, args=(token,), daemon=True).start()
    pipe.recv()
    pipe.send(results)


def memory(pid):
    """Resident memory in MB, and open files."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        kilobytes = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    return kilobytes / 1000, len(os.listdir(f"/proc/{pid}/fd"))


class Worker:
    """A process that works until it is asked for what it saw."""

    def __init__(self, target, *arguments):
        self.pipe, other = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=target, args=(*arguments, other), daemon=True)
        self.process.start()

    def end(self):
        self.pipe.send(None)
        seen = self.pipe.recv()
        self.process.kill()
        self.process.join()
        return seen


def soak(server, port, minutes):
    admin = Client(port, Client(port).post("/api/v1/auth/login", {"username": "admin", "password": PASSWORD})["access_token"])
    tokens = []
    for n in range(CUSTOMERS + 1):
        name = f"soak-{time.time_ns() % 10**12}-{n}"
        person = {"name": "Soak", "email": f"{name}@example.com", "phone": "+14155550100"}
        Client(port).post("/api/v1/auth/register", {"username": name, "password": PASSWORD, **person})
        tokens.append(Client(port).post("/api/v1/auth/login", {"username": name, "password": PASSWORD})["access_token"])
    products = [admin.post("/api/v1/products", {
        "name": f"Soap {n}", "price": {"amount": 100, "currency": "USD"}, "initial_stock": 10**9})["id"] for n in range(100)]
    customers = Worker(order, port, tokens[1:], products)
    samples, parts, seen = [], [], {}

    def part(name, seconds):
        began = time.time()
        while time.time() < began + seconds:
            samples.append((time.time(), name, *memory(server.pid)))
            time.sleep(min(5, seconds))
        parts.append((name, began, time.time()))

    part("alone", minutes * 12)
    hostile = {kind: Worker(Attack(port, tokens[0]).run, kind) for kind in KINDS}
    part("under attack", minutes * 36)
    for kind, worker in hostile.items():
        seen[kind] = worker.end()
    part("alone again", minutes * 12)
    report(customers.end(), parts, seen, samples)


def report(orders, parts, seen, samples):
    print("| orders | a second | p50 ms | p99 ms | longest ms | p99 by alone | answers |\n"
          "| --- | --- | --- | --- | --- | --- | --- |")
    alone = None
    for name, began, ended in parts:
        within = [(took, status) for when, took, status in orders if began <= when < ended]
        p50, p99 = percentiles([took for took, _ in within])
        alone = alone or p99
        answers = dict(Counter(status for _, status in within))
        longest = max((took for took, _ in within), default=float("nan"))
        print(f"| {name} | {len(within) / (ended - began):.1f} | {p50:.1f} | {p99:.1f} | {longest:.0f} | "
              f"{p99 / alone:.1f} | {answers} |")
    print("\n| hostile clients | what they got |\n| --- | --- |")
    for kind, counts in seen.items():
        got = ", ".join(f"{what}: {count}" for what, count in sorted(counts.items(), key=lambda one: -one[1]))
        print(f"| {getattr(Attack, kind).__doc__} | {got or 'nothing'} |")
    print("\n| after s | | memory MB | open files |\n| --- | --- | --- | --- |")
    # 16 lines, evenly.
    for when, name, megabytes, files in samples[::max(1, len(samples) // 16)]:
        print(f"| {when - samples[0][0]:.0f} | {name} | {megabytes:.0f} | {files} |")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("binary")
    arguments.add_argument("url")
    arguments.add_argument("--minutes", type=float, default=30)
    arguments.add_argument("--products", type=int, default=100_000)
    given = arguments.parse_args()
    # A connection is a file.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    url = given.url + ("?mode=rwc" if given.url.startswith("sqlite") and "?" not in given.url else "")
    environment = settings(url) | {"STOREKEEPER__SERVER__TRUSTED_PROXIES": "127.0.0.1",
                                   "STOREKEEPER__AUTH__ACCESS_TOKEN_TTL": "1d"}
    subprocess.run([given.binary, "migrate", "up"], env=environment, check=True, stdout=subprocess.DEVNULL)
    seed = ["seed", "--products", str(given.products), "--customers", "1000", "--orders", "1000"]
    subprocess.run([given.binary, *seed], env=environment, check=True, stdout=subprocess.DEVNULL)
    server = subprocess.Popen([given.binary, "serve"], env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
    try:
        port = next(int(line.split("http://127.0.0.1:")[1].split("/")[0].split('"')[0])
                    for line in server.stdout if "http://127.0.0.1:" in line)
        threading.Thread(target=lambda: [None for _ in server.stdout], daemon=True).start()
        while Client(port).send("GET", "/health/ready")[0] != 200:
            time.sleep(0.05)
        soak(server, port, given.minutes)
    finally:
        server.terminate()
        server.wait()
    subprocess.run([given.binary, "doctor"], env=environment, check=True)


if __name__ == "__main__":
    main()
