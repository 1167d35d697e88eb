// From the cart to the doorstep.

const NOTHING = '01890000-0000-7000-8000-000000000000';
const price = (amount) => ({ amount, currency: '{{currency}}' });
const address = { line1: '1 Main St', city: 'Springfield', region: 'IL', postal_code: '62701', country: 'US' };

const cart = [
  {
    name: 'Put a mug on sale',
    about: 'Something to buy: 10 units at 19.99.',
    post: '/api/v1/products',
    body: { name: 'Blue mug', price: price(1999), initial_stock: 10 },
    status: 201,
    tests: {
      'it is in stock'() {
        pm.expect(body.in_stock).to.eql(true);
      },
    },
    keep: { mug: 'body.id' },
  },
  {
    name: 'Put a plate on sale',
    about: 'Something else to buy: 1 unit at 9.50.',
    post: '/api/v1/products',
    body: { name: 'White plate', price: price(950), initial_stock: 1 },
    status: 201,
    tests: {
      'it is in stock'() {
        pm.expect(body.in_stock).to.eql(true);
      },
    },
    keep: { plate: 'body.id' },
  },
  {
    name: 'Empty the cart',
    about: 'Whatever an earlier run has left in it.',
    delete: '/api/v1/cart',
    as: 'customer',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Order an empty cart',
    about: 'There is nothing to order.',
    post: '/api/v1/orders',
    as: 'customer',
    body: {},
    status: 409,
    problem: 'cart-empty',
  },
  {
    name: 'Put mugs into the cart',
    about: 'Prices in a cart are those of today.',
    post: '/api/v1/cart/items',
    as: 'customer',
    body: { product_id: '{{mug}}', quantity: 2 },
    status: 200,
    tests: {
      'the cart has two mugs'() {
        const currency = pm.environment.get('currency');
        pm.expect(body.items).to.have.lengthOf(1);
        pm.expect(body.items[0]).to.deep.include({ quantity: 2, in_stock: true, line_total: { amount: 3998, currency } });
        pm.expect(body).to.deep.include({ item_count: 2, subtotal: { amount: 3998, currency } });
      },
    },
  },
  {
    name: 'Put another mug into the cart',
    about: 'The same product adds to its line: 999 units at most, and 100 lines.',
    post: '/api/v1/cart/items',
    as: 'customer',
    body: { product_id: '{{mug}}', quantity: 1 },
    status: 200,
    tests: {
      'the line has three mugs'() {
        pm.expect(body.items.map((line) => line.quantity)).to.eql([3]);
      },
    },
  },
  {
    name: 'Put plates into the cart',
    about: 'More than there are may lie in a cart; it says that they are not in stock.',
    post: '/api/v1/cart/items',
    as: 'customer',
    body: { product_id: '{{plate}}', quantity: 5 },
    status: 200,
    tests: {
      'the plates are not in stock'() {
        pm.expect(body.items.map((line) => line.in_stock)).to.eql([true, false]);
      },
    },
  },
  {
    name: 'Put nothing of something unknown into the cart',
    about: 'Both fields are bad.',
    post: '/api/v1/cart/items',
    as: 'customer',
    body: { product_id: 'a mug', quantity: 0 },
    status: 422,
    problem: 'invalid-fields',
    faults: ['product_id', 'quantity'],
  },
  {
    name: 'Show the cart',
    about: "The caller's own.",
    get: '/api/v1/cart',
    as: 'customer',
    status: 200,
    tests: {
      'it has three mugs and five plates'() {
        pm.expect(body.item_count).to.eql(8);
        pm.expect(body.subtotal.amount).to.eql(3 * 1999 + 5 * 950);
      },
    },
    keep: { etag: "pm.response.headers.get('ETag')" },
  },
  {
    name: 'Order more than there is',
    about: 'All or nothing. Every line that cannot be had is named, with what is available.',
    post: '/api/v1/orders',
    as: 'customer',
    body: { shipping_address: address },
    status: 409,
    problem: 'lines-not-orderable',
    tests: {
      'it names the line that is short, and no other'() {
        pm.expect(body.lines).to.have.lengthOf(1);
        pm.expect(body.lines[0]).to.include({ product_id: pm.collectionVariables.get('plate'), requested: 5, available: 1 });
      },
    },
  },
  {
    name: 'Want fewer plates',
    about: 'With `If-Match` only the cart that was seen is changed.',
    patch: '/api/v1/cart/items/{{plate}}',
    as: 'customer',
    headers: { 'If-Match': '{{etag}}' },
    body: { quantity: 1 },
    status: 200,
    tests: {
      'one is in stock'() {
        pm.expect(body.items.map((line) => line.in_stock)).to.eql([true, true]);
      },
    },
  },
  {
    name: 'Want fewer plates in a cart that has changed',
    about: 'Look again, and decide again.',
    patch: '/api/v1/cart/items/{{plate}}',
    as: 'customer',
    headers: { 'If-Match': '{{etag}}' },
    body: { quantity: 2 },
    status: 412,
    problem: 'stale-version',
  },
  {
    name: 'Want more of what is not in the cart',
    about: 'Not there.',
    patch: `/api/v1/cart/items/${NOTHING}`,
    as: 'customer',
    body: { quantity: 1 },
    status: 404,
    problem: 'not-found',
  },
  {
    name: 'Take the plate out',
    about: 'The mugs stay.',
    delete: '/api/v1/cart/items/{{plate}}',
    as: 'customer',
    status: 200,
    tests: {
      'three mugs are left'() {
        pm.expect(body.items.map((line) => [line.product_id, line.quantity])).to.eql([[pm.collectionVariables.get('mug'), 3]]);
      },
    },
  },
  {
    name: 'Show the cart without a token',
    about: 'A cart is always somebody’s.',
    get: '/api/v1/cart',
    as: 'nobody',
    status: 401,
    problem: 'unauthenticated',
  },
];

const placing = [
  {
    name: 'Order the cart',
    about: 'Without `items` the cart is ordered and emptied. The stock is taken in the same transaction.',
    post: '/api/v1/orders',
    as: 'customer',
    headers: { 'Idempotency-Key': '{{order_key}}' },
    body: { shipping_address: address, note: 'Ring twice' },
    before() {
      pm.collectionVariables.set('order_key', pm.variables.replaceIn('{{$guid}}'));
    },
    status: 201,
    tests: {
      'it shows the order and where it is'() {
        pm.expect(pm.response.headers.get('Location')).to.eql(`/api/v1/orders/${body.id}`);
        pm.expect(body).to.include({ status: 'placed', note: 'Ring twice', version: 1 });
        pm.expect(body.items[0]).to.include({ product_id: pm.collectionVariables.get('mug'), name: 'Blue mug', quantity: 3 });
        pm.expect(body.total).to.eql({ amount: 5997, currency: pm.environment.get('currency') });
        pm.expect(body.shipping_address).to.include({ line1: '1 Main St', line2: null, country: 'US' });
        pm.expect(body.expected_delivery).to.match(/^\d{4}-\d\d-\d\d$/);
      },
    },
    keep: { order_id: 'body.id', etag: "pm.response.headers.get('ETag')" },
  },
  {
    name: 'Send the same again',
    about: 'The answer was lost on its way? Send it again with its key: it is the same order.',
    post: '/api/v1/orders',
    as: 'customer',
    headers: { 'Idempotency-Key': '{{order_key}}' },
    body: { shipping_address: address, note: 'Ring twice' },
    status: 201,
    tests: {
      'it is the first answer'() {
        pm.expect(pm.response.headers.get('Idempotency-Replayed')).to.eql('true');
        pm.expect(body.id).to.eql(pm.collectionVariables.get('order_id'));
      },
    },
  },
  {
    name: 'Send another order with the same key',
    about: 'A key names one request.',
    post: '/api/v1/orders',
    as: 'customer',
    headers: { 'Idempotency-Key': '{{order_key}}' },
    body: { note: 'Ring once' },
    status: 422,
    problem: 'idempotency-key-reused',
  },
  {
    name: 'Show the emptied cart',
    about: 'What was ordered is not in it any more.',
    get: '/api/v1/cart',
    as: 'customer',
    status: 200,
    tests: {
      'it is empty'() {
        pm.expect(body.items).to.eql([]);
        pm.expect(body.subtotal.amount).to.eql(0);
      },
    },
  },
  {
    name: 'Order named products',
    about: 'With `items` the cart is left alone.',
    post: '/api/v1/orders',
    as: 'customer',
    body: { items: [{ product_id: '{{plate}}', quantity: 1 }] },
    status: 201,
    tests: {
      'it has the plate, and no address'() {
        pm.expect(body.items.map((line) => line.name)).to.eql(['White plate']);
        pm.expect(body.shipping_address).to.eql(null);
      },
    },
    keep: { plate_order_id: 'body.id' },
  },
  {
    name: 'Order what is sold out or unknown',
    about: 'Every line that cannot be had is named.',
    post: '/api/v1/orders',
    as: 'customer',
    body: {
      items: [
        { product_id: '{{plate}}', quantity: 1 },
        { product_id: NOTHING, quantity: 1 },
      ],
    },
    status: 409,
    problem: 'lines-not-orderable',
    tests: {
      'it names both lines, with why'() {
        pm.expect(body.lines.map((line) => [line.product_id, line.available])).to.have.deep.members([
          [pm.collectionVariables.get('plate'), 0],
          ['01890000-0000-7000-8000-000000000000', 0],
        ]);
      },
    },
  },
  {
    name: 'Order to a country that there is not',
    about: 'All bad fields are named at once, with their place.',
    post: '/api/v1/orders',
    as: 'customer',
    body: {
      items: [{ product_id: '{{mug}}', quantity: 1000 }],
      shipping_address: { line1: '1 Main St', city: '', postal_code: '62701', country: 'XX' },
    },
    status: 422,
    problem: 'invalid-fields',
    faults: ['items[0].quantity', 'shipping_address.city', 'shipping_address.country'],
  },
  {
    name: 'Order without a token',
    about: 'Orders are somebody’s.',
    post: '/api/v1/orders',
    as: 'nobody',
    body: {},
    status: 401,
    problem: 'unauthenticated',
  },
];

const looking = [
  {
    name: 'List my orders',
    about: 'The newest first.',
    get: '/api/v1/orders?limit=2',
    as: 'customer',
    status: 200,
    tests: {
      'the newest comes first'() {
        const mine = [pm.collectionVariables.get('plate_order_id'), pm.collectionVariables.get('order_id')];
        pm.expect(body.items.map((order) => order.id)).to.eql(mine);
      },
    },
    keep: { buyer_id: 'body.items[0].customer_id' },
  },
  {
    name: 'List the orders of a customer',
    about: 'Administrators see all orders, and filter them by customer, status and time.',
    get: '/api/v1/orders?customer_id={{buyer_id}}&status=placed&placed_after=2020-01-01T00:00:00Z&limit=1',
    status: 200,
    tests: {
      'they are of that customer, and placed'() {
        pm.expect(body.items).to.have.lengthOf(1);
        pm.expect(body.items[0]).to.include({ customer_id: pm.collectionVariables.get('buyer_id'), status: 'placed' });
      },
    },
  },
  {
    name: 'List the orders of a product, the oldest first',
    about: 'Of the orders that have a line with the product, such as for a recall. `sort=-placed_at` turns them round.',
    get: '/api/v1/orders?product_id={{plate}}&sort=placed_at',
    status: 200,
    tests: {
      'all of them have it'() {
        const plate = pm.collectionVariables.get('plate');
        pm.expect(body.items).not.to.be.empty;
        for (const { items } of body.items) pm.expect(items.map((line) => line.product_id)).to.include(plate);
      },
    },
  },
  {
    name: 'List the orders of a parcel that nobody has sent',
    about: '`tracking_number` is exact.',
    get: '/api/v1/orders?tracking_number=PC000000000',
    status: 200,
    tests: {
      'there are none'() {
        pm.expect(body.items).to.eql([]);
      },
    },
  },
  {
    name: 'List orders by a status that there is not',
    about: 'All bad parameters are named at once.',
    get: '/api/v1/orders?status=lost&placed_before=yesterday',
    status: 400,
    problem: 'bad-query',
    faults: ['status', 'placed_before'],
  },
  {
    name: 'Show my order',
    about: 'Its lines are copies: a later price changes nothing.',
    get: '/api/v1/orders/{{order_id}}',
    as: 'customer',
    status: 200,
    tests: {
      'it is the one that was placed'() {
        pm.expect(body.total.amount).to.eql(5997);
        pm.expect(pm.response.headers.get('ETag')).to.eql(pm.collectionVariables.get('etag'));
        pm.expect(pm.response.headers.get('Cache-Control')).to.eql('private, no-cache');
      },
    },
  },
  {
    name: 'Show my order again',
    about: 'With `If-None-Match` there is no body as long as nothing has changed.',
    get: '/api/v1/orders/{{order_id}}',
    as: 'customer',
    headers: { 'If-None-Match': '{{etag}}' },
    status: 304,
    tests: {
      'it has no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Show somebody else’s order',
    about: 'What is not yours is not there.',
    get: '/api/v1/orders/{{order_id}}',
    as: 'stranger',
    status: 404,
    problem: 'not-found',
  },
  {
    name: 'Track my order',
    about: 'Where it is, and every step so far.',
    get: '/api/v1/orders/{{order_id}}/tracking',
    as: 'customer',
    status: 200,
    tests: {
      'it was placed, and that is all'() {
        pm.expect(body).to.include({ order_id: pm.collectionVariables.get('order_id'), status: 'placed', carrier: null });
        pm.expect(body.history.map((step) => step.status)).to.eql(['placed']);
      },
    },
  },
  {
    name: 'Get a ticket to follow it',
    about: 'A browser opens the stream of the order with it, and is told what happens as it happens.',
    post: '/api/v1/orders/{{order_id}}/stream-tickets',
    as: 'customer',
    body: {},
    status: 200,
    tests: {
      'it lasts for a minute'() {
        pm.expect(body.ticket).to.be.a('string');
        pm.expect(body.expires_in).to.eql(60);
      },
    },
  },
  {
    name: 'Follow it with a ticket that is none',
    about: 'A stream of Server-Sent Events goes on for 15 minutes, which is too long for an example.',
    get: '/api/v1/orders/{{order_id}}/events?ticket=made-up',
    as: 'nobody',
    status: 401,
    problem: 'unauthenticated',
  },
];

const delivering = [
  {
    name: 'Ship an order that nobody has packed',
    about: 'The steps are placed, processing, shipped, delivered. The answer names those that are allowed now.',
    post: '/api/v1/orders/{{order_id}}/status',
    body: { status: 'shipped' },
    status: 409,
    problem: 'order-step-not-allowed',
    tests: {
      'it names the step that is allowed'() {
        pm.expect(body.detail).to.include('processing');
      },
    },
  },
  {
    name: 'Download orders',
    about: 'As a CSV file with a row for each line of an order. The filters are those of the list.',
    get: '/api/v1/orders/export.csv?status=delivered&placed_before=2026-01-01T00:00:00Z',
    plain: true,
    status: 200,
    tests: {
      'it has the columns of orders and lines'() {
        pm.expect(pm.response.text()).to.match(/^order_id,number,status,/);
      },
    },
  },
  {
    name: 'Change its note',
    about: 'Address and note can be changed until it is shipped. The order keeps its price.',
    patch: '/api/v1/orders/{{order_id}}',
    as: 'customer',
    body: { note: 'Please ring twice' },
    status: 200,
    tests: {
      'the note is there, and it costs the same'() {
        pm.expect(body).to.include({ note: 'Please ring twice', status: 'placed', version: 2 });
      },
    },
  },
  {
    name: 'Pack an order as a customer',
    about: 'Orders go their way by administrators.',
    post: '/api/v1/orders/{{order_id}}/status',
    as: 'customer',
    body: { status: 'processing' },
    status: 403,
    problem: 'forbidden',
  },
  {
    name: 'Pack it',
    about: 'The first step.',
    post: '/api/v1/orders/{{order_id}}/status',
    body: { status: 'processing', note: 'Packed with care' },
    status: 200,
    tests: {
      'it is processing'() {
        pm.expect(body).to.include({ status: 'processing', version: 3 });
        pm.expect(pm.response.headers.get('ETag')).to.match(/^"3-/);
      },
    },
  },
  {
    name: 'Ship it',
    about: 'With carrier, number and a new expected delivery.',
    post: '/api/v1/orders/{{order_id}}/status',
    body: { status: 'shipped', carrier: 'Parcel Co', tracking_number: 'PC123456789', expected_delivery: '2099-01-02' },
    status: 200,
    tests: {
      'it is shipped, and expected later'() {
        pm.expect(body).to.include({ status: 'shipped', expected_delivery: '2099-01-02' });
      },
    },
  },
  {
    name: 'Correct its tracking number',
    about: 'Carrier, number and expected delivery can be corrected while it is shipped. The history keeps what was wrong.',
    patch: '/api/v1/orders/{{order_id}}/tracking',
    body: { tracking_number: 'PC123456780', note: 'A digit was wrong' },
    status: 200,
    tests: {
      'the number is right, and the history has the wrong one'() {
        pm.expect(body).to.include({ carrier: 'Parcel Co', tracking_number: 'PC123456780' });
        pm.expect(body.history.at(-1).replaced).to.include({ tracking_number: 'PC123456789' });
      },
    },
  },
  {
    name: 'Change the note of an order that is shipped',
    about: 'It is too late.',
    patch: '/api/v1/orders/{{order_id}}',
    as: 'customer',
    body: { note: 'Please do not ring' },
    status: 409,
    problem: 'order-not-editable',
  },
  {
    name: 'Cancel an order that is shipped',
    about: 'It is too late.',
    post: '/api/v1/orders/{{order_id}}/cancel',
    as: 'customer',
    body: {},
    status: 409,
    problem: 'order-step-not-allowed',
  },
  {
    name: 'Deliver it',
    about: 'The last step.',
    post: '/api/v1/orders/{{order_id}}/status',
    body: { status: 'delivered' },
    status: 200,
    tests: {
      'it is delivered'() {
        pm.expect(body.status).to.eql('delivered');
      },
    },
  },
  {
    name: 'Track it to the doorstep',
    about: 'Every step, the first one first.',
    get: '/api/v1/orders/{{order_id}}/tracking',
    as: 'customer',
    status: 200,
    tests: {
      'every step is there'() {
        pm.expect(body).to.include({ carrier: 'Parcel Co', tracking_number: 'PC123456780' });
        const steps = ['placed', 'placed', 'processing', 'shipped', 'shipped', 'delivered'];
        pm.expect(body.history.map((step) => step.status)).to.eql(steps);
        pm.expect(body.history[1].edited).to.eql(['note']);
        pm.expect(body.history[2].note).to.eql('Packed with care');
      },
    },
  },
  {
    name: 'Take an order to a status that there is not',
    about: 'All bad fields are named at once.',
    post: '/api/v1/orders/{{order_id}}/status',
    body: { status: 'lost', expected_delivery: 'soon' },
    status: 422,
    problem: 'invalid-fields',
    faults: ['status', 'expected_delivery'],
  },
  {
    name: 'Cancel the plate',
    about: 'Not shipped yet, so it can be cancelled; its stock comes back.',
    post: '/api/v1/orders/{{plate_order_id}}/cancel',
    as: 'customer',
    body: { reason: 'Changed my mind' },
    status: 200,
    tests: {
      'it is cancelled'() {
        pm.expect(body.status).to.eql('cancelled');
      },
    },
  },
  {
    name: 'Delete the mug',
    about: 'The order keeps its own copy.',
    delete: '/api/v1/products/{{mug}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Delete the plate',
    about: 'Nothing is left behind on sale.',
    delete: '/api/v1/products/{{plate}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
];

export default {
  name: 'Order Management',
  about:
    'A purchase from the cart to the doorstep. A customer, and a stranger to that customer, are registered by themselves. ' +
    'Put the address of the server and the password of the administrator into the environment; the rest follows by itself.',
  who: ['admin', 'customer', 'stranger'],
  folders: [
    ['Cart', "The caller's own, at today's prices.", cart],
    ['Placing', 'From a cart, or of named products. All or nothing.', placing],
    ['Looking', 'Own orders; for administrators, all.', looking],
    ['Delivering', 'Step by step to the customer.', delivering],
  ],
};
