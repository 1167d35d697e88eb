// Stock that fills itself up, and orders that are taken back.

const NOTHING = '01890000-0000-7000-8000-000000000000';

const stock = [
  {
    name: 'Put a lamp on sale',
    about: '12 units are on hand.',
    post: '/api/v1/products',
    body: { name: 'Desk lamp', price: { amount: 4500, currency: '{{currency}}' }, initial_stock: 12 },
    status: 201,
    tests: {
      'it is in stock'() {
        pm.expect(body.in_stock).to.eql(true);
      },
    },
    keep: { lamp: 'body.id' },
  },
  {
    name: 'Show the stock',
    about: 'It begins without a restock policy.',
    get: '/api/v1/products/{{lamp}}/stock',
    status: 200,
    tests: {
      'there are twelve'() {
        pm.expect(body).to.include({ product_id: pm.collectionVariables.get('lamp'), on_hand: 12, below_threshold: false });
      },
    },
    keep: { etag: "pm.response.headers.get('ETag')" },
  },
  {
    name: 'Set the restock policy',
    about: 'Below 10 units, fill up to 50.',
    put: '/api/v1/products/{{lamp}}/stock/policy',
    headers: { 'If-Match': '{{etag}}' },
    body: { restock_threshold: 10, restock_target: 50 },
    status: 200,
    tests: {
      'it is set'() {
        pm.expect(body).to.include({ restock_threshold: 10, restock_target: 50, on_hand: 12, below_threshold: false });
        pm.expect(pm.response.headers.get('ETag')).not.to.eql(pm.collectionVariables.get('etag'));
      },
    },
  },
  {
    name: 'Set the restock policy of a stock that has changed',
    about: 'Look again, and decide again.',
    put: '/api/v1/products/{{lamp}}/stock/policy',
    headers: { 'If-Match': '{{etag}}' },
    body: { restock_threshold: 20, restock_target: 50 },
    status: 412,
    problem: 'stale-version',
  },
  {
    name: 'Set a target below the reorder point',
    about: 'It would be restocked for ever.',
    put: '/api/v1/products/{{lamp}}/stock/policy',
    body: { restock_threshold: 10, restock_target: 5 },
    status: 422,
    problem: 'invalid-fields',
    faults: ['restock_target'],
  },
  {
    name: 'Take damaged units out',
    about: 'An adjustment by hand. It takes the lamp below its reorder point, so a restock opens in the same transaction.',
    post: '/api/v1/products/{{lamp}}/stock/adjustments',
    headers: { 'Idempotency-Key': '{{$guid}}' },
    body: { quantity: -5, reason: 'Broken in the warehouse' },
    status: 201,
    tests: {
      'it is a movement that leaves seven'() {
        pm.expect(body).to.include({ kind: 'adjustment', quantity: -5, balance: 7, reason: 'Broken in the warehouse' });
        const at = `/api/v1/products/${pm.collectionVariables.get('lamp')}/stock/movements/${body.sequence}`;
        pm.expect(pm.response.headers.get('Location')).to.eql(at);
      },
    },
    keep: { sequence: 'body.sequence' },
  },
  {
    name: 'Take out more than there is',
    about: 'Stock never falls below 0.',
    post: '/api/v1/products/{{lamp}}/stock/adjustments',
    body: { quantity: -1000, reason: 'All of them' },
    status: 409,
    problem: 'insufficient-stock',
  },
  {
    name: 'Adjust by nothing, for no reason',
    about: 'All bad fields are named at once.',
    post: '/api/v1/products/{{lamp}}/stock/adjustments',
    body: { quantity: 0, reason: ' ' },
    status: 422,
    problem: 'invalid-fields',
    faults: ['quantity', 'reason'],
  },
  {
    name: 'List the movements',
    about: 'Every change that ever was, the newest first. What is on hand is always their sum.',
    get: '/api/v1/products/{{lamp}}/stock/movements',
    status: 200,
    tests: {
      'their sum is what is on hand'() {
        pm.expect(body.items.map((one) => [one.kind, one.quantity])).to.eql([['adjustment', -5], ['initial', 12]]);
        pm.expect(body.items[0].balance).to.eql(7);
      },
    },
  },
  {
    name: 'Show a movement',
    about: 'A movement never changes.',
    get: '/api/v1/products/{{lamp}}/stock/movements/{{sequence}}',
    status: 200,
    tests: {
      'it is the adjustment'() {
        pm.expect(body).to.include({ kind: 'adjustment', balance: 7 });
      },
    },
  },
  {
    name: 'List what is below its reorder point',
    about: 'All stock, page by page.',
    get: '/api/v1/stock?below_threshold=true&limit=100',
    status: 200,
    tests: {
      'all of it is'() {
        pm.expect(body.items).not.to.be.empty;
        pm.expect(body.items.every((one) => one.below_threshold && one.on_hand < one.restock_threshold)).to.eql(true);
      },
    },
  },
  {
    name: 'Show the stock of what is not there',
    about: 'Not there.',
    get: `/api/v1/products/${NOTHING}/stock`,
    status: 404,
    problem: 'not-found',
  },
  {
    name: 'List stock as a customer',
    about: 'Stock is for administrators. Customers see `in_stock` of a product.',
    get: '/api/v1/stock',
    as: 'customer',
    status: 403,
    problem: 'forbidden',
  },
  {
    name: 'List stock without a token',
    about: 'Log in first.',
    get: '/api/v1/stock',
    as: 'nobody',
    status: 401,
    problem: 'unauthenticated',
  },
];

const restock = [
  {
    name: 'List open restocks',
    about: 'The newest first; ours was opened by the adjustment.',
    get: '/api/v1/restocks?status=open&limit=1',
    status: 200,
    tests: {
      'the newest fills the lamp up'() {
        pm.expect(body.items[0]).to.include({ product_id: pm.collectionVariables.get('lamp'), quantity: 43, status: 'open' });
      },
    },
    keep: { restock_id: 'body.items[0].id' },
  },
  {
    name: 'Show a restock',
    about: 'Units that are on their way.',
    get: '/api/v1/restocks/{{restock_id}}',
    status: 200,
    tests: {
      'it is open'() {
        pm.expect(body).to.include({ status: 'open', closed_at: null, version: 1 });
        pm.expect(pm.response.headers.get('ETag')).to.match(/^"1-/);
      },
    },
  },
  {
    name: 'Call the restock off',
    about: 'Nothing comes.',
    post: '/api/v1/restocks/{{restock_id}}/cancel',
    status: 200,
    tests: {
      'it is cancelled'() {
        pm.expect(body.status).to.eql('cancelled');
        pm.expect(body.closed_at).to.be.a('string');
      },
    },
  },
  {
    name: 'Receive what was called off',
    about: 'A restock closes once.',
    post: '/api/v1/restocks/{{restock_id}}/receive',
    status: 409,
    problem: 'restock-closed',
  },
  {
    name: 'Look through all stock',
    about: 'Opens a restock for each product that is below its reorder point and has none open.',
    post: '/api/v1/restocks/run',
    headers: { 'Idempotency-Key': '{{run_key}}' },
    before() {
      pm.collectionVariables.set('run_key', pm.variables.replaceIn('{{$guid}}'));
    },
    status: 200,
    tests: {
      'it opens another for the lamp'() {
        const ours = body.opened.filter((one) => one.product_id === pm.collectionVariables.get('lamp'));
        pm.expect(ours).to.have.lengthOf(1);
        pm.expect(ours[0]).to.include({ quantity: 43, status: 'open' });
        pm.collectionVariables.set('restock_id', ours[0].id);
      },
    },
  },
  {
    name: 'Send the same again',
    about: 'The first answer again, and no second restock.',
    post: '/api/v1/restocks/run',
    headers: { 'Idempotency-Key': '{{run_key}}' },
    status: 200,
    tests: {
      'it is the first answer'() {
        pm.expect(pm.response.headers.get('Idempotency-Replayed')).to.eql('true');
        pm.expect(body.opened.map((one) => one.id)).to.include(pm.collectionVariables.get('restock_id'));
      },
    },
  },
  {
    name: 'Receive nothing of the restock',
    about: 'What brings nothing is cancelled, not received.',
    post: '/api/v1/restocks/{{restock_id}}/receive',
    body: { quantity: 0 },
    status: 422,
    problem: 'invalid-fields',
    faults: ['quantity'],
  },
  {
    name: 'Receive the restock',
    about: 'So many units came, fewer or more than ordered; without a `quantity` all that were ordered. They are on hand from now on.',
    post: '/api/v1/restocks/{{restock_id}}/receive',
    body: { quantity: 43 },
    status: 200,
    tests: {
      'it is received'() {
        pm.expect(body).to.include({ status: 'received', quantity: 43, ordered_quantity: 43 });
      },
    },
  },
  {
    name: 'Show the filled stock',
    about: 'Stock and restock changed in one transaction.',
    get: '/api/v1/products/{{lamp}}/stock',
    status: 200,
    tests: {
      'there are fifty'() {
        pm.expect(body).to.include({ on_hand: 50, below_threshold: false });
      },
    },
  },
  {
    name: 'Show a restock that is not there',
    about: 'Not there.',
    get: `/api/v1/restocks/${NOTHING}`,
    status: 404,
    problem: 'not-found',
  },
  {
    name: 'List restocks by a status that there is not',
    about: 'The answer names the parameter, and what is allowed.',
    get: '/api/v1/restocks?status=lost',
    status: 400,
    problem: 'bad-query',
    faults: ['status'],
  },
  {
    name: 'Receive a restock as a customer',
    about: 'Restocks are for administrators.',
    post: '/api/v1/restocks/{{restock_id}}/receive',
    as: 'customer',
    status: 403,
    problem: 'forbidden',
  },
];

const cancel = [
  {
    name: 'Buy five lamps',
    about: 'As a customer.',
    post: '/api/v1/orders',
    as: 'customer',
    body: { items: [{ product_id: '{{lamp}}', quantity: 5 }] },
    status: 201,
    tests: {
      'they are ordered'() {
        pm.expect(body.total.amount).to.eql(22500);
      },
    },
    keep: { order_id: 'body.id' },
  },
  {
    name: 'Cancel somebody else’s order',
    about: 'What is not yours is not there.',
    post: '/api/v1/orders/{{order_id}}/cancel',
    as: 'stranger',
    body: {},
    status: 404,
    problem: 'not-found',
  },
  {
    name: 'Cancel with too long a reason',
    about: 'A reason has up to 500 characters.',
    post: '/api/v1/orders/{{order_id}}/cancel',
    as: 'customer',
    body: { reason: 'x'.repeat(501) },
    status: 422,
    problem: 'invalid-fields',
    faults: ['reason'],
  },
  {
    name: 'Cancel my order',
    about: 'By its owner or an administrator, until it is shipped. The stock comes back in the same transaction.',
    post: '/api/v1/orders/{{order_id}}/cancel',
    as: 'customer',
    headers: { 'Idempotency-Key': '{{cancel_key}}' },
    body: { reason: 'One lamp is enough' },
    before() {
      pm.collectionVariables.set('cancel_key', pm.variables.replaceIn('{{$guid}}'));
    },
    status: 200,
    tests: {
      'it is cancelled'() {
        pm.expect(body).to.include({ status: 'cancelled', version: 2 });
      },
    },
  },
  {
    name: 'Send the same again',
    about: 'The first answer again.',
    post: '/api/v1/orders/{{order_id}}/cancel',
    as: 'customer',
    headers: { 'Idempotency-Key': '{{cancel_key}}' },
    body: { reason: 'One lamp is enough' },
    status: 200,
    tests: {
      'it is the first answer'() {
        pm.expect(pm.response.headers.get('Idempotency-Replayed')).to.eql('true');
      },
    },
  },
  {
    name: 'Cancel it once more',
    about: 'Without the key it is another request, and there is nothing left to cancel.',
    post: '/api/v1/orders/{{order_id}}/cancel',
    as: 'customer',
    body: {},
    status: 409,
    problem: 'order-step-not-allowed',
  },
  {
    name: 'See the stock come back',
    about: 'A sale and a cancellation, both with the order as their reference.',
    get: '/api/v1/products/{{lamp}}/stock/movements?limit=2',
    status: 200,
    tests: {
      'what was sold came back'() {
        const order = pm.collectionVariables.get('order_id');
        const seen = body.items.map((one) => [one.kind, one.quantity, one.balance, one.reference]);
        pm.expect(seen).to.eql([['cancellation', 5, 50, order], ['sale', -5, 45, order]]);
      },
    },
  },
  {
    name: 'Read in the audit log who did what',
    about: 'Every change by an administrator, with what was before and after.',
    get: '/api/v1/audit?resource_id={{lamp}}&limit=100',
    status: 200,
    tests: {
      'the newest comes first, the making of the product last'() {
        pm.expect(body.items).not.to.be.empty;
        pm.expect(body.items.at(-1).action).to.eql('products.create');
        pm.expect(body.items.at(-1).before).to.eql({});
      },
    },
  },
  {
    name: 'Read the audit log as a customer',
    about: 'The audit log is for administrators.',
    get: '/api/v1/audit',
    as: 'customer',
    status: 403,
    problem: 'forbidden',
  },
  {
    name: 'Delete the lamp',
    about: 'Nothing is left behind on sale.',
    delete: '/api/v1/products/{{lamp}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
];

export default {
  name: 'Bonus Features',
  about:
    'Stock, restocks that open by themselves, orders that are cancelled, and the audit log of it all. ' +
    'Put the address of the server and the password of the administrator into the environment; the rest follows by itself.',
  who: ['admin', 'customer', 'stranger'],
  folders: [
    ['Stock', 'For administrators: what is on hand, and why.', stock],
    ['Restock', 'For administrators: filling up what runs low.', restock],
    ['Cancel', 'Taking an order back, and what it leaves behind.', cancel],
  ],
};
