// Buys something in the example shop, as people do, and looks at each of its pages.
//   node storefront.mjs API [PORT]
// With PORT, the files of examples/storefront are served there, and ask the API at its other origin. PICTURE names a file for
// a picture of the shop, PICTURES a folder for pictures of all pages.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';

import axe from 'axe-core';
import { chromium } from 'playwright-core';

const [api, port] = process.argv.slice(2);
const shop = port ? `http://127.0.0.1:${port}` : api;
const { PICTURE, PICTURES } = process.env;
const WIDE = { width: 1280, height: 860 };
const NARROW = 320;
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const POLICY = `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' ${api}; connect-src ${api}; form-action 'none'`;

/** The files as somebody else's server has them: only the address of the API is another one. */
const host = () => createServer(async (request, response) => {
  const name = request.url === '/' ? 'index.html' : request.url.slice(1);
  const file = await readFile(new URL(`../../../../examples/storefront/${name}`, import.meta.url), 'utf8').catch(() => null);
  if (file === null) return response.writeHead(404).end();
  const text = name === 'api.js' ? file.replace(/^export const API = [^;]+;/, `export const API = '${api}';`) : file;
  return response.writeHead(200, { 'Content-Type': TYPES[extname(name)], 'Content-Security-Policy': POLICY }).end(text);
}).listen(Number(port), '127.0.0.1');

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

/** The page, and all that it complains about or asks elsewhere. */
const open = async () => {
  const page = await (await browser.newContext({ viewport: WIDE })).newPage();
  const complaints = [];
  page.setDefaultTimeout(30_000);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && ![shop, api].includes(new URL(request.url()).origin)) complaints.push(request.url());
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective}`));
  });
  return { page, complaints };
};

const looked = [];
/** Looks at a page in both themes with axe, and in a narrow window. */
const look = async (page, name) => {
  await page.waitForFunction(() => !document.querySelector('[aria-busy]'));
  for (const colorScheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join('; ')}`);
    assert.deepEqual(told, [], `axe on ${name}, ${colorScheme}`);
    for (const width of PICTURES ? [1280, 400] : []) {
      await page.setViewportSize({ width, height: WIDE.height });
      await page.waitForTimeout(200);
      await page.screenshot({ path: `${PICTURES}/${name}-${width}-${colorScheme}.png`, fullPage: width === 400 });
    }
  }
  await page.setViewportSize({ ...WIDE, width: NARROW });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= NARROW, `${name} is ${width} wide in a window of ${NARROW}`);
  await page.setViewportSize(WIDE);
  looked.push(name);
};

/** What an administrator does meanwhile. */
const advance = async (order, status) => {
  const post = async (path, body, token) => {
    const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${api}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.json();
  };
  const { access_token: token } = await post('/auth/login', { username: 'demo', password: 'demo-demo-demo' });
  await post(`/orders/${order}/status`, { status }, token);
};

const find = async (page) => {
  await page.goto(shop);
  await page.locator('.card').first().waitFor();
  assert.equal(await page.locator('.card').count(), 17, 'groups and single products');
  await page.waitForLoadState('networkidle');
  if (PICTURE) await page.screenshot({ path: PICTURE });
  // Somebody with a keyboard gets past the top of the page.
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
  await look(page, 'list');
  const bytes = await page.evaluate(() => performance.getEntries()
    .filter(({ entryType, name }) => ['navigation', 'resource'].includes(entryType) && !/\/(api|media)\//.test(name))
    .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0));
  assert.ok(port || bytes <= 20_000, `the shop has ${bytes} bytes`);

  await page.getByLabel('Search the shop').fill('no such thing');
  await page.getByText('Nothing was found').waitFor();
  await look(page, 'nothing');
  await page.getByLabel('Search the shop').fill('mug');
  await page.getByRole('heading', { name: 'Results for “mug”' }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll('.card').length === 1);
  await page.getByLabel('Search the shop').fill('');
  await page.waitForFunction(() => document.querySelectorAll('.card').length > 1);
  await page.getByLabel('Red', { exact: true }).check();
  await page.waitForFunction(() => location.hash.includes('attr.colour=red') && document.querySelectorAll('.card').length === 7);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'facet-attr-colour-Red', 'the focus stays');
  await look(page, 'narrowed');
};

const choose = async (page) => {
  await page.getByRole('link', { name: /Wool sweater/ }).click();
  await page.getByRole('heading', { name: 'Wool sweater', level: 1 }).waitFor();
  assert.ok(await page.getByRole('radio', { name: 'Red' }).isChecked(), 'it is the one that was found');
  await page.getByRole('radio', { name: 'Red' }).focus();
  await page.keyboard.press('ArrowLeft');
  assert.ok(await page.getByRole('radio', { name: 'Grey' }).isChecked());
  await page.getByRole('radio', { name: 'Medium' }).check();
  assert.ok(await page.getByRole('button', { name: 'Add to the cart' }).isDisabled(), 'it is sold out');
  await look(page, 'product');
  await page.getByRole('radio', { name: 'Large' }).check();
  await page.getByLabel('Quantity').fill('2');
  await page.getByRole('button', { name: 'Add to the cart' }).click();
  await page.getByText('2 items added').waitFor();

  await page.goto(`${shop}/#/products/desk-lamp`);
  await page.getByRole('heading', { name: 'Desk lamp' }).waitFor();
  await look(page, 'lamp');
  await page.getByRole('button', { name: 'Add to the cart' }).click();
  await page.getByText('1 item added').waitFor();
  await page.getByRole('link', { name: 'Go to the cart' }).click();
  await page.getByRole('heading', { name: 'Your cart' }).waitFor();
  assert.equal(await page.locator('.lines li').count(), 2);
  await look(page, 'cart');
};

const order = async (page, complaints) => {
  await page.getByRole('link', { name: 'Check out' }).click();
  const form = page.locator('#register');
  await form.waitFor();
  const email = `ann-${Date.now()}@example.com`;
  await form.getByLabel('Name').fill('Ann Buyer');
  await form.getByLabel('Email address').fill(email);
  await form.getByLabel('Phone').fill('12');
  await form.getByLabel('Password').fill('short');
  await form.getByRole('button').click();
  await page.locator('#field-phone[aria-invalid]').waitFor();
  await page.locator('#field-password[aria-invalid]').waitFor();
  // The browser itself tells of every answer that is an error.
  assert.match(complaints.splice(0).join('\n'), /^Failed to load resource: the server responded with a status of 422[^\n]*$/);
  await look(page, 'account');
  await form.getByLabel('Phone').fill('+49 421 123456');
  await form.getByLabel('Password').fill('correct horse battery');
  await form.getByRole('button').click();

  await page.locator('#checkout').waitFor();
  await page.getByText('Estimated until').waitFor();
  await look(page, 'checkout');
  await page.getByLabel('Street and number').fill('Am Markt 1');
  await page.getByLabel('Postal code').fill('28195');
  await page.getByLabel('City').fill('Bremen');
  await page.getByText('German VAT').waitFor();
  await page.getByRole('radio', { name: /Express/ }).check();
  await page.getByLabel('Promotion code').fill('NONSENSE');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.locator('.codes .sold-out').waitFor();
  await page.getByRole('button', { name: 'Remove NONSENSE' }).click();
  await page.getByLabel('Promotion code').fill('SPRING10');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.locator('.codes .in-stock').waitFor();
  await look(page, 'quote');
  const total = await page.locator('dd.total').innerText();
  await page.getByRole('button', { name: 'Order and pay' }).click();
  await page.getByRole('heading', { name: /^Order / }).waitFor();
  assert.equal(await page.locator('dd.total').innerText(), total, 'it costs what was quoted');
  await page.locator('.pay').waitFor();
  await look(page, 'order');
  return { email, id: page.url().split('/').at(-1) };
};

const pay = async (page, { id }) => {
  await page.getByLabel('Test card').selectOption('declined');
  await page.getByRole('button', { name: /^Pay / }).click();
  await page.getByText('The card was declined.').waitFor();
  await look(page, 'declined');
  await page.getByRole('button', { name: 'Yes, pay' }).click();
  await page.locator('.payment', { hasText: /^paid$/i }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll('.pay').length === 0);
  await advance(id, 'processing');
  // By an event: the page would ask only after 5 seconds.
  await page.locator('.steps .done', { hasText: 'Processing' }).waitFor({ timeout: 4000 });
  await look(page, 'paid');
};

const comeBack = async (page, { email }) => {
  await page.reload();
  await page.locator('.steps .done', { hasText: 'Processing' }).waitFor();
  await page.getByRole('link', { name: 'Account' }).click();
  await page.locator('.orders li').waitFor();
  await look(page, 'orders');
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.locator('#login').getByLabel('Email address or user name').fill(email);
  await page.locator('#login').getByLabel('Password').fill('correct horse battery');
  await page.locator('#login').getByRole('button').click();
  await page.locator('.orders li').waitFor();
};

const server = port && host();
try {
  const { page, complaints } = await open();
  await find(page);
  await choose(page);
  const placed = await order(page, complaints);
  await pay(page, placed);
  await comeBack(page, placed);
  assert.deepEqual(complaints, []);
  console.log(`storefront: bought, paid and followed an order${port ? ' from another origin' : ''}; looked at ${looked.join(', ')}`);
} finally {
  await browser.close();
  server?.close();
}
