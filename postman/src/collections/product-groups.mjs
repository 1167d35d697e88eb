// Products that differ by size: groups, their members, and lists in which each group comes once.

const price = (amount) => ({ amount, currency: 'USD' });

const groups = [
  {
    name: 'Make an attribute of sizes',
    about: 'An option of a group is a choice of which a product has one term.',
    post: '/api/v1/attributes',
    body: { code: '{{size}}', name: 'Size', type: 'choice', filterable: true, position: 11 },
    before() {
      const word = pm.variables.replaceIn('{{$guid}}').slice(-12);
      pm.collectionVariables.set('size', `size_${word}`);
      pm.collectionVariables.set('word', word);
      pm.collectionVariables.set('group_key', pm.variables.replaceIn('{{$guid}}'));
    },
    status: 201,
    tests: {
      'it is a choice'() {
        pm.expect(body).to.include({ type: 'choice', multiple: false });
      },
    },
  },
  ...['S', 'M', 'L'].map((name, position) => ({
    name: `Add the size ${name}`,
    about: 'Members stand in the order of the positions of their terms.',
    post: '/api/v1/attributes/{{size}}/terms',
    body: { name, position },
    status: 201,
    tests: {
      'it has a slug'() {
        pm.expect(body.slug).to.have.lengthOf(1);
      },
    },
  })),
  {
    name: 'Make a group with a product for each size',
    about: '`generate` makes one for each combination of the terms of all options.',
    post: '/api/v1/product-groups',
    headers: { 'Idempotency-Key': '{{group_key}}' },
    body: {
      name: 'T-shirt {{word}}',
      description: 'Of cotton.',
      options: [{ attribute: '{{size}}', terms: ['s', 'm'] }],
      generate: { price: price(1999), sku_pattern: 'TEE-{{word}}-{{{size}}}' },
    },
    status: 201,
    tests: {
      'each size has a product'() {
        const size = pm.collectionVariables.get('size');
        pm.expect(body.products.map((one) => one.values[size])).to.eql(['s', 'm']);
        pm.expect(body.products[0].name).to.eql(`${body.name}, S`);
      },
    },
    keep: {
      group_id: 'body.id',
      group_slug: 'body.slug',
      small_id: 'body.products[0].id',
      medium_id: 'body.products[1].id',
      group_etag: "pm.response.headers.get('ETag')",
    },
  },
  {
    name: 'Make a bad group',
    about: 'Each bad field is named.',
    post: '/api/v1/product-groups',
    body: { name: 'T-shirt', options: [], products: [{ values: {} }] },
    status: 422,
    problem: 'invalid-fields',
    faults: ['products[0].price'],
  },
  {
    name: 'Make a group as a customer',
    about: 'Administrators keep groups; everybody reads them.',
    post: '/api/v1/product-groups',
    as: 'customer',
    body: { name: 'T-shirt', options: [] },
    status: 403,
    problem: 'forbidden',
  },
  {
    name: 'Find groups by name',
    about: 'By the words of their names.',
    get: '/api/v1/product-groups?q={{word}}',
    status: 200,
    tests: {
      'the group is found, and its products are counted'() {
        pm.expect(body.items).to.have.lengthOf(1);
        pm.expect(body.items[0]).to.include({ id: pm.collectionVariables.get('group_id'), members: 2 });
      },
    },
  },
  {
    name: 'Show a group as a customer',
    about: 'Customers see active products only, and no group without any.',
    get: '/api/v1/product-groups/{{group_id}}',
    as: 'customer',
    status: 200,
    tests: {
      'it has a price range'() {
        pm.expect(body.price.min).to.eql(body.price.max);
        pm.expect(body.options[0].terms.map((one) => one.slug)).to.eql(['s', 'm']);
      },
    },
  },
  {
    name: 'Show a group by its slug',
    about: 'Its name in addresses. One that it had before leads to the current one.',
    get: '/api/v1/product-groups/by-slug/{{group_slug}}',
    as: 'customer',
    status: 200,
    tests: {
      'it is the one, and its products have slugs of their own'() {
        pm.expect(body.id).to.eql(pm.collectionVariables.get('group_id'));
        pm.expect(body.products[0].slug).to.eql(`${body.slug}-s`);
      },
    },
  },
];

const members = [
  {
    name: 'Add a product to the group',
    about: 'A new one, or with `product_id` one that is there.',
    post: '/api/v1/product-groups/{{group_id}}/products',
    body: { values: { '{{size}}': 'l' }, price: price(2199), initial_stock: 3 },
    status: 201,
    tests: {
      'the group has three products, one of them in stock'() {
        pm.expect(body.products).to.have.lengthOf(3);
        pm.expect(body.in_stock).to.eql(true);
      },
    },
    keep: { large_id: 'body.products[2].id' },
  },
  {
    name: 'Add the same size again',
    about: 'No two products of a group have the same terms.',
    post: '/api/v1/product-groups/{{group_id}}/products',
    body: { values: { '{{size}}': 'l' }, price: price(2199) },
    status: 409,
    problem: 'duplicate-combination',
    faults: ['values'],
  },
  {
    name: 'Swap the sizes of two products',
    about: 'With the group, so that neither is in the way of the other.',
    patch: '/api/v1/product-groups/{{group_id}}',
    body: { values: { '{{small_id}}': { '{{size}}': 'm' }, '{{medium_id}}': { '{{size}}': 's' } } },
    status: 200,
    tests: {
      'the one that was medium is small'() {
        pm.expect(body.products[0].id).to.eql(pm.collectionVariables.get('medium_id'));
      },
    },
  },
  {
    name: 'Change a group that was changed meanwhile',
    about: 'The ETag of the group as it was does not do any more.',
    patch: '/api/v1/product-groups/{{group_id}}',
    headers: { 'If-Match': '{{group_etag}}' },
    body: { name: 'Shirt' },
    status: 412,
    problem: 'stale-version',
  },
  {
    name: 'Take a size that another product has',
    about: 'One alone takes nobody’s place.',
    patch: '/api/v1/product-groups/{{group_id}}/products/{{large_id}}',
    body: { values: { '{{size}}': 's' } },
    status: 409,
    problem: 'duplicate-combination',
  },
  {
    name: 'Keep the size of a product',
    about: 'Terms that are not given stay.',
    patch: '/api/v1/product-groups/{{group_id}}/products/{{large_id}}',
    body: { values: {} },
    status: 200,
    tests: {
      'nothing changed'() {
        pm.expect(body.products[2].id).to.eql(pm.collectionVariables.get('large_id'));
      },
    },
  },
  {
    name: 'Give the group a tag',
    about: 'Products without tags of their own have it, too.',
    put: '/api/v1/product-groups/{{group_id}}/attributes',
    body: { tag: ['Organic {{word}}'] },
    status: 200,
    tests: {
      'it has the tag'() {
        pm.expect(body.attributes[0].code).to.eql('tag');
      },
    },
  },
  {
    name: 'Show a product with its group',
    about: '`own` names the fields that are its own; others are those of the group.',
    get: '/api/v1/products/{{small_id}}?include=group,own',
    status: 200,
    tests: {
      'it has description and tag from its group'() {
        pm.expect(body.description).to.eql('Of cotton.');
        pm.expect(body.own).to.eql([`attributes.${pm.collectionVariables.get('size')}`]);
        pm.expect(body.group.id).to.eql(pm.collectionVariables.get('group_id'));
      },
    },
  },
  {
    name: 'List each group once',
    about: 'At its first product in the order of the list.',
    get: '/api/v1/products?q={{word}}&sort=-price&collapse=group',
    status: 200,
    tests: {
      'the dearest one stands for all'() {
        pm.expect(body.items.map((one) => one.id)).to.eql([pm.collectionVariables.get('large_id')]);
        pm.expect(body.items[0].group).to.include({ members: 3 });
      },
    },
  },
  {
    name: 'Make a product single',
    about: 'It keeps what it had from the group.',
    delete: '/api/v1/product-groups/{{group_id}}/products/{{large_id}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Take the group apart',
    about: 'Its products stay.',
    delete: '/api/v1/product-groups/{{group_id}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
];

export default {
  name: 'Product Groups',
  about:
    'Products that differ by size, colour and the like stand together in a group. ' +
    'Put the address of the server and the password of the administrator into the environment; the rest follows by itself.',
  who: ['admin', 'customer'],
  folders: [
    ['Groups', 'Making and finding them.', groups],
    ['Members', 'Their terms, what they have from the group, and lists.', members],
  ],
};
