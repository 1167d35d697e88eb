// Files of products: sent, checked, started, and undone.

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
    status: 200,
    tests: {
      'it is that one'() {
        pm.expect(body.id).to.eql(pm.collectionVariables.get('import'));
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
    status: 200,
    tests: {
      'it has the row of the file'() {
        pm.expect(body.items[0].line).to.eql(2);
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
    name: 'List imports',
    about: 'The newest first.',
    get: '/api/v1/imports',
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
  about: 'Files of products. Run the whole collection: it sends a file, looks at it, and stops it.',
  who: ['admin'],
  folders: [['Imports', 'Sending files.', imports]],
};
