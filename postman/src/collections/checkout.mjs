// From what somebody wants to what it costs: quotes, and orders at the total that was quoted.

const price = (amount) => ({ amount, currency: '{{currency}}' });
const address = { line1: 'Am Markt 1', city: 'Bremen', region: '{{word}}', postal_code: '28195', country: 'DE' };
const lamps = (quantity) => ({ items: [{ product_id: '{{lamp}}', quantity }] });
const purchase = { ...lamps(2), shipping_address: address, coupon_codes: ['summer-{{word}}'] };
const chosen = { ...purchase, shipping_method: 'parcel-{{word}}' };
/** The body of an order; its total is a number in JSON. */
const order = (body, total) =>
  JSON.stringify({ ...body, expected_total: { amount: 0, currency: '{{currency}}' } }, null, 2).replace(
    '"amount": 0',
    `"amount": ${total}`,
  );

const preparing = [
  {
    name: 'Make a zone',
    about: 'Methods and rates are for a zone. Its region keeps it apart from the zones of other runs.',
    post: '/api/v1/zones',
    body: { name: 'Checkout {{word}}', members: [{ country: 'DE', region: '{{word}}' }] },
    before() {
      pm.collectionVariables.set('word', `w${pm.variables.replaceIn('{{$guid}}').slice(-12)}`);
      pm.collectionVariables.set('order_key', pm.variables.replaceIn('{{$guid}}'));
    },
    status: 201,
    tests: {
      'it has an address'() {
        pm.expect(pm.response.headers.get('Location')).to.eql(`/api/v1/zones/${body.id}`);
      },
    },
    keep: { zone_id: 'body.id' },
  },
  {
    name: 'Make a shipping method',
    about: 'By weight: 4.90, from 2 kg on 6.90 and 1.00 for each kilogram begun. Free from 100.00.',
    post: '/api/v1/shipping-methods',
    body: {
      code: 'parcel-{{word}}',
      name: 'Parcel',
      zone_id: '{{zone_id}}',
      basis: 'weight',
      tiers: [
        { from: 0, amount: price(490) },
        { from: 2000, amount: price(690), per: 1000, per_amount: price(100) },
      ],
      free_from: price(10000),
      min_days: 2,
      max_days: 4,
    },
    status: 201,
    tests: {
      'it is active'() {
        pm.expect(body.status).to.eql('active');
      },
    },
    keep: { method_id: 'body.id' },
  },
  {
    name: 'Make a tax rate',
    about: '19 % on goods and shipping. From now on the zone is taxed.',
    post: '/api/v1/tax-rates',
    body: {
      zone_id: '{{zone_id}}',
      tax_class: 'standard',
      code: 'DE19',
      name: 'Value added tax',
      rate_ppm: 190000,
      starts_on: '2021-01-01',
    },
    status: 201,
    tests: {
      'it holds for shipping too'() {
        pm.expect(body).to.include({ rate_ppm: 190000, applies_to_shipping: true, ends_on: null });
      },
    },
  },
  {
    name: 'Make a promotion',
    about: '10 % off orders from 30.00 on, with a code, 100 times.',
    post: '/api/v1/promotions',
    body: {
      name: 'Summer {{word}}',
      class: 'order',
      action: { percent_ppm: 100000 },
      conditions: { min_subtotal: price(3000) },
      code_needed: true,
      usage_limit: 100,
    },
    status: 201,
    tests: {
      'it is a draft'() {
        pm.expect(body).to.include({ status: 'draft', code_needed: true, used: 0 });
      },
    },
    keep: { promotion_id: 'body.id' },
  },
  {
    name: 'Add its code',
    about: 'Buyers may type it in any case.',
    post: '/api/v1/promotions/{{promotion_id}}/codes',
    body: { codes: [{ code: 'SUMMER-{{word}}' }] },
    status: 201,
    tests: {
      'it is there'() {
        pm.expect(body.codes).to.have.lengthOf(1);
      },
    },
  },
  {
    name: 'Activate the promotion',
    about: 'It applies from now on.',
    post: '/api/v1/promotions/{{promotion_id}}/activate',
    status: 200,
    tests: {
      'it is active'() {
        pm.expect(body.status).to.eql('active');
      },
    },
  },
  {
    name: 'Put a lamp on sale',
    about: 'At 23.80, before tax. It weighs 1.5 kg.',
    post: '/api/v1/products',
    body: { name: 'Lamp', price: price(2380), weight_grams: 1500, initial_stock: 10 },
    status: 201,
    tests: {
      'it is shipped and taxed as most goods are'() {
        pm.expect(body).to.include({ tax_class: 'standard', weight_grams: 1500, shippable: true });
      },
    },
    keep: { lamp: 'body.id' },
  },
];

const quoting = [
  {
    name: 'Quote two lamps',
    about:
      'Everything that the buyer will be asked to pay. Without `items` it is the cart that is quoted. Without ' +
      '`shipping_method` the cheapest one is selected. `problems` lists what an order still lacks.',
    post: '/api/v1/checkout/quote',
    as: 'customer',
    body: purchase,
    status: 200,
    tests: {
      'discount, shipping and tax add up'() {
        const totals = Object.fromEntries(Object.entries(body.totals).map(([name, money]) => [name, money.amount]));
        pm.expect(totals).to.include({ subtotal: 4760, discount: 476, shipping: 790, tax: 964, rounding: 0, total: 6038 });
      },
      'the method is selected, and an order has to name it'() {
        const word = pm.collectionVariables.get('word');
        pm.expect(body.shipping_options.map((one) => [one.code, one.selected])).to.eql([[`parcel-${word}`, true]]);
        pm.expect(body.problems.map((one) => one.code)).to.eql(['shipping_method_missing']);
      },
      'the code applies'() {
        pm.expect(body.codes[0]).to.include({ applied: true, reason: null });
        pm.expect(body.codes[0].discount.amount).to.eql(476);
      },
    },
  },
  {
    name: 'Quote without an address',
    about: 'An estimate for where the shop is, without taxes if it is nowhere. An order of goods that are shipped needs an address.',
    post: '/api/v1/checkout/quote',
    as: 'customer',
    body: lamps(2),
    status: 200,
    tests: {
      'it is an estimate'() {
        pm.expect(body.estimated).to.eql(true);
        pm.expect(body.totals.subtotal.amount).to.eql(4760);
        pm.expect(body.problems.map((one) => one.code)).to.include('address_missing');
      },
    },
  },
  {
    name: 'Quote with a code that does not apply',
    about: 'The quote says why, and is the quote without that code.',
    post: '/api/v1/checkout/quote',
    as: 'customer',
    body: { ...chosen, ...lamps(1) },
    status: 200,
    tests: {
      'one lamp is too little for the code'() {
        pm.expect(body.codes[0]).to.include({ applied: false, reason: 'conditions_not_met', discount: null });
        pm.expect(body.totals.discount.amount).to.eql(0);
      },
    },
  },
  {
    name: 'Quote what cannot be had',
    about: 'More than there is in stock: a problem of the quote, and a refusal of the order.',
    post: '/api/v1/checkout/quote',
    as: 'customer',
    body: { ...chosen, ...lamps(11) },
    status: 200,
    tests: {
      'the line is named'() {
        pm.expect(body.problems).to.have.lengthOf(1);
        pm.expect(body.problems[0]).to.include({ code: 'insufficient_stock', product_id: pm.collectionVariables.get('lamp') });
      },
    },
  },
  {
    name: 'Quote with bad fields',
    about: 'Each bad field is named. Case does not tell codes apart.',
    post: '/api/v1/checkout/quote',
    as: 'customer',
    body: {
      items: [{ product_id: '{{lamp}}', quantity: 0 }],
      shipping_address: { ...address, country: 'XX' },
      shipping_method: 'by air',
      coupon_codes: ['summer-{{word}}', 'SUMMER-{{word}}'],
    },
    status: 422,
    problem: 'invalid-fields',
    faults: ['items[0].quantity', 'shipping_address.country', 'shipping_method', 'coupon_codes[1]'],
  },
  {
    name: 'Quote without a token',
    about: 'A quote is for somebody: codes and first orders depend on the buyer.',
    post: '/api/v1/checkout/quote',
    as: 'nobody',
    body: purchase,
    status: 401,
    problem: 'unauthenticated',
  },
  {
    name: 'Quote the purchase as it will be ordered',
    about: 'Nothing is missing. The total is what the order has to cost.',
    post: '/api/v1/checkout/quote',
    as: 'customer',
    body: chosen,
    status: 200,
    tests: {
      'it can be ordered'() {
        pm.expect(body.problems).to.eql([]);
        pm.expect(body.totals.total.amount).to.eql(6038);
      },
    },
    keep: { total: 'body.totals.total.amount' },
  },
];

const ordering = [
  {
    name: 'Order at another total',
    about: 'What is shown is what is charged: prices may have changed since the quote. The answer has the new totals.',
    post: '/api/v1/orders',
    as: 'customer',
    body: order(chosen, 5900),
    status: 409,
    problem: 'totals-changed',
    tests: {
      'it says what the order costs now'() {
        pm.expect(body.totals.total.amount).to.eql(6038);
      },
    },
  },
  {
    name: 'Order with a code that does not apply',
    about: 'The order is refused, so that nobody pays more than expected.',
    post: '/api/v1/orders',
    as: 'customer',
    body: { ...chosen, ...lamps(1) },
    status: 422,
    problem: 'coupon-invalid',
    faults: ['coupon_codes[0]'],
  },
  {
    name: 'Order without a shipping method',
    about: 'A quote selects the cheapest one; an order has to name one.',
    post: '/api/v1/orders',
    as: 'customer',
    body: purchase,
    status: 422,
    problem: 'invalid-fields',
    faults: ['shipping_method'],
  },
  {
    name: 'Order by a method that is not offered',
    about: 'The methods of the address are in `shipping_options` of a quote.',
    post: '/api/v1/orders',
    as: 'customer',
    body: { ...chosen, shipping_method: 'pigeon' },
    status: 409,
    problem: 'shipping-unavailable',
  },
  {
    name: 'Order at the total of the quote',
    about: 'With `expected_total` the order costs what the buyer saw, or is refused.',
    post: '/api/v1/orders',
    as: 'customer',
    headers: { 'Idempotency-Key': '{{order_key}}' },
    body: order(chosen, '{{total}}'),
    status: 201,
    tests: {
      'it costs what was quoted'() {
        pm.expect(body.total.amount).to.eql(pm.collectionVariables.get('total'));
        pm.expect(body.shipping_method).to.eql(`parcel-${pm.collectionVariables.get('word')}`);
      },
    },
    keep: { order_id: 'body.id' },
  },
  {
    name: 'Show the order',
    about: 'Its totals, all that was added and taken off, and its taxes. They are copies: later rates change nothing.',
    get: '/api/v1/orders/{{order_id}}',
    as: 'customer',
    status: 200,
    tests: {
      'adjustments come in the order in which they were worked out'() {
        const amounts = body.adjustments.map((one) => [one.kind, one.share, one.amount.amount]);
        pm.expect(amounts).to.have.deep.members([
          ['discount', 'line', -476],
          ['shipping', 'shipping', 790],
          ['tax', 'line', 814],
          ['tax', 'shipping', 150],
        ]);
      },
      'its tax is that of the rate'() {
        pm.expect(body.taxes).to.have.lengthOf(1);
        pm.expect(body.taxes[0]).to.include({ code: 'DE19', rate_ppm: 190000, treatment: 'standard' });
        pm.expect([body.taxes[0].net.amount, body.taxes[0].tax.amount]).to.eql([5074, 964]);
      },
      'net and tax of the line are its gross amount'() {
        const { net, tax, gross, discount } = body.items[0];
        pm.expect([discount.amount, net.amount, tax.amount, gross.amount]).to.eql([476, 4284, 814, 5098]);
      },
    },
  },
  {
    name: 'Count the uses of the promotion',
    about: 'Limited promotions are counted in the transaction of the order.',
    get: '/api/v1/promotions/{{promotion_id}}',
    status: 200,
    tests: {
      'it was used once'() {
        pm.expect(body.used).to.eql(1);
      },
    },
  },
  {
    name: 'Cancel the order',
    about: 'Its stock comes back, and so does the use of the promotion.',
    post: '/api/v1/orders/{{order_id}}/cancel',
    as: 'customer',
    body: { reason: 'Too bright' },
    status: 200,
    tests: {
      'it is cancelled and keeps its totals'() {
        pm.expect(body.status).to.eql('cancelled');
        pm.expect(body.totals.total.amount).to.eql(pm.collectionVariables.get('total'));
      },
    },
  },
  {
    name: 'Count the uses again',
    about: 'The use was given back.',
    get: '/api/v1/promotions/{{promotion_id}}',
    status: 200,
    tests: {
      'it is as if it was not used'() {
        pm.expect(body.used).to.eql(0);
      },
    },
  },
];

const leaving = [
  {
    name: 'Archive the promotion',
    about: 'It is over for good.',
    post: '/api/v1/promotions/{{promotion_id}}/archive',
    status: 200,
    tests: {
      'it is archived'() {
        pm.expect(body.status).to.eql('archived');
      },
    },
  },
  {
    name: 'Delete the shipping method',
    about: 'As long as there is one, orders of goods that are shipped have to name one.',
    delete: '/api/v1/shipping-methods/{{method_id}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Delete the zone',
    about: 'Its tax rate stays: it has been in force. So does the zone.',
    delete: '/api/v1/zones/{{zone_id}}',
    status: 409,
    problem: 'in-use',
  },
  {
    name: 'Delete the lamp',
    about: 'Nothing is left behind on sale. The order keeps its own copy.',
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
  name: 'Checkout and Money',
  about:
    'What a purchase costs, with discounts, shipping and taxes, and orders at the total that was quoted. ' +
    'Put the address of the server and the password of the administrator into the environment; the rest follows by itself.',
  who: ['admin', 'customer'],
  folders: [
    ['Preparing', 'A zone with a shipping method and a tax rate, a promotion with a code, and something to buy.', preparing],
    ['Quoting', 'What it costs now. Nothing is written or held.', quoting],
    ['Ordering', 'At the total that was quoted, or not at all.', ordering],
    ['Leaving', 'What would change orders of other collections goes away.', leaving],
  ],
};
