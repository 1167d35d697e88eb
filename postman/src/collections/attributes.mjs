// What products are said to be by: attributes, their terms, and the tree of categories.

const price = (amount) => ({ amount, currency: 'USD' });

const attributes = [
  {
    name: 'Make an attribute',
    about: 'A `choice` has terms, of which a product has one, or several if it is `multiple`.',
    post: '/api/v1/attributes',
    headers: { 'Idempotency-Key': '{{attribute_key}}' },
    body: { code: '{{colour}}', name: 'Colour', type: 'choice', filterable: true, position: 10 },
    before() {
      const word = pm.variables.replaceIn('{{$guid}}').slice(-12);
      pm.collectionVariables.set('colour', `colour_${word}`);
      pm.collectionVariables.set('word', word);
      pm.collectionVariables.set('attribute_key', pm.variables.replaceIn('{{$guid}}'));
    },
    status: 201,
    tests: {
      'it can be filtered by, and everybody sees it'() {
        pm.expect(pm.response.headers.get('Location')).to.eql(`/api/v1/attributes/${body.code}`);
        pm.expect(body).to.include({ type: 'choice', multiple: false, filterable: true, internal: false, version: 1 });
      },
    },
    keep: { attribute_etag: "pm.response.headers.get('ETag')" },
  },
  {
    name: 'Make the same attribute again',
    about: 'No two attributes have the same code.',
    post: '/api/v1/attributes',
    body: { code: '{{colour}}', name: 'Colour', type: 'choice' },
    status: 409,
    problem: 'duplicate',
    faults: ['code'],
  },
  {
    name: 'Make a bad attribute',
    about: 'Each bad field is named.',
    post: '/api/v1/attributes',
    body: { code: 'Not a code', name: '', type: 'number' },
    status: 422,
    problem: 'invalid-fields',
    faults: ['code', 'name', 'type'],
  },
  {
    name: 'Make an attribute as a customer',
    about: 'Administrators keep attributes; everybody reads them.',
    post: '/api/v1/attributes',
    as: 'customer',
    body: { code: 'size', name: 'Size', type: 'choice' },
    status: 403,
    problem: 'forbidden',
  },
  {
    name: 'List attributes',
    about: 'In order of their positions. `category`, `brand` and `tag` are there from the start.',
    get: '/api/v1/attributes',
    status: 200,
    tests: {
      'the built-in ones come first'() {
        pm.expect(body.items.map((one) => one.code).slice(0, 3)).to.eql(['category', 'brand', 'tag']);
      },
    },
  },
  {
    name: 'Show an attribute',
    about: 'By its code.',
    get: '/api/v1/attributes/{{colour}}',
    status: 200,
    tests: {
      'it is as it was made'() {
        pm.expect(pm.response.headers.get('ETag')).to.eql(pm.collectionVariables.get('attribute_etag'));
      },
    },
  },
  {
    name: 'Change an attribute',
    about: 'Code, type and `multiple` never change.',
    patch: '/api/v1/attributes/{{colour}}',
    headers: { 'If-Match': '{{attribute_etag}}' },
    body: { name: 'Color' },
    status: 200,
    tests: {
      'it has the new name'() {
        pm.expect(body).to.include({ name: 'Color', version: 2 });
      },
    },
  },
];

const terms = [
  {
    name: 'Add a term',
    about: 'Without a slug one is made of the name.',
    post: '/api/v1/attributes/{{colour}}/terms',
    body: { name: 'Sky Blue', position: 2 },
    status: 201,
    tests: {
      'its slug is made of its name'() {
        pm.expect(body).to.include({ slug: 'sky-blue', attribute: pm.collectionVariables.get('colour') });
      },
    },
    keep: { term_id: 'body.id', term_etag: "pm.response.headers.get('ETag')" },
  },
  {
    name: 'Search terms',
    about: 'By the words of their names.',
    get: '/api/v1/attributes/{{colour}}/terms?q=blu',
    status: 200,
    tests: {
      'the term is found'() {
        pm.expect(body.items.map((one) => one.id)).to.eql([pm.collectionVariables.get('term_id')]);
      },
    },
  },
  {
    name: 'Show a term',
    about: 'By its id or its slug.',
    get: '/api/v1/attributes/{{colour}}/terms/{{term_id}}',
    status: 200,
    tests: {
      'it is as it was made'() {
        pm.expect(pm.response.headers.get('ETag')).to.eql(pm.collectionVariables.get('term_etag'));
      },
    },
  },
  {
    name: 'Change a term',
    about: 'A new name does not change the slug.',
    patch: '/api/v1/attributes/{{colour}}/terms/{{term_id}}',
    headers: { 'If-Match': '{{term_etag}}' },
    body: { name: 'Blue of the sky' },
    status: 200,
    tests: {
      'the slug stays'() {
        pm.expect(body).to.include({ slug: 'sky-blue', version: 2 });
      },
    },
  },
];

const categories = [
  {
    name: 'Make a category',
    about: 'At the top of the tree.',
    post: '/api/v1/categories',
    body: { name: 'Kitchen {{word}}' },
    status: 201,
    tests: {
      'it is at the top'() {
        pm.expect(body).to.include({ depth: 1, parent_id: null });
      },
    },
    keep: { kitchen_id: 'body.id', kitchen_slug: 'body.slug' },
  },
  {
    name: 'Make a category below it',
    about: 'Categories are up to 8 levels deep.',
    post: '/api/v1/categories',
    body: { name: 'Mugs {{word}}', parent_id: '{{kitchen_id}}' },
    status: 201,
    tests: {
      'it knows what is above it'() {
        pm.expect(body.ancestors.map((one) => one.id)).to.eql([pm.collectionVariables.get('kitchen_id')]);
      },
    },
    keep: { mugs_id: 'body.id', mugs_slug: 'body.slug' },
  },
  {
    name: 'List the tree',
    about: 'Each category before what is below it.',
    get: '/api/v1/categories?root={{kitchen_slug}}',
    status: 200,
    tests: {
      'the one below comes second'() {
        pm.expect(body.items.map((one) => one.depth)).to.eql([1, 2]);
      },
    },
  },
  {
    name: 'Show a category',
    about: 'With those above and right below it.',
    get: '/api/v1/categories/{{kitchen_id}}',
    status: 200,
    tests: {
      'it has one below it'() {
        pm.expect(body.children.map((one) => one.id)).to.eql([pm.collectionVariables.get('mugs_id')]);
      },
    },
  },
  {
    name: 'Move a category below itself',
    about: 'A tree has no circle.',
    patch: '/api/v1/categories/{{kitchen_id}}',
    body: { parent_id: '{{mugs_id}}' },
    status: 409,
    problem: 'cycle',
  },
  {
    name: 'Change a category',
    about: 'Its place among those beside it, for example.',
    patch: '/api/v1/categories/{{kitchen_id}}',
    body: { position: 3 },
    status: 200,
    tests: {
      'it has the new place'() {
        pm.expect(body).to.include({ position: 3, version: 2 });
      },
    },
  },
];

const products = [
  {
    name: 'Make a product to describe',
    about: 'What it is said to be by can also come with it, in `attributes`.',
    post: '/api/v1/products',
    body: { name: 'Mug {{word}}', price: price(1200), initial_stock: 5, attributes: { category: ['{{mugs_slug}}'] } },
    status: 201,
    tests: {
      'its breadcrumbs lead to its category'() {
        pm.expect(body.breadcrumbs).to.have.lengthOf(2);
      },
    },
    keep: { product_id: 'body.id' },
  },
  {
    name: 'Give the product terms and values',
    about: 'What is given replaces what it had of the same attributes. Tags that do not exist are made.',
    put: '/api/v1/products/{{product_id}}/attributes',
    body: { '{{colour}}': 'sky-blue', tag: ['New {{word}}'] },
    status: 200,
    tests: {
      'it has category, tag and colour'() {
        pm.expect(body.attributes.map((one) => one.code)).to.include.members(['category', 'tag']);
        pm.expect(body.attributes).to.have.lengthOf(3);
      },
    },
  },
  {
    name: 'Give the product an unknown term',
    about: 'Each attribute that is refused is named.',
    put: '/api/v1/products/{{product_id}}/attributes',
    body: { category: ['nothing'], size_of_nothing: 'm' },
    status: 422,
    problem: 'invalid-fields',
    faults: ['category', 'size_of_nothing'],
  },
  {
    name: 'Find products by category and colour',
    about: 'A category has the products of those below it.',
    get: '/api/v1/products?category={{kitchen_slug}}&attr.{{colour}}=sky-blue,red',
    status: 200,
    tests: {
      'the product is found'() {
        pm.expect(body.items.map((one) => one.id)).to.eql([pm.collectionVariables.get('product_id')]);
      },
    },
  },
  {
    name: 'Count what a list can be narrowed by',
    about: 'Each facet is counted without its own filter and with all others.',
    get: '/api/v1/products?category={{kitchen_slug}}&attr.{{colour}}=sky-blue&facets=category,attr.{{colour}},price&total=true',
    as: 'customer',
    status: 200,
    tests: {
      'the list has one product, which is chosen by its colour'() {
        pm.expect(body.total).to.eql(1);
        pm.expect(body.facets.map((one) => one.code)).to.have.lengthOf(3);
        const [value] = body.facets[1].values;
        pm.expect(value).to.deep.include({ value: 'sky-blue', count: 1, selected: true });
      },
    },
  },
  {
    name: 'Count by an unknown attribute',
    about: 'The nearest one is named.',
    get: '/api/v1/products?facets=attr.{{colour}}x',
    status: 400,
    problem: 'bad-query',
    faults: ['facets'],
  },
  {
    name: 'Delete a term that a product has',
    about: 'It stays, and `products` says how many have it.',
    delete: '/api/v1/attributes/{{colour}}/terms/{{term_id}}',
    status: 409,
    problem: 'in-use',
  },
  {
    name: 'Detach and delete a term',
    about: 'With `detach=true` it is taken from the products that have it.',
    delete: '/api/v1/attributes/{{colour}}/terms/{{term_id}}?detach=true',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Delete an attribute',
    about: 'One that no product uses any more.',
    delete: '/api/v1/attributes/{{colour}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
];

export default {
  name: 'Attributes and Categories',
  about:
    'What products are said to be by: attributes, their terms, and the tree of categories. ' +
    'Put the address of the server and the password of the administrator into the environment; the rest follows by itself.',
  who: ['admin', 'customer'],
  folders: [
    ['Attributes', 'Choices, texts, numbers and dates.', attributes],
    ['Terms', 'The values of choices.', terms],
    ['Categories', 'A tree of terms.', categories],
    ['Products', 'What products have, and how they are found by it.', products],
  ],
};
