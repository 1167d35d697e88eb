// A customer's journey with the client that openapi-fetch makes of the types that openapi-typescript writes from the
// document. Everything is used as it is generated: no cast, no `any`, no header of our own but those of the document.
//   node built/journey.js ADDRESS PASSWORD
import assert from "node:assert/strict";
import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema.js";

const [baseUrl = "", password = ""] = process.argv.slice(2);
const name = `ts-${Date.now().toString(36)}`;

type Problem = components["schemas"]["Problem"];
type Answer<T> = { data?: T; error?: Problem; response: Response };

/** What was asked for, or the problem as an error. */
function good<T>({ data, error, response }: Answer<T>): T {
  if (error !== undefined) throw new Error(`${response.status} ${error.type}: ${error.detail}`);
  assert.ok(data !== undefined, `${response.status} without a body`);
  return data;
}

const anybody = createClient<paths>({ baseUrl });

async function loggedIn(username: string, password: string) {
  const { access_token } = good(await anybody.POST("/api/v1/auth/login", { body: { username, password } }));
  const bearer: Middleware = {
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${access_token}`);
      return request;
    },
  };
  const client = createClient<paths>({ baseUrl });
  client.use(bearer);
  return client;
}

// The shop has something to sell.
const admin = await loggedIn("admin", password);
const made = await admin.POST("/api/v1/products", {
  body: { name: `Café au lait ${name}`, price: { amount: 1250, currency: "USD" }, initial_stock: 10 },
});
const product = good(made);
assert.equal(made.response.headers.get("location"), `/api/v1/products/${product.id}`);
const path = { id: product.id };
const { response } = await admin.GET("/api/v1/products/{id}", { params: { path } });
const tag = response.headers.get("etag") ?? "";
const change = { params: { path, header: { "If-Match": tag } }, body: { price: { amount: 1500, currency: "USD" } } };
assert.equal(good(await admin.PATCH("/api/v1/products/{id}", change)).price.amount, 1500);
const late = await admin.PATCH("/api/v1/products/{id}", change);
assert.equal(late.error?.type, "/problems/stale-version");

// Registers.
const customer = { name: "Zoë", email: `${name}@example.com`, phone: "+14155550100", username: name };
const account = good(await anybody.POST("/api/v1/auth/register", { body: { ...customer, password: "a long password" } }));
assert.equal(account.username, name);
const me = await loggedIn(name, "a long password");
assert.equal(good(await me.GET("/api/v1/me")).username, name);

// Searches.
const found = good(await me.GET("/api/v1/products", { params: { query: { q: "café", sort: "price", limit: 100 } } }));
const hit = found.items.find(({ id }) => id === product.id);
assert.ok(hit?.in_stock);
const whole = hit.description ?? "no description";
assert.equal(whole, "no description");

// Fills a cart.
const item = { body: { product_id: hit.id, quantity: 2 } };
assert.equal(good(await me.POST("/api/v1/cart/items", item)).item_count, 2);
const more = { params: { path: { product_id: hit.id } }, body: { quantity: 3 } };
const cart = good(await me.PATCH("/api/v1/cart/items/{product_id}", more));
assert.deepEqual(cart.subtotal, { amount: 4500, currency: "USD" });

// Sees what it costs.
const quote = good(await me.POST("/api/v1/checkout/quote", {}));
assert.deepEqual([quote.totals.total.amount, quote.problems, quote.shipping_options], [4500, [], []]);
const purchase = { body: { coupon_codes: ["no such code"], expected_total: quote.totals.total } };
const unknown = await me.POST("/api/v1/orders", purchase);
assert.deepEqual([unknown.error?.type, unknown.error?.errors?.[0]?.field], ["/problems/coupon-invalid", "coupon_codes[0]"]);

// Orders at that total, and again with the same key.
const header = { "Idempotency-Key": `order-${name}` };
const key = { params: { header }, body: { expected_total: quote.totals.total } };
const order = good(await me.POST("/api/v1/orders", key));
assert.equal(order.status, "placed");
assert.deepEqual([order.total.amount, order.totals.tax.amount, order.adjustments], [4500, 0, []]);
const again = await me.POST("/api/v1/orders", key);
assert.equal(again.response.headers.get("idempotency-replayed"), "true");
assert.equal(good(again).id, order.id);
const empty = await me.POST("/api/v1/orders", {});
assert.equal(empty.error?.type, "/problems/cart-empty");

// Cancels.
const cancelled = good(await me.POST("/api/v1/orders/{id}/cancel", { params: { path: { id: order.id } } }));
assert.equal(cancelled.status, "cancelled");
assert.deepEqual(good(await me.GET("/api/v1/orders")).items.map(({ status }) => status), ["cancelled"]);
good(await admin.POST("/api/v1/restocks/run"));

const gone = await me.DELETE("/api/v1/cart");
assert.equal(gone.response.status, 204);
console.log("clients: openapi-fetch registers, searches, fills a cart, gets a quote, orders and cancels");
