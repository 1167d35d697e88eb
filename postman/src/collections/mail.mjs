// Passwords that are forgotten, and addresses that are proved, by mail.

const NOT_A_TOKEN = 'uO3vR0bMZk1n8pXq2sT4wY6zA8cE0gI2kM4oQ6sU8wY';

const passwords = [
  {
    name: 'Become a customer',
    about: 'A mail to the address brings a link that proves it.',
    post: '/api/v1/auth/register',
    as: 'nobody',
    body: {
      name: 'Ann Buyer',
      email: '{{reader}}@example.com',
      phone: '+14155550100',
      username: '{{reader}}',
      password: '{{reader_password}}',
    },
    before() {
      pm.collectionVariables.set('reader', `ann-${pm.variables.replaceIn('{{$guid}}').slice(-12)}`);
      pm.collectionVariables.set('reader_password', pm.variables.replaceIn('{{$guid}}'));
    },
    status: 201,
    tests: {
      'nobody has proved the address yet'() {
        pm.expect(body.email_verified_at).to.eql(null);
      },
    },
  },
  {
    name: 'Forget the password',
    about: 'A mail brings a link that is good once, for an hour.',
    post: '/api/v1/auth/password/forgot',
    as: 'nobody',
    body: { email: '{{reader}}@example.com' },
    status: 202,
    tests: {
      'it is accepted'() {
        pm.expect(body).to.eql({ status: 'accepted' });
      },
    },
  },
  {
    name: 'Ask for the password of somebody who is not there',
    about: 'The answer is the same, so that nobody learns who is a customer.',
    post: '/api/v1/auth/password/forgot',
    as: 'nobody',
    body: { email: 'nobody-{{reader}}@example.com' },
    status: 202,
    tests: {
      'it is accepted, too'() {
        pm.expect(body).to.eql({ status: 'accepted' });
      },
    },
  },
  {
    name: 'Set a password with a token that is not good',
    about: 'One that is unknown, used or too old: the answer is the same.',
    post: '/api/v1/auth/password/reset',
    as: 'nobody',
    body: { token: NOT_A_TOKEN, new_password: 'staple the battery' },
    status: 422,
    problem: 'token-invalid',
  },
];

const addresses = [
  {
    name: 'Log in',
    about: 'With the password that still holds.',
    post: '/api/v1/auth/login',
    as: 'nobody',
    body: { username: '{{reader}}', password: '{{reader_password}}' },
    status: 200,
    tests: {
      'it gives a token'() {
        pm.expect(body.token_type).to.eql('Bearer');
      },
    },
    keep: { reader_token: 'body.access_token' },
  },
  {
    name: 'Ask for a mail that proves my address',
    about: 'It brings a link that is good once, for a day.',
    post: '/api/v1/me/email/verification',
    as: 'reader',
    status: 202,
    tests: {
      'it is accepted'() {
        pm.expect(body).to.eql({ status: 'accepted' });
      },
    },
  },
  {
    name: 'Change my address',
    about: 'The new one is used from when it is proved; until then the customer has the previous one.',
    patch: '/api/v1/me',
    as: 'reader',
    body: { email: 'new-{{reader}}@example.com' },
    status: 200,
    tests: {
      'it is the previous address'() {
        pm.expect(body.customer.email).to.eql(`${pm.collectionVariables.get('reader')}@example.com`);
      },
    },
  },
  {
    name: 'Prove an address with a token that is not good',
    about: 'One that is unknown, used or too old: the answer is the same.',
    post: '/api/v1/auth/email/verify',
    as: 'nobody',
    body: { token: NOT_A_TOKEN },
    status: 422,
    problem: 'token-invalid',
  },
];

const queue = [
  {
    name: 'List the latest mails',
    about: 'Newest first, also by `status`, `order_id` and `customer_id`.',
    get: '/api/v1/mails?limit=5',
    status: 200,
    tests: {
      'each says what became of it'() {
        for (const mail of body.items) pm.expect(mail.status).to.be.oneOf(['pending', 'sent', 'dead', 'unneeded']);
      },
    },
    keep: { mail: 'body.items[0].id' },
  },
  {
    name: 'Show a mail',
    about: 'It has no text: that is made when it is sent.',
    get: '/api/v1/mails/{{mail}}',
    status: 200,
    tests: {
      'it is the mail'() {
        pm.expect(body.id).to.eql(pm.collectionVariables.get('mail'));
      },
    },
  },
  {
    name: 'List mails of a status that there is not',
    about: 'The field is named.',
    get: '/api/v1/mails?status=lost',
    status: 400,
    problem: 'bad-query',
    faults: ['status'],
  },
];

const refused = [
  {
    name: 'Forget the password of no address',
    about: 'The field is named.',
    post: '/api/v1/auth/password/forgot',
    as: 'nobody',
    body: { email: 'ann' },
    status: 422,
    problem: 'invalid-fields',
    faults: ['email'],
  },
  {
    name: 'Prove the address of an administrator',
    about: 'Administrators have no address in the shop.',
    post: '/api/v1/me/email/verification',
    status: 409,
    problem: 'no-customer',
  },
];

export default {
  name: 'Mail',
  about:
    'Passwords that are forgotten, and addresses that are proved, in a shop that sends mail (`mail.transport`). ' +
    'Put the address of the server and the password of the administrator into the environment; the rest follows by itself.',
  who: ['admin', 'customer'],
  folders: [
    ['Passwords', 'Set a new one by mail.', passwords],
    ['Addresses', 'Prove that mails arrive.', addresses],
    ['The queue', 'What is and was sent.', queue],
    ['What is refused', 'And why.', refused],
  ],
};
