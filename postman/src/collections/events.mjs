// What happened in the shop, for other systems.

const reading = [
  {
    name: 'Make something happen',
    about: 'A new product is an event.',
    post: '/api/v1/products',
    body: { name: 'Kettle', price: { amount: 3500, currency: '{{currency}}' }, initial_stock: 5 },
    status: 201,
    tests: {
      'it is there'() {
        pm.expect(body.version).to.eql(1);
      },
    },
    keep: { kettle: 'body.id' },
  },
  {
    name: 'Wait for what happened to it',
    about: 'The answer comes as soon as there is something. `stream` is the order, the product or the customer.',
    get: '/api/v1/events?after=0&stream={{kettle}}&wait=20',
    status: 200,
    tests: {
      'the event is thin'() {
        pm.expect(body.items).to.have.lengthOf(1);
        pm.expect(body.items[0]).to.have.all.keys('id', 'type', 'at', 'position', 'stream', 'data');
        pm.expect(body.items[0].type).to.eql('product.created');
        pm.expect(body.items[0].data).to.include({ product_id: pm.collectionVariables.get('kettle'), version: 1 });
      },
    },
    keep: { position: 'body.next_after' },
  },
  {
    name: 'Go on from there',
    about: 'A reader needs one number: the `next_after` of the last answer.',
    get: '/api/v1/events?after={{position}}&types=order.*,refund.*&limit=10',
    status: 200,
    tests: {
      'positions follow each other'() {
        pm.expect(body.next_after).to.be.at.least(Number(pm.collectionVariables.get('position')));
      },
    },
  },
];

const refused = [
  {
    name: 'Ask for what there is not',
    about: 'Each bad parameter is named, with what is allowed.',
    get: '/api/v1/events?types=orders.*&wait=26&limit=0',
    status: 400,
    problem: 'bad-query',
    faults: ['types', 'limit', 'wait'],
  },
  {
    name: 'Ask as a customer',
    about: 'Events are for administrators.',
    get: '/api/v1/events',
    as: 'customer',
    status: 403,
    problem: 'forbidden',
  },
];

/** Waits, a minute at most, until the test was tried in vain, and keeps its delivery. */
function tried() {
  const endpoint = pm.collectionVariables.get('endpoint');
  const url = `${pm.environment.get('base_url')}/api/v1/webhook-endpoints/${endpoint}/deliveries`;
  const header = { Authorization: `Bearer ${pm.environment.get('admin_token')}` };
  const look = (left) =>
    pm.sendRequest({ url, header }, (error, answer) => {
      const delivery = error ? undefined : answer.json().items[0];
      if (delivery) pm.collectionVariables.set('delivery', delivery.id);
      if (!delivery?.attempts.length && left > 0) setTimeout(() => look(left - 1), 200);
    });
  look(300);
}

const webhooks = [
  {
    name: 'Make a webhook endpoint',
    about: 'Its secret is shown this once. Nobody is behind this URL.',
    post: '/api/v1/webhook-endpoints',
    body: { url: 'https://erp.invalid/hooks', types: 'order.*,refund.succeeded', description: 'Books orders' },
    status: 201,
    tests: {
      'it has a secret'() {
        pm.expect(body.secret).to.match(/^whsec_/);
        pm.expect(body.status).to.eql('active');
      },
    },
    keep: { endpoint: 'body.id' },
  },
  {
    name: 'Send it a test',
    about: 'An event of the type `webhook.test`, as every other is sent, whatever types the endpoint wants.',
    post: '/api/v1/webhook-endpoints/{{endpoint}}/test',
    body: {},
    status: 202,
    tests: {
      'it is the endpoint'() {
        pm.expect(body.id).to.eql(pm.collectionVariables.get('endpoint'));
      },
    },
  },
  {
    name: 'Pause it',
    about: 'What happens meanwhile waits for it.',
    post: '/api/v1/webhook-endpoints/{{endpoint}}/pause',
    body: {},
    before: tried,
    status: 200,
    tests: {
      'it is paused'() {
        pm.expect(body.status).to.eql('paused');
        pm.expect(body.secret).to.eql(null);
      },
    },
  },
  {
    name: 'Send a test to what is paused',
    about: 'It is sent nothing.',
    post: '/api/v1/webhook-endpoints/{{endpoint}}/test',
    body: {},
    status: 409,
    problem: 'endpoint-not-active',
  },
  {
    name: 'Change its types',
    about: 'For what happens from now on.',
    patch: '/api/v1/webhook-endpoints/{{endpoint}}',
    body: { types: '*' },
    status: 200,
    tests: {
      'the version is one more'() {
        pm.expect(body.types).to.eql('*');
        pm.expect(body.version).to.eql(3);
      },
    },
  },
  {
    name: 'Give it a new secret',
    about: 'For a day both sign.',
    post: '/api/v1/webhook-endpoints/{{endpoint}}/rotate-secret',
    body: {},
    status: 200,
    tests: {
      'it is shown'() {
        pm.expect(body.secret).to.match(/^whsec_/);
      },
    },
  },
  {
    name: 'Ask for a part of the feed once more',
    about: 'It is done as soon as the endpoint is active.',
    post: '/api/v1/webhook-endpoints/{{endpoint}}/replay',
    body: { after: 0, before: 100 },
    status: 202,
    tests: {
      'it is the endpoint'() {
        pm.expect(body.id).to.eql(pm.collectionVariables.get('endpoint'));
      },
    },
  },
  {
    name: 'List what was sent to it',
    about: 'Each delivery with every try.',
    get: '/api/v1/webhook-endpoints/{{endpoint}}/deliveries?status=pending',
    status: 200,
    tests: {
      'it is a page'() {
        pm.expect(body.items).to.be.an('array');
      },
    },
  },
  {
    name: 'Send an event once more',
    about: 'It has all tries ahead of it again, and is sent as soon as the endpoint is active.',
    post: '/api/v1/webhook-deliveries/{{delivery}}/redeliver',
    body: {},
    status: 202,
    tests: {
      'it waits'() {
        pm.expect(body).to.include({ id: pm.collectionVariables.get('delivery'), status: 'pending', event_type: 'webhook.test' });
      },
    },
  },
  {
    name: 'Have an unknown delivery made again',
    about: 'There is none with this id.',
    post: '/api/v1/webhook-deliveries/{{endpoint}}/redeliver',
    body: {},
    status: 404,
    problem: 'not-found',
  },
  {
    name: 'Show it',
    about: 'The secret is not shown again.',
    get: '/api/v1/webhook-endpoints/{{endpoint}}',
    status: 200,
    tests: {
      'it has no secret'() {
        pm.expect(body.secret).to.eql(null);
      },
    },
  },
  {
    name: 'List the endpoints',
    about: 'Oldest first.',
    get: '/api/v1/webhook-endpoints',
    status: 200,
    tests: {
      'it is there'() {
        pm.expect(body.items.map((one) => one.id)).to.include(pm.collectionVariables.get('endpoint'));
      },
    },
  },
  {
    name: 'Resume it',
    about: 'It goes on where it was.',
    post: '/api/v1/webhook-endpoints/{{endpoint}}/resume',
    body: {},
    status: 200,
    tests: {
      'it is active'() {
        pm.expect(body.status).to.eql('active');
      },
    },
  },
  {
    name: 'Delete it',
    about: 'What waits for it is not sent.',
    delete: '/api/v1/webhook-endpoints/{{endpoint}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Send the keys of the machine to oneself',
    about: 'Webhooks go to public addresses only.',
    post: '/api/v1/webhook-endpoints',
    body: { url: 'https://169.254.169.254/latest/meta-data/', types: '*' },
    status: 422,
    problem: 'invalid-fields',
    faults: ['url'],
  },
];

export default {
  name: 'Events',
  about:
    'What happened in the shop, in one sequence, for other systems, and webhooks that tell them. ' +
    'Put the address of the server and the password of the administrator into the environment; the rest follows by itself.',
  who: ['admin', 'customer'],
  folders: [
    ['Reading', 'From a position on.', reading],
    ['Webhooks', 'Have events sent.', webhooks],
    ['What is refused', 'And why.', refused],
  ],
};
