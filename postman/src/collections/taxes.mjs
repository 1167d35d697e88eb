// Which taxes products and shipping bear, and where.

const NOTHING = '01890000-0000-7000-8000-000000000000';

const classes = [
  {
    name: 'Make a tax class',
    about: 'Tax rates and shipping methods name a class by its code, which never changes.',
    post: '/api/v1/tax-classes',
    headers: { 'Idempotency-Key': '{{class_key}}' },
    body: { code: '{{class_code}}', name: 'Food and books' },
    before() {
      pm.collectionVariables.set('class_code', `food-${pm.variables.replaceIn('{{$guid}}').slice(-12)}`);
      pm.collectionVariables.set('class_key', pm.variables.replaceIn('{{$guid}}'));
    },
    status: 201,
    tests: {
      'it shows the class'() {
        pm.expect(pm.response.headers.get('Location')).to.eql(`/api/v1/tax-classes/${body.id}`);
        pm.expect(body).to.include({ code: pm.collectionVariables.get('class_code'), version: 1 });
      },
    },
    keep: { class_id: 'body.id', class_etag: "pm.response.headers.get('ETag')" },
  },
  {
    name: 'Make the same tax class again',
    about: 'No two classes have the same code.',
    post: '/api/v1/tax-classes',
    body: { code: '{{class_code}}', name: 'Food' },
    status: 409,
    problem: 'duplicate',
    faults: ['code'],
  },
  {
    name: 'Make a bad tax class',
    about: 'Each bad field is named. A code has letters, digits, dots, dashes and underscores.',
    post: '/api/v1/tax-classes',
    body: { code: 'food and books', name: ' ' },
    status: 422,
    problem: 'invalid-fields',
    faults: ['code', 'name'],
  },
  {
    name: 'List tax classes',
    about: 'The class `standard` is there from the start: it is that of products that were given none.',
    get: '/api/v1/tax-classes?limit=1',
    status: 200,
    tests: {
      'standard comes first'() {
        pm.expect(body.items[0].code).to.eql('standard');
        pm.expect(body.next_cursor).to.be.a('string');
      },
    },
    keep: { standard_id: 'body.items[0].id' },
  },
  {
    name: 'Show a tax class',
    about: 'The ETag is what `If-Match` wants.',
    get: '/api/v1/tax-classes/{{class_id}}',
    status: 200,
    tests: {
      'it is as it was made'() {
        pm.expect(pm.response.headers.get('ETag')).to.eql(pm.collectionVariables.get('class_etag'));
      },
    },
  },
  {
    name: 'Rename a tax class',
    about: 'Only the name changes.',
    patch: '/api/v1/tax-classes/{{class_id}}',
    headers: { 'If-Match': '{{class_etag}}' },
    body: { name: 'Food, books and newspapers' },
    status: 200,
    tests: {
      'it has the new name and its old code'() {
        pm.expect(body).to.include({ code: pm.collectionVariables.get('class_code'), version: 2 });
        pm.expect(body.name).to.eql('Food, books and newspapers');
      },
    },
  },
  {
    name: 'Rename a tax class that has changed',
    about: 'Look again, and decide again.',
    patch: '/api/v1/tax-classes/{{class_id}}',
    headers: { 'If-Match': '{{class_etag}}' },
    body: { name: 'Food' },
    status: 412,
    problem: 'stale-version',
  },
  {
    name: 'Delete the tax class of all products',
    about: 'What is in use stays, and the answer says by what it is used.',
    delete: '/api/v1/tax-classes/{{standard_id}}',
    status: 409,
    problem: 'in-use',
  },
  {
    name: 'Show a tax class that is not there',
    about: 'Not there.',
    get: `/api/v1/tax-classes/${NOTHING}`,
    status: 404,
    problem: 'not-found',
  },
  {
    name: 'Delete a tax class',
    about: 'Nothing uses it.',
    delete: '/api/v1/tax-classes/{{class_id}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Make a tax class as a customer',
    about: 'Tax classes are for administrators.',
    post: '/api/v1/tax-classes',
    as: 'customer',
    body: { code: 'mine', name: 'Mine' },
    status: 403,
    problem: 'forbidden',
  },
];

const rate = {
  zone_id: '{{tax_zone_id}}',
  tax_class: 'standard',
  code: 'VAT',
  name: 'Value added tax',
  rate_ppm: 190000,
  starts_on: '2026-01-01',
};

const rates = [
  {
    name: 'Make a zone to tax',
    about: 'A rate holds in one zone. Its region keeps it apart from the zones of other runs.',
    post: '/api/v1/zones',
    body: { name: 'Taxes {{tax_word}}', members: [{ country: 'DE', region: '{{tax_word}}' }] },
    before() {
      pm.collectionVariables.set('tax_word', `w${pm.variables.replaceIn('{{$guid}}').slice(-12)}`);
      pm.collectionVariables.set('rate_key', pm.variables.replaceIn('{{$guid}}'));
    },
    status: 201,
    tests: {
      'it has an address'() {
        pm.expect(pm.response.headers.get('Location')).to.eql(`/api/v1/zones/${body.id}`);
      },
    },
    keep: { tax_zone_id: 'body.id' },
  },
  {
    name: 'Make a tax rate',
    about: '190000 parts per million are 19 %. What is sold into the zone bears it from its first day on.',
    post: '/api/v1/tax-rates',
    headers: { 'Idempotency-Key': '{{rate_key}}' },
    body: rate,
    status: 201,
    tests: {
      'it holds without an end, for shipping too'() {
        pm.expect(pm.response.headers.get('Location')).to.eql(`/api/v1/tax-rates/${body.id}`);
        pm.expect(body).to.include({ ends_on: null, applies_to_shipping: true, treatment: 'standard', version: 1 });
      },
    },
    keep: { rate_id: 'body.id', rate_etag: "pm.response.headers.get('ETag')" },
  },
  {
    name: 'Make a tax rate for the same days',
    about: 'Rates with the same code share no day in a zone and class.',
    post: '/api/v1/tax-rates',
    body: { ...rate, rate_ppm: 160000, starts_on: '2020-07-01' },
    status: 422,
    problem: 'invalid-fields',
    faults: ['starts_on'],
  },
  {
    name: 'Make a bad tax rate',
    about: 'Each bad field is named. A rate is 0 to 1000000 parts per million, and a day is such as 2026-01-31.',
    post: '/api/v1/tax-rates',
    body: { ...rate, code: '19 %', rate_ppm: 1000001, starts_on: '1.1.2026' },
    status: 422,
    problem: 'invalid-fields',
    faults: ['code', 'rate_ppm', 'starts_on'],
  },
  {
    name: 'Find the tax rates of a day',
    about: 'By zone, class and day.',
    get: '/api/v1/tax-rates?zone_id={{tax_zone_id}}&tax_class=standard&holds_on=2026-01-01',
    status: 200,
    tests: {
      'the rate is found'() {
        pm.expect(body.items.map((one) => one.id)).to.eql([pm.collectionVariables.get('rate_id')]);
        pm.expect(body.next_cursor).to.eql(null);
      },
    },
  },
  {
    name: 'Show a tax rate',
    about: 'The ETag is what `If-Match` wants.',
    get: '/api/v1/tax-rates/{{rate_id}}',
    status: 200,
    tests: {
      'it is as it was made'() {
        pm.expect(pm.response.headers.get('ETag')).to.eql(pm.collectionVariables.get('rate_etag'));
      },
    },
  },
  {
    name: 'End a tax rate',
    about: 'Nothing of a rate changes but its last day, and that is in the future.',
    patch: '/api/v1/tax-rates/{{rate_id}}',
    headers: { 'If-Match': '{{rate_etag}}' },
    body: { ends_on: '2998-12-31' },
    status: 200,
    tests: {
      'it has a last day'() {
        pm.expect(body).to.include({ rate_ppm: 190000, ends_on: '2998-12-31', version: 2 });
      },
    },
  },
  {
    name: 'End a tax rate that has changed',
    about: 'Look again, and decide again.',
    patch: '/api/v1/tax-rates/{{rate_id}}',
    headers: { 'If-Match': '{{rate_etag}}' },
    body: { ends_on: '2997-12-31' },
    status: 412,
    problem: 'stale-version',
  },
  {
    name: 'Delete a tax rate that holds',
    about: 'It explains what was taxed.',
    delete: '/api/v1/tax-rates/{{rate_id}}',
    status: 409,
    problem: 'tax-rate-held',
  },
  {
    name: 'Make the next tax rate',
    about: 'It holds from the day after on.',
    post: '/api/v1/tax-rates',
    body: { ...rate, rate_ppm: 0, treatment: 'exempt', starts_on: '2999-01-01', applies_to_shipping: false },
    status: 201,
    tests: {
      'it says why it is 0'() {
        pm.expect(body).to.include({ rate_ppm: 0, treatment: 'exempt', applies_to_shipping: false });
      },
    },
    keep: { next_rate_id: 'body.id' },
  },
  {
    name: 'Delete a tax rate',
    about: 'Nothing was taxed by it before its first day.',
    delete: '/api/v1/tax-rates/{{next_rate_id}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Show a tax rate that is not there',
    about: 'Not there.',
    get: `/api/v1/tax-rates/${NOTHING}`,
    status: 404,
    problem: 'not-found',
  },
  {
    name: 'Make a tax rate as a customer',
    about: 'Tax rates are for administrators.',
    post: '/api/v1/tax-rates',
    as: 'customer',
    body: rate,
    status: 403,
    problem: 'forbidden',
  },
];

export default {
  name: 'Taxes',
  about:
    'Which taxes products and shipping bear, and where. ' +
    'Put the address of the server and the password of the administrator into the environment; the rest follows by itself.',
  who: ['admin', 'customer'],
  folders: [
    ['Tax classes', 'Making, finding, renaming and deleting them.', classes],
    ['Tax rates', 'Making, finding, ending and deleting them.', rates],
  ],
};
