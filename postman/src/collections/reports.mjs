// What the shop sold, what its stock is worth, and what waits to be done.

const preparing = [
  {
    name: 'Sell something',
    about: 'A lamp for 23.80, so that there is stock to report.',
    post: '/api/v1/products',
    body: { name: 'Lamp', price: { amount: 2380, currency: '{{currency}}' }, initial_stock: 20 },
    status: 201,
    tests: {
      'it is in stock'() {
        pm.expect(body.in_stock).to.eql(true);
      },
    },
    keep: { lamp: 'body.id' },
  },
];

const sales = [
  {
    name: 'Show what was sold day by day',
    about: 'Without `from` a report has 30 days, and without `to` it ends today. Amounts are in minor units.',
    get: '/api/v1/reports/sales?from=2026-01-01&to=2026-01-03',
    status: 200,
    tests: {
      'each day has a row'() {
        pm.expect(body.rows.map((row) => row.key)).to.eql(['2026-01-01', '2026-01-02', '2026-01-03']);
      },
      'totals are sums'() {
        pm.expect(body.totals.net).to.eql(body.rows.reduce((sum, row) => sum + row.net, 0));
      },
    },
  },
  {
    name: 'Show what was sold by product',
    about: 'The largest gross comes first. `category` and `country` group orders, too.',
    get: '/api/v1/reports/sales?from=2026-01-01&to=2026-01-03&by=product',
    status: 200,
    tests: {
      'totals are those of days'() {
        pm.expect(body.totals.net).to.eql(body.rows.reduce((sum, row) => sum + row.net, 0));
      },
    },
  },
  {
    name: 'Show two days hour by hour',
    about: 'Every hour of these days has a row. An hour that the clocks show twice has its offset.',
    get: '/api/v1/reports/sales?from=2026-01-01&to=2026-01-02&by=hour',
    status: 200,
    tests: {
      'both days have all hours'() {
        pm.expect(body.rows.length).to.be.within(47, 49);
        pm.expect(body.rows[0]).to.include({ key: '2026-01-01T00:00', name: '1 January 2026, 00:00' });
      },
    },
  },
  {
    name: 'Show months as a table',
    about: 'With `Accept: text/csv` the rows come as a table.',
    get: '/api/v1/reports/sales?from=2025-12-01&to=2026-02-28&by=month',
    headers: { Accept: 'text/csv' },
    status: 200,
    plain: true,
    tests: {
      'there is a line for each month'() {
        const lines = pm.response.text().trim().split('\n');
        pm.expect(lines[0]).to.eql('key,name,orders,units,gross,discounts,refunds,net,average,currency');
        pm.expect(lines.slice(1).map((line) => line.split(',')[0])).to.eql(['2025-12', '2026-01', '2026-02']);
      },
    },
  },
  {
    name: 'Show too many days',
    about: 'The error names the last day that is possible.',
    get: '/api/v1/reports/sales?from=2025-01-01&to=2026-12-31',
    status: 400,
    problem: 'bad-query',
    faults: ['to'],
  },
  {
    name: 'Show what was sold as a customer',
    about: 'Reports need the scope `reports:read`.',
    get: '/api/v1/reports/sales',
    as: 'customer',
    status: 403,
    problem: 'forbidden',
  },
];

const stock = [
  {
    name: 'Show what the stock is worth',
    about: 'Units on hand at the prices of now, page by page. The totals are those of all pages.',
    get: '/api/v1/reports/stock?limit=1',
    status: 200,
    tests: {
      'a row is worth its units at its price'() {
        const row = body.rows[0];
        pm.expect(row.value).to.eql(row.on_hand * row.price);
        pm.expect(body.totals.value).to.be.at.least(row.value);
      },
    },
  },
];

const waiting = [
  {
    name: 'Show what waits to be done',
    about: 'Each kind is counted up to `counted_up_to`. There may be more of a kind that has reached it.',
    get: '/api/v1/reports/to-do',
    status: 200,
    tests: {
      'no kind is counted further'() {
        pm.expect(body.orders_to_ship).to.be.within(0, body.counted_up_to);
        pm.expect(body.orders_unpaid.count).to.be.within(0, body.counted_up_to);
      },
    },
  },
];

export default {
  name: 'Reports',
  about:
    'What the shop sold, by time and by group, what its stock is worth, and what waits to be done. ' +
    'Put the address of the server and the password of the administrator into the environment; the rest follows by itself.',
  who: ['admin', 'customer'],
  folders: [
    ['Something to report', 'A product with stock.', preparing],
    ['What was sold', 'By time, product, category and country.', sales],
    ['What stock is worth', 'On hand × price.', stock],
    ['What waits', 'Orders, payments, stock and restocks.', waiting],
  ],
};
