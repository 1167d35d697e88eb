"""A customer of a shop that sends mail, with a mail server that somebody else wrote (aiosmtpd) and Python's own parser.

    journey.py BINARY FOLDER

Registers, proves the address, orders, forgets the password and sets another one, with the tokens of the mails.
"""

import email
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from email.policy import default
from queue import Empty, Queue

from aiosmtpd.controller import Controller


class Keeps:
    """Keeps each mail, parsed, with those that it was for."""

    def __init__(self):
        self.mails = Queue()

    async def handle_DATA(self, server, session, envelope):
        self.mails.put((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=default)))
        return "250 kept"


def serve(binary, folder, port, password):
    """Starts the shop, and returns it with its address."""
    environment = os.environ | {
        "STOREKEEPER__LOG__FORMAT": "pretty",
        "STOREKEEPER__SERVER__BIND": "127.0.0.1:0",
        "STOREKEEPER__ADMIN__PASSWORD": password,
        "STOREKEEPER__DATABASE__URL": f"sqlite://{folder}/storekeeper.db?mode=rwc",
        "STOREKEEPER__MAIL__TRANSPORT": "smtp",
        "STOREKEEPER__MAIL__SMTP__URL": f"smtp://127.0.0.1:{port}?tls=none",
        "STOREKEEPER__MAIL__FROM": "Käthe's Shop <shop@shop.example>",
        "STOREKEEPER__SHOP__PUBLIC_URL": "https://shop.example",
    }
    subprocess.run([binary, "check-config"], env=environment, check=True, stdout=subprocess.DEVNULL)
    with open(f"{folder}/server.log", "w") as log:
        shop = subprocess.Popen([binary], env=environment, stdout=log, stderr=log)
    for _ in range(150):
        with open(f"{folder}/server.log") as log:
            found = re.search(r"API *(http\S*)", log.read())
        if found and answers(found[1].removesuffix("/api/v1") + "/health/ready"):
            return shop, found[1]
        if shop.poll() is not None:
            break
        time.sleep(0.2)
    with open(f"{folder}/server.log") as log:
        sys.exit(f"the server did not start:\n{log.read()}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url):
    try:
        with urllib.request.urlopen(url):
            return True
    except OSError:
        return False


class Client:
    def __init__(self, api):
        self.api, self.token = api, None

    def post(self, path, body, status):
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self.api + path, json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request) as response:
                got, text = response.status, response.read()
        except urllib.error.HTTPError as refused:
            got, text = refused.code, refused.read()
        assert got == status, f"POST {path}: {got} instead of {status}: {text.decode()}"
        return json.loads(text) if text else None

    def log_in(self, username, password):
        self.token = None
        self.token = self.post("/auth/login", {"username": username, "password": password}, 200)["access_token"]


def next_mail(mails, recipient, subject):
    """The next mail, which is to be this one, with both its texts."""
    try:
        recipients, mail = mails.get(timeout=20)
    except Empty:
        sys.exit(f"no mail for {recipient} with {subject!r}")
    assert recipients == [recipient] and mail["To"] == recipient, (recipients, mail["To"])
    assert subject in mail["Subject"], mail["Subject"]
    assert mail["From"] == "Käthe's Shop <shop@shop.example>", mail["From"]
    assert re.fullmatch(r"<[0-9a-f-]{36}@shop\.example>", mail["Message-ID"]), mail["Message-ID"]
    assert mail["Date"] and mail["MIME-Version"] == "1.0"
    assert not mail.defects, mail.defects
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert text.strip() and "</" in html, (text, html)
    return text, html


def token_of(text):
    return re.search(r"https://shop\.example/\S*#token=([\w-]+)", text)[1]


def journey(client, mails, admin_password):
    name, to = "ann", "ann@example.com"
    client.post("/auth/register", {"name": "Ann <b>Büyer</b>", "email": to, "phone": "+14155550100", "username": name, "password": "correct horse battery"}, 201)
    text, html = next_mail(mails, to, "address")
    assert "Ann <b>Büyer</b>" not in html
    token = token_of(text)
    client.post("/auth/email/verify", {"token": token}, 204)
    client.post("/auth/email/verify", {"token": token}, 422)

    client.log_in("admin", admin_password)
    mug = client.post("/products", {"name": "Blue mug", "price": {"amount": 1999, "currency": "USD"}, "initial_stock": 10}, 201)
    client.log_in(name, "correct horse battery")
    client.post("/cart/items", {"product_id": mug["id"], "quantity": 2}, 200)
    address = {"line1": "1 Main St", "city": "Springfield", "postal_code": "12345", "country": "US"}
    order = client.post("/orders", {"shipping_address": address}, 201)
    text, html = next_mail(mails, to, order["number"])
    for shown in (text, html):
        assert "Blue mug" in shown and "39.98" in shown, shown

    client.post("/auth/password/forgot", {"email": "nobody@example.com"}, 202)
    client.post("/auth/password/forgot", {"email": to}, 202)
    token = token_of(next_mail(mails, to, "password")[0])
    client.post("/auth/password/reset", {"token": token, "new_password": "staple the battery"}, 204)
    client.post("/auth/password/reset", {"token": token, "new_password": "staple the battery"}, 422)
    next_mail(mails, to, "password")
    client.post("/auth/login", {"username": name, "password": "correct horse battery"}, 401)
    client.log_in(name, "staple the battery")
    assert mails.empty(), mails.get()


def main():
    binary, folder = sys.argv[1:]
    kept = Keeps()
    port = free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    password = secrets.token_urlsafe(24)
    shop, api = serve(binary, folder, port, password)
    try:
        journey(Client(api), kept.mails, password)
    finally:
        shop.terminate()
        shop.wait()
        controller.stop()
    print("mail: a customer proved an address, ordered, and set another password")


main()
