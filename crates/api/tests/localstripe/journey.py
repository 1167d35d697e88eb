"""Pays orders of a shop with localstripe, acting as the customer, as the browser, and as the administrator.

    journey.py SHOP LOCALSTRIPE CAPTURE

CAPTURE is `automatic` or `manual`, as the shop is configured.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

shop, stripe, mode = sys.argv[1:]
GOOD, DECLINED = "4242424242424242", "4000000000000341"


def call(url, body=None, token=None, form=False):
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    data = None
    if body is not None:
        data = (urllib.parse.urlencode(body) if form else json.dumps(body)).encode()
        headers["Content-Type"] = "application/x-www-form-urlencoded" if form else "application/json"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as answer:
            return answer.status, json.loads(answer.read() or "null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def ask(path, token, body=None, status=200):
    got, answer = call(f"{shop}/api/v1{path}", body, token)
    assert got == status, f"{path}: {got} {answer}"
    return answer


def log_in(username, password):
    return ask("/auth/login", None, {"username": username, "password": password})["access_token"]


def enter_card(payment, number):
    """What Stripe's program in the browser does with the client secret: it may fail with 402."""
    secret, key = payment["next_action"]["client_secret"], payment["next_action"]["publishable_key"]
    assert secret.startswith(payment["reference"]) and key.startswith("pk_test_"), payment
    card = {"type": "card", "card[number]": number, "card[exp_month]": 12, "card[exp_year]": 2030, "card[cvc]": "123"}
    _, method = call(f"{stripe}/v1/payment_methods", card, "sk_test_journey", form=True)
    intent = f"{stripe}/v1/payment_intents/{payment['reference']}"
    call(intent, {"payment_method": method["id"]}, "sk_test_journey", form=True)
    return call(f"{intent}/confirm", {}, "sk_test_journey", form=True)


def until(what, holds):
    for _ in range(300):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError(f"not {what} after 30 seconds")


admin = log_in("admin", os.environ["ADMIN_PASSWORD"])
name = f"ann-{uuid.uuid4().hex[:12]}"
person = {"name": "Ann", "email": f"{name}@example.com", "phone": "+14155550100", "username": name,
          "password": "correct horse battery"}
ask("/auth/register", None, person, 201)
ann = log_in(name, person["password"])
mug = ask("/products", admin, {"name": "Mug", "price": {"amount": 1999, "currency": "USD"}, "initial_stock": 9}, 201)
place = {"items": [{"product_id": mug["id"], "quantity": 2}]}


def pay():
    order = ask("/orders", ann, place, 201)
    assert order["payment_status"] == "unpaid", order
    return order, ask(f"/orders/{order['id']}/payments", ann, {"provider": "stripe"}, 201)


def status(order):
    return ask(f"/orders/{order['id']}", ann)["payment_status"]


def usd(amount):
    return {"amount": amount, "currency": "USD"}


order, payment = pay()
assert payment["status"] == "requires_action", payment
refused, answer = enter_card(payment, DECLINED)
assert refused == 402, answer
declined = ask(f"/payments/{payment['id']}/sync", ann, {})
assert (declined["status"], declined["last_error"]["code"]) == ("requires_action", "card_declined"), declined
# With Stripe the customer could try another card now; localstripe takes no second one.
assert ask(f"/payments/{payment['id']}/void", ann, {})["status"] == "voided"
payment = ask(f"/orders/{order['id']}/payments", ann, {"provider": "stripe"}, 201)
assert enter_card(payment, GOOD)[0] == 200
if mode == "automatic":
    # Nobody asks: the webhook says so.
    until("paid", lambda: status(order) == "paid")
else:
    # Of a payment the provider is asked once in two seconds.
    until("authorised", lambda: ask(f"/payments/{payment['id']}/sync", ann, {})["status"] == "authorised")
    assert ask(f"/payments/{payment['id']}/capture", admin, {})["captured"]["amount"] == 3998
refund = ask(f"/orders/{order['id']}/refunds", admin, {"amount": usd(1000), "reason": "damaged"}, 201)
assert refund["status"] == "succeeded", refund
_, theirs = call(f"{stripe}/v1/refunds?payment_intent={payment['reference']}", None, "sk_test_journey")
assert [one["amount"] for one in theirs["data"]] == [1000], theirs
ledger = ask(f"/orders/{order['id']}/ledger", admin)["items"]
assert [one["amount"]["amount"] for one in ledger] == [3998, 1000], ledger

# A payment that is given up is void at the provider too.
order, payment = pay()
assert ask(f"/payments/{payment['id']}/void", ann, {})["status"] == "voided"
_, theirs = call(f"{stripe}/v1/payment_intents/{payment['reference']}", None, "sk_test_journey")
assert theirs["status"] == "canceled" and theirs["metadata"]["order_id"] == order["id"], theirs
print(f"localstripe: pays, declines, refunds and voids with captures that are {mode}")
