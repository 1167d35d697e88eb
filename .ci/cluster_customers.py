"""The customers of `.ci/cluster`: they order with keys, and repeat a request until it is answered."""

import http.client
import json
import random
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from cluster_processes import Failure

CUSTOMERS = 8
# Between two orders of a customer, in seconds. A node that comes back has to catch up with all of them.
PAUSE = 0.15
PRODUCTS = 5
STOCK = 1_000_000
PASSWORD = "correct horse battery"
# What may become of a request while something is down. The same request with the same key is right after all of them.
REPEATED = (0, 409, 502, 503, 504)


def call(method, url, body=None, token=None, key=None, timeout=30):
    """Status, headers and body of an answer. Without an answer, the status is 0 and the body says why."""
    parts = urlsplit(url)
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if key:
        headers["Idempotency-Key"] = key
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, body and json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        is_json = "json" in (answer.getheader("Content-Type") or "")
        return answer.status, answer.headers, json.loads(text) if is_json else {}
    except (OSError, http.client.HTTPException) as error:
        return 0, {}, {"type": type(error).__name__}
    finally:
        connection.close()


class Customers:
    def __init__(self, base, admin_password):
        self.base = base
        self.admin = self.login("admin", admin_password)
        self.products = [self.create("/products", {
            "name": f"Product {n}", "price": {"amount": 100 + n, "currency": "USD"}, "initial_stock": STOCK})["id"]
            for n in range(PRODUCTS)]
        self.lock = threading.Lock()
        # When an order was acknowledged, and how long its customer had waited; what else was answered, and when.
        self.times, self.others = [], []
        # Key: token, what was ordered, and the answer.
        self.orders = {}
        self.failure, self.is_over = None, False
        self.threads = []

    def create(self, path, body):
        status, _, answer = call("POST", self.base + path, body, self.admin)
        if status != 201:
            raise Failure(f"POST {path}: {status} {answer}")
        return answer

    def login(self, username, password):
        status, _, answer = call("POST", f"{self.base}/auth/login", {"username": username, "password": password})
        if status != 200:
            raise Failure(f"login of {username}: {status} {answer}")
        return answer["access_token"]

    def start(self):
        for n in range(CUSTOMERS):
            person = {"name": f"Customer {n}", "email": f"customer-{n}@example.com", "phone": "+14155550100"}
            self.create("/auth/register", person | {"username": f"customer-{n}", "password": PASSWORD})
            token = self.login(f"customer-{n}", PASSWORD)
            self.threads.append(threading.Thread(target=self.shop, args=(token,), daemon=True))
        for thread in self.threads:
            thread.start()

    def shop(self, token):
        """Orders, again and again, until the shop closes. What was begun is finished."""
        try:
            while not self.is_over:
                ids = random.sample(self.products, random.randint(1, 3))
                body = {"items": [{"product_id": product, "quantity": random.randint(1, 3)} for product in ids]}
                self.order(token, str(uuid.uuid4()), body)
                time.sleep(PAUSE)
        except Failure as failure:
            self.failure = failure

    def order(self, token, key, body):
        began = time.monotonic()
        while True:
            status, headers, answer = call("POST", f"{self.base}/orders", body, token, key)
            now = time.monotonic()
            if status == 201:
                with self.lock:
                    self.orders[key] = token, body, answer
                    self.times.append((now, now - began))
                return
            kind = answer.get("type", "of the proxy").rsplit("/", 1)[-1]
            if status not in REPEATED or (status == 409 and kind != "still-running"):
                raise Failure(f"an order was answered {status} {answer}")
            if kind in ("unavailable", "outcome-unknown", "still-running") and "Retry-After" not in headers:
                raise Failure(f"{status} {kind} without Retry-After")
            if now - began > 300:
                raise Failure(f"an order was not answered within 300 s, at last {status} {kind}")
            with self.lock:
                self.others.append((now, f"{status or 'none'} {kind}"))
            time.sleep(min(2, int(headers.get("Retry-After", 1))))

    def check(self):
        if self.failure:
            raise self.failure

    def acknowledged_since(self, moment):
        self.check()
        with self.lock:
            return sum(when > moment for when, _ in self.times)

    def report(self, began):
        """Since then: orders, the longest time without one, the longest wait of a customer, seconds, other answers."""
        self.check()
        ended = time.monotonic()
        with self.lock:
            times = sorted(one for one in self.times if one[0] >= began)
            others = Counter(what for when, what in self.others if when >= began)
        moments = [began, *(when for when, _ in times), ended]
        gap = max(later - earlier for earlier, later in zip(moments, moments[1:]))
        wait = max((wait for _, wait in times), default=0)
        answers = ", ".join(f"{count} × {what}" for what, count in others.most_common()) or "none"
        return len(times), gap, wait, ended - began, answers

    def stop(self):
        self.is_over = True
        for thread in self.threads:
            thread.join(320)

    def prove(self):
        self.check()
        if any(thread.is_alive() for thread in self.threads):
            raise Failure("a customer still waits for an answer")
        acknowledged = {answer["id"] for _, _, answer in self.orders.values()}
        if len(acknowledged) != len(self.orders):
            raise Failure(f"{len(self.orders)} keys, but {len(acknowledged)} different orders")
        listed = list(self.pages("/orders"))
        stored = Counter(order["id"] for order in listed)
        if doubled := [order for order, count in stored.items() if count > 1]:
            raise Failure(f"listed twice: {doubled[:5]}")
        if lost := acknowledged - stored.keys():
            raise Failure(f"{len(lost)} acknowledged orders are lost: {sorted(lost)[:5]}")
        if more := stored.keys() - acknowledged:
            raise Failure(f"{len(more)} orders that no customer knows, so they are doubled: {sorted(more)[:5]}")
        with ThreadPoolExecutor(8) as pool:
            for key, wrong in zip(self.orders, pool.map(self.find_again, self.orders)):
                if wrong:
                    raise Failure(f"the key {key}: {wrong}")
        if after := sum(1 for _ in self.pages("/orders")) - len(listed):
            raise Failure(f"repeating the keys made {after} orders")
        sold = Counter()
        for _, body, _ in self.orders.values():
            for item in body["items"]:
                sold[item["product_id"]] += item["quantity"]
        for product in self.products:
            on_hand = self.get(f"/products/{product}/stock")["on_hand"]
            if on_hand != STOCK - sold[product]:
                raise Failure(f"stock of {product} is {on_hand}, and should be {STOCK - sold[product]}")
        print(f"  {len(self.orders)} orders acknowledged, {len(stored)} stored, none lost, none doubled; "
              f"each key gives its order again; {sum(sold.values())} units sold, stock is right")

    def find_again(self, key):
        """What is wrong, if the key does not give what it gave, id and lines and all, or the order cannot be read."""
        token, body, first = self.orders[key]
        status, answer = self.persist("POST", "/orders", body, token, key)
        if (status, answer) != (201, first):
            return f"{status} {answer} instead of 201 {first}"
        status, read = self.persist("GET", f"/orders/{first['id']}", None, token)
        if (status, read.get("id")) != (200, first["id"]):
            return f"{first['id']} is read as {status} {read}"
        return None

    def persist(self, *request):
        """Sends a request until it gets an answer that is not for the moment only, for a minute at most."""
        method, path, *rest = request
        until = time.monotonic() + 60
        while True:
            status, _, answer = call(method, self.base + path, *rest)
            if status not in REPEATED or time.monotonic() > until:
                return status, answer
            time.sleep(1)

    def get(self, path):
        status, answer = self.persist("GET", path, None, self.admin)
        if status != 200:
            raise Failure(f"GET {path}: {status} {answer}")
        return answer

    def pages(self, path):
        cursor = ""
        while cursor is not None:
            page = self.get(f"{path}?limit=100{cursor}")
            yield from page["items"]
            cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
