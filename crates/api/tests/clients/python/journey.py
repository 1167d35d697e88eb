"""A customer's journey with the client that openapi-python-client writes from the document. Everything is used as it is
generated.

    python journey.py ADDRESS PASSWORD
"""

import sys
import time
from http import HTTPStatus
from uuid import UUID

from shop.api.cart import add_cart_item, clear_cart, set_cart_item
from shop.api.checkout import quote_purchase
from shop.api.identity import login, register, show_me
from shop.api.orders import cancel_order, list_orders, place_order, show_order
from shop.api.products import create_product, list_products, show_product, update_product
from shop.api.restocks import run_restocks
from shop.client import AuthenticatedClient, Client
from shop.models.credentials import Credentials
from shop.models.expected_total import ExpectedTotal
from shop.models.item import Item
from shop.models.list_products_sort import ListProductsSort
from shop.models.new_order import NewOrder
from shop.models.new_product import NewProduct
from shop.models.new_quantity import NewQuantity
from shop.models.order_status import OrderStatus
from shop.models.price import Price
from shop.models.problem import Problem
from shop.models.product_change import ProductChange
from shop.models.registration import Registration

base, password = sys.argv[1:]
name = f"py-{time.time_ns():x}"
anybody = Client(base_url=base)


def good(answer):
    """What was asked for, or the problem as an error."""
    if answer is None or isinstance(answer, Problem):
        raise SystemExit(f"clients: openapi-python-client got {answer}")
    return answer


def logged_in(username, password):
    pair = good(login.sync(client=anybody, body=Credentials(username=username, password=password)))
    return AuthenticatedClient(base_url=base, token=pair.access_token)


# The shop has something to sell.
admin = logged_in("admin", password)
new = NewProduct(name=f"Crème brûlée {name}", price=Price(amount=1250, currency="USD"), initial_stock=10)
product = good(create_product.sync(client=admin, body=new))
shown = show_product.sync_detailed(product.id, client=admin)
change = ProductChange(price=Price(amount=1500, currency="USD"))
tag = shown.headers["etag"]
assert good(update_product.sync(product.id, client=admin, body=change, if_match=tag)).price.amount == 1500
late = update_product.sync_detailed(product.id, client=admin, body=change, if_match=tag)
assert late.status_code == HTTPStatus.PRECONDITION_FAILED, late

# Registers.
person = Registration(name="Zoë", email=f"{name}@example.com", phone="+14155550100", username=name, password="a long password")
assert good(register.sync(client=anybody, body=person)).username == name
me = logged_in(name, "a long password")
assert good(show_me.sync(client=me)).username == name

# Searches.
found = good(list_products.sync(client=me, q="brûlée", sort=ListProductsSort.PRICE, limit=100))
hit = next(hit for hit in found.items if hit.id == product.id)
assert hit.in_stock and hit.description is None, hit

# Fills a cart.
assert good(add_cart_item.sync(client=me, body=Item(product_id=hit.id, quantity=2))).item_count == 2
cart = good(set_cart_item.sync(hit.id, client=me, body=NewQuantity(quantity=3)))
assert (cart.subtotal.amount, cart.subtotal.currency) == (4500, "USD"), cart

# Sees what it costs.
quote = good(quote_purchase.sync(client=me))
assert (quote.totals.total.amount, quote.problems, quote.shipping_options) == (4500, [], []), quote
total = ExpectedTotal(amount=quote.totals.total.amount, currency=quote.totals.total.currency)
unknown = place_order.sync(client=me, body=NewOrder(coupon_codes=["no such code"], expected_total=total))
assert isinstance(unknown, Problem) and unknown.type_ == "/problems/coupon-invalid", unknown

# Orders at that total, and again with the same key.
purchase = NewOrder(expected_total=total)
order = good(place_order.sync(client=me, body=purchase, idempotency_key=f"order-{name}"))
assert isinstance(order.id, UUID) and order.status == OrderStatus.PLACED and order.total.amount == 4500, order
assert order.totals.tax.amount == 0 and order.adjustments == [], order
again = place_order.sync_detailed(client=me, body=purchase, idempotency_key=f"order-{name}")
assert again.headers["idempotency-replayed"] == "true" and good(again.parsed).id == order.id, again
refused = place_order.sync(client=me)
assert isinstance(refused, Problem) and refused.type_ == "/problems/cart-empty", refused

# Cancels.
assert good(cancel_order.sync(order.id, client=me)).status == OrderStatus.CANCELLED
assert good(show_order.sync(order.id, client=me)).status == OrderStatus.CANCELLED
assert [order.id for order in good(list_orders.sync(client=me)).items] == [order.id]
good(run_restocks.sync(client=admin))
assert clear_cart.sync_detailed(client=me).status_code == HTTPStatus.NO_CONTENT
print("clients: openapi-python-client registers, searches, fills a cart, gets a quote, orders and cancels")
