// What takes something off purchases, by itself or with a code.

const NOTHING = '01890000-0000-7000-8000-000000000000';
const promotion = {
  name: 'Summer sale {{word}}',
  class: 'line',
  action: { percent_ppm: 200000 },
  conditions: { min_subtotal: { amount: 5000, currency: 'USD' }, countries: ['DE', 'AT'] },
  combines: ['shipping'],
  code_needed: true,
  usage_limit: 100,
};

const making = [
  {
    name: 'Make a promotion',
    about: 'A draft: it applies to nothing until it is activated. 200000 parts per million are 20 %.',
    post: '/api/v1/promotions',
    headers: { 'Idempotency-Key': '{{promotion_key}}' },
    body: promotion,
    before() {
      pm.collectionVariables.set('word', `w${pm.variables.replaceIn('{{$guid}}').slice(-12)}`);
      pm.collectionVariables.set('promotion_key', pm.variables.replaceIn('{{$guid}}'));
    },
    status: 201,
    tests: {
      'it is a draft with one action'() {
        pm.expect(pm.response.headers.get('Location')).to.eql(`/api/v1/promotions/${body.id}`);
        pm.expect(body).to.include({ status: 'draft', usage_limit: 100, used: 0, version: 1 });
        pm.expect(body.action).to.eql({ percent_ppm: 200000 });
        pm.expect(body.conditions.countries).to.eql(['AT', 'DE']);
      },
    },
    keep: { promotion_id: 'body.id', etag: "pm.response.headers.get('ETag')" },
  },
  {
    name: 'Make a promotion with bad fields',
    about: 'Each bad field is named. An action is one of four.',
    post: '/api/v1/promotions',
    body: {
      name: '',
      class: 'lines',
      action: { percent_ppm: 1000001 },
      conditions: { min_quantity: 0, countries: ['DE', 'EU'] },
      usage_limit: 0,
    },
    status: 422,
    problem: 'invalid-fields',
    faults: ['name', 'class', 'action.percent_ppm', 'conditions.min_quantity', 'conditions.countries[1]', 'usage_limit'],
  },
  {
    name: 'Make a promotion as a customer',
    about: 'Promotions are for administrators.',
    post: '/api/v1/promotions',
    as: 'customer',
    body: promotion,
    status: 403,
    problem: 'forbidden',
  },
  {
    name: 'Change a promotion',
    about: 'All of a draft may change. Conditions change one by one; null takes one away.',
    patch: '/api/v1/promotions/{{promotion_id}}',
    headers: { 'If-Match': '{{etag}}' },
    body: { conditions: { countries: null, min_quantity: 3 } },
    status: 200,
    tests: {
      'the other conditions stay'() {
        pm.expect(body.conditions).to.include({ min_quantity: 3, first_order: false });
        pm.expect(body.conditions.countries).to.eql([]);
        pm.expect(body.conditions.min_subtotal.amount).to.eql(5000);
        pm.expect(body.version).to.eql(2);
      },
    },
  },
  {
    name: 'Change a promotion that has changed',
    about: 'Look again, and decide again.',
    patch: '/api/v1/promotions/{{promotion_id}}',
    headers: { 'If-Match': '{{etag}}' },
    body: { priority: 5 },
    status: 412,
    problem: 'stale-version',
  },
];

const codes = [
  {
    name: 'Add codes',
    about: 'All of them, or none. A code may have a limit of its own, and may be for one customer.',
    post: '/api/v1/promotions/{{promotion_id}}/codes',
    body: { codes: [{ code: 'Summer-{{word}}' }, { code: 'last-{{word}}', usage_limit: 20 }] },
    status: 201,
    tests: {
      'they are kept as they were written'() {
        const { word } = pm.collectionVariables.toObject();
        pm.expect(body.codes.map((one) => one.code)).to.eql([`Summer-${word}`, `last-${word}`]);
        pm.expect(body.codes.map((one) => one.usage_limit)).to.eql([null, 20]);
      },
    },
    keep: { code: 'body.codes[1].code.toUpperCase()' },
  },
  {
    name: 'Add a code again',
    about: 'Codes are compared in capitals. Each one that exists is named, and none is added.',
    post: '/api/v1/promotions/{{promotion_id}}/codes',
    body: { codes: [{ code: 'new-{{word}}' }, { code: 'SUMMER-{{word}}' }] },
    status: 409,
    problem: 'duplicate',
    faults: ['codes[1].code'],
  },
  {
    name: 'List codes',
    about: 'In alphabetical order, with how many orders use each.',
    get: '/api/v1/promotions/{{promotion_id}}/codes',
    status: 200,
    tests: {
      'both are there, unused'() {
        pm.expect(body.items.map((one) => one.code.slice(0, 4))).to.eql(['last', 'Summ']);
        pm.expect(body.items.map((one) => one.used)).to.eql([0, 0]);
      },
    },
  },
  {
    name: 'Delete a code',
    about: 'In any case. Orders that used it keep what it took off.',
    delete: '/api/v1/promotions/{{promotion_id}}/codes/{{code}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
];

const running = [
  {
    name: 'Activate a promotion',
    about: 'It applies from its start to its end.',
    post: '/api/v1/promotions/{{promotion_id}}/activate',
    status: 200,
    tests: {
      'it is active'() {
        pm.expect(body.status).to.eql('active');
      },
    },
  },
  {
    name: 'Change the rules of an active promotion',
    about: 'Its name, its end and its priority may change, and a limit to another one. The rules are fixed.',
    patch: '/api/v1/promotions/{{promotion_id}}',
    body: { action: { percent_ppm: 300000 }, usage_limit: null },
    status: 409,
    problem: 'promotion-not-changeable',
    faults: ['action', 'usage_limit'],
  },
  {
    name: 'Search promotions',
    about: 'By status, and by the words of the name.',
    get: '/api/v1/promotions?status=active&q=summer%20{{word}}',
    status: 200,
    tests: {
      'the promotion is found'() {
        pm.expect(body.items.map((one) => one.id)).to.eql([pm.collectionVariables.get('promotion_id')]);
      },
    },
  },
  {
    name: 'Show a promotion',
    about: 'The ETag is what `If-Match` wants.',
    get: '/api/v1/promotions/{{promotion_id}}',
    status: 200,
    tests: {
      'it is active and unused'() {
        pm.expect(body).to.include({ status: 'active', used: 0 });
      },
    },
  },
  {
    name: 'Show a promotion that is not there',
    about: 'Not there.',
    get: `/api/v1/promotions/${NOTHING}`,
    status: 404,
    problem: 'not-found',
  },
  {
    name: 'Pause a promotion',
    about: 'It can be activated again.',
    post: '/api/v1/promotions/{{promotion_id}}/pause',
    status: 200,
    tests: {
      'it is paused'() {
        pm.expect(body.status).to.eql('paused');
      },
    },
  },
  {
    name: 'Archive a promotion',
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
    name: 'Activate a promotion that is over',
    about: 'Nothing follows.',
    post: '/api/v1/promotions/{{promotion_id}}/activate',
    status: 409,
    problem: 'promotion-step-not-allowed',
  },
];

export default {
  name: 'Promotions',
  about:
    'What takes something off lines, off the order or off shipping, by itself or with a code. ' +
    'Put the address of the server and the password of the administrator into the environment; the rest follows by itself.',
  who: ['admin', 'customer'],
  folders: [
    ['Making promotions', 'Drafts, which may change in every field.', making],
    ['Codes', 'Adding, listing and deleting them.', codes],
    ['Running promotions', 'From their activation to their end.', running],
  ],
};
