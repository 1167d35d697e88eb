#!/usr/bin/env python3
"""How long after an order its event can be read while orders come as fast as the server takes them, and how much memory
1,000 live streams of orders need.

    bench/events.py target/dist/storekeeper sqlite:///tmp/events.db [--seconds 20] [--connections 16]

The database must be empty. Needs `wrk`. Without a rate limit.
"""

import argparse
import concurrent.futures
import datetime
import http.client
import json
import os
import pathlib
import re
import socket
import subprocess
import tempfile
import threading
import time

PASSWORD = "a password of the bench"
BUYERS, STREAMS_OF_ONE = 200, 5
LOAD = """
local tokens, body, next = {%s}, '%s', 0
function request()
  next = next %% #tokens + 1
  return wrk.format("POST", "/api/v1/orders", {["Authorization"] = "Bearer " .. tokens[next],
    ["Content-Type"] = "application/json"}, body)
end
"""


class Shop:
    def __init__(self, binary, database, folder):
        settings = {
            "DATABASE__URL": database, "SERVER__BIND": "127.0.0.1:0", "ADMIN__PASSWORD": PASSWORD, "AUTH__BCRYPT_COST": "4",
            "RATE_LIMIT__ENABLED": "false", "LOG__LEVEL": "warn", "LOG__FORMAT": "pretty",
            "AUTH__JWT_SECRET": "a secret of the bench, which is long enough", "AUTH__ACCESS_TOKEN_TTL": "2h",
        }
        environment = os.environ | {f"STOREKEEPER__{name}": value for name, value in settings.items()}
        self.log = pathlib.Path(folder, "server.log")
        self.process = subprocess.Popen([binary, "serve"], stdout=self.log.open("w"), stderr=subprocess.STDOUT, env=environment)
        deadline = time.monotonic() + 60
        while not (found := re.search(r"API *http://([\d.:]+)/api/v1", self.log.read_text())):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(self.log.read_text())
            time.sleep(0.1)
        self.address = found[1]

    def call(self, method, path, body=None, token=None):
        connection = http.client.HTTPConnection(self.address, timeout=60)
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        connection.request(method, f"/api/v1{path}", json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {text.decode()}")
        return json.loads(text)

    def login(self, username):
        return self.call("POST", "/auth/login", {"username": username, "password": PASSWORD})["access_token"]

    def buyer(self, number):
        name = f"buyer{number}"
        self.call("POST", "/auth/register", {
            "name": "Ann Buyer", "email": f"{name}@example.com", "phone": "+14155550100", "username": name, "password": PASSWORD,
        })
        return self.login(name)

    def resident(self):
        """Megabytes."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def read_feed(shop, token, lags, stop):
    """Reads events as they come and notes, for each order, the seconds since it was placed."""
    after = 0
    while not stop.is_set():
        page = shop.call("GET", f"/events?after={after}&wait=2&limit=100", token=token)
        now = datetime.datetime.now(datetime.timezone.utc)
        for event in page["items"]:
            if event["type"] == "order.placed":
                lags.append((now - datetime.datetime.fromisoformat(event["at"])).total_seconds())
        after = page["next_after"]


def percent(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share / 100))]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("binary")
    arguments.add_argument("database")
    arguments.add_argument("--seconds", type=int, default=20)
    arguments.add_argument("--connections", type=int, default=16)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(options.binary, options.database, folder)
        try:
            measure(shop, options, folder)
        finally:
            shop.process.terminate()
            shop.process.wait()


def measure(shop, options, folder):
    admin = shop.login("admin")
    product = shop.call("POST", "/products", {"name": "Mug", "price": {"amount": 100, "currency": "USD"}, "initial_stock": 1_000_000}, admin)["id"]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        tokens = list(pool.map(shop.buyer, range(BUYERS)))
    order = {
        "items": [{"product_id": product, "quantity": 1}],
        "shipping_address": {"line1": "1 Main St", "city": "Springfield", "postal_code": "12345", "country": "US"},
    }
    script = pathlib.Path(folder, "load.lua")
    script.write_text(LOAD % (", ".join(f'"{token}"' for token in tokens), json.dumps(order)))
    lags, stop = [], threading.Event()
    reader = threading.Thread(target=read_feed, args=(shop, admin, lags, stop))
    reader.start()
    load = ["wrk", "-t", "1", "-c", str(options.connections), "-d", f"{options.seconds}s", "-s", str(script)]
    said = subprocess.run([*load, f"http://{shop.address}"], capture_output=True, text=True, check=True).stdout
    time.sleep(3)
    stop.set()
    reader.join()
    if "Non-2xx" in said or not lags:
        raise SystemExit(said + shop.log.read_text())
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)[1]
    print(f"{rate} orders a second at {options.connections} connections, {len(lags)} events read; after the order was placed:")
    print(f"  half within {percent(lags, 50) * 1e3:.0f} ms, 99 % within {percent(lags, 99) * 1e3:.0f} ms, all within {max(lags) * 1e3:.0f} ms")

    orders = [shop.call("POST", "/orders", order, token)["id"] for token in tokens]
    before, streams = shop.resident(), []
    host, port = shop.address.split(":")
    for token, order_id in zip(tokens, orders):
        for _ in range(STREAMS_OF_ONE):
            stream = socket.create_connection((host, int(port)), timeout=30)
            stream.sendall(
                f"GET /api/v1/orders/{order_id}/events HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
                "Accept: text/event-stream\r\n\r\n".encode()
            )
            answer = stream.recv(4096)
            if not answer.startswith(b"HTTP/1.1 200"):
                raise SystemExit(answer.decode())
            streams.append(stream)
    time.sleep(2)
    print(f"{len(streams)} streams: {before:.1f} → {shop.resident():.1f} MB, {shop.resident() - before:.1f} more")


if __name__ == "__main__":
    main()
