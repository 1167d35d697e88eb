// Who may do what: roles, accounts of staff, and API keys.

const NOTHING = '01890000-0000-7000-8000-000000000000';

const roles = [
  {
    name: 'Make a role',
    about: 'A scope is a noun with `read` or `write`, and write includes read.',
    post: '/api/v1/roles',
    headers: { 'Idempotency-Key': '{{role_key}}' },
    body: { name: '{{role}}', scopes: ['orders:write', 'orders:read', 'payments:read'] },
    before() {
      pm.collectionVariables.set('role', `packing-${pm.variables.replaceIn('{{$guid}}').slice(-12)}`);
      pm.collectionVariables.set('role_key', pm.variables.replaceIn('{{$guid}}'));
    },
    status: 201,
    tests: {
      'each scope is there once'() {
        pm.expect(pm.response.headers.get('Location')).to.eql(`/api/v1/roles/${body.name}`);
        pm.expect(body.scopes).to.eql(['orders:write', 'payments:read']);
        pm.expect(body).to.include({ fixed: false, accounts: 0, version: 1 });
      },
    },
    keep: { role_etag: "pm.response.headers.get('ETag')" },
  },
  {
    name: 'Make a role with bad scopes',
    about: 'Each bad field is named, with all scopes that there are.',
    post: '/api/v1/roles',
    body: { name: 'X', scopes: ['orders:refund', '*'] },
    status: 422,
    problem: 'invalid-fields',
    faults: ['name', 'scopes[0]', 'scopes[1]'],
  },
  {
    name: 'Make a role as a customer',
    about: 'The refusal names the scope that is missing.',
    post: '/api/v1/roles',
    as: 'customer',
    body: { name: 'mine', scopes: ['orders:read'] },
    status: 403,
    problem: 'forbidden',
    tests: {
      'the scope is named'() {
        pm.expect(body.scope).to.eql('accounts:write');
        pm.expect(pm.response.headers.get('WWW-Authenticate')).to.eql(
          'Bearer error="insufficient_scope", scope="accounts:write"',
        );
      },
    },
  },
  {
    name: 'List roles',
    about: 'The fixed ones first.',
    get: '/api/v1/roles',
    status: 200,
    tests: {
      'the fixed roles and the new one are there'() {
        const names = body.items.map((one) => one.name);
        pm.expect(names.slice(0, 5)).to.eql(['admin', 'customer', 'clerk', 'catalogue', 'viewer']);
        pm.expect(names).to.include(pm.collectionVariables.get('role'));
      },
    },
  },
  {
    name: 'Show a role',
    about: 'What it allows, and how many accounts have it.',
    get: '/api/v1/roles/{{role}}',
    status: 200,
    tests: {
      'it is the one, and the shop may change it'() {
        pm.expect(body.name).to.eql(pm.collectionVariables.get('role'));
        pm.expect(body).to.include({ fixed: false, accounts: 0 });
      },
    },
  },
  {
    name: 'Change what a role allows',
    about: 'For every account that has it, at once.',
    patch: '/api/v1/roles/{{role}}',
    headers: { 'If-Match': '{{role_etag}}' },
    body: { scopes: ['orders:write', 'stock:read'] },
    status: 200,
    tests: {
      'it allows that and nothing else'() {
        pm.expect(body.scopes).to.eql(['stock:read', 'orders:write']);
        pm.expect(body.version).to.eql(2);
      },
    },
  },
  {
    name: 'Change a fixed role',
    about: 'Fixed roles never change.',
    patch: '/api/v1/roles/viewer',
    body: { scopes: ['orders:write'] },
    status: 422,
    problem: 'invalid-fields',
    faults: ['name'],
  },
];

const staff = [
  {
    name: 'Make an account for staff',
    about: 'Staff need no customer.',
    post: '/api/v1/accounts',
    body: { username: '{{staff}}', password: 'correct horse battery', role: '{{role}}' },
    before() {
      pm.collectionVariables.set('staff', `paula-${pm.variables.replaceIn('{{$guid}}').slice(-12)}`);
    },
    status: 201,
    tests: {
      'it has the role and no customer'() {
        pm.expect(body.role).to.eql(pm.collectionVariables.get('role'));
        pm.expect(body.customer_id).to.eql(null);
      },
    },
    keep: { staff_id: 'body.id' },
  },
  {
    name: 'Delete a role that an account has',
    about: 'Give the accounts another role first.',
    delete: '/api/v1/roles/{{role}}',
    status: 409,
    problem: 'in-use',
  },
  {
    name: 'Give an account another role',
    about: 'That ends its logins.',
    patch: '/api/v1/accounts/{{staff_id}}',
    body: { role: 'clerk' },
    status: 200,
    tests: {
      'it is a clerk'() {
        pm.expect(body.role).to.eql('clerk');
      },
    },
  },
  {
    name: 'Delete a role',
    about: 'No account has it any more.',
    delete: '/api/v1/roles/{{role}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Show a role that is not there',
    about: 'Not there.',
    get: '/api/v1/roles/nobody',
    status: 404,
    problem: 'not-found',
  },
];

const keys = [
  {
    name: 'Make an API key',
    about: 'The secret is shown this once. The program sends it as `Authorization: Bearer stk_…`.',
    post: '/api/v1/keys',
    headers: { 'Idempotency-Key': '{{key_key}}' },
    body: { name: 'ERP', scopes: ['products:read', 'stock:write'] },
    before() {
      pm.collectionVariables.set('key_key', pm.variables.replaceIn('{{$guid}}'));
    },
    status: 201,
    tests: {
      'the secret names the key'() {
        pm.expect(body.secret.startsWith(`stk_${body.prefix}_`)).to.eql(true);
        pm.expect(body.secret).to.have.lengthOf(51);
        pm.expect(body.scopes).to.eql(['products:read', 'stock:write']);
        pm.expect(pm.response.headers.get('Cache-Control')).to.eql('no-store');
      },
    },
    keep: { key_id: 'body.id', key_token: 'body.secret' },
  },
  {
    name: 'Use an API key',
    about: 'It opens what its scopes say.',
    get: '/api/v1/products?q={{role}}',
    as: 'key',
    status: 200,
    tests: {
      'it is a page of products, and none has this name'() {
        pm.expect(body.items).to.eql([]);
      },
    },
  },
  {
    name: 'Use an API key for something else',
    about: 'The refusal names the scope that is missing.',
    get: '/api/v1/customers',
    as: 'key',
    status: 403,
    problem: 'forbidden',
    tests: {
      'the scope is named'() {
        pm.expect(body.scope).to.eql('customers:read');
      },
    },
  },
  {
    name: 'Look at the account of an API key',
    about: 'A key has none.',
    get: '/api/v1/me',
    as: 'key',
    status: 403,
    problem: 'forbidden',
  },
  {
    name: 'Rename an API key',
    about: 'Its scopes never change.',
    patch: '/api/v1/keys/{{key_id}}',
    body: { name: 'ERP of the warehouse' },
    status: 200,
    tests: {
      'it has the name, and no secret is shown'() {
        pm.expect(body).to.include({ name: 'ERP of the warehouse', secret: null, version: 2 });
      },
    },
  },
  {
    name: 'Give an API key another secret',
    about: 'The previous one works for an hour more.',
    post: '/api/v1/keys/{{key_id}}/rotate',
    body: { overlap: '1h' },
    status: 200,
    tests: {
      'it is another one, with the same prefix'() {
        pm.expect(body.secret).to.not.eql(pm.collectionVariables.get('key_token'));
        pm.expect(body.secret.startsWith(`stk_${body.prefix}_`)).to.eql(true);
      },
    },
  },
  {
    name: 'Make an API key that is over already',
    about: 'An end is in the future; null is for a key that never ends.',
    post: '/api/v1/keys',
    body: { name: 'ERP', scopes: [], expires_at: '2020-01-01T00:00:00Z' },
    status: 422,
    problem: 'invalid-fields',
    faults: ['scopes'],
  },
  {
    name: 'List API keys',
    about: 'Without their secrets.',
    get: '/api/v1/keys?limit=100',
    status: 200,
    tests: {
      'the key is there, without its secret'() {
        const found = body.items.find((one) => one.id === pm.collectionVariables.get('key_id'));
        pm.expect(found).to.include({ secret: null, version: 3 });
      },
    },
  },
  {
    name: 'Show an API key',
    about: 'The ETag is what `If-Match` wants.',
    get: '/api/v1/keys/{{key_id}}',
    status: 200,
    tests: {
      'it has a tag'() {
        pm.expect(pm.response.headers.get('ETag')).to.match(/^"3-/);
      },
    },
  },
  {
    name: 'Show an API key that is not there',
    about: 'Not there.',
    get: `/api/v1/keys/${NOTHING}`,
    status: 404,
    problem: 'not-found',
  },
  {
    name: 'End an API key',
    about: 'At once.',
    delete: '/api/v1/keys/{{key_id}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Use an API key that ended',
    about: 'It opens nothing any more.',
    get: '/api/v1/stock',
    as: 'key',
    status: 401,
    problem: 'unauthenticated',
  },
];

export default {
  name: 'Staff and Keys',
  about:
    'Who may do what: roles, accounts of staff, and API keys of programs. ' +
    'Put the address of the server and the password of the administrator into the environment; the rest follows by itself.',
  who: ['admin', 'customer'],
  folders: [
    ['Roles', 'What accounts may do, by name.', roles],
    ['Staff', 'Accounts without a customer.', staff],
    ['Keys', 'How programs call the API.', keys],
  ],
};
