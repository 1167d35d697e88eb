// Ways to ship into a zone, and what they cost.

const NOTHING = '01890000-0000-7000-8000-000000000000';
const price = (amount) => ({ amount, currency: 'USD' });
const method = {
  code: '{{method_code}}',
  name: 'Parcel {{method_word}}',
  zone_id: '{{method_zone_id}}',
  position: 1,
  basis: 'weight',
  tiers: [
    { from: 0, amount: price(490) },
    { from: 2000, amount: price(690), per: 1000, per_amount: price(100) },
    { from: 31500, amount: null },
  ],
  free_from: price(5000),
  min_days: 2,
  max_days: 4,
};

const making = [
  {
    name: 'Make a zone to ship to',
    about: 'A method ships into one zone.',
    post: '/api/v1/zones',
    body: { name: 'Shipping {{method_word}}', members: [{ country: 'US' }] },
    before() {
      const word = `w${pm.variables.replaceIn('{{$guid}}').slice(-12)}`;
      pm.collectionVariables.set('method_word', word);
      pm.collectionVariables.set('method_code', `parcel-${word}`);
      pm.collectionVariables.set('method_key', pm.variables.replaceIn('{{$guid}}'));
    },
    status: 201,
    tests: {
      'it has an address'() {
        pm.expect(pm.response.headers.get('Location')).to.eql(`/api/v1/zones/${body.id}`);
      },
    },
    keep: { method_zone_id: 'body.id' },
  },
  {
    name: 'Make a shipping method',
    about: 'Up to 2 kg it costs 4.90, above that 6.90 and 1.00 for each kilogram begun; from 31.5 kg on it is not offered.',
    post: '/api/v1/shipping-methods',
    headers: { 'Idempotency-Key': '{{method_key}}' },
    body: method,
    status: 201,
    tests: {
      'it is active and shows its tiers'() {
        pm.expect(pm.response.headers.get('Location')).to.eql(`/api/v1/shipping-methods/${body.id}`);
        pm.expect(body).to.include({ status: 'active', basis: 'weight', version: 1 });
        pm.expect(body.tiers.map((tier) => tier.amount?.amount ?? null)).to.eql([490, 690, null]);
      },
    },
    keep: { method_id: 'body.id', method_etag: "pm.response.headers.get('ETag')" },
  },
  {
    name: 'Make the same shipping method again',
    about: 'No two methods have the same code.',
    post: '/api/v1/shipping-methods',
    body: method,
    status: 409,
    problem: 'duplicate',
    faults: ['code'],
  },
  {
    name: 'Make a shipping method with bad tiers',
    about: 'Each bad field is named. Tiers come in order, the first one begins at 0, and a step needs its length and its cost.',
    post: '/api/v1/shipping-methods',
    body: {
      ...method,
      tiers: [{ from: 1, amount: price(490) }, { from: 1, amount: price(690) }],
      min_days: 5,
      max_days: 4,
    },
    status: 422,
    problem: 'invalid-fields',
    faults: ['tiers[0].from', 'tiers[1].from', 'max_days'],
  },
  {
    name: 'Make a shipping method into no zone',
    about: 'Zone and tax class have to exist.',
    post: '/api/v1/shipping-methods',
    body: { ...method, code: 'nowhere', zone_id: NOTHING },
    status: 422,
    problem: 'invalid-fields',
    faults: ['zone_id'],
  },
  {
    name: 'Make a shipping method as a customer',
    about: 'Shipping methods are for administrators.',
    post: '/api/v1/shipping-methods',
    as: 'customer',
    body: method,
    status: 403,
    problem: 'forbidden',
  },
];

const using = [
  {
    name: 'Search shipping methods',
    about: 'By words of name and code, by status, and by zone.',
    get: '/api/v1/shipping-methods?q={{method_word}}%20parc&status=active&zone_id={{method_zone_id}}',
    status: 200,
    tests: {
      'the method is found'() {
        pm.expect(body.items.map((one) => one.id)).to.eql([pm.collectionVariables.get('method_id')]);
        pm.expect(body.next_cursor).to.eql(null);
      },
    },
  },
  {
    name: 'Show a shipping method',
    about: 'The ETag is what `If-Match` wants.',
    get: '/api/v1/shipping-methods/{{method_id}}',
    status: 200,
    tests: {
      'it is as it was made'() {
        pm.expect(pm.response.headers.get('ETag')).to.eql(pm.collectionVariables.get('method_etag'));
      },
    },
  },
  {
    name: 'Change a shipping method',
    about: '`tiers` are all tiers from now on. Null takes `free_from`, `tax_class` and the days away.',
    patch: '/api/v1/shipping-methods/{{method_id}}',
    headers: { 'If-Match': '{{method_etag}}' },
    body: { basis: 'flat', tiers: [{ from: 0, amount: price(590) }], free_from: null, status: 'inactive' },
    status: 200,
    tests: {
      'it has the new tiers and its old name'() {
        pm.expect(body).to.include({ basis: 'flat', free_from: null, status: 'inactive', max_days: 4, version: 2 });
        pm.expect(body.tiers).to.have.lengthOf(1);
      },
    },
  },
  {
    name: 'Change a shipping method that has changed',
    about: 'Look again, and decide again.',
    patch: '/api/v1/shipping-methods/{{method_id}}',
    headers: { 'If-Match': '{{method_etag}}' },
    body: { position: 2 },
    status: 412,
    problem: 'stale-version',
  },
  {
    name: 'Delete a zone that is shipped to',
    about: 'What is in use stays, and the answer says by what it is used.',
    delete: '/api/v1/zones/{{method_zone_id}}',
    status: 409,
    problem: 'in-use',
  },
  {
    name: 'Show a shipping method that is not there',
    about: 'Not there.',
    get: `/api/v1/shipping-methods/${NOTHING}`,
    status: 404,
    problem: 'not-found',
  },
  {
    name: 'Delete a shipping method',
    about: 'Orders that were shipped by it stay.',
    delete: '/api/v1/shipping-methods/{{method_id}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
];

export default {
  name: 'Shipping Methods',
  about:
    'Ways to ship into a zone, and what they cost. ' +
    'Put the address of the server and the password of the administrator into the environment; the rest follows by itself.',
  who: ['admin', 'customer'],
  folders: [
    ['Making shipping methods', 'Into a zone, with costs by weight.', making],
    ['Using shipping methods', 'Finding, changing and deleting them.', using],
  ],
};
