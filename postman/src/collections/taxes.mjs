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

export default {
  name: 'Taxes',
  about:
    'Which taxes products and shipping bear, and where. ' +
    'Put the address of the server and the password of the administrator into the environment; the rest follows by itself.',
  who: ['admin', 'customer'],
  folders: [['Tax classes', 'Making, finding, renaming and deleting them.', classes]],
};
