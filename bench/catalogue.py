#!/usr/bin/env python3
"""Goals of the catalogue that bench/facets.py and bench/lists.py do not measure, on SQLite, without the cache of responses.

    bench/catalogue.py target/dist/storekeeper /tmp/catalogue.db --groups 100000
    bench/catalogue.py target/debug/storekeeper /tmp/small.db --groups 200 --rounds 5 --rows 500 --seconds 1

A file that is not there is migrated and filled by `seed --groups`, ten members each. Measured are: facets one after the
other and with 16 connections; each group once, on the first and on a far page; a product with its group of 250; a move of a
category with a tenth of the products; the index of the catalogue; suggestions; and, in files of their own, an import of a
file of Shopify and pictures that are meant to do harm. It prints a table for docs/performance.md. It needs Python 3, wrk and a Storekeeper binary.
"""

import argparse
import csv
import json
import os
import re
import resource
import sqlite3
import statistics
import struct
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import zlib
from urllib.parse import quote

PASSWORD = "the catalogue is measured"
FACETS = "facets=category,brand,attr.colour,attr.size,price&total=true"
# What is not measured here: the upload of a picture, and the cached page (bench --scenario).
GOALS = {
    "facets": "4 times, p99 30 ms with 16 connections",
    "collapsed": "3 times on SQLite",
    "group": "2 ms",
    "move": "10 ms",
    "index": "70 bytes a product",
    "import": "60 s, flat memory",
    "suggestion": "none",
    "hostile": "50 ms, 20 MB",
}


def settings(file, index_megabytes=256):
    values = {
        "DATABASE__URL": f"sqlite://{os.path.abspath(file)}?mode=rwc",
        "SERVER__BIND": "127.0.0.1:0",
        "ADMIN__PASSWORD": PASSWORD,
        "AUTH__JWT_SECRET": "a-secret-of-the-bench-that-is-long-enough",
        "CATALOG__PUBLIC": "true",
        "CATALOG__INDEX_MEGABYTES": str(index_megabytes),
        "RATE_LIMIT__ENABLED": "false",
        "CACHE__PRODUCTS": "false",
        "LOG__FORMAT": "json",
    }
    return os.environ | {f"STOREKEEPER__{key}": value for key, value in values.items()}


class Server:
    """A server on a file, whose log is kept."""

    def __init__(self, binary, file, index_megabytes=256):
        self.log = tempfile.TemporaryFile("w+")
        environment = settings(file, index_megabytes)
        self.process = subprocess.Popen([binary], env=environment, stdout=self.log, stderr=self.log)
        self.base, self.token = None, None

    def __enter__(self):
        for _ in range(600):
            found = re.search(r"127\.0\.0\.1:([1-9]\d+)", self.said())
            if found:
                self.base = f"http://127.0.0.1:{found[1]}/api/v1"
                break
            time.sleep(0.1)
        assert self.base, self.said()
        self.token = self.send("POST", "/auth/login", {"username": "admin", "password": PASSWORD})[1]["access_token"]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def said(self):
        self.log.seek(0)
        return self.log.read()

    def send(self, method, path, body=None):
        """The milliseconds that an answer takes, and its body."""
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self.base + path, body and json.dumps(body).encode(), headers, method=method)
        began = time.perf_counter()
        try:
            with urllib.request.urlopen(request) as answer:
                text = answer.read()
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{method} {path}: {refused.code} {refused.read()}") from None
        return 1000 * (time.perf_counter() - began), json.loads(text) if text else None

    def get(self, path):
        return self.send("GET", path)

    def wait_for_index(self):
        while self.get("/products?limit=1&total=true&collapse=group")[1]["total"] is None or "is made" not in self.said():
            if self.get("/products?limit=1&total=true")[1]["total"] is not None and "is made" not in self.said():
                # A small shop is counted without it; a search that finds nothing asks for it.
                self.get("/products?q=zzzzzzzz")
            time.sleep(0.1)

    def refused(self, path, kind, body):
        """The milliseconds that it takes to refuse a body, and the status."""
        headers = {"Content-Type": kind, "Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(self.base + path, body, headers)
        began = time.perf_counter()
        try:
            with urllib.request.urlopen(request) as answer:
                raise AssertionError(f"{path} took {kind}: {answer.status}")
        except urllib.error.HTTPError as refused:
            refused.read()
            assert refused.code in (413, 415, 422), refused.code
            return 1000 * (time.perf_counter() - began), refused.code

    def kilobytes(self, what="VmRSS"):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(rf"{what}:\s+(\d+)", status.read())[1])

    def forget_peak(self):
        """From now on `VmHWM` is the most memory since now."""
        with open(f"/proc/{self.process.pid}/clear_refs", "w") as refs:
            refs.write("5")


def in_turns(server, rounds, *paths):
    """The milliseconds that each path takes, at half of the requests and at 99 of 100, all in turns."""
    took = [[] for _ in paths]
    for _ in range(rounds):
        for times, path in zip(took, paths):
            times.append(server.get(path)[0])
    return [(statistics.median(times), sorted(times)[int(len(times) * 0.99)]) for times in took]


def wrk(server, path, seconds):
    """Requests a second and the latency of 99 of 100, with 16 connections."""
    command = ["wrk", "-t2", "-c16", f"-d{seconds}s", "--latency", server.base + path]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), re.search(r"99%\s+(\S+)", said)[1]


class Table:
    """What was measured."""

    def __init__(self):
        print("| what | measured | goal |\n| --- | --- | --- |")

    def row(self, goal, what, measured):
        print(f"| {what} | {measured} | {GOALS[goal]} |", flush=True)


def facets(server, given, table):
    for what, query in [("all", ""), ("a category", "category=tableware"), ("two colours", "attr.colour=blue,red")]:
        (plain, _), (counted, p99) = in_turns(
            server, given.rounds, f"/products?limit=20&{query}", f"/products?limit=20&{FACETS}&{query}"
        )
        measured = f"{plain:.2f} → {counted:.2f} ms, {counted / plain:.1f} times, p99 {p99:.1f} ms"
        table.row("facets", f"5 facets and the total, {what}", measured)
        rate, p99 = wrk(server, f"/products?limit=20&{FACETS}&{query}", given.seconds)
        table.row("facets", f"the same with 16 connections, {what}", f"{rate:.0f} a second, p99 {p99}")


def collapsed(server, given, table):
    for sort in ["price", "-created_at", "name"]:
        cursors = ["", ""]
        for place, page in [("first", 0), (f"{given.far}th", given.far)]:
            kinds = ["", "&collapse=group"]
            for _ in range(page):
                for at, kind in enumerate(kinds):
                    _, body = server.get(f"/products?limit=20&sort={sort}{kind}{cursors[at]}")
                    cursors[at] = f"&cursor={quote(body['next_cursor'])}" if body["next_cursor"] else ""
            paths = [f"/products?limit=20&sort={sort}{kind}{cursor}" for kind, cursor in zip(kinds, cursors)]
            (plain, _), (once, p99) = in_turns(server, given.rounds, *paths)
            measured = f"{plain:.2f} → {once:.2f} ms, {once / plain:.1f} times, p99 {p99:.1f} ms"
            table.row("collapsed", f"each group once, by {sort}, {place} page", measured)


def group(server, given, table):
    """A product with and without its group, which has 250 members."""
    name = f"Measured {time.time_ns()}"
    body = {"name": name, "options": [], "products": [{"values": {}, "price": money(n)} for n in range(250)]}
    _, made = server.send("POST", "/product-groups", body)
    path = f"/products/{made['products'][0]['id']}"
    (plain, _), (whole, p99) = in_turns(server, given.rounds, path, f"{path}?include=group")
    table.row("group", "a product with its group of 250", f"{plain:.2f} → {whole:.2f} ms, p99 {p99:.1f} ms")


def money(n):
    return {"amount": 1000 + n, "currency": "USD"}


def move(server, given, table):
    """A category with a tenth of the products goes below another and back."""
    parents = [server.send("POST", "/categories", {"name": f"Above {n} {time.time_ns()}"})[1]["id"] for n in range(2)]
    moved = server.get("/categories/tableware")[1]["id"]
    count = server.get("/products?category=tableware&limit=1&total=true")[1]["total"]
    took = []
    for n in range(given.rounds):
        took.append(server.send("PATCH", f"/categories/{moved}", {"parent_id": parents[n % 2]})[0])
    server.send("PATCH", f"/categories/{moved}", {"parent_id": None})
    p99 = sorted(took)[int(len(took) * 0.99)]
    table.row("move", f"a category with {count} products moves", f"{statistics.median(took):.2f} ms, p99 {p99:.1f} ms")


def index(server, binary, given, table):
    said = next(line for line in server.said().splitlines() if "the index of the catalogue is made" in line)
    fields = json.loads(said)
    fields |= fields.get("fields", {})
    products, kilobytes = int(fields["products"]), int(fields["kilobytes"])
    measured = f"{1024 * kilobytes / products:.0f} bytes a product, made in {fields['milliseconds']} ms"
    table.row("index", f"the index of {products} products", measured)
    with_index = server.kilobytes()
    with Server(binary, given.database, index_megabytes=0) as without:
        without.get("/products?q=zzzzzzzz")
        grown = (with_index - without.kilobytes()) >> 10
    table.row("index", "the server with and without it", f"{grown} MB more, of {with_index >> 10}")


def suggestion(server, given, table):
    """Searches that find nothing, and what they cost where nothing is near and where something is."""
    near, far = "/products?q=stonewrae+tepaot", "/products?q=zqxzqxzqx+wvwvwvwvw"
    (nothing, _), (meant, p99) = in_turns(server, given.rounds, far, near)
    table.row("suggestion", "a search without a result: nothing near, something near", f"{nothing:.2f}, {meant:.2f} ms, p99 {p99:.1f} ms")


def shopify(binary, given, table):
    """A file of Shopify, half of whose rows are members of groups of ten."""
    with tempfile.TemporaryDirectory() as folder:
        file, database = os.path.join(folder, "shopify.csv"), os.path.join(folder, "shop.db")
        header = ["Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Option1 Name", "Option1 Value",
                  "Variant SKU", "Variant Grams", "Variant Inventory Tracker", "Variant Inventory Qty",
                  "Variant Inventory Policy", "Variant Price", "Variant Requires Shipping", "Variant Taxable", "Status"]
        with open(file, "w", newline="") as text:
            rows = csv.writer(text)
            rows.writerow(header)
            for n in range(given.rows):
                is_member, of_group = n % 20 < 10, n // 20
                handle = f"group-{of_group}" if is_member else f"single-{n}"
                option = ["Size", f"Size {n % 20}"] if is_member else ["Title", "Default Title"]
                is_first = not is_member or n % 20 == 0
                about = [f"Goods {n}", "<p>Of cotton</p>", f"Brand {n % 50}", "Shirt", "new"] if is_first else [""] * 5
                rows.writerow([handle, *about, "true", *option, f"S-{n}", "120", "shopify", "5", "deny", "19.99", "true",
                               "true", "active" if is_first else ""])
        environment = settings(database)
        subprocess.run([binary, "migrate", "up"], env=environment, check=True, capture_output=True)
        began = time.perf_counter()
        done = subprocess.run([binary, "import", file], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        took = time.perf_counter() - began
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        count = sqlite3.connect(database).execute("SELECT COUNT(*) FROM products").fetchone()[0]
        assert count == given.rows, (count, done.stdout)
    table.row("import", f"{given.rows} rows of Shopify", f"{took:.1f} s, {most >> 10} MB at most")


def png(width, height, rows=None, colour=(1, 0)):
    """A PNG, black, of one bit for each pixel or another depth and type; or with so many rows, and the file ends there."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    bits = colour[0] * {0: 1, 2: 3, 6: 4}[colour[1]]
    packer, row = zlib.compressobj(9), bytes(1 + (width * bits + 7) // 8)
    data = b"".join(packer.compress(row) for _ in range(height if rows is None else rows))
    data += packer.flush(zlib.Z_FINISH if rows is None else zlib.Z_SYNC_FLUSH)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, *colour, 0, 0, 0))
    return start + (chunk(b"IDAT", data) + chunk(b"IEND", b"") if rows is None else chunk(b"IDAT", data))


def gif(frames):
    """A GIF of so many frames of 16 by 16 pixels."""
    # Codes of three bits: the table is cleared before each pixel, so that codes get no longer.
    bits = "101" + "".join(f"{code:03b}" for code in [0, 4] * 256)
    data = int(bits, 2).to_bytes((len(bits) + 7) // 8, "little")
    blocks = b"".join(bytes([len(part)]) + part for part in (data[at : at + 255] for at in range(0, len(data), 255)))
    frame = b"!\xf9\x04\x00\x0a\x00\x00\x00" + struct.pack("<BHHHHBB", 0x2C, 0, 0, 16, 16, 0, 2) + blocks + b"\x00"
    return b"GIF89a" + struct.pack("<HHBBB", 16, 16, 0x80, 0, 0) + bytes(3) + b"\xff" * 3 + frame * frames + b";"


def hostile(binary, table):
    """Pictures that are meant to do harm: how long it takes to refuse them, and how far the memory of the server grows."""
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    pictures = {
        "a PNG of 50,000 by 50,000 pixels": ("image/png", png(50_000, 50_000)),
        "a PNG of 1 by 100,000 pixels": ("image/png", png(1, 100_000)),
        "a PNG of 1,000 by 1,000 pixels that ends after half": ("image/png", png(1_000, 1_000, 500, (8, 6))),
        "a PNG of 5,000 by 5,000 pixels that ends after half": ("image/png", png(5_000, 5_000, 2_500, (8, 6))),
        "an SVG that is called a PNG": ("image/png", svg),
        "a GIF of 500 frames": ("image/gif", gif(500)),
        "a JPEG with a wrong length": ("image/jpeg", b"\xff\xd8\xff\xe0\xff\xffJFIF\x00" + bytes(1000)),
    }
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "shop.db")
        subprocess.run([binary, "migrate", "up"], env=settings(database), check=True, capture_output=True)
        with Server(binary, database) as server:
            for what, (kind, body) in pictures.items():
                # Once before, so that what every first upload takes is not counted.
                server.refused("/media", kind, body)
                before, took = server.kilobytes(), []
                server.forget_peak()
                for _ in range(5):
                    milliseconds, status = server.refused("/media", kind, body)
                    took.append(milliseconds)
                grown = max(0, server.kilobytes("VmHWM") - before) / 1024
                measured = f"{statistics.median(took):.1f} ms, {grown:.1f} MB more at most ({status})"
                table.row("hostile", f"{what}, {len(body) >> 10} KB", measured)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("binary")
    arguments.add_argument("database")
    arguments.add_argument("--groups", type=int, default=100_000)
    arguments.add_argument("--rounds", type=int, default=60)
    arguments.add_argument("--far", type=int, default=100, help="how many pages from the first the far page is")
    arguments.add_argument("--rows", type=int, default=100_000, help="of the file of Shopify")
    arguments.add_argument("--seconds", type=int, default=5, help="of each run of wrk")
    given = arguments.parse_args()
    table = Table()
    # First: what the largest program has needed is known only of all that ended.
    shopify(given.binary, given, table)
    hostile(given.binary, table)
    if not os.path.exists(given.database):
        environment = settings(given.database)
        seed = ["seed", "--products", "0", "--customers", "0", "--orders", "0", "--groups", str(given.groups)]
        for command in (["migrate", "up"], seed):
            subprocess.run([given.binary, *command], env=environment, check=True, capture_output=True)
    with Server(given.binary, given.database) as server:
        server.wait_for_index()
        index(server, given.binary, given, table)
        facets(server, given, table)
        collapsed(server, given, table)
        suggestion(server, given, table)
        move(server, given, table)
        group(server, given, table)


main()
