// Products that are shown together: a saved filter, and what stands first.

const price = (amount) => ({ amount, currency: 'USD' });

const product = (name, amount, id) => ({
  name: `Add the ${name.toLowerCase()}`,
  about: 'With a tag, by which the collection finds it.',
  post: '/api/v1/products',
  body: { name: `${name} {{word}}`, price: price(amount), attributes: { tag: [name === 'Bowl' ? 'Plain {{word}}' : 'Gift {{word}}'] } },
  status: 201,
  tests: {
    'it is for sale'() {
      pm.expect(body.status).to.eql('active');
    },
  },
  keep: { [id]: 'body.id' },
});

const collections = [
  {
    ...product('Mug', 1999, 'mug_id'),
    before() {
      pm.collectionVariables.set('word', pm.variables.replaceIn('{{$guid}}').slice(-12));
      pm.collectionVariables.set('collection_key', pm.variables.replaceIn('{{$guid}}'));
    },
  },
  product('Cup', 999, 'cup_id'),
  product('Bowl', 2999, 'bowl_id'),
  {
    name: 'Make a collection',
    about: '`filter` has parameters of a list of products with their text. `pins` stand first, whether it finds them or not.',
    post: '/api/v1/collections',
    headers: { 'Idempotency-Key': '{{collection_key}}' },
    body: { name: 'Gifts {{word}}', filter: { tag: 'gift-{{word}}' }, pins: ['{{bowl_id}}'], sort: 'price', position: 7 },
    status: 201,
    tests: {
      'it has a slug of its name'() {
        pm.expect(body.slug).to.eql(`gifts-${pm.collectionVariables.get('word')}`);
        pm.expect(body.broken).to.eql(false);
      },
    },
    keep: {
      collection_id: 'body.id',
      collection_slug: 'body.slug',
      collection_etag: "pm.response.headers.get('ETag')",
    },
  },
  {
    name: 'Make a collection of a filter that no list has',
    about: 'The filter is checked when it is saved, as a list of products checks it.',
    post: '/api/v1/collections',
    body: { name: 'Cheap', filter: { max_price: 'cheap', q: 'mug' } },
    status: 422,
    problem: 'invalid-fields',
    faults: ['filter.max_price', 'filter.q'],
  },
  {
    name: 'List the products of a collection as a customer',
    about: 'First what stands first, and then what the filter finds.',
    get: '/api/v1/products?collection={{collection_slug}}&total=true',
    as: 'customer',
    status: 200,
    tests: {
      'the bowl stands first, then the cheaper one'() {
        const ids = ['bowl_id', 'cup_id', 'mug_id'].map((name) => pm.collectionVariables.get(name));
        pm.expect(body.items.map((one) => one.id)).to.eql(ids);
        pm.expect(body.total).to.eql(3);
      },
    },
  },
  {
    name: 'List them in another order',
    about: 'With a `sort` everything stands where that has it.',
    get: '/api/v1/products?collection={{collection_slug}}&sort=-price',
    as: 'customer',
    status: 200,
    tests: {
      'the dearest one comes first'() {
        pm.expect(body.items[1].id).to.eql(pm.collectionVariables.get('mug_id'));
      },
    },
  },
  {
    name: 'Show a collection as a customer',
    about: 'By its id or slug. Only staff see its filter and its pins.',
    get: '/api/v1/collections/{{collection_slug}}',
    as: 'customer',
    status: 200,
    tests: {
      'it says nothing of its filter'() {
        pm.expect(body.id).to.eql(pm.collectionVariables.get('collection_id'));
        pm.expect(body).to.not.have.any.keys('filter', 'pins', 'broken');
      },
    },
  },
  {
    name: 'List collections',
    about: 'In order of their positions.',
    get: '/api/v1/collections',
    as: 'customer',
    status: 200,
    tests: {
      'there are some'() {
        pm.expect(body.items).to.not.be.empty;
      },
    },
  },
  {
    name: 'Change a collection',
    about: 'Fields that are not named stay.',
    patch: '/api/v1/collections/{{collection_id}}',
    headers: { 'If-Match': '{{collection_etag}}' },
    body: { description: 'For every day.', sort: null },
    status: 200,
    tests: {
      'filter and pins stay'() {
        pm.expect(body.pins).to.eql([pm.collectionVariables.get('bowl_id')]);
        pm.expect(body.sort).to.eql(null);
      },
    },
  },
  {
    name: 'Change a collection that was changed meanwhile',
    about: 'The ETag of the collection as it was does not do any more.',
    patch: '/api/v1/collections/{{collection_id}}',
    headers: { 'If-Match': '{{collection_etag}}' },
    body: { name: 'Presents' },
    status: 412,
    problem: 'stale-version',
  },
  {
    name: 'Make a collection as a customer',
    about: 'Staff keep collections; everybody reads them.',
    post: '/api/v1/collections',
    as: 'customer',
    body: { name: 'Mine' },
    status: 403,
    problem: 'forbidden',
  },
  {
    name: 'Delete a collection',
    about: 'Its products stay.',
    delete: '/api/v1/collections/{{collection_id}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
];

export default {
  name: 'Collections',
  about:
    'Products that are shown together: a saved filter, and what stands first. ' +
    'Put the address of the server and the password of the administrator into the environment; the rest follows by itself.',
  who: ['admin', 'customer'],
  folders: [['Collections', 'Making, listing and changing them.', collections]],
};
