// Files of products: sent, checked, started, and undone.

/** Waits, a minute at most, while the server checks or writes the import. */
function settled() {
  const url = `${pm.environment.get('base_url')}/api/v1/imports/${pm.collectionVariables.get('import')}`;
  const header = { Authorization: `Bearer ${pm.environment.get('admin_token')}` };
  const look = (left) =>
    pm.sendRequest({ url, header }, (error, answer) => {
      const isBusy = !error && ['checking', 'running'].includes(answer.json().status);
      if (isBusy && left > 0) setTimeout(() => look(left - 1), 200);
    });
  look(300);
}

const imports = [
  {
    name: 'Send a file',
    about: 'Whatever columns it has, as long as one says which product it is. It is checked first.',
    post: '/api/v1/imports?decimal=point',
    headers: { 'Content-Type': 'text/csv' },
    body: 'sku,name,price\nMUG-{{word}},Blue mug,19.99\n',
    before() {
      pm.collectionVariables.set('word', `w${pm.variables.replaceIn('{{$guid}}').slice(-12)}`);
    },
    status: 202,
    tests: {
      'it is checked'() {
        pm.expect(body.status).to.eql('checking');
        pm.expect(body.columns[0]).to.eql({ header: 'sku', field: 'sku' });
      },
    },
    keep: { import: 'body.id' },
  },
  {
    name: 'Show the import',
    about: 'Once it is checked, it says what it would do.',
    get: '/api/v1/imports/{{import}}',
    before: settled,
    status: 200,
    tests: {
      'it would make one product'() {
        pm.expect(body).to.include({ id: pm.collectionVariables.get('import'), status: 'checked', creates: 1 });
      },
    },
  },
  {
    name: 'Change how it is read',
    about: 'All rows are checked again.',
    patch: '/api/v1/imports/{{import}}',
    body: { ignore_unknown: true },
    status: 200,
    tests: {
      'it is checked again'() {
        pm.expect(body.status).to.eql('checking');
      },
    },
  },
  {
    name: 'List its rows',
    about: 'Each with what is refused of it.',
    get: '/api/v1/imports/{{import}}/rows',
    before: settled,
    status: 200,
    tests: {
      'it has the row of the file'() {
        pm.expect(body.items[0]).to.include({ line: 2, status: 'ok' });
      },
    },
  },
  {
    name: 'Stop it',
    about: 'What was written stays. Of this one nothing was.',
    post: '/api/v1/imports/{{import}}/cancel',
    body: {},
    status: 200,
    tests: {
      'it is stopped'() {
        pm.expect(body.status).to.eql('cancelled');
      },
    },
  },
  {
    name: 'Start what was stopped',
    about: 'An import is started once it is checked, and not after it was stopped.',
    post: '/api/v1/imports/{{import}}/start',
    body: {},
    status: 409,
    problem: 'import-step-not-allowed',
  },
  {
    name: 'Download its refused rows',
    about: 'To mend them and to send them again.',
    get: '/api/v1/imports/{{import}}/failed.csv',
    plain: true,
    status: 200,
    tests: {
      'it has the header of the file'() {
        pm.expect(pm.response.text()).to.eql('sku,name,price\n');
      },
    },
  },
  {
    name: 'Download what it has changed',
    about: 'As it was before. Sent as another import, it undoes this one.',
    get: '/api/v1/imports/{{import}}/before.csv',
    plain: true,
    status: 200,
    tests: {
      'it has changed nothing'() {
        pm.expect(pm.response.text()).to.eql('id\n');
      },
    },
  },
  {
    name: 'Send a file in a form',
    about: 'As the part `file`. The other fields say what parameters say.',
    post: '/api/v1/imports',
    headers: { 'Content-Type': 'multipart/form-data; boundary=part' },
    body:
      '--part\r\nContent-Disposition: form-data; name="decimal"\r\n\r\npoint\r\n' +
      '--part\r\nContent-Disposition: form-data; name="file"; filename="mugs.csv"\r\nContent-Type: text/csv\r\n\r\n' +
      'sku,name,price\nMUG-{{word}},Blue mug,19.99\n\r\n--part--\r\n',
    status: 202,
    tests: {
      'it is checked'() {
        pm.expect(body.status).to.eql('checking');
      },
    },
  },
  {
    name: 'Send it again',
    about: 'As another import.',
    post: '/api/v1/imports?decimal=point',
    headers: { 'Content-Type': 'text/csv' },
    body: 'sku,name,price\nMUG-{{word}},Blue mug,19.99\n',
    status: 202,
    tests: {
      'it is another one'() {
        pm.expect(body.id).not.to.eql(pm.collectionVariables.get('import'));
      },
    },
    keep: { import: 'body.id' },
  },
  {
    name: 'Start it',
    about: 'Once it is checked. It is written in parts, and what is written stays.',
    post: '/api/v1/imports/{{import}}/start',
    body: {},
    before: settled,
    status: 202,
    tests: {
      'it runs'() {
        pm.expect(body.status).to.eql('running');
      },
    },
  },
  {
    name: 'List what it has written',
    about: 'Each row with its product.',
    get: '/api/v1/imports/{{import}}/rows?status=done',
    before: settled,
    status: 200,
    tests: {
      'it has the product'() {
        pm.expect(body.items[0].resource_id).to.be.a('string');
      },
    },
    keep: { imported: 'body.items[0].resource_id' },
  },
  {
    name: 'Delete the product',
    about: 'The import stays as it is.',
    delete: '/api/v1/products/{{imported}}',
    status: 204,
    tests: {
      'there is no body'() {
        pm.expect(pm.response.text()).to.eql('');
      },
    },
  },
  {
    name: 'Change what a filter finds',
    about: 'One change of up to 10,000 products. It is checked first, as a file is.',
    post: '/api/v1/products/batch',
    body: { select: { min_price: '999999999999' }, change: { price: { percent: -10 } } },
    status: 202,
    tests: {
      'it is a change of many products'() {
        pm.expect(body).to.include({ kind: 'bulk', status: 'checking' });
        pm.expect(body.bulk.change).to.eql({ price: { percent: -10 } });
      },
    },
    keep: { import: 'body.id' },
  },
  {
    name: 'Stop the change',
    about: 'Nothing was changed yet.',
    post: '/api/v1/imports/{{import}}/cancel',
    body: {},
    before: settled,
    status: 200,
    tests: {
      'it is stopped'() {
        pm.expect(body.status).to.eql('cancelled');
      },
    },
  },
  {
    name: 'List changes of many products',
    about: 'Imports of the other kind, `products`, are files.',
    get: '/api/v1/imports?kind=bulk&limit=1',
    status: 200,
    tests: {
      'it is there'() {
        pm.expect(body.items.map((one) => one.id)).to.include(pm.collectionVariables.get('import'));
      },
    },
  },
  {
    name: 'List imports',
    about: 'The newest first.',
    get: '/api/v1/imports?limit=1',
    status: 200,
    tests: {
      'it is there'() {
        pm.expect(body.items.map((one) => one.id)).to.include(pm.collectionVariables.get('import'));
      },
    },
  },
];

export default {
  name: 'Imports',
  about: 'Files of products. Run the whole collection: it sends a file, looks at it, stops it, and starts it after it was sent again.',
  who: ['admin'],
  folders: [['Imports', 'Sending files.', imports]],
};
