// The scripts around every request, copied into the collections as they stand here.

/** Before each request: a token for everybody in `who` who has none, or whose token is about to end. */
export async function logIn(who) {
  const send = (request) =>
    new Promise((resolve, reject) => pm.sendRequest(request, (error, answer) => (error ? reject(error) : resolve(answer))));
  const post = async (path, body) => {
    const header = { 'Content-Type': 'application/json' };
    const url = `${pm.environment.get('base_url')}/api/v1/auth/${path}`;
    const answer = await send({ url, method: 'POST', header, body: { mode: 'raw', raw: JSON.stringify(body) } });
    if (answer.code >= 400) throw new Error(`${path}: ${answer.code} ${answer.json().detail}`);
    return answer.json();
  };
  const register = async (name) => {
    const username = `${name}-${pm.variables.replaceIn('{{$guid}}').slice(-12)}`;
    const password = pm.variables.replaceIn('{{$guid}}');
    await post('register', { name: 'Ann Buyer', email: `${username}@example.com`, phone: '+14155550100', username, password });
    pm.environment.set(`${name}_username`, username);
    pm.environment.set(`${name}_password`, password);
  };
  const logInAs = async (name) => {
    if (pm.environment.get(`${name}_token`) && Date.now() < Number(pm.environment.get(`${name}_token_ends`))) return;
    if (!pm.environment.get(`${name}_username`)) await register(name);
    const username = pm.environment.get(`${name}_username`);
    const tokens = await post('login', { username, password: pm.environment.get(`${name}_password`) });
    pm.environment.set(`${name}_token`, tokens.access_token);
    pm.environment.set(`${name}_token_ends`, Date.now() + (tokens.expires_in - 60) * 1000);
  };
  try {
    for (const name of who) await logInAs(name);
  } catch (error) {
    const hint = 'are base_url, admin_username and admin_password of the environment right?';
    pm.test(`logged in (${hint})`, () => pm.expect.fail(String(error.message ?? error)));
  }
}

/** After each request: what holds for every answer. */
export function check() {
  pm.test('the answer carries its request id and its type is not guessed', () => {
    pm.expect(pm.response.headers.get('X-Request-Id')).to.match(/^[\x21-\x7e]+$/);
    pm.expect(pm.response.headers.get('X-Content-Type-Options')).to.eql('nosniff');
  });
  // Notices of providers, and questions to them, have limits of their own.
  if (!/\/(webhooks\/.+|sync)$/.test(`/${pm.request.url.path.join('/')}`)) {
    pm.test('the answer says how much the rate limit leaves', () => {
      pm.expect(pm.response.headers.get('RateLimit-Policy')).to.match(/;q=\d+;w=\d+/);
      pm.expect(pm.response.headers.get('RateLimit')).to.match(/;r=\d+;t=\d+/);
    });
  }
  if (pm.response.code >= 400) {
    pm.test('an error is a problem document', () => {
      const problem = pm.response.json();
      pm.expect(pm.response.headers.get('Content-Type')).to.eql('application/problem+json');
      pm.expect(problem.status).to.eql(pm.response.code);
      pm.expect(problem.type).to.match(/^\/problems\/[a-z-]+$/);
      pm.expect(problem.title).to.be.a('string').that.is.not.empty;
      pm.expect(problem.detail).to.be.a('string').that.is.not.empty;
      pm.expect(problem.instance).to.eql(`/${pm.request.url.path.map((part) => pm.variables.replaceIn(part)).join('/')}`);
      pm.expect(problem.request_id).to.eql(pm.response.headers.get('X-Request-Id'));
    });
  }
  if (pm.response.code === 401) {
    pm.test('a 401 says how to log in', () => {
      pm.expect(pm.response.headers.get('WWW-Authenticate')).to.match(/^Bearer/);
    });
    if (pm.request.auth?.type === 'bearer') {
      // Our own token is of no use: another database, perhaps. The next request logs in again.
      ['admin', 'customer', 'stranger'].forEach((name) => pm.environment.unset(`${name}_token`));
      ['customer', 'stranger'].forEach((name) => pm.environment.unset(`${name}_username`));
    }
  }
}
