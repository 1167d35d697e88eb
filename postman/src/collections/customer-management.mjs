// Customers, their accounts, and what they do with them.

const NOBODY = '01890000-0000-7000-8000-000000000000';
const customer = { name: 'Ann Buyer', email: '{{customer_email}}', phone: '+14155550100' };

const identity = [
  {
    name: 'Register',
    about: 'Anybody may become a customer, if `auth.self_registration` is on. Account and customer are made together.',
    post: '/api/v1/auth/register',
    as: 'nobody',
    body: { ...customer, email: '{{own_username}}@example.com', username: '{{own_username}}', password: '{{own_password}}' },
    before() {
      pm.collectionVariables.set('own_username', `ann-${pm.variables.replaceIn('{{$guid}}').slice(-12)}`);
      pm.collectionVariables.set('own_password', pm.variables.replaceIn('{{$guid}}'));
    },
    status: 201,
    tests: {
      'it is the account of a customer, without its password'() {
        pm.expect(pm.response.headers.get('Location')).to.eql('/api/v1/me');
        pm.expect(body).to.include({ username: pm.collectionVariables.get('own_username'), role: 'customer', active: true });
        pm.expect(body.customer).to.include({ id: body.customer_id, name: 'Ann Buyer', phone: '+14155550100' });
        pm.expect(JSON.stringify(body)).not.to.include(pm.collectionVariables.get('own_password'));
      },
    },
  },
  {
    name: 'Register with what is taken',
    about: 'The answer names the field that is taken.',
    post: '/api/v1/auth/register',
    as: 'nobody',
    body: { ...customer, email: '{{own_username}}@EXAMPLE.com', username: '{{own_username}}', password: '{{own_password}}' },
    status: 409,
    problem: 'duplicate',
    tests: {
      'it names the field'() {
        pm.expect(body.errors[0].field).to.be.oneOf(['email', 'username']);
      },
    },
  },
  {
    name: 'Log in',
    about: 'Gives an access token for `Authorization: Bearer …` and a refresh token that gives the next pair.',
    post: '/api/v1/auth/login',
    as: 'nobody',
    body: { username: '{{own_username}}', password: '{{own_password}}' },
    status: 200,
    tests: {
      'it gives a pair of tokens that nobody keeps'() {
        pm.expect(body.token_type).to.eql('Bearer');
        pm.expect(body.expires_in).to.be.above(0);
        pm.expect(body.access_token.split('.')).to.have.lengthOf(3);
        pm.expect(body.refresh_token).to.be.a('string').that.is.not.empty;
        pm.expect(pm.response.headers.get('Cache-Control')).to.eql('no-store');
      },
    },
    keep: { own_token: 'body.access_token', refresh_token: 'body.refresh_token' },
  },
  {
    name: 'Log in with a wrong password',
    about: 'A wrong password and a user who is not there get the same answer, in the same time.',
    post: '/api/v1/auth/login',
    as: 'nobody',
    body: { username: '{{own_username}}', password: 'not the password' },
    status: 401,
    problem: 'unauthenticated',
  },
  {
    name: 'Who am I?',
    about: "The caller's account with its customer.",
    get: '/api/v1/me',
    as: 'own',
    status: 200,
    tests: {
      'it is the account that logged in'() {
        pm.expect(body.username).to.eql(pm.collectionVariables.get('own_username'));
        pm.expect(pm.response.headers.get('Cache-Control')).to.eql('private, no-cache');
      },
    },
    keep: { etag: "pm.response.headers.get('ETag')" },
  },
  {
    name: 'Change my phone number',
    about: 'Name, email and phone are the caller’s own to change.',
    patch: '/api/v1/me',
    as: 'own',
    headers: { 'If-Match': '{{etag}}' },
    body: { phone: '+4930123456' },
    status: 200,
    tests: {
      'only the phone number is another'() {
        pm.expect(body.customer).to.include({ phone: '+4930123456', name: 'Ann Buyer', version: 2 });
      },
    },
  },
  {
    name: 'Exchange the refresh token',
    about: 'A refresh token is good once.',
    post: '/api/v1/auth/refresh',
    as: 'nobody',
    body: { refresh_token: '{{refresh_token}}' },
    status: 200,
    tests: {
      'it is another pair'() {
        pm.expect(body.refresh_token).not.to.eql(pm.collectionVariables.get('refresh_token'));
      },
    },
    keep: { next_refresh_token: 'body.refresh_token', own_token: 'body.access_token' },
  },
  {
    name: 'Exchange it again at once',
    about:
      'Two tabs may refresh at once: for `auth.refresh_reuse_grace` (10 s) a spent token gives another pair of the same ' +
      'login. Somebody who brings it later has copied it, and the whole login ends.',
    post: '/api/v1/auth/refresh',
    as: 'nobody',
    body: { refresh_token: '{{refresh_token}}' },
    status: 200,
    tests: {
      'it is a pair of its own'() {
        pm.expect(body.refresh_token).not.to.eql(pm.collectionVariables.get('next_refresh_token'));
      },
    },
  },
  {
    name: 'Change my password',
    about: 'Every older token of the account is refused from now on.',
    post: '/api/v1/me/password',
    as: 'own',
    body: { current_password: '{{own_password}}', new_password: '{{new_password}}' },
    before() {
      pm.collectionVariables.set('new_password', pm.variables.replaceIn('{{$guid}}'));
    },
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Ask with an older token',
    about: 'It has not expired, but its password has changed.',
    get: '/api/v1/me',
    as: 'nobody',
    headers: { Authorization: 'Bearer {{own_token}}' },
    status: 401,
    problem: 'unauthenticated',
  },
  {
    name: 'Log in with the new password',
    about: 'The old one is forgotten.',
    post: '/api/v1/auth/login',
    as: 'nobody',
    body: { username: '{{own_username}}', password: '{{new_password}}' },
    status: 200,
    tests: {
      'it gives a pair of tokens'() {
        pm.expect(body).to.have.all.keys('access_token', 'token_type', 'expires_in', 'refresh_token');
      },
    },
    keep: { own_token: 'body.access_token', refresh_token: 'body.refresh_token' },
  },
  {
    name: 'Log out',
    about: 'Ends the refresh token, and all that came from the same login.',
    post: '/api/v1/auth/logout',
    as: 'own',
    body: { refresh_token: '{{refresh_token}}' },
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Ask with the token of an ended login',
    about: 'Log-out ends the access tokens of the login too: on other servers within a second.',
    get: '/api/v1/me',
    as: 'nobody',
    headers: { Authorization: 'Bearer {{own_token}}' },
    status: 401,
    problem: 'unauthenticated',
  },
  {
    name: 'Exchange the refresh token of an ended login',
    about: 'It was never used, and is refused all the same.',
    post: '/api/v1/auth/refresh',
    as: 'nobody',
    body: { refresh_token: '{{refresh_token}}' },
    status: 401,
    problem: 'unauthenticated',
  },
  {
    name: 'Log in by email',
    about: 'The email address of the customer does for the user name, in any spelling of the mailbox.',
    post: '/api/v1/auth/login',
    as: 'nobody',
    body: { username: '{{own_username}}@EXAMPLE.com', password: '{{new_password}}' },
    status: 200,
    tests: {
      'it gives a pair of tokens'() {
        pm.expect(body).to.have.all.keys('access_token', 'token_type', 'expires_in', 'refresh_token');
      },
    },
    keep: { own_token: 'body.access_token' },
  },
  {
    name: 'Export what is kept of me',
    about: 'As a file in JSON: customer, account, logins, networks, cart, orders and their changes.',
    get: '/api/v1/me/export',
    as: 'own',
    status: 200,
    tests: {
      'it names the customer, and no secret'() {
        pm.expect(pm.response.headers.get('Content-Disposition')).to.include('attachment');
        pm.expect(body.data.customer[0]).to.include({ name: 'Ann Buyer', phone: '+4930123456' });
        pm.expect(JSON.stringify(body)).not.to.include('$2b$');
      },
    },
  },
  {
    name: 'Delete my account with a wrong password',
    about: 'A stolen token is not enough.',
    delete: '/api/v1/me',
    as: 'own',
    body: { password: 'not the password' },
    status: 422,
    problem: 'invalid-fields',
    faults: ['password'],
  },
  {
    name: 'Delete my account',
    about: 'Account, tokens and cart go. Orders stay, without personal data.',
    delete: '/api/v1/me',
    as: 'own',
    body: { password: '{{new_password}}' },
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
];

const customers = [
  {
    name: 'Create a customer',
    about: 'A customer who cannot log in yet. The `Idempotency-Key` makes it safe to send this again.',
    post: '/api/v1/customers',
    headers: { 'Idempotency-Key': '{{customer_key}}' },
    body: customer,
    before() {
      pm.collectionVariables.set('customer_key', pm.variables.replaceIn('{{$guid}}'));
      pm.collectionVariables.set('customer_email', `ann-${pm.variables.replaceIn('{{$guid}}').slice(-12)}@example.com`);
    },
    status: 201,
    tests: {
      'it shows the customer and where it is'() {
        pm.expect(pm.response.headers.get('Location')).to.eql(`/api/v1/customers/${body.id}`);
        pm.expect(pm.response.headers.get('ETag')).to.match(/^"1-[0-9a-f]{8}"$/);
        pm.expect(body).to.include({ name: 'Ann Buyer', phone: '+14155550100', version: 1 });
        pm.expect(body.email).to.eql(pm.collectionVariables.get('customer_email'));
        pm.expect(body.created_at).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
      },
    },
    keep: { customer_id: 'body.id', etag: "pm.response.headers.get('ETag')" },
  },
  {
    name: 'Send the same again',
    about: 'The first answer again, and no second customer.',
    post: '/api/v1/customers',
    headers: { 'Idempotency-Key': '{{customer_key}}' },
    body: customer,
    status: 201,
    tests: {
      'it is the first answer'() {
        pm.expect(pm.response.headers.get('Idempotency-Replayed')).to.eql('true');
        pm.expect(body.id).to.eql(pm.collectionVariables.get('customer_id'));
      },
    },
  },
  {
    name: 'Send something else with the same key',
    about: 'A key names one request.',
    post: '/api/v1/customers',
    headers: { 'Idempotency-Key': '{{customer_key}}' },
    body: { ...customer, name: 'Bob Buyer' },
    status: 422,
    problem: 'idempotency-key-reused',
  },
  {
    name: 'Create another customer',
    about: 'So that there is a second page to turn to.',
    post: '/api/v1/customers',
    body: { name: 'Bob Buyer', email: 'bob.{{customer_email}}', phone: '+4930123456' },
    status: 201,
    tests: {
      'it is another'() {
        pm.expect(body.id).not.to.eql(pm.collectionVariables.get('customer_id'));
      },
    },
    keep: { other_id: 'body.id' },
  },
  {
    name: 'Create a customer with a taken email address',
    about: 'Addresses are compared regardless of case.',
    post: '/api/v1/customers',
    body: { ...customer, email: 'BOB.{{customer_email}}' },
    status: 409,
    problem: 'duplicate',
    faults: ['email'],
  },
  {
    name: 'Create a customer with bad fields',
    about: 'All bad fields are named at once, and so are those that there are not.',
    post: '/api/v1/customers',
    body: { name: ' ', email: 'ann', phone: '0', colour: 'red' },
    status: 422,
    problem: 'invalid-fields',
    faults: ['name', 'email', 'phone', 'colour'],
  },
  {
    name: 'Send what is not JSON',
    about: 'It cannot be read, so no field can be named.',
    post: '/api/v1/customers',
    body: '{"name": "Ann',
    status: 400,
    problem: 'malformed-json',
  },
  {
    name: 'Send a form instead of JSON',
    about: 'Bodies are JSON.',
    post: '/api/v1/customers',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'name=Ann',
    status: 415,
    problem: 'unsupported-media-type',
  },
  {
    name: 'Download customers',
    about: 'As a CSV file. The filters are those of the list.',
    get: '/api/v1/customers/export.csv?q=nobody-of-this-name',
    plain: true,
    status: 200,
    tests: {
      'it has the header alone'() {
        pm.expect(pm.response.text()).to.eql('id,name,email,phone,tax_exempt,created_at,updated_at\n');
      },
    },
  },
  {
    name: 'Create a customer without a token',
    about: 'Every request here needs the token of an administrator.',
    post: '/api/v1/customers',
    as: 'nobody',
    body: customer,
    status: 401,
    problem: 'unauthenticated',
  },
  {
    name: 'Create a customer as a customer',
    about: 'The token is good, but not for this.',
    post: '/api/v1/customers',
    as: 'customer',
    body: customer,
    status: 403,
    problem: 'forbidden',
  },
  {
    name: 'Search customers, page by page',
    about: 'The oldest first. `q` searches name and email; `limit` is 1 to 100; `next_cursor` leads on.',
    get: '/api/v1/customers?q={{customer_email}}&limit=1',
    status: 200,
    tests: {
      'it is one page of several'() {
        pm.expect(body.items).to.have.lengthOf(1);
        pm.expect(body.next_cursor).to.be.a('string').that.is.not.empty;
        pm.expect(pm.response.headers.get('Link')).to.include(body.next_cursor).and.to.include('rel="next"');
      },
    },
    keep: { cursor: 'body.next_cursor', first_id: 'body.items[0].id' },
  },
  {
    name: 'Turn the page',
    about: 'A cursor is good for the list that it came from.',
    get: '/api/v1/customers?q={{customer_email}}&limit=1&cursor={{cursor}}',
    status: 200,
    tests: {
      'it is the last page, and another customer'() {
        pm.expect(body.items.map((one) => one.id)).not.to.include(pm.collectionVariables.get('first_id'));
        pm.expect(body.next_cursor).to.eql(null);
      },
    },
  },
  {
    name: 'Turn the page with a bad cursor',
    about: 'Cursors are opaque; only those of a `next_cursor` are good.',
    get: '/api/v1/customers?cursor=page-2',
    status: 400,
    problem: 'bad-query',
    faults: ['cursor'],
  },
  {
    name: 'Show a customer',
    about: 'The `ETag` names the version that is shown.',
    get: '/api/v1/customers/{{customer_id}}',
    status: 200,
    tests: {
      'it is the one that was made'() {
        pm.expect(body.email).to.eql(pm.collectionVariables.get('customer_email'));
        pm.expect(pm.response.headers.get('ETag')).to.eql(pm.collectionVariables.get('etag'));
      },
    },
  },
  {
    name: 'Export what is kept of a customer',
    about: 'What the customer would get by `GET /me/export`, for those who ask by letter.',
    get: '/api/v1/customers/{{customer_id}}/export',
    status: 200,
    tests: {
      'it names the customer'() {
        pm.expect(body.data.customer[0].email).to.eql(pm.collectionVariables.get('customer_email'));
        pm.expect(body.data.account).to.eql([]);
      },
    },
  },
  {
    name: 'Show what a customer has bought',
    about: 'The sums of all orders that are not cancelled, by currency.',
    get: '/api/v1/customers/{{customer_id}}/sales',
    status: 200,
    tests: {
      'it is nothing yet'() {
        pm.expect(body).to.eql({ sales: [] });
      },
    },
  },
  {
    name: 'Find a customer by the email address',
    about: 'Exactly, in any case.',
    get: '/api/v1/customers?email={{customer_email}}',
    status: 200,
    tests: {
      'it is that one'() {
        pm.expect(body.items.map((one) => one.id)).to.eql([pm.collectionVariables.get('customer_id')]);
      },
    },
  },
  {
    name: 'Show a customer again',
    about: 'With `If-None-Match` there is no body as long as nothing has changed.',
    get: '/api/v1/customers/{{customer_id}}',
    headers: { 'If-None-Match': '{{etag}}' },
    status: 304,
    tests: {
      'it has no body'() {
        pm.expect(pm.response.text()).to.eql('');
        pm.expect(pm.response.headers.get('ETag')).to.eql(pm.collectionVariables.get('etag'));
      },
    },
  },
  {
    name: 'Show a customer who is not there',
    about: 'Who is not there and who is not yours get the same answer.',
    get: `/api/v1/customers/${NOBODY}`,
    status: 404,
    problem: 'not-found',
  },
  {
    name: 'Show a customer by what is no id',
    about: 'Ids are UUIDs.',
    get: '/api/v1/customers/ann',
    status: 400,
    problem: 'malformed-request',
  },
  {
    name: 'Change a customer',
    about: 'Any of name, email and phone. With `If-Match` only the version that was seen is changed.',
    patch: '/api/v1/customers/{{customer_id}}',
    headers: { 'If-Match': '{{etag}}' },
    body: { name: 'Ann Example' },
    status: 200,
    tests: {
      'only the name is another, and the version'() {
        pm.expect(body).to.include({ name: 'Ann Example', phone: '+14155550100', version: 2 });
        pm.expect(pm.response.headers.get('ETag')).to.match(/^"2-/);
      },
    },
  },
  {
    name: 'Change a customer that somebody else has changed',
    about: 'Look again, and decide again.',
    patch: '/api/v1/customers/{{customer_id}}',
    headers: { 'If-Match': '{{etag}}' },
    body: { name: 'Ann Other' },
    status: 412,
    problem: 'stale-version',
  },
];

const accounts = [
  {
    name: 'Give the customer an account',
    about: 'From now on the customer can log in.',
    post: '/api/v1/accounts',
    body: { customer_id: '{{customer_id}}', username: '{{account_username}}', password: '{{account_password}}' },
    before() {
      pm.collectionVariables.set('account_username', `ann-${pm.variables.replaceIn('{{$guid}}').slice(-12)}`);
      pm.collectionVariables.set('account_password', pm.variables.replaceIn('{{$guid}}'));
    },
    status: 201,
    tests: {
      'it is the account of a customer, without its password'() {
        pm.expect(pm.response.headers.get('Location')).to.eql(`/api/v1/accounts/${body.id}`);
        pm.expect(body).to.include({ username: pm.collectionVariables.get('account_username'), role: 'customer', active: true });
        pm.expect(body.customer.id).to.eql(pm.collectionVariables.get('customer_id'));
        pm.expect(Object.keys(body).join()).not.to.include('password');
      },
    },
    keep: { account_id: 'body.id', etag: "pm.response.headers.get('ETag')" },
  },
  {
    name: 'Give the customer a second account',
    about: 'A customer has one at most.',
    post: '/api/v1/accounts',
    body: { customer_id: '{{customer_id}}', username: '{{account_username}}-2', password: '{{account_password}}' },
    status: 409,
    problem: 'duplicate',
    faults: ['customer_id'],
  },
  {
    name: 'Give an account a bad name and a short password',
    about: 'User names have 3 to 32 characters of `a-z 0-9 . _ -`, passwords 12 to 72 bytes, roles 3 to 32 of `a-z 0-9 _ -`.',
    post: '/api/v1/accounts',
    body: { customer_id: '{{other_id}}', username: 'Bob!', password: 'short', role: 'The Owner' },
    status: 422,
    problem: 'invalid-fields',
    faults: ['username', 'password', 'role'],
  },
  {
    name: 'List accounts',
    about: 'The oldest first, each with its customer.',
    get: '/api/v1/accounts?limit=1',
    status: 200,
    tests: {
      'it is a page of accounts'() {
        pm.expect(body.items).to.have.lengthOf(1);
        pm.expect(body.items[0]).to.include.all.keys('id', 'username', 'role', 'active', 'customer', 'version');
      },
    },
  },
  {
    name: 'Show an account',
    about: 'With its customer.',
    get: '/api/v1/accounts/{{account_id}}',
    status: 200,
    tests: {
      'it is the one that was made'() {
        pm.expect(body.username).to.eql(pm.collectionVariables.get('account_username'));
        pm.expect(body.customer.name).to.eql('Ann Example');
      },
    },
  },
  {
    name: 'Switch an account off',
    about: 'Any of username, password, role and active. The tokens of the account end.',
    patch: '/api/v1/accounts/{{account_id}}',
    headers: { 'If-Match': '{{etag}}' },
    body: { active: false },
    status: 200,
    tests: {
      'it is off'() {
        pm.expect(body).to.include({ active: false, version: 2 });
      },
    },
  },
  {
    name: 'Log in to an account that is off',
    about: 'The same answer as for a wrong password.',
    post: '/api/v1/auth/login',
    as: 'nobody',
    body: { username: '{{account_username}}', password: '{{account_password}}' },
    status: 401,
    problem: 'unauthenticated',
  },
  {
    name: 'List accounts as a customer',
    about: 'Accounts are for administrators.',
    get: '/api/v1/accounts',
    as: 'customer',
    status: 403,
    problem: 'forbidden',
  },
  {
    name: 'Delete an account',
    about: 'The customer stays. The last active administrator cannot be deleted: that is a 409.',
    delete: '/api/v1/accounts/{{account_id}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Show an account that is gone',
    about: 'Gone is not there.',
    get: '/api/v1/accounts/{{account_id}}',
    status: 404,
    problem: 'not-found',
  },
];

const farewell = [
  {
    name: 'Delete a customer that somebody else has changed',
    about: '`If-Match` protects a customer from being deleted for what it was.',
    delete: '/api/v1/customers/{{customer_id}}',
    headers: { 'If-Match': '"1"' },
    status: 412,
    problem: 'stale-version',
  },
  {
    name: 'Delete a customer',
    about: 'Account, tokens and cart go. Orders stay, without personal data.',
    delete: '/api/v1/customers/{{customer_id}}',
    headers: { 'If-Match': '"2"' },
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Show a customer that is gone',
    about: 'Gone is not there.',
    get: '/api/v1/customers/{{customer_id}}',
    status: 404,
    problem: 'not-found',
  },
  {
    name: 'Delete the other customer',
    about: 'Without `If-Match`, whatever its version is.',
    delete: '/api/v1/customers/{{other_id}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
];

export default {
  name: 'Customer Management',
  about:
    'Becoming a customer, logging in, and what administrators do with customers and their accounts. ' +
    'Put the address of the server and the password of the administrator into the environment; the rest follows by itself.',
  who: ['admin', 'customer'],
  folders: [
    ['Identity', 'For everybody: registration, tokens, and the own account.', identity],
    ['Customers', 'For administrators.', customers],
    ['Accounts', 'For administrators: who may log in, and as what.', accounts],
    ['Farewell', 'Customers go, and what was theirs.', farewell],
  ],
};
