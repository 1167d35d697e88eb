// From an order to its money and back, with the test provider and by bank transfer.

const usd = (amount) => ({ amount, currency: '{{currency}}' });
const address = { line1: '1 Main St', city: 'Springfield', region: 'IL', postal_code: '62701', country: 'US' };

const placeOrder = (name, about, variable) => ({
  name,
  about,
  post: '/api/v1/orders',
  as: 'customer',
  body: { items: [{ product_id: '{{lamp}}', quantity: 2 }], shipping_address: address },
  status: 201,
  tests: {
    'all of it is payable'() {
      pm.expect(body.amounts.payable.amount).to.eql(4760);
      pm.expect(body.amounts.captured.amount).to.eql(0);
    },
  },
  keep: { [variable]: 'body.id' },
});

const preparing = [
  {
    name: 'Put a lamp on sale',
    about: 'Something to pay for: 23.80.',
    post: '/api/v1/products',
    body: { name: 'Lamp', price: usd(2380), initial_stock: 20 },
    before() {
      pm.collectionVariables.set('pay_key', pm.variables.replaceIn('{{$guid}}'));
      pm.collectionVariables.set('refund_key', pm.variables.replaceIn('{{$guid}}'));
      pm.collectionVariables.set('line', pm.variables.replaceIn('{{$guid}}').slice(-12));
    },
    status: 201,
    tests: {
      'it is in stock'() {
        pm.expect(body.in_stock).to.eql(true);
      },
    },
    keep: { lamp: 'body.id' },
  },
  placeOrder('Order two lamps', 'The order is placed first and paid after.', 'order_id'),
];

const paying = [
  {
    name: 'List the ways to pay',
    about: 'Those that the shop has, and for an order which of them can be used.',
    get: '/api/v1/payment-methods?order_id={{order_id}}',
    as: 'customer',
    status: 200,
    tests: {
      'the test provider can be used'() {
        const test = body.items.find((one) => one.provider === 'test');
        pm.expect(test).to.include({ kind: 'test', capture: 'manual', usable: true });
      },
    },
  },
  {
    name: 'Pay with a provider that the shop does not have',
    about: 'The error names those that it has.',
    post: '/api/v1/orders/{{order_id}}/payments',
    as: 'customer',
    body: { provider: 'barter' },
    status: 422,
    problem: 'invalid-fields',
    faults: ['provider'],
  },
  {
    name: 'Begin a payment',
    about:
      'With `method` the customer of the test provider says what happens; this one wants the customer to confirm. ' +
      '`next_action` says how. The `Idempotency-Key` makes it safe to send this again.',
    post: '/api/v1/orders/{{order_id}}/payments',
    as: 'customer',
    headers: { 'Idempotency-Key': '{{pay_key}}' },
    body: { provider: 'test', method: 'requires_action' },
    status: 201,
    tests: {
      'the customer has to act'() {
        pm.expect(body).to.include({ status: 'requires_action', provider: 'test' });
        pm.expect(body.amount.amount).to.eql(4760);
        pm.expect(body.next_action.type).to.eql('test');
        pm.expect(pm.response.headers.get('Location')).to.eql(`/api/v1/payments/${body.id}`);
      },
    },
    keep: { payment_id: 'body.id', reference: 'body.reference', provider: 'body.provider' },
  },
  {
    name: 'Confirm it as the customer',
    about: 'What a browser does on the page of a real provider.',
    post: '/api/v1/test-provider/{{reference}}/act',
    as: 'customer',
    body: { outcome: 'pay' },
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Ask the provider',
    about: 'For the page to which the customer returns. The shop asks the provider instead of trusting the browser.',
    post: '/api/v1/payments/{{payment_id}}/sync',
    as: 'customer',
    status: 200,
    tests: {
      'the money is held'() {
        pm.expect(body).to.include({ status: 'authorised' });
        pm.expect(body.authorised.amount).to.eql(4760);
      },
    },
  },
  {
    name: 'Take the money',
    about: 'The shop takes money when it says so (`payments.capture = "manual"`). Without `amount` it is all that is due.',
    post: '/api/v1/payments/{{payment_id}}/capture',
    body: {},
    status: 200,
    tests: {
      'it is taken'() {
        pm.expect(body).to.include({ status: 'captured' });
        pm.expect(body.captured.amount).to.eql(4760);
      },
    },
  },
  {
    name: 'Pay again',
    about: 'Nothing is due any more.',
    post: '/api/v1/orders/{{order_id}}/payments',
    as: 'customer',
    body: { provider: 'test' },
    status: 409,
    problem: 'nothing-due',
  },
  {
    name: 'Send a notice of the provider',
    about:
      'The webhook. A notice only lets the shop ask the provider; a real provider signs it, and the signature is checked first.',
    post: '/api/v1/webhooks/payments/{{provider}}',
    as: 'nobody',
    body: { id: 'notice-{{line}}', reference: '{{reference}}' },
    status: 200,
    tests: {
      'it is kept'() {
        pm.expect(body.received).to.eql(true);
      },
    },
  },
  {
    name: 'Show the payment',
    about: 'Administrators also see what the provider was asked.',
    get: '/api/v1/payments/{{payment_id}}',
    status: 200,
    tests: {
      'it was begun and captured, once each'() {
        pm.expect(body.operations.map((one) => `${one.kind} ${one.status}`)).to.have.members(['begin done', 'capture done']);
      },
    },
    keep: { operation_id: "body.operations.find((one) => one.kind === 'capture').id" },
  },
  {
    name: 'Resolve an operation that is known',
    about:
      'Only an operation of which nobody can tell what became (`unknown`) needs an administrator, who looks at the ' +
      "provider's pages and says `done` or `not_done`. This one is known.",
    post: '/api/v1/payments/operations/{{operation_id}}/resolve',
    body: { outcome: 'not_done' },
    status: 409,
    problem: 'operation-known',
  },
  {
    name: 'List the payments of the order',
    about: 'Newest first.',
    get: '/api/v1/orders/{{order_id}}/payments',
    as: 'customer',
    status: 200,
    tests: {
      'there is one'() {
        pm.expect(body.items).to.have.lengthOf(1);
      },
    },
  },
  {
    name: 'List all payments',
    about: 'For administrators, newest first; by status, provider, time, or reference.',
    get: '/api/v1/payments?reference={{reference}}',
    status: 200,
    tests: {
      'the payment is there'() {
        pm.expect(body.items.map((one) => one.id)).to.include(pm.collectionVariables.get('payment_id'));
      },
    },
  },
];

const refunding = [
  {
    name: 'Refund more than was paid',
    about: 'The error says how much can go back.',
    post: '/api/v1/orders/{{order_id}}/refunds',
    body: { amount: usd(4761), reason: 'goodwill' },
    status: 409,
    problem: 'not-refundable',
  },
  {
    name: 'Refund one lamp',
    about: 'It goes back the way it came.',
    post: '/api/v1/orders/{{order_id}}/refunds',
    headers: { 'Idempotency-Key': '{{refund_key}}' },
    body: { amount: usd(2380), reason: 'damaged', note: 'The shade was broken.' },
    status: 201,
    tests: {
      'it is paid back'() {
        pm.expect(body).to.include({ status: 'succeeded', reason: 'damaged', origin: 'shop' });
      },
    },
    keep: { refund_id: 'body.id' },
  },
  {
    name: 'Show the refund',
    about: 'The customer sees it too, without the note.',
    get: '/api/v1/refunds/{{refund_id}}',
    as: 'customer',
    status: 200,
    tests: {
      'the note is for the shop'() {
        pm.expect(body.amount.amount).to.eql(2380);
        pm.expect(body.note).to.eql(null);
      },
    },
  },
  {
    name: 'List the refunds of the order',
    about: 'Newest first.',
    get: '/api/v1/orders/{{order_id}}/refunds',
    status: 200,
    tests: {
      'there is one'() {
        pm.expect(body.items).to.have.lengthOf(1);
      },
    },
  },
];

const transferring = [
  placeOrder('Order two more lamps', 'This one is paid by bank transfer.', 'second_order'),
  {
    name: 'Ask for the bank account',
    about: 'The instructions are those of the configuration.',
    post: '/api/v1/orders/{{second_order}}/payments',
    as: 'customer',
    body: { provider: 'manual' },
    status: 201,
    tests: {
      'the instructions are there'() {
        pm.expect(body.status).to.eql('processing');
        pm.expect(body.next_action.type).to.eql('instructions');
      },
    },
    keep: { transfer_id: 'body.id' },
  },
  {
    name: 'Enter what came in',
    about: 'An administrator reads it on the bank statement. The same line counts once.',
    post: '/api/v1/payments/{{transfer_id}}/receive',
    body: { amount: usd(4760), reference: 'statement {{line}}', received_on: '2026-01-31' },
    status: 201,
    tests: {
      'it is paid'() {
        pm.expect(body.status).to.eql('captured');
      },
    },
  },
  {
    name: 'Enter it again',
    about: 'The line of the statement is known.',
    post: '/api/v1/payments/{{transfer_id}}/receive',
    body: { amount: usd(4760), reference: 'statement {{line}}', received_on: '2026-01-31' },
    status: 409,
    problem: 'duplicate',
    faults: ['reference'],
  },
  {
    name: 'Refund it',
    about: 'A person has to transfer it, so it is pending.',
    post: '/api/v1/orders/{{second_order}}/refunds',
    body: { amount: usd(4760), reason: 'customer_request' },
    status: 201,
    tests: {
      'it is pending'() {
        pm.expect(body.status).to.eql('pending');
      },
    },
    keep: { second_refund: 'body.id' },
  },
  {
    name: 'Say that it was transferred',
    about: 'With the line of the statement.',
    post: '/api/v1/refunds/{{second_refund}}/paid',
    body: { reference: 'statement {{line}} back' },
    status: 200,
    tests: {
      'it is done'() {
        pm.expect(body.status).to.eql('succeeded');
      },
    },
  },
  placeOrder('Order lamps and think again', 'An order that is not paid after all.', 'third_order'),
  {
    name: 'Hold the money',
    about: 'The test provider says yes at once.',
    post: '/api/v1/orders/{{third_order}}/payments',
    as: 'customer',
    body: { provider: 'test' },
    status: 201,
    tests: {
      'it is held'() {
        pm.expect(body.status).to.eql('authorised');
      },
    },
    keep: { third_payment: 'body.id' },
  },
  {
    name: 'Give the payment up',
    about: 'Nothing was taken, so nothing has to go back.',
    post: '/api/v1/payments/{{third_payment}}/void',
    status: 200,
    tests: {
      'it is given up'() {
        pm.expect(body.status).to.eql('voided');
      },
    },
  },
];

const ledger = [
  {
    name: 'Show the ledger of the order',
    about: 'Each amount that moved, from one account to another. Nothing in it is ever changed.',
    get: '/api/v1/orders/{{order_id}}/ledger',
    status: 200,
    tests: {
      'the capture and the refund are there'() {
        const moved = body.items.map((one) => `${one.debit} > ${one.credit}: ${one.amount.amount}`);
        pm.expect(moved).to.eql(['clearing:test > customer: 4760', 'customer > clearing:test: 2380']);
      },
    },
  },
  {
    name: 'List all transfers',
    about: 'Of a time, oldest first; as CSV with `Accept: text/csv`.',
    get: '/api/v1/ledger?from=2026-01-01T00:00:00Z&limit=1',
    status: 200,
    tests: {
      'a page has one'() {
        pm.expect(body.items).to.have.lengthOf(1);
      },
    },
  },
  {
    name: 'Show the balances',
    about: 'What each account comes to. Together they are nothing.',
    get: '/api/v1/ledger/balances',
    status: 200,
    tests: {
      'they add up to nothing'() {
        pm.expect(body.items.reduce((sum, one) => sum + one.balance.amount, 0)).to.eql(0);
      },
    },
  },
];

export default {
  name: 'Payments',
  about:
    'From an order to its money and back. The server needs the test provider, bank transfers and captures by hand: ' +
    '`payments.test.enabled`, `payments.manual.enabled`, `payments.manual.instructions` and `payments.capture = "manual"`.',
  who: ['admin', 'customer'],
  folders: [
    ['Preparing', 'A product and an order.', preparing],
    ['Paying', 'By card, as a real provider would do it.', paying],
    ['Refunding', 'By amount.', refunding],
    ['Bank transfers', 'By hand, and a payment that is given up.', transferring],
    ['Ledger', 'Where the money went.', ledger],
  ],
};
