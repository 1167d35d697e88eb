#!/usr/bin/env python3
"""How long facets and totals of a long list take, beside the same list without them, in turns and without the cache of
responses; and then with 16 connections at once.

    bench/facets.py target/dist/storekeeper /tmp/shop.db [--products 1000000] [--rounds 60] [--seconds 5]

A SQLite file that is not there is made and filled: every product has a category, a colour, a size, a brand and one or two
tags, half of them a number. The index is made once before, and its size is in the log of the server. Where other programs
use the cores, too, the fastest of all rounds and the processor time of the server say more than the median. It needs wrk.
"""

import argparse
import json
import os
import random
import re
import sqlite3
import statistics
import subprocess
import time
import urllib.request
import uuid

FACETS = "facets=category,brand,attr.colour,attr.size,price&total=true"
LISTS = {
    "all": "",
    "a category of a tenth": "category=top1",
    "a category of a 190th": "category=leaf11",
    "two colours of a category": "category=top1&attr.colour=colour1,colour2",
    "a range of numbers": "attr.watts=100..200",
}


def fill(path):
    """Gives every product terms, in SQL: ten requests for each product would take hours."""
    database, now = sqlite3.connect(path), time.time_ns() // 1000
    chance = random.Random(1)

    def insert(table, **values):
        names = ", ".join(values)
        database.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", list(values.values()))
        return values["id"]

    def new_id():
        return uuid.UUID(int=now // 1000 << 80 | 7 << 76 | 2 << 62 | chance.getrandbits(60)).bytes

    def attribute(code, kind, position):
        return insert(
            "attributes", id=new_id(), code=code, name=code, type=kind, multiple=0, filterable=1, internal=0,
            hierarchical=0, position=position, created_at=now, updated_at=now, version=1,
        )

    def terms(attribute_id, name, count, parents=(None,)):
        return [
            insert(
                "terms", id=new_id(), attribute_id=attribute_id, parent_id=parents[n % len(parents)], name=f"{name}{n}",
                words=f" {name}{n} ", slug=f"{name}{n}", position=n, created_at=now, updated_at=now, version=1,
            )
            for n in range(count)
        ]

    built_in = dict(database.execute("SELECT code, id FROM attributes"))
    tops = terms(built_in["category"], "top", 10)
    one_of = [
        terms(built_in["category"], "leaf", 190, tops),
        terms(attribute("colour", "choice", 5), "colour", 12),
        terms(attribute("size", "choice", 6), "size", 8),
        terms(built_in["brand"], "brand", 500),
    ]
    tags, watts = terms(built_in["tag"], "tag", 50), attribute("watts", "integer", 7)
    for (product,) in database.execute("SELECT id FROM products ORDER BY id").fetchall():
        has = {chance.choice(choice) for choice in one_of} | {chance.choice(tags), chance.choice(tags)}
        rows = [(product, term) for term in sorted(has)]
        database.executemany("INSERT INTO product_terms (product_id, term_id, position, inherited) VALUES (?, ?, 0, 0)", rows)
        if chance.random() < 0.5:
            row = (product, watts, chance.randrange(5, 500))
            database.execute("INSERT INTO product_values (product_id, attribute_id, number, inherited) VALUES (?, ?, ?, 0)", row)
    database.commit()


def processor_ms(process):
    """The milliseconds of processor time that a process has used."""
    with open(f"/proc/{process.pid}/stat") as stat:
        user, system = stat.read().rsplit(")", 1)[1].split()[11:13]
    return 1000 * (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def wrk(address, seconds):
    """The median and the latency of 99 of 100 with 16 connections, and how many answers there were."""
    command = ["wrk", "-t2", "-c16", f"-d{seconds}s", "--latency", address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    half, most = (re.search(rf"{share}%\s+(\S+)", said)[1] for share in (50, 99))
    return half, most, int(re.search(r"(\d+) requests in", said)[1])


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("binary")
    arguments.add_argument("database")
    arguments.add_argument("--products", type=int, default=1_000_000)
    arguments.add_argument("--rounds", type=int, default=60)
    arguments.add_argument("--seconds", type=int, default=5, help="of each run of wrk")
    arguments.add_argument("--port", type=int, default=18099)
    given = arguments.parse_args()
    base = f"http://127.0.0.1:{given.port}"
    settings = {
        "DATABASE__URL": f"sqlite://{os.path.abspath(given.database)}?mode=rwc",
        "SERVER__BIND": f"127.0.0.1:{given.port}",
        "ADMIN__PASSWORD": "facets are counted",
        "CATALOG__PUBLIC": "true",
        "RATE_LIMIT__ENABLED": "false",
        "CACHE__PRODUCTS": "false",
        "LOG__FORMAT": "pretty",
    }
    environment = os.environ | {f"STOREKEEPER__{key}": value for key, value in settings.items()}
    if not os.path.exists(given.database):
        subprocess.run([given.binary, "migrate", "up"], env=environment, check=True)
        subprocess.run([given.binary, "seed", "--products", str(given.products)], env=environment, check=True)
        fill(given.database)

    def get(path):
        began = time.perf_counter()
        with urllib.request.urlopen(f"{base}/api/v1{path}") as answer:
            body = json.load(answer)
        return 1000 * (time.perf_counter() - began), body

    server = subprocess.Popen([given.binary], env=environment)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{base}/health/ready")
                break
            except OSError:
                time.sleep(0.2)
        while get("/products?limit=1&total=true")[1]["total"] is None:
            time.sleep(0.1)
        # The first of each also fills what the server keeps in memory.
        for query in LISTS.values():
            get(f"/products?limit=20&{FACETS}&{query}")
        print("| list | products | without, ms | with 5 facets and the total, ms (p99) | ratio | fastest of each, ms | ratio |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        for name, query in LISTS.items():
            plain, counted, total = [], [], None
            for _ in range(given.rounds):
                plain.append(get(f"/products?limit=20&{query}")[0])
                took, body = get(f"/products?limit=20&{FACETS}&{query}")
                counted.append(took)
                total = body["total"]
            one, other = statistics.median(plain), statistics.median(counted)
            p99 = sorted(counted)[int(len(counted) * 0.99)]
            least = f"{min(plain):.2f} → {min(counted):.2f} | {min(counted) / min(plain):.1f}"
            print(f"| {name} | {total} | {one:.2f} | {other:.2f} ({p99:.2f}) | {other / one:.1f} | {least} |", flush=True)
        print("\n| with 16 connections | half within | 99 % within | processor time of each | without facets | ratio |")
        print("| --- | --- | --- | --- | --- | --- |")
        for name, query in LISTS.items():
            each = []
            for asked in ["", FACETS]:
                before = processor_ms(server)
                half, most, count = wrk(f"{base}/api/v1/products?limit=20&{asked}&{query}", given.seconds)
                each.append((processor_ms(server) - before) / max(count, 1))
            print(f"| {name} | {half} | {most} | {each[1]:.2f} ms | {each[0]:.2f} ms | {each[1] / each[0]:.1f} |", flush=True)
    finally:
        server.terminate()
        server.wait()


main()
