// Turns the short form of the files beside this one into a Postman collection, version 2.1.
import { STATUS_CODES } from 'node:http';

import { check, logIn } from './scripts.mjs';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** A collection. `who` are those whose tokens it needs. */
export const collection = ({ name, about, who, folders }) => ({
  info: {
    name,
    description: about,
    schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
  },
  auth: bearer('admin_token'),
  event: [event('prerequest', [...declared(logIn), `logIn(${JSON.stringify(who)});`]), event('test', lines(check))],
  item: folders.map(([folder, description, requests]) => ({ name: folder, description, item: requests.map(item) })),
});

/**
 * A request. Its method names the path: `{ post: '/api/v1/customers' }`. Besides:
 * `as`: whose token it carries (`admin` if nothing is said, `nobody`, `customer`, …)
 * `headers`, `body` (JSON, or text as it is) or `file` (the name of a file beside the collection), `before`: a function that runs before it
 * `follow: false`: a redirection is the answer, and is not followed
 * `status`, `problem` (the last part of its type), `faults` (the fields that it names): what must come back
 * `plain`: that the answer is no JSON
 * `tests`: functions that see the answer as `body`; `keep`: variables for later requests, each an expression
 */
const item = (request) => {
  const method = METHODS.find((name) => request[name]);
  if (!method || !request.status) throw new Error(`${request.name} has no method or no status`);
  const events = [];
  if (request.before) events.push(event('prerequest', lines(request.before)));
  events.push(event('test', tests(request)));
  return {
    name: request.name,
    event: events,
    ...(request.follow === false && { protocolProfileBehavior: { followRedirects: false } }),
    request: {
      method: method.toUpperCase(),
      description: request.about,
      ...(request.as && { auth: request.as === 'nobody' ? { type: 'noauth' } : bearer(`${request.as}_token`) }),
      header: Object.entries(headers(request)).map(([key, value]) => ({ key, value })),
      ...(request.body !== undefined && { body: raw(request.body) }),
      ...(request.file && { body: { mode: 'file', file: { src: request.file } } }),
      url: url(request[method]),
    },
    response: [],
  };
};

const headers = ({ body, headers = {} }) =>
  body === undefined || headers['Content-Type'] ? headers : { 'Content-Type': 'application/json', ...headers };

const raw = (body) => ({
  mode: 'raw',
  raw: typeof body === 'string' ? body : JSON.stringify(body, null, 2),
  options: { raw: { language: 'json' } },
});

const bearer = (variable) => ({ type: 'bearer', bearer: [{ key: 'token', value: `{{${variable}}}`, type: 'string' }] });

const url = (text) => {
  const [path, query] = text.split('?');
  const parameters = query?.split('&').map((pair) => pair.split('='));
  return {
    raw: `{{base_url}}${text}`,
    host: ['{{base_url}}'],
    path: path.split('/').slice(1),
    ...(parameters && { query: parameters.map(([key, value]) => ({ key, value })) }),
  };
};

const event = (listen, exec) => ({ listen, script: { type: 'text/javascript', exec } });

const tests = ({ status, problem, faults, plain, tests = {}, keep = {} }) => {
  const script = [`pm.test('${status} ${STATUS_CODES[status]}', () => pm.response.to.have.status(${status}));`];
  if (!plain && ![204, 304, 308].includes(status)) script.push('const body = pm.response.json();');
  if (problem) {
    script.push(`pm.test('the problem is ${problem}', () => pm.expect(body.type).to.eql('/problems/${problem}'));`);
  }
  if (faults) {
    script.push(`pm.test('every bad field is named', () => {`);
    script.push(`  pm.expect(body.errors.map((error) => error.field)).to.have.members(${JSON.stringify(faults)});`, '});');
  }
  for (const [name, test] of Object.entries(tests)) {
    script.push(`pm.test('${name}', () => {`, ...lines(test).map((line) => `  ${line}`), '});');
  }
  for (const [variable, expression] of Object.entries(keep)) {
    script.push(`pm.collectionVariables.set('${variable}', ${expression});`);
  }
  return script;
};

/** A function with its name. */
const declared = (script) => script.toString().split('\n');

/** The lines between the braces of a function. */
const lines = (script) => {
  const inner = script.toString().split('\n').slice(1, -1);
  if (inner.length === 0) throw new Error(`one line is too short for a script: ${script}`);
  const margin = Math.min(...inner.filter((line) => line.trim()).map((line) => line.search(/\S/)));
  return inner.map((line) => line.slice(margin));
};
