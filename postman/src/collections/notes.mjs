// What staff note on orders and customers, and the slip that goes into a parcel.

const text = 'Called about the colour. She takes the blue one.';

const onOrders = [
  {
    name: 'Sell something',
    about: 'A lamp, so that there is something to order.',
    post: '/api/v1/products',
    body: { name: 'Lamp', price: { amount: 2380, currency: '{{currency}}' }, initial_stock: 20 },
    before() {
      pm.collectionVariables.set('note_key', pm.variables.replaceIn('{{$guid}}'));
    },
    status: 201,
    tests: {
      'it is in stock'() {
        pm.expect(body.in_stock).to.eql(true);
      },
    },
    keep: { lamp: 'body.id' },
  },
  {
    name: 'Order two lamps',
    about: 'Notes are on an order or on a customer.',
    post: '/api/v1/orders',
    as: 'customer',
    body: {
      items: [{ product_id: '{{lamp}}', quantity: 2 }],
      shipping_address: { line1: '1 Main St', city: 'Springfield', region: 'IL', postal_code: '62701', country: 'US' },
      note: 'Please ring twice.',
    },
    status: 201,
    tests: {
      'it has a customer'() {
        pm.expect(body.customer_id).to.be.a('string');
      },
    },
    keep: { order_id: 'body.id', customer_id: 'body.customer_id' },
  },
  {
    name: 'Note something on an order',
    about: 'For staff. Customers see no notes.',
    post: '/api/v1/orders/{{order_id}}/notes',
    headers: { 'Idempotency-Key': '{{note_key}}' },
    body: { text },
    status: 201,
    tests: {
      'it names its author'() {
        pm.expect(pm.response.headers.get('Location')).to.match(new RegExp(`/notes/${body.id}$`));
        pm.expect(body.author.name).to.eql('admin');
      },
    },
    keep: { note_id: 'body.id' },
  },
  {
    name: 'List the notes on an order',
    about: 'The newest first.',
    get: '/api/v1/orders/{{order_id}}/notes',
    status: 200,
    tests: {
      'the note is there'() {
        pm.expect(body.items.map((one) => one.id)).to.eql([pm.collectionVariables.get('note_id')]);
      },
    },
  },
  {
    name: 'Show a note on an order',
    about: 'A note never changes.',
    get: '/api/v1/orders/{{order_id}}/notes/{{note_id}}',
    status: 200,
    tests: {
      'it says what was noted'() {
        pm.expect(body.text).to.include('blue one');
      },
    },
  },
  {
    name: 'Note nothing',
    about: 'A note has 1 to 2,000 characters.',
    post: '/api/v1/orders/{{order_id}}/notes',
    body: { text: ' ' },
    status: 422,
    problem: 'invalid-fields',
    faults: ['text'],
  },
  {
    name: 'Read notes as a customer',
    about: 'Not even those on one’s own order.',
    get: '/api/v1/orders/{{order_id}}/notes',
    as: 'customer',
    status: 403,
    problem: 'forbidden',
  },
  {
    name: 'Show the packing slip of an order',
    about: 'Shop, number, address, note and lines, without prices.',
    get: '/api/v1/orders/{{order_id}}/packing-slip',
    status: 200,
    tests: {
      'it says what to pack'() {
        pm.expect(body.items).to.eql([{ sku: null, name: 'Lamp', quantity: 2 }]);
        pm.expect(body.note).to.eql('Please ring twice.');
      },
    },
  },
  {
    name: 'Delete a note on an order',
    about: 'Only who has written it does.',
    delete: '/api/v1/orders/{{order_id}}/notes/{{note_id}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
];

const onCustomers = [
  {
    name: 'Note something on a customer',
    about: 'The file of all that is kept of the person has it, and an erasure deletes it.',
    post: '/api/v1/customers/{{customer_id}}/notes',
    body: { text: 'Prefers to be called in the morning.' },
    status: 201,
    tests: {
      'it is there'() {
        pm.expect(body.text).to.include('morning');
      },
    },
    keep: { customer_note_id: 'body.id' },
  },
  {
    name: 'List the notes on a customer',
    about: 'The newest first.',
    get: '/api/v1/customers/{{customer_id}}/notes?limit=1',
    status: 200,
    tests: {
      'the note is the newest'() {
        pm.expect(body.items[0].id).to.eql(pm.collectionVariables.get('customer_note_id'));
      },
    },
  },
  {
    name: 'Show a note on a customer',
    about: 'Under the customer that it is on.',
    get: '/api/v1/customers/{{customer_id}}/notes/{{customer_note_id}}',
    status: 200,
    tests: {
      'it names its author'() {
        pm.expect(body.author.name).to.eql('admin');
      },
    },
  },
  {
    name: 'Delete a note on a customer',
    about: 'Only who has written it does.',
    delete: '/api/v1/customers/{{customer_id}}/notes/{{customer_note_id}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
];

export default {
  name: 'Notes and Packing Slips',
  about:
    'What staff note on orders and customers, and what goes into a parcel. ' +
    'Put the address of the server and the password of the administrator into the environment; the rest follows by itself.',
  who: ['admin', 'customer'],
  folders: [
    ['Notes on orders', 'With the slip that goes into the parcel.', onOrders],
    ['Notes on customers', 'For as long as the customer is kept.', onCustomers],
  ],
};
