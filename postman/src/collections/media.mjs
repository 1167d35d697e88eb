// Pictures: uploaded once, shown by products, seen by everybody.

const pictures = [
  {
    name: 'Upload a picture',
    about: 'The body is the file `picture.png` beside this collection. In Postman, choose it under Body.',
    post: '/api/v1/media',
    headers: { 'Content-Type': 'image/png' },
    file: 'picture.png',
    status: 201,
    tests: {
      'it has its sizes'() {
        pm.expect(body).to.include({ width: 64, height: 48, alt: null });
        pm.expect(body.sizes.map((size) => size.width)).to.eql([64]);
      },
    },
    keep: { picture: 'body.id', picture_url: 'body.sizes[0].url' },
  },
  {
    name: 'Upload the same picture again',
    about: 'The same bytes are the same picture.',
    post: '/api/v1/media',
    headers: { 'Content-Type': 'image/png' },
    file: 'picture.png',
    status: 200,
    tests: {
      'it is the one that stands'() {
        pm.expect(body.id).to.eql(pm.collectionVariables.get('picture'));
      },
    },
  },
  {
    name: 'Upload what is no picture',
    about: 'What a file is follows from its bytes, whatever it is called.',
    post: '/api/v1/media',
    headers: { 'Content-Type': 'image/png' },
    body: '<html>no picture</html>',
    status: 415,
    problem: 'no-picture',
  },
  {
    name: 'Upload as a customer',
    about: 'Administrators upload pictures.',
    post: '/api/v1/media',
    as: 'customer',
    headers: { 'Content-Type': 'image/png' },
    file: 'picture.png',
    status: 403,
    problem: 'forbidden',
  },
  {
    name: 'List pictures that nothing shows',
    about: 'The oldest upload first.',
    get: '/api/v1/media?unused=true',
    status: 200,
    tests: {
      'the new one is among them'() {
        pm.expect(body.items.map((picture) => picture.id)).to.include(pm.collectionVariables.get('picture'));
      },
    },
  },
  {
    name: 'Show a picture',
    about: 'With the URLs of its sizes.',
    get: '/api/v1/media/{{picture}}',
    status: 200,
    tests: {
      'it is a PNG of 64 pixels'() {
        pm.expect(body.sizes[0].url).to.match(/\.jpg$/);
      },
    },
  },
];

const products = [
  {
    name: 'Make a product',
    about: 'Without pictures.',
    post: '/api/v1/products',
    body: { name: 'Tile', price: { amount: 500, currency: '{{currency}}' } },
    status: 201,
    tests: {
      'it has no picture'() {
        pm.expect(body.image).to.eql(null);
        pm.expect(body.media).to.eql([]);
      },
    },
    keep: { tile: 'body.id' },
  },
  {
    name: 'Give it the picture',
    about: 'The main one first. `alt` says what it shows.',
    put: '/api/v1/products/{{tile}}/media',
    body: { media: [{ id: '{{picture}}', alt: 'Blue and white squares' }] },
    status: 200,
    tests: {
      'it has the picture'() {
        pm.expect(body.media).to.have.lengthOf(1);
        pm.expect(body.media[0].alt).to.eql('Blue and white squares');
      },
    },
  },
  {
    name: 'Show the product with its pictures',
    about: '`image` is the main one. Lists have it, too.',
    get: '/api/v1/products/{{tile}}',
    status: 200,
    tests: {
      'it shows the picture'() {
        pm.expect(body.image.id).to.eql(pm.collectionVariables.get('picture'));
        pm.expect(body.media[0].id).to.eql(body.image.id);
      },
    },
  },
  {
    name: 'Give it pictures that are not there',
    about: 'Each is named.',
    put: '/api/v1/products/{{tile}}/media',
    body: { media: [{ id: '01890a5d-ac96-774b-bcce-b302099a8057' }] },
    status: 422,
    problem: 'invalid-fields',
    faults: ['media[0].id'],
  },
  {
    name: 'Delete a picture that a product shows',
    about: 'The products are named.',
    delete: '/api/v1/media/{{picture}}',
    status: 409,
    problem: 'in-use',
    tests: {
      'the product is named'() {
        pm.expect(body.detail).to.include('Tile');
      },
    },
  },
  {
    name: 'Make a category to show it',
    about: 'Categories are terms of an attribute.',
    post: '/api/v1/categories',
    body: { name: 'Tiles {{$guid}}' },
    status: 201,
    tests: {
      'it has no picture'() {
        pm.expect(body.media).to.eql([]);
      },
    },
    keep: { tiles: 'body.id' },
  },
  {
    name: 'Give the category the picture',
    about: 'As to a product; so with every term.',
    put: '/api/v1/attributes/{{attribute}}/terms/{{tiles}}/media',
    before() {
      pm.collectionVariables.set('attribute', 'category');
    },
    body: { media: [{ id: '{{picture}}', alt: '' }] },
    status: 200,
    tests: {
      'it is decorative there'() {
        pm.expect(body.media[0].alt).to.eql('');
      },
    },
  },
  {
    name: 'Delete the category',
    about: 'The picture stays.',
    delete: '/api/v1/attributes/{{attribute}}/terms/{{tiles}}',
    status: 204,
    tests: {
      'it has no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Make a group to show it',
    about: 'Without options any products stand together.',
    post: '/api/v1/product-groups',
    body: { name: 'Tiles', options: [] },
    status: 201,
    tests: {
      'it has no picture'() {
        pm.expect(body.media).to.eql([]);
      },
    },
    keep: { tile_group: 'body.id' },
  },
  {
    name: 'Give the group the picture',
    about: 'Its products show it as long as they have none of their own.',
    put: '/api/v1/product-groups/{{tile_group}}/media',
    body: { media: [{ id: '{{picture}}' }] },
    status: 200,
    tests: {
      'nobody has said yet what it shows'() {
        pm.expect(body.media[0].alt).to.eql(null);
      },
    },
  },
  {
    name: 'Take the group apart',
    about: 'The picture stays.',
    delete: '/api/v1/product-groups/{{tile_group}}',
    status: 204,
    tests: {
      'it has no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Make a collection to show it',
    about: 'Without a filter it has its pins only.',
    post: '/api/v1/collections',
    body: { name: 'Tiles', pins: ['{{tile}}'] },
    status: 201,
    tests: {
      'it has no picture'() {
        pm.expect(body.media).to.eql([]);
      },
    },
    keep: { tile_collection: 'body.id' },
  },
  {
    name: 'Give the collection the picture',
    about: 'By its id or slug.',
    put: '/api/v1/collections/{{tile_collection}}/media',
    body: { media: [{ id: '{{picture}}', alt: 'Tiles' }] },
    status: 200,
    tests: {
      'it has the picture'() {
        pm.expect(body.media).to.have.lengthOf(1);
      },
    },
  },
  {
    name: 'Delete the collection',
    about: 'The picture stays.',
    delete: '/api/v1/collections/{{tile_collection}}',
    status: 204,
    tests: {
      'it has no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Take the picture away',
    about: 'None takes all away.',
    put: '/api/v1/products/{{tile}}/media',
    body: { media: [] },
    status: 200,
    tests: {
      'it has none'() {
        pm.expect(body.media).to.eql([]);
      },
    },
  },
  {
    name: 'Delete the picture',
    about: 'Its files go within a day.',
    delete: '/api/v1/media/{{picture}}',
    status: 204,
    tests: {
      'it has no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Delete the product',
    about: 'So that nothing is left behind.',
    delete: '/api/v1/products/{{tile}}',
    status: 204,
    tests: {
      'it has no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
];

export default {
  name: 'Media',
  about: 'Pictures of products, categories, groups and collections. Run the whole collection: it uploads a picture, shows it, and deletes it.',
  who: ['admin', 'customer'],
  folders: [
    ['Pictures', 'Uploading them.', pictures],
    ['Products', 'Showing them, and so with categories, groups and collections.', products],
  ],
};
