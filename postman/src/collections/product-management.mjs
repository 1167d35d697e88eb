// The catalogue.

const NOTHING = '01890000-0000-7000-8000-000000000000';
const price = { amount: 1999, currency: '{{currency}}' };
const product = {
  name: 'Blue mug {{word}}',
  price,
  sku: '{{sku}}',
  description: 'Stoneware, 0.3 l',
  initial_stock: 10,
};

const selling = [
  {
    name: 'Create a product',
    about: 'Money is in minor units: 1999 is 19.99. The product is on sale at once, with 10 units on hand.',
    post: '/api/v1/products',
    headers: { 'Idempotency-Key': '{{product_key}}' },
    body: product,
    before() {
      const word = `w${pm.variables.replaceIn('{{$guid}}').slice(-12)}`;
      pm.collectionVariables.set('word', word);
      pm.collectionVariables.set('sku', `MUG-${word.toUpperCase()}`);
      pm.collectionVariables.set('product_key', pm.variables.replaceIn('{{$guid}}'));
    },
    status: 201,
    tests: {
      'it shows the product and where it is'() {
        pm.expect(pm.response.headers.get('Location')).to.eql(`/api/v1/products/${body.id}`);
        pm.expect(pm.response.headers.get('ETag')).to.match(/^"1-[0-9a-f]{8}"$/);
        pm.expect(body).to.include({ sku: pm.collectionVariables.get('sku'), status: 'active', in_stock: true, version: 1 });
        pm.expect(body.price).to.eql({ amount: 1999, currency: pm.environment.get('currency') });
      },
    },
    keep: { product_id: 'body.id', etag: "pm.response.headers.get('ETag')" },
  },
  {
    name: 'Send the same again',
    about: 'The first answer again, and no second product.',
    post: '/api/v1/products',
    headers: { 'Idempotency-Key': '{{product_key}}' },
    body: product,
    status: 201,
    tests: {
      'it is the first answer'() {
        pm.expect(pm.response.headers.get('Idempotency-Replayed')).to.eql('true');
        pm.expect(body.id).to.eql(pm.collectionVariables.get('product_id'));
      },
    },
  },
  {
    name: 'Send something else with the same key',
    about: 'A key names one request.',
    post: '/api/v1/products',
    headers: { 'Idempotency-Key': '{{product_key}}' },
    body: { ...product, initial_stock: 11 },
    status: 422,
    problem: 'idempotency-key-reused',
  },
  {
    name: 'Create a product of which there is none yet',
    about: 'SKU, description and stock may be left out.',
    post: '/api/v1/products',
    body: { name: 'Red mug {{word}}', price: { ...price, amount: 2499 } },
    status: 201,
    tests: {
      'it is not in stock'() {
        pm.expect(body).to.include({ sku: null, description: null, in_stock: false });
      },
    },
    keep: { other_id: 'body.id' },
  },
  {
    name: 'Create a product with a taken SKU',
    about: 'The answer names the field.',
    post: '/api/v1/products',
    body: product,
    status: 409,
    problem: 'duplicate',
    faults: ['sku'],
  },
  {
    name: 'Create a product with bad fields',
    about: 'All bad fields are named at once.',
    post: '/api/v1/products',
    body: { name: '', price: { amount: -1, currency: '{{currency}}' }, sku: 'S'.repeat(65), initial_stock: 1.5, colour: 'red' },
    status: 422,
    problem: 'invalid-fields',
    faults: ['name', 'price.amount', 'sku', 'initial_stock', 'colour'],
  },
  {
    name: 'Create a product in another currency',
    about: 'A shop has one currency.',
    post: '/api/v1/products',
    body: { name: 'Blue mug', price: { amount: 1999, currency: 'XTS' } },
    status: 422,
    problem: 'invalid-fields',
    faults: ['price.currency'],
  },
  {
    name: 'Create a product without a token',
    about: 'Products are made by administrators.',
    post: '/api/v1/products',
    as: 'nobody',
    body: product,
    status: 401,
    problem: 'unauthenticated',
  },
  {
    name: 'Create a product as a customer',
    about: 'Customers only look.',
    post: '/api/v1/products',
    as: 'customer',
    body: product,
    status: 403,
    problem: 'forbidden',
  },
];

const looking = [
  {
    name: 'Search products',
    about: 'Words of name, description and SKU in any order, case and accent; of the last one the beginning is enough. With `sort=relevance` the best come first.',
    get: '/api/v1/products?q={{word}}%20MU&sort=price&limit=1',
    as: 'customer',
    status: 200,
    tests: {
      'the cheapest comes first, and there is more'() {
        pm.expect(body.items).to.have.lengthOf(1);
        pm.expect(body.items[0].id).to.eql(pm.collectionVariables.get('product_id'));
        pm.expect(pm.response.headers.get('Link')).to.include('rel="next"');
        pm.expect(pm.response.headers.get('Cache-Control')).to.match(/^(public|private), no-cache$/);
      },
    },
    keep: { cursor: 'body.next_cursor' },
  },
  {
    name: 'Turn the page',
    about: 'Page 4,000 costs what page 1 does.',
    get: '/api/v1/products?q={{word}}%20MU&sort=price&limit=1&cursor={{cursor}}',
    as: 'customer',
    status: 200,
    tests: {
      'the dearer one is on the last page'() {
        pm.expect(body.items.map((one) => one.id)).to.eql([pm.collectionVariables.get('other_id')]);
        pm.expect(body.next_cursor).to.eql(null);
      },
    },
  },
  {
    name: 'Search products with a slip of the pen',
    about: 'Nothing is found. If words that are sold are near, `suggestion` has the whole search with them. It is there once the index of the catalogue is made, which the first such search begins.',
    get: '/api/v1/products?q={{word}}%20mugg',
    as: 'customer',
    status: 200,
    tests: {
      'nothing is found, and what may be suggested is a search'() {
        pm.expect(body.items).to.eql([]);
        pm.expect(body.next_cursor).to.eql(null);
        if (body.suggestion !== undefined) pm.expect(body.suggestion).to.be.a('string').that.is.not.empty;
      },
    },
  },
  {
    name: 'Filter products',
    about: 'By price in minor units, by stock, and for administrators by status.',
    get: '/api/v1/products?q={{word}}&min_price=1000&max_price=3000&in_stock=true&status=active&sort=-created_at',
    status: 200,
    tests: {
      'only what is in stock is found'() {
        pm.expect(body.items.map((one) => one.id)).to.eql([pm.collectionVariables.get('product_id')]);
      },
    },
  },
  {
    name: 'Filter products in a way that there is not',
    about: 'All bad parameters are named at once.',
    get: '/api/v1/products?sort=colour&min_price=cheap&in_stock=perhaps&limit=0',
    status: 400,
    problem: 'bad-query',
    faults: ['sort', 'min_price', 'in_stock', 'limit'],
  },
  {
    name: 'Show a product',
    about: 'For everybody who is logged in; for everybody else too, if `catalog.public` is on.',
    get: '/api/v1/products/{{product_id}}',
    as: 'customer',
    status: 200,
    tests: {
      'it is the one that was made'() {
        pm.expect(body.name).to.eql(`Blue mug ${pm.collectionVariables.get('word')}`);
        pm.expect(pm.response.headers.get('ETag')).to.eql(pm.collectionVariables.get('etag'));
      },
    },
  },
  {
    name: 'Show a product again',
    about: 'With `If-None-Match` there is no body as long as nothing has changed.',
    get: '/api/v1/products/{{product_id}}',
    as: 'customer',
    headers: { 'If-None-Match': '{{etag}}' },
    status: 304,
    tests: {
      'it has no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Show a product that is not there',
    about: 'Not there.',
    get: `/api/v1/products/${NOTHING}`,
    status: 404,
    problem: 'not-found',
  },
  {
    name: 'Show a product by what is no id',
    about: 'Ids are UUIDs.',
    get: '/api/v1/products/blue-mug',
    status: 400,
    problem: 'malformed-request',
  },
];

const changing = [
  {
    name: 'Change a product',
    about: 'What is not named stays; null takes away what a product need not have.',
    patch: '/api/v1/products/{{product_id}}',
    headers: { 'If-Match': '{{etag}}' },
    body: { price: { ...price, amount: 1799 }, description: null },
    status: 200,
    tests: {
      'it shows the new price, and the version is another'() {
        pm.expect(body.price.amount).to.eql(1799);
        pm.expect(body).to.include({ description: null, sku: pm.collectionVariables.get('sku'), version: 2 });
        pm.expect(pm.response.headers.get('ETag')).to.match(/^"2-/);
      },
    },
  },
  {
    name: 'Reduce a product',
    about: 'The price for comparison is above the price. The lowest price of the 30 days before is kept with it. A barcode must have the right check digit.',
    patch: '/api/v1/products/{{product_id}}',
    body: { price: { ...price, amount: 1499 }, compare_at_price: price, barcode: '{{barcode}}' },
    before() {
      const digits = `2${Date.now()}`.slice(0, 12).padEnd(12, '0');
      const sum = [...digits].reverse().reduce((all, digit, place) => all + Number(digit) * (place % 2 ? 1 : 3), 0);
      pm.collectionVariables.set('barcode', digits + ((10 - (sum % 10)) % 10));
    },
    status: 200,
    tests: {
      'it says by how much, and what it cost before'() {
        pm.expect(body).to.include({ discount_percent: 25, barcode: pm.collectionVariables.get('barcode') });
        pm.expect(body.lowest_price_30d.amount).to.eql(1799);
      },
    },
  },
  {
    name: 'Compare with a price that is not above',
    about: 'The refusal names the field.',
    patch: '/api/v1/products/{{product_id}}',
    body: { compare_at_price: { ...price, amount: 1499 } },
    status: 422,
    problem: 'invalid-fields',
    faults: ['compare_at_price'],
  },
  {
    name: 'Find a product by its barcode',
    about: 'With or without zeros before it. `on_sale=true` finds what is reduced.',
    get: '/api/v1/products?barcode=0{{barcode}}&on_sale=true',
    status: 200,
    tests: {
      'it is the one'() {
        pm.expect(body.items.map((one) => one.id)).to.eql([pm.collectionVariables.get('product_id')]);
      },
    },
  },
  {
    name: 'List the prices of a product',
    about: 'Every price that it ever had, the newest first.',
    get: '/api/v1/products/{{product_id}}/prices?limit=2',
    status: 200,
    tests: {
      'the newest comes first'() {
        pm.expect(body.items.map((one) => one.price.amount)).to.eql([1499, 1799]);
        pm.expect(body.items[0].compare_at_price.amount).to.eql(1999);
      },
    },
  },
  {
    name: 'List the prices of a product as a customer',
    about: 'Customers see the price of today, and while it is reduced the lowest one before.',
    get: '/api/v1/products/{{product_id}}/prices',
    as: 'customer',
    status: 403,
    problem: 'forbidden',
  },
  {
    name: 'Describe the page of a product',
    about: 'HTML is cleaned; given alone, its text becomes the description. Texts for search engines stand beside it.',
    patch: '/api/v1/products/{{product_id}}',
    body: {
      slug: '{{word}}-cup',
      seo_title: 'A blue cup',
      description_html: '<p onclick="x()">Of <em>stoneware</em><script>x()</script></p>',
    },
    status: 200,
    tests: {
      'what would run is gone, and the description is the text'() {
        pm.expect(body.description_html).to.eql('<p>Of <em>stoneware</em></p>');
        pm.expect(body.description).to.eql('Of stoneware');
        pm.expect(body.seo_title).to.eql('A blue cup');
      },
    },
  },
  {
    name: 'Show a product by its slug',
    about: 'Its name in addresses. Without one of its own it is made of the name.',
    get: '/api/v1/products/by-slug/{{word}}-cup',
    as: 'customer',
    status: 200,
    tests: {
      'it is the one'() {
        pm.expect(body.id).to.eql(pm.collectionVariables.get('product_id'));
      },
    },
  },
  {
    name: 'Show a product by an old slug',
    about: 'It leads to the one that it has now, as long as there is the product.',
    get: '/api/v1/products/by-slug/blue-mug-{{word}}',
    as: 'customer',
    follow: false,
    status: 308,
    tests: {
      'it says where'() {
        const word = pm.collectionVariables.get('word');
        pm.expect(pm.response.headers.get('Location')).to.eql(`/api/v1/products/by-slug/${word}-cup`);
      },
    },
  },
  {
    name: 'Take the old slug of another product',
    about: 'Nobody else gets it.',
    post: '/api/v1/products',
    body: { name: 'Cup', price, slug: 'blue-mug-{{word}}' },
    status: 409,
    problem: 'duplicate',
    faults: ['slug'],
  },
  {
    name: 'Put a product off',
    about: 'It is for sale from its time on, and until then customers do not see it.',
    patch: '/api/v1/products/{{product_id}}',
    body: { available_from: '2999-01-01T00:00:00Z' },
    status: 200,
    tests: {
      'it is scheduled'() {
        pm.expect(body).to.include({ status: 'scheduled', available_from: '2999-01-01T00:00:00Z' });
      },
    },
  },
  {
    name: 'Change a product that somebody else has changed',
    about: 'Look again, and decide again.',
    patch: '/api/v1/products/{{product_id}}',
    headers: { 'If-Match': '{{etag}}' },
    body: { price: { ...price, amount: 1599 } },
    status: 412,
    problem: 'stale-version',
  },
  {
    name: 'Take away what a product needs',
    about: 'Every product has a name and a price.',
    patch: '/api/v1/products/{{product_id}}',
    body: { name: null, price: null },
    status: 422,
    problem: 'invalid-fields',
    faults: ['name', 'price'],
  },
  {
    name: 'Archive a product',
    about: 'It is not sold any more, and customers do not see it.',
    patch: '/api/v1/products/{{product_id}}',
    body: { status: 'archived' },
    status: 200,
    tests: {
      'it is archived'() {
        pm.expect(body.status).to.eql('archived');
      },
    },
  },
  {
    name: 'Show an archived product as a customer',
    about: 'For customers it is not there.',
    get: '/api/v1/products/{{product_id}}',
    as: 'customer',
    status: 404,
    problem: 'not-found',
  },
  {
    name: 'Change many products',
    about: 'All of them or none. A percentage is rounded half up to the minor unit.',
    post: '/api/v1/products/batch',
    body: { items: [{ id: '{{other_id}}', price: { percent: -10 }, attributes: { tag: ['sale'] } }] },
    status: 200,
    tests: {
      'it is done'() {
        pm.expect(body.results).to.eql([{ index: 0, id: pm.collectionVariables.get('other_id'), status: 200 }]);
      },
    },
  },
  {
    name: 'Change many products of which one is not there',
    about: 'Nothing is changed, and `results` has the problem of each.',
    post: '/api/v1/products/batch',
    body: { items: [{ id: '{{other_id}}', status: 'archived' }, { sku: 'NO-SUCH-MUG', status: 'archived' }] },
    status: 422,
    problem: 'batch-refused',
    tests: {
      'it says which'() {
        pm.expect(body.results.map((one) => one.status)).to.eql([200, 404]);
      },
    },
  },
  {
    name: 'Download products',
    about: 'As a CSV file that an import reads. The filters are those of the list.',
    get: '/api/v1/products/export.csv?q=cup&max_price=1',
    plain: true,
    status: 200,
    tests: {
      'it has the columns of an import'() {
        pm.expect(pm.response.text()).to.match(/^id,sku,name,/);
      },
    },
  },
  {
    name: 'Download products line by line',
    about: 'A JSON object in each line.',
    get: '/api/v1/products/export.ndjson?sku={{sku}}',
    plain: true,
    status: 200,
    tests: {
      'it is a file with the product'() {
        pm.expect(pm.response.headers.get('Content-Disposition')).to.include('products.ndjson');
        const lines = pm.response.text().trim().split('\n');
        pm.expect(lines.map((line) => JSON.parse(line).sku)).to.eql([pm.collectionVariables.get('sku')]);
      },
    },
  },
  {
    name: 'Change many products, each on its own',
    about: 'What can be done is done, and the answer tells what became of each.',
    post: '/api/v1/products/batch',
    body: {
      items: [{ id: '{{other_id}}', version: 1, name: 'Cup' }, { id: '{{other_id}}', price: { add: { ...price, amount: 51 } } }],
      mode: 'each',
    },
    status: 200,
    tests: {
      'one was refused'() {
        pm.expect(body.results.map((one) => one.status)).to.eql([412, 200]);
      },
    },
  },
  {
    name: 'Delete a product',
    about: 'Orders keep their own copy of name, SKU and price.',
    delete: '/api/v1/products/{{product_id}}',
    headers: { 'If-Match': '"6"' },
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Delete a product as a customer',
    about: 'Customers only look.',
    delete: '/api/v1/products/{{other_id}}',
    as: 'customer',
    status: 403,
    problem: 'forbidden',
  },
  {
    name: 'Delete the other product',
    about: 'Without `If-Match`, whatever its version is.',
    delete: '/api/v1/products/{{other_id}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Delete a product that is gone',
    about: 'Gone is not there.',
    delete: '/api/v1/products/{{other_id}}',
    status: 404,
    problem: 'not-found',
  },
];

export default {
  name: 'Product Management',
  about:
    'The catalogue: what administrators put on sale, and what customers find. ' +
    'Put the address of the server and the password of the administrator into the environment; the rest follows by itself.',
  who: ['admin', 'customer'],
  folders: [
    ['Selling', 'For administrators: what is on sale.', selling],
    ['Looking', 'For everybody who is logged in.', looking],
    ['Changing', 'For administrators: new prices, and products that go.', changing],
  ],
};
