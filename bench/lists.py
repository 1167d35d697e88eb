#!/usr/bin/env python3
"""Measures every filter and sort of the lists, and whether orders go on beside the worst of them.

    bench/lists.py target/dist/storekeeper sqlite:///tmp/shop.db --seed 1000000
    bench/lists.py target/dist/storekeeper mysql://root@127.0.0.1:3306/shop

With --seed the database is migrated and filled first; on a server it must exist. Each kind of request is sent one after
the other on one connection, with the cache off. Then 32 clients send the worst kind without a pause, while others order
and ask for health. It prints a table for docs/performance.md. It needs nothing but Python 3 and a Storekeeper binary.
"""

import argparse
import http.client
import json
import os
import subprocess
import threading
import time
from collections import Counter
from urllib.parse import quote

PASSWORD = "administrator-9000"


def settings(url):
    return os.environ | {
        "STOREKEEPER__DATABASE__URL": url,
        "STOREKEEPER__SERVER__BIND": "127.0.0.1:0",
        "STOREKEEPER__AUTH__JWT_SECRET": "a-secret-of-the-bench-that-is-long-enough",
        "STOREKEEPER__ADMIN__PASSWORD": PASSWORD,
        "STOREKEEPER__RATE_LIMIT__REQUESTS": "1000000000",
        "STOREKEEPER__RATE_LIMIT__ADMIN_REQUESTS": "1000000000",
        "STOREKEEPER__CACHE__PRODUCTS": "false",
        "STOREKEEPER__LOG__FORMAT": "json",
    }


class Client:
    """One connection."""

    def __init__(self, port, token=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Content-Type": "application/json"}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def send(self, method, path, body=None):
        began = time.perf_counter()
        try:
            self.connection.request(method, path, body and json.dumps(body), self.headers)
            response = self.connection.getresponse()
            status, text = response.status, response.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            status, text = 0, b""
        return status, text, (time.perf_counter() - began) * 1000

    def get(self, path):
        status, text, _ = self.send("GET", path)
        assert status == 200, (path, status, text)
        return json.loads(text)

    def post(self, path, body):
        status, text, _ = self.send("POST", path, body)
        assert status in (200, 201), (path, status, text)
        return json.loads(text)


def percentiles(times):
    times = sorted(times) or [float("nan")]
    return times[len(times) // 2], times[min(len(times) - 1, len(times) * 99 // 100)]


def kinds(products, admin):
    """The requests of each kind: those of a customer, and those of an administrator."""
    names = [product["name"] for product in products]
    first, second = names[0].split()[0].lower(), names[0].split()[1].lower()
    prices = sorted(product["price"]["amount"] for product in products)
    low, middle, high = prices[0], prices[len(prices) // 2], 10**11
    new = admin.get("/api/v1/products?sort=-created_at&limit=1")["items"][0]
    last = new["name"].split()[-1].lower()
    other = next((name.split()[1].lower() for name in names if name.split()[1].lower() != second), second)
    shop = "/api/v1/products"
    of_customers = {"a product by id": [f"{shop}/{product['id']}" for product in products]}
    for sort in ("name", "-name", "price", "-price", "created_at", "-created_at", "relevance"):
        of_customers[f"sort={sort}"] = [f"{shop}?sort={sort}"]
    for name, query in {
        "in_stock=true": "in_stock=true",
        "in_stock=false": "in_stock=false",
        "min_price, half of all": f"min_price={middle}",
        "min_price, none": f"min_price={high}",
        "max_price, few": f"max_price={low}",
        "in_stock=false & min_price, half": f"in_stock=false&min_price={middle}",
        "in_stock=false & min_price, all": f"in_stock=false&min_price={low}",
        "in_stock=false & min_price, none": f"in_stock=false&min_price={high}",
        "in_stock=false & min_price & sort=name": f"in_stock=false&min_price={middle}&sort=name",
        "in_stock=false & min_price & sort=-price": f"in_stock=false&min_price={middle}&sort=-price",
        "updated_after": "updated_after=2020-01-01T00:00:00Z",
        "updated_after & in_stock=false": "updated_after=2020-01-01T00:00:00Z&in_stock=false",
        "two words": f"q={first}%20{second}",
        "two words & sort=name": f"q={first}%20{second}&sort=name",
        "two words & sort=price": f"q={first}%20{second}&sort=price",
        "two words, never together": f"q={second}%20{other}",
        "two words & in_stock=false": f"q={first}%20{second}&in_stock=false",
        "two words & in_stock=false & min_price": f"q={first}%20{second}&in_stock=false&min_price={middle}",
        "two words & sort=relevance": f"q={first}%20{second}&sort=relevance",
        "two words & sort=relevance & in_stock=false": f"q={first}%20{second}&sort=relevance&in_stock=false",
        "a rare word": f"q={quote(last)}",
        "a rare word & sort=relevance": f"q={quote(last)}&sort=relevance",
        "a word that nothing has": "q=xylophonist",
        "a word that nothing has & sort=relevance": "q=xylophonist&sort=relevance",
        "the beginning of a word": f"q={first[:2]}",
        "the beginning of a word & sort=relevance": f"q={first[:2]}&sort=relevance",
        "one letter & in_stock=false": f"q={first[:1]}&in_stock=false",
        "one letter & min_price, none": f"q={first[:1]}&min_price={high}",
    }.items():
        of_customers[name] = [f"{shop}?{query}"]
    orders = admin.get("/api/v1/orders?limit=1")["items"]
    customer = orders[0]["customer_id"] if orders and "customer_id" in orders[0] else None
    api = "/api/v1"
    of_administrators = {
        "orders": [f"{api}/orders"],
        "orders, status & placed_after": [f"{api}/orders?status=cancelled&placed_after=2020-01-01T00:00:00Z"],
        "orders, placed_before, none": [f"{api}/orders?placed_before=2000-01-01T00:00:00Z"],
        "orders, q, everybody": [f"{api}/orders?q=example"],
        "orders, q & status": [f"{api}/orders?q=example&status=cancelled"],
        "orders, updated_after & status": [f"{api}/orders?updated_after=2020-01-01T00:00:00Z&status=cancelled"],
        "customers, q, everybody": [f"{api}/customers?q=example"],
        "customers, q, nobody": [f"{api}/customers?q=xylophonist"],
        "audit, resource & after": [f"{api}/audit?resource=product&after=2020-01-01T00:00:00Z"],
        "stock, below_threshold": [f"{api}/stock?below_threshold=true"],
        "restocks, status": [f"{api}/restocks?status=open"],
    }
    if customer:
        of_administrators["orders, customer & status"] = [f"{api}/orders?customer_id={customer}&status=cancelled"]
    return of_customers, of_administrators


def measure(client, paths, seconds):
    """Times of the requests, and how full the page was."""
    client.send("GET", paths[0])
    times, statuses, until = [], Counter(), time.perf_counter() + seconds
    while time.perf_counter() < until and len(times) < 1000:
        status, text, took = client.send("GET", paths[len(times) % len(paths)])
        statuses[status] += 1
        times.append(took)
    page = json.loads(text) if status == 200 else {}
    items = len(page["items"]) if "items" in page else 1
    more = " and more" if page.get("next_cursor") else ""
    only = {status: count for status, count in statuses.items() if status != 200}
    return percentiles(times), f"{items}{more}{' ' + str(only) if only else ''}"


def beside(port, token, path, product, seconds):
    """What orders and health take while 32 clients send the worst."""
    until = time.perf_counter() + seconds
    results = {"the worst": [], "orders": [], "health": []}

    def repeat(name, pause, send):
        client = Client(port, token)
        while time.perf_counter() < until:
            status, _, took = send(client)
            results[name].append((status, took))
            time.sleep(pause)

    def order(client):
        return client.send("POST", "/api/v1/orders", {"items": [{"product_id": product, "quantity": 1}]})

    threads = [threading.Thread(target=repeat, args=("the worst", 0, lambda client: client.send("GET", path)))
               for _ in range(32)]
    threads.append(threading.Thread(target=repeat, args=("orders", 0.02, order)))
    threads.append(threading.Thread(target=repeat, args=("health", 0.05, lambda client: client.send("GET", "/health/ready"))))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("binary")
    arguments.add_argument("url")
    arguments.add_argument("--seed", type=int, metavar="PRODUCTS")
    arguments.add_argument("--orders", type=int, default=20_000)
    arguments.add_argument("--seconds", type=float, default=2, help="for each kind of request")
    given = arguments.parse_args()
    environment = settings(given.url)
    if given.seed:
        subprocess.run([given.binary, "migrate", "up"], env=environment, check=True, stdout=subprocess.DEVNULL)
        began = time.perf_counter()
        seed = ["seed", "--products", str(given.seed), "--customers", "1000", "--orders", str(given.orders)]
        subprocess.run([given.binary, *seed], env=environment, check=True, stdout=subprocess.DEVNULL)
        print(f"seed of {given.seed:,} products: {time.perf_counter() - began:.1f} s\n", flush=True)
    server = subprocess.Popen([given.binary, "serve"], env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
    try:
        port = next(int(line.split("http://127.0.0.1:")[1].split("/")[0].split('"')[0])
                    for line in server.stdout if "http://127.0.0.1:" in line)
        threading.Thread(target=lambda: [None for _ in server.stdout], daemon=True).start()
        while Client(port).send("GET", "/health/ready")[0] != 200:
            time.sleep(0.05)
        run(port, given.seconds)
    finally:
        server.terminate()
        server.wait()


def run(port, seconds):
    login = {"username": "admin", "password": PASSWORD}
    admin = Client(port, Client(port).post("/api/v1/auth/login", login)["access_token"])
    name = f"bench-{time.time_ns() % 10**12}"
    person = {"name": "Bench", "email": f"{name}@example.com", "phone": "+14155550100"}
    Client(port).post("/api/v1/auth/register", {"username": name, "password": PASSWORD, **person})
    token = Client(port).post("/api/v1/auth/login", {"username": name, "password": PASSWORD})["access_token"]
    customer = Client(port, token)
    products = customer.get("/api/v1/products?in_stock=true&limit=100")["items"]
    of_customers, of_administrators = kinds(products, admin)
    measured = {}
    print("| request | p50 ms | p99 ms | p99 by a product by id | items of a page |\n| --- | --- | --- | --- | --- |")
    for client, some in ((customer, of_customers), (admin, of_administrators)):
        for kind, paths in some.items():
            (p50, p99), page = measure(client, paths, seconds)
            measured[kind] = p50, p99
            ratio = p99 / measured["a product by id"][1]
            print(f"| {kind} | {p50:.2f} | {p99:.2f} | {ratio:.1f} | {page} |", flush=True)
    worst = max(of_customers, key=lambda kind: measured[kind][0])
    print(f"\n32 clients that send the worst, `{of_customers[worst][0].split('/products')[1]}` ({worst}):\n")
    print("| what | a second | p50 ms | p99 ms | longest ms | answers |\n| --- | --- | --- | --- | --- | --- |")
    for what, results in beside(port, token, of_customers[worst][0], products[0]["id"], 5 * seconds).items():
        p50, p99 = percentiles([took for _, took in results])
        longest = max((took for _, took in results), default=float("nan"))
        statuses = dict(Counter(status for status, _ in results))
        print(f"| {what} | {len(results) / (5 * seconds):.1f} | {p50:.1f} | {p99:.1f} | {longest:.0f} | {statuses} |")


if __name__ == "__main__":
    main()
