// Parts of the world that are shipped to and taxed alike.

const NOTHING = '01890000-0000-7000-8000-000000000000';
const zone = {
  name: 'West coast {{word}}',
  members: [
    { country: 'US', region: 'or' },
    { country: 'US', region: 'ca' },
    { country: 'CA', postal_prefix: 'v5 k' },
  ],
  shipping_tax: 'highest',
};

const making = [
  {
    name: 'Make a zone',
    about: 'A zone has countries, regions of them, or where postal codes begin alike. Case and blanks do not count.',
    post: '/api/v1/zones',
    headers: { 'Idempotency-Key': '{{zone_key}}' },
    body: zone,
    before() {
      pm.collectionVariables.set('word', `w${pm.variables.replaceIn('{{$guid}}').slice(-12)}`);
      pm.collectionVariables.set('zone_key', pm.variables.replaceIn('{{$guid}}'));
    },
    status: 201,
    tests: {
      'it shows the areas, sorted and in capitals'() {
        pm.expect(pm.response.headers.get('Location')).to.eql(`/api/v1/zones/${body.id}`);
        pm.expect(body).to.include({ shipping_tax: 'highest', version: 1 });
        pm.expect(body.members).to.eql([
          { country: 'CA', region: null, postal_prefix: 'V5K' },
          { country: 'US', region: 'CA', postal_prefix: null },
          { country: 'US', region: 'OR', postal_prefix: null },
        ]);
      },
    },
    keep: { zone_id: 'body.id', etag: "pm.response.headers.get('ETag')" },
  },
  {
    name: 'Make the same zone again',
    about: 'No two zones have the same name.',
    post: '/api/v1/zones',
    body: zone,
    status: 409,
    problem: 'duplicate',
    faults: ['name'],
  },
  {
    name: 'Make a zone with bad areas',
    about: 'Each bad field is named. Everywhere (`*`) has no region.',
    post: '/api/v1/zones',
    body: {
      name: '',
      members: [{ country: 'EU' }, { country: 'DE', postal_prefix: '27*' }, { country: '*', region: 'CA' }],
      shipping_tax: 'mine',
    },
    status: 422,
    problem: 'invalid-fields',
    faults: ['name', 'members[0].country', 'members[1].postal_prefix', 'members[2].region', 'shipping_tax'],
  },
  {
    name: 'Make a zone as a customer',
    about: 'Zones are for administrators.',
    post: '/api/v1/zones',
    as: 'customer',
    body: zone,
    status: 403,
    problem: 'forbidden',
  },
];

const using = [
  {
    name: 'Search zones',
    about: 'All words of the name in any order and any case; of the last one the beginning is enough.',
    get: '/api/v1/zones?q={{word}}%20wes',
    status: 200,
    tests: {
      'the zone is found'() {
        pm.expect(body.items.map((one) => one.id)).to.eql([pm.collectionVariables.get('zone_id')]);
        pm.expect(body.next_cursor).to.eql(null);
      },
    },
  },
  {
    name: 'Show a zone',
    about: 'The ETag is what `If-Match` wants.',
    get: '/api/v1/zones/{{zone_id}}',
    status: 200,
    tests: {
      'it is as it was made'() {
        pm.expect(pm.response.headers.get('ETag')).to.eql(pm.collectionVariables.get('etag'));
        pm.expect(body.members).to.have.lengthOf(3);
      },
    },
  },
  {
    name: 'Change a zone',
    about: '`members` are all areas of the zone from now on. Null takes `shipping_tax` away.',
    patch: '/api/v1/zones/{{zone_id}}',
    headers: { 'If-Match': '{{etag}}' },
    body: { members: [{ country: 'US', region: 'CA', postal_prefix: '902' }], shipping_tax: null },
    status: 200,
    tests: {
      'it has the new areas and its old name'() {
        pm.expect(body.members).to.eql([{ country: 'US', region: 'CA', postal_prefix: '902' }]);
        pm.expect(body).to.include({ shipping_tax: null, version: 2 });
        pm.expect(body.name).to.include(pm.collectionVariables.get('word'));
      },
    },
  },
  {
    name: 'Change a zone that has changed',
    about: 'Look again, and decide again.',
    patch: '/api/v1/zones/{{zone_id}}',
    headers: { 'If-Match': '{{etag}}' },
    body: { shipping_tax: 'none' },
    status: 412,
    problem: 'stale-version',
  },
  {
    name: 'Show a zone that is not there',
    about: 'Not there.',
    get: `/api/v1/zones/${NOTHING}`,
    status: 404,
    problem: 'not-found',
  },
  {
    name: 'Delete a zone',
    about: 'Places in it have the next most specific zone from now on.',
    delete: '/api/v1/zones/{{zone_id}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
];

export default {
  name: 'Zones',
  about:
    'Parts of the world that are shipped to and taxed alike. ' +
    'Put the address of the server and the password of the administrator into the environment; the rest follows by itself.',
  who: ['admin', 'customer'],
  folders: [
    ['Making zones', 'Of countries, regions and postal codes.', making],
    ['Using zones', 'Finding, changing and deleting them.', using],
  ],
};
