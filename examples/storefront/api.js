export const API = location.origin; // The API's address: of this server, or one whose cors.allowed_origins has this page.

/** Every call of the shop: its operationId, method and path. /docs describes each. */
const OPERATIONS = {
  listProducts: 'GET /api/v1/products',
  showProduct: 'GET /api/v1/products/{id}',
  showProductBySlug: 'GET /api/v1/products/by-slug/{slug}',
  showProductGroupBySlug: 'GET /api/v1/product-groups/by-slug/{slug}',
  register: 'POST /api/v1/auth/register',
  login: 'POST /api/v1/auth/login',
  refresh: 'POST /api/v1/auth/refresh',
  logout: 'POST /api/v1/auth/logout',
  showMe: 'GET /api/v1/me',
  showCart: 'GET /api/v1/cart',
  addCartItem: 'POST /api/v1/cart/items',
  setCartItem: 'PATCH /api/v1/cart/items/{product_id}',
  quotePurchase: 'POST /api/v1/checkout/quote',
  placeOrder: 'POST /api/v1/orders',
  listOrders: 'GET /api/v1/orders',
  showOrder: 'GET /api/v1/orders/{id}',
  trackOrder: 'GET /api/v1/orders/{id}/tracking',
  createStreamTicket: 'POST /api/v1/orders/{id}/stream-tickets',
  streamOrderEvents: 'GET /api/v1/orders/{id}/events',
  listPaymentMethods: 'GET /api/v1/payment-methods',
  beginPayment: 'POST /api/v1/orders/{id}/payments',
  actAtTestProvider: 'POST /api/v1/test-provider/{reference}/act',
  syncPayment: 'POST /api/v1/payments/{id}/sync',
};
/** What the API answers if it refuses: a problem document (RFC 9457). */
export class Problem extends Error {
  constructor({ title, detail, type = '', status = 0, errors = [], lines = [] }) {
    super(detail ?? title);
    Object.assign(this, { type: type.replace('/problems/', ''), status, errors, lines });
  }
}

// The access token is kept in memory. The refresh token lasts as long as the tab.
const KEPT = 'storekeeper.refresh_token';
let [access, renewal] = [null, null];

export const isLoggedIn = () => access !== null || sessionStorage.getItem(KEPT) !== null;
const keep = (tokens) => {
  access = tokens?.access_token ?? null;
  if (tokens) sessionStorage.setItem(KEPT, tokens.refresh_token);
  else sessionStorage.removeItem(KEPT);
};
/** A new pair of tokens; calls at the same time share it. If it is refused, nobody is logged in any more. */
const renew = () => {
  const refused = (problem) => { if (problem.status === 401) keep(null); else throw problem; };
  const give = () => call.refresh({ body: { refresh_token: sessionStorage.getItem(KEPT) } });
  renewal ??= give().then(keep, refused).finally(() => { renewal = null; });
  return renewal;
};
const address = (operation, { query = {}, ...path }) => {
  const filled = OPERATIONS[operation].split(' ')[1].replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(path[name]));
  return `${new URL(filled, API)}?${new URLSearchParams(query)}`.replace(/\?$/, '');
};
const send = async (operation, { body, key, ...rest }, isAgain = false) => {
  const isPublic = ['login', 'refresh', 'register'].includes(operation);
  if (!isPublic && !access && isLoggedIn()) await renew();
  const headers = { ...(body && { 'Content-Type': 'application/json' }), ...(key && { 'Idempotency-Key': key }) };
  if (!isPublic && access) headers.Authorization = `Bearer ${access}`;
  const given = { method: OPERATIONS[operation].split(' ')[0], headers, body: body && JSON.stringify(body) };
  const response = await fetch(address(operation, rest), given).catch(() => { throw new Problem({ detail: 'The shop does not answer. Please try again.' }); });
  if (response.status === 401 && !isPublic && access && !isAgain) {
    access = null; // It is too old.
    return send(operation, { body, key, ...rest }, true);
  }
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  throw new Problem(answer ?? { detail: `The shop answered with status ${response.status}.`, status: response.status });
};

/** `call.showOrder({ id })`: parts of the path by name, and `query`, `body` and `key`, which makes it safe to send it again. */
export const call = Object.fromEntries(Object.keys(OPERATIONS).map((operation) => [operation, (given = {}) => send(operation, given)]));
export const logIn = async (login, password) => keep(await call.login({ body: { username: login, password } }));
const end = () => call.logout({ body: { refresh_token: sessionStorage.getItem(KEPT) } });
export const logOut = () => (access ? end() : renew().then(end)).finally(() => keep(null));
export const follow = (id, query) => new EventSource(address('streamOrderEvents', { id, query }));
