// Uses the page of the documents as people do: log in, authorize, look, buy.
//   node docs.mjs URL PASSWORD [SCREENSHOT.png]
import assert from 'node:assert/strict';

import { chromium } from 'playwright-core';

const [url, password, screenshot] = process.argv.slice(2);
const WIDE = { width: 1280, height: 860 };
const NARROW = { width: 400, height: 800 };

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

/** The page, and all that it complains about or asks elsewhere. */
const open = async (viewport) => {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== url) complaints.push(request.url());
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective}`));
  });
  // The root leads to the page.
  await page.goto(url);
  assert.equal(page.url(), `${url}/docs`);
  await page.locator('.opblock').first().waitFor();
  return { page, complaints };
};

/** The block of an operation. The page makes it when it comes into view. */
const blockOf = async (page, operation) => {
  const block = page.locator(`[id$="-${operation}"].opblock`);
  for (let step = 0; (await block.count()) === 0; step += 1) {
    assert.ok(step < 1000, `${operation} does not come into view`);
    await page.evaluate(() => {
      const isEnd = window.scrollY + window.innerHeight >= document.documentElement.scrollHeight - 1;
      window.scrollTo(0, isEnd ? 0 : window.scrollY + window.innerHeight / 2);
    });
    await page.waitForTimeout(50);
  }
  return block;
};

/** Tries an operation with a body, and gives the status and the body of the answer. */
const tryOut = async (page, operation, body) => {
  const block = await blockOf(page, operation);
  await block.locator('.opblock-summary-control').click();
  await block.getByRole('button', { name: 'Try it out' }).click();
  if (body) await block.locator('textarea.body-param__text').fill(JSON.stringify(body));
  const answered = page.waitForResponse((response) => response.url().includes('/api/v1/'));
  await block.getByRole('button', { name: 'Execute' }).click();
  const answer = await (await answered).json();
  const shown = block.locator('.live-responses-table .response-col_status').last();
  await shown.waitFor();
  return { block, status: Number.parseInt(await shown.innerText(), 10), answer };
};

const authorize = async (page, token) => {
  await page.locator('.auth-wrapper .btn.authorize').first().click();
  const dialog = page.locator('.dialog-ux');
  await dialog.locator('input').first().fill(token);
  await dialog.locator('.btn.authorize', { hasText: 'Authorize' }).click();
  await dialog.locator('.btn-done').click();
};

/** What the API itself answers. */
const api = async (path, token, body) => {
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
  const answer = await fetch(`${url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
};

/** Someone to buy, and something to be bought. */
const prepare = async () => {
  const buyer = { username: `ann-${Date.now()}`, password: 'correct horse battery' };
  const { access_token: admin } = await api('/auth/login', undefined, { username: 'admin', password });
  const details = { name: 'Ann Buyer', email: `${buyer.username}@example.com`, phone: '+14155550100' };
  await api('/auth/register', undefined, { ...details, ...buyer });
  const price = { amount: 1999, currency: 'USD' };
  const product = await api('/products', admin, { name: 'Blue mug', price, initial_stock: 10 });
  return { buyer, product };
};

try {
  const { buyer, product } = await prepare();
  const { page, complaints } = await open(WIDE);
  assert.equal(await page.title(), 'Storekeeper API');
  if (screenshot) {
    await page.locator('[id="operations-tag-Products"]').evaluate((element) => element.scrollIntoView({ block: 'start' }));
    await page.screenshot({ path: screenshot });
    await page.evaluate(() => window.scrollTo(0, 0));
  }

  const operation = await blockOf(page, 'placeOrder');
  await operation.locator('.opblock-summary-control').click();
  const conflict = operation.locator('tr.response[data-code="409"]');
  await conflict.waitFor();
  const { height } = await operation.boundingBox();
  assert.ok(height < 3500, `an operation is ${height} high`);
  await conflict.getByRole('button').click();
  await operation.locator('tr.response[data-code="409"] .highlight-code').waitFor();
  await conflict.locator('select.examples-select-element').selectOption('lines-not-orderable');
  await conflict.getByText('insufficient_stock').first().waitFor();
  await operation.locator('.opblock-summary-control').click();
  await page.locator('.operation-filter-input').fill('Cart');
  // The filter leaves one group, a moment after it was typed.
  const hasGroups = (few) => page.waitForFunction((few) => document.documentElement.scrollHeight < 5000 === few, few);
  await hasGroups(true);
  await page.locator('[id$="-showCart"].opblock').waitFor();
  assert.equal(await page.locator('.opblock-tag').count(), 1);
  await page.locator('.operation-filter-input').fill('');
  await hasGroups(false);

  const stranger = await tryOut(page, 'showCart');
  assert.equal(stranger.status, 401);
  // The browser itself tells of every answer that is an error.
  assert.match(complaints.splice(0).join('\n'), /^Failed to load resource: the server responded with a status of 401[^\n]*$/);
  await stranger.block.locator('.opblock-summary-control').click();

  const login = await tryOut(page, 'login', buyer);
  assert.equal(login.status, 200);
  await authorize(page, login.answer.access_token);

  const products = await tryOut(page, 'listProducts');
  assert.equal(products.status, 200);
  assert.ok(products.answer.items.some((one) => one.id === product.id));

  const order = await tryOut(page, 'placeOrder', { items: [{ product_id: product.id, quantity: 2 }] });
  assert.equal(order.status, 201);
  assert.deepEqual(order.answer.total, { amount: 3998, currency: 'USD' });
  assert.match(await order.block.locator('.live-responses-table').innerText(), /location: \/api\/v1\/orders\//i);
  assert.deepEqual(complaints, []);

  const kept = await page.evaluate(() => JSON.stringify(localStorage));
  assert.ok(!kept.includes(login.answer.access_token), 'the browser keeps the token');

  const narrow = await open(NARROW);
  const block = await blockOf(narrow.page, 'placeOrder');
  await block.locator('.opblock-summary-control').click();
  await block.getByRole('button', { name: 'Try it out' }).waitFor();
  const width = await narrow.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= NARROW.width, `the page is ${width} wide in a window of ${NARROW.width}`);
  assert.deepEqual(narrow.complaints, []);
  console.log('browser: logged in, authorized, looked and bought; in a narrow window, too');
} finally {
  await browser.close();
}
