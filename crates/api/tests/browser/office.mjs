// Does what a clerk does all day in the office, by clicking and again by keyboard alone, and looks at every page.
//   node office.mjs URL PASSWORD
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { chromium } from 'playwright-core';

const [url, password] = process.argv.slice(2);
const office = `${url}/office/`;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

/** A page of somebody who has logged in. `complaints` gets all that goes wrong, and all that is asked elsewhere. */
const enter = async (options) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => {
    // A refused form is a 4xx, which the browser mentions.
    const isRefusal = message.text().startsWith('Failed to load resource') && / 4(09|12|22) /.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !isRefusal) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== url) complaints.push(request.url());
  });
  if (options?.javaScriptEnabled !== false) {
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective}`));
    });
  }
  await page.goto(office);
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL(office);
  return { page, complaints, context };
};

/** What the API says, for whoever is the administrator. */
const login = await (
  await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password }),
  })
).json();
const api = async (path, method = 'GET', body = undefined) => {
  const headers = {
    authorization: `Bearer ${login.access_token}`,
    'content-type': 'application/json',
    'idempotency-key': crypto.randomUUID(),
  };
  const answer = await fetch(`${url}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
};
const orders = async (status) => (await api(`/orders?status=${status}&limit=100`)).items;
/** The placed orders that end here. The one with an address and a shipping method is for whoever mends addresses. */
const placedWithoutAddress = async () => (await orders('placed')).filter(({ shipping_address: to }) => !to);

/** Moves the focus by Tab alone until it is on what is meant, or back to it by Shift+Tab. */
const tabTo = async (page, target, key = 'Tab') => {
  for (let step = 0; step < 150; step += 1) {
    if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) return;
    await page.keyboard.press(key);
  }
  assert.fail(`the keyboard does not reach ${target}`);
};

/** How somebody works: with the mouse, or with the keyboard. */
const mouse = {
  name: 'mouse',
  go: (page, name) => page.locator('nav.side').getByRole('link', { name }).click(),
  press: (page, target) => target.click(),
  pressAbove: (page, target) => target.click(),
  type: (page, target, text) => target.fill(text),
  check: (page, target) => target.check(),
  choose: (page, target, value) => target.selectOption(value),
};
const keyboard = {
  name: 'keyboard',
  go: async (page, name) => {
    await page.locator('main').focus();
    await page.keyboard.press('g');
    await page.keyboard.press(name[0].toLowerCase());
  },
  press: async (page, target) => {
    await target.first().waitFor();
    await tabTo(page, target.first());
    await page.keyboard.press('Enter');
  },
  type: async (page, target, text) => {
    await target.waitFor();
    await tabTo(page, target);
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(text);
  },
  /** Presses what stands before what was used last. */
  pressAbove: async (page, target) => {
    await tabTo(page, target, 'Shift+Tab');
    await page.keyboard.press('Enter');
  },
  check: async (page, target) => {
    await target.waitFor();
    await tabTo(page, target);
    await page.keyboard.press('Space');
  },
  choose: async (page, target, value) => {
    await target.waitFor();
    await tabTo(page, target);
    await page.keyboard.press('Home');
    const count = await target.locator('option').count();
    for (let step = 0; step < count && (await target.inputValue()) !== value; step += 1) {
      await page.keyboard.press('ArrowDown');
    }
    assert.equal(await target.inputValue(), value);
  },
};

const said = (page, text) => page.getByRole('status').getByText(text).waitFor();
const dialog = (page) => page.getByRole('dialog');
const heading = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor();

/** The jobs, each with its number in the list of what clerks do. */
const jobs = {
  '1 find an order by its number': async (page) => {
    const [order] = await orders('delivered');
    await page.locator('main').focus();
    await page.keyboard.press('/');
    await page.keyboard.type(order.number.toLowerCase());
    await page.keyboard.press('Enter');
    await heading(page, `Order ${order.number}`);
  },
  '1 find an order by its tracking number, and go on to the next one': async (page, hand) => {
    const [{ id, number }] = await orders('processing');
    const parcel = `1Z-found-${hand.name}`;
    await api(`/orders/${id}/status`, 'POST', { status: 'shipped', carrier: 'UPS', tracking_number: parcel });
    await page.locator('main').focus();
    await page.keyboard.press('/');
    await page.keyboard.type(parcel);
    await page.keyboard.press('Enter');
    await heading(page, `Order ${number}`);
    await page.goto(`${office}orders?status=delivered`);
    const [first, second] = await orders('delivered');
    await hand.press(page, page.getByRole('link', { name: first.number }));
    await heading(page, `Order ${first.number}`);
    await hand.press(page, page.getByRole('link', { name: 'Next order' }));
    await heading(page, `Order ${second.number}`);
  },
  '2 ship an order with its tracking, 3 correct it and mark it delivered': async (page, hand) => {
    const [order] = await placedWithoutAddress();
    await page.goto(`${office}orders/${order.id}`);
    await hand.press(page, page.getByRole('link', { name: 'Ship', exact: true }));
    await hand.type(page, dialog(page).getByLabel('Carrier'), 'UPS');
    await hand.type(page, dialog(page).getByLabel('Tracking number'), `1Z-${hand.name}`);
    await hand.press(page, dialog(page).getByRole('button', { name: 'Ship' }));
    await said(page, 'Shipped');
    await hand.press(page, page.getByRole('link', { name: 'Correct' }));
    await hand.type(page, dialog(page).getByLabel('Tracking number'), '1Z-corrected');
    await hand.press(page, dialog(page).getByRole('button', { name: 'Correct' }));
    await said(page, 'corrected');
    await page.getByText('1Z-corrected').first().waitFor();
    await hand.press(page, page.getByRole('link', { name: 'Mark delivered' }));
    await hand.press(page, dialog(page).getByRole('button', { name: 'Mark delivered' }));
    await said(page, 'moved on');
    assert.equal((await api(`/orders/${order.id}`)).status, 'delivered');
  },
  '4 cancel an order': async (page, hand) => {
    const [order] = await placedWithoutAddress();
    await page.goto(`${office}orders/${order.id}`);
    await hand.press(page, page.getByRole('link', { name: 'Cancel' }));
    await dialog(page).getByText('back into stock').waitFor();
    await hand.type(page, dialog(page).getByLabel('Reason'), 'Changed their mind');
    await hand.press(page, dialog(page).getByRole('button', { name: 'Cancel the order' }));
    await said(page, 'Cancelled');
    assert.equal((await api(`/orders/${order.id}`)).status, 'cancelled');
  },
  '7 see what is to be done': async (page, hand) => {
    await hand.go(page, 'Orders');
    await heading(page, 'Orders');
    await hand.go(page, 'Home');
    await heading(page, 'Home');
    await hand.press(page, page.locator('main').getByRole('link', { name: /to ship/ }));
    await page.locator('.tabs [aria-current]').getByText('To ship').waitFor();
  },
  '8 adjust stock with a reason': async (page, hand) => {
    await hand.go(page, 'Stock');
    await heading(page, 'Stock');
    await hand.press(page, page.getByRole('link', { name: 'Adjust' }).first());
    await hand.type(page, dialog(page).getByLabel('Change', { exact: true }), '2');
    await hand.type(page, dialog(page).getByLabel('Reason'), 'Found in the cellar');
    await hand.press(page, dialog(page).getByRole('button', { name: 'Adjust' }));
    await said(page, 'stock is changed');
  },
  '9 receive a restock, 10 order what is low': async (page, hand) => {
    for (const { id } of (await api(`/products?limit=2&sort=${hand === mouse ? 'name' : '-name'}`)).items) {
      const { on_hand } = await api(`/products/${id}/stock`);
      const policy = { restock_threshold: on_hand + 5, restock_target: on_hand + 20 };
      await api(`/products/${id}/stock/policy`, 'PUT', policy);
    }
    await page.goto(`${office}stock?low=true`);
    await hand.press(page, page.getByRole('button', { name: 'Order what is low' }));
    await said(page, 'ordered');
    const before = await page.locator('tbody tr').count();
    assert.ok(before > 0);
    await hand.press(page, page.getByRole('link', { name: 'Receive', exact: true }).first());
    await hand.type(page, dialog(page).getByLabel('Units that came'), '3');
    await hand.press(page, dialog(page).getByRole('button', { name: 'Receive' }));
    await said(page, 'received');
    const [{ quantity, ordered_quantity }] = (await api('/restocks?status=received&limit=1')).items;
    assert.ok(quantity === 3 && ordered_quantity > 3, `${quantity} of ${ordered_quantity}`);
  },
  '11 add a product, 12 change its price, 13 archive it': async (page, hand) => {
    const name = `Teapot by ${hand.name}`;
    await hand.go(page, 'Products');
    await heading(page, 'Products');
    await hand.press(page, page.getByRole('link', { name: 'New product' }));
    await hand.type(page, page.getByLabel('Name (required)'), name);
    await hand.type(page, page.getByLabel('Price (required)'), '24.50');
    await hand.press(page, page.getByRole('button', { name: 'Create' }));
    await said(page, 'created');
    await heading(page, name);
    await hand.type(page, page.getByLabel('Price (required)'), '1,999');
    await hand.press(page, page.getByRole('button', { name: 'Save' }));
    await page.getByText('could be 1999.00 USD or 2.00 USD').waitFor();
    // The field that is at fault has the focus.
    await page.locator('[name=price]:focus').waitFor();
    await hand.type(page, page.getByLabel('Price (required)'), '19,99');
    await hand.choose(page, page.getByLabel('Status'), 'archived');
    await hand.press(page, page.getByRole('button', { name: 'Save' }));
    await said(page, 'Saved');
    await page.locator('.badge').getByText('archived').waitFor();
  },
  '12 change many prices in a grid': async (page, hand) => {
    await page.goto(`${office}products?status=active`);
    const boxes = page.getByRole('checkbox');
    for (const place of [0, 1]) await hand.check(page, boxes.nth(place));
    await hand.pressAbove(page, page.getByRole('button', { name: 'Edit the chosen ones' }));
    await heading(page, 'Edit products');
    assert.equal(await page.locator('tbody tr').count(), 2);
    const price = hand === mouse ? '12.34' : '12.43';
    await hand.type(page, page.getByLabel(/^Price of/).first(), price);
    // Enter goes down the column, and saves nothing.
    await page.keyboard.press('Enter');
    await page.locator('tbody tr:nth-child(2) [name^=price-]:focus').waitFor();
    assert.deepEqual(await page.locator('td.changed').evaluateAll((cells) => cells.map((cell) => cell.dataset.label)), ['Price']);
    await page.keyboard.press('Enter');
    await page.locator('button.main:focus').waitFor();
    await heading(page, 'Edit products');
    await hand.press(page, page.getByRole('button', { name: 'Save all' }));
    await said(page, 'Saved');
    await page.getByText(price).first().waitFor();
  },
  '15 a file in': async (page, hand) => {
    const sku = `IMPORT-${hand.name}`;
    await hand.go(page, 'Products');
    await heading(page, 'Products');
    await hand.press(page, page.getByRole('link', { name: 'Import' }));
    await hand.press(page, page.getByRole('link', { name: 'Import a file' }));
    const file = { name: 'products.csv', mimeType: 'text/csv', buffer: Buffer.from(`Artikel,name,price\n${sku},Imported,5.00\n`) };
    await page.getByLabel('File (required)').setInputFiles(file);
    await hand.choose(page, page.getByLabel('Prices are written as'), 'point');
    await hand.press(page, page.getByRole('button', { name: 'Upload' }));
    // The page looks again by itself, until the file is refused for its unknown column.
    await page.getByText('The file cannot be read').waitFor();
    await hand.choose(page, page.getByLabel('Artikel'), 'sku');
    await hand.press(page, page.getByRole('button', { name: 'Check again' }));
    await page.getByText('1 row makes a product').waitFor();
    await hand.press(page, page.getByRole('button', { name: 'Start', exact: true }));
    await page.getByText('1 row of 1 is written').waitFor();
    assert.equal((await api(`/products?sku=${sku}`)).items[0].price.amount, 500);
  },
  '14 find a customer and note something': async (page, hand) => {
    const [customer] = (await api('/customers?limit=1')).items;
    await page.locator('main').focus();
    await page.keyboard.press('/');
    await page.keyboard.type(customer.email);
    await page.keyboard.press('Enter');
    // An address that is exactly somebody's leads straight there.
    await heading(page, customer.name);
    await hand.press(page, page.getByRole('link', { name: 'Write a note' }));
    await hand.type(page, dialog(page).getByLabel('Note (required)'), `Called, by ${hand.name}`);
    await hand.press(page, dialog(page).getByRole('button', { name: 'Save' }));
    await said(page, 'saved');
    await page.getByText(`Called, by ${hand.name}`, { exact: true }).waitFor();
  },
  '14 mend the address of an order, which keeps its price': async (page, hand) => {
    const order = (await orders('placed')).find(({ shipping_address: to, shipping_method: method }) => to?.country === 'DE' && method);
    await page.goto(`${office}orders/${order.id}`);
    await hand.press(page, page.getByRole('link', { name: 'Edit address' }));
    await dialog(page).getByText('The order keeps its price').waitFor();
    await hand.type(page, dialog(page).getByLabel('Street and number'), `1 ${hand.name} Street`);
    await hand.type(page, dialog(page).getByLabel('Country'), 'US');
    await hand.press(page, dialog(page).getByRole('button', { name: 'Save' }));
    await dialog(page).getByRole('alert').getByText('does not ship there').waitFor();
    assert.equal(await dialog(page).getByLabel('Street and number').inputValue(), `1 ${hand.name} Street`);
    await hand.type(page, dialog(page).getByLabel('Country'), 'DE');
    await hand.press(page, dialog(page).getByRole('button', { name: 'Save' }));
    await said(page, 'The order is changed');
    await page.getByText('Address changed').first().waitFor();
    const now = await api(`/orders/${order.id}`);
    assert.equal(now.shipping_address.line1, `1 ${hand.name} Street`);
    assert.deepEqual(now.totals, order.totals);
  },
  '6 see what sold': async (page, hand) => {
    await hand.go(page, 'Reports');
    await heading(page, 'Reports');
    await hand.choose(page, page.getByLabel('By', { exact: true }), 'product');
    await hand.press(page, page.getByRole('button', { name: 'Show' }));
    await page.getByRole('columnheader', { name: 'Product' }).waitFor();
    await hand.press(page, page.locator('header .shop'));
    await heading(page, 'Home');
  },
  '16 let a colleague in, take a key away, see who changed what': async (page, hand) => {
    await hand.press(page, page.locator('nav.side').getByRole('link', { name: 'Settings' }));
    await hand.press(page, page.getByRole('link', { name: /^Accounts/ }));
    await hand.press(page, page.getByRole('link', { name: 'New account' }));
    await hand.type(page, dialog(page).getByLabel('User name (required)'), `clerk-${hand.name}`);
    await hand.type(page, dialog(page).getByLabel('Password (required)'), 'correct horse battery');
    await hand.choose(page, dialog(page).getByLabel('Role'), 'clerk');
    await hand.press(page, dialog(page).getByRole('button', { name: 'Create' }));
    await page.getByText(`clerk-${hand.name}`).waitFor();
    await page.goto(`${office}settings/audit`);
    await page.getByText('accounts: create').first().waitFor();
  },
  '16 see where one is logged in': async (page, hand) => {
    await hand.press(page, page.getByRole('link', { name: 'My account' }));
    await page.getByText('This one').waitFor();
  },
  '2 ship two orders at once, with their packing slips': async (page, hand) => {
    const chosen = (await orders('processing')).slice(-2);
    const boxes = () => chosen.map(({ number }) => page.getByRole('checkbox', { name: new RegExp(number) }));
    const choose = async () => {
      await page.goto(`${office}orders?status=processing`);
      for (const box of boxes()) await hand.check(page, box);
    };
    await choose();
    await hand.pressAbove(page, page.getByRole('button', { name: 'Print their packing slips' }));
    await page.locator('section.sheet').nth(1).waitFor();
    await choose();
    await hand.pressAbove(page, page.getByRole('button', { name: 'Ship the chosen ones' }));
    await heading(page, 'Ship many');
    const lines = chosen.map(({ number }) => `${number}, 1Z-many-${hand.name}-${number}`);
    await hand.type(page, page.getByLabel('Orders (required)'), lines.join('\n'));
    await hand.press(page, page.getByRole('button', { name: 'Ship', exact: true }));
    await page.waitForURL(/done=/);
    for (const { id } of chosen) assert.equal((await api(`/orders/${id}`)).status, 'shipped');
  },
  '4 give a part of the money back': async (page, hand) => {
    const { id, total } = (await placedWithoutAddress()).findLast((order) => order.payment_status === 'not_required');
    const payment = await api(`/orders/${id}/payments`, 'POST', { provider: 'manual' });
    const receipt = { amount: total, reference: `line of ${hand.name}`, received_on: new Date().toISOString().slice(0, 10) };
    await api(`/payments/${payment.id}/receive`, 'POST', receipt);
    await page.goto(`${office}orders/${id}`);
    await hand.press(page, page.getByRole('link', { name: 'Refund' }));
    await hand.type(page, dialog(page).getByLabel('Amount (required)'), '1.00');
    await hand.type(page, dialog(page).getByLabel('Reason (required)'), 'damaged');
    await hand.press(page, dialog(page).getByRole('button', { name: 'Refund' }));
    // No provider pays it back: somebody does, and says so.
    await said(page, 'You have to pay it back yourself');
    await hand.press(page, page.getByRole('link', { name: 'Mark as paid' }));
    await hand.type(page, dialog(page).getByLabel('Reference (required)'), `line back of ${hand.name}`);
    await hand.press(page, dialog(page).getByRole('button', { name: 'Mark as paid' }));
    await said(page, 'The refund is marked as paid');
    const [refund] = (await api(`/orders/${id}/refunds`)).items;
    assert.deepEqual([refund.amount.amount, refund.status], [100, 'succeeded']);
  },
  '14 give a customer all that is kept, and erase it': async (page, hand) => {
    const email = `leaves-${hand.name}@example.com`;
    const details = { name: `Leaves by ${hand.name}`, email, phone: '+14155550100' };
    const { id } = await api('/customers', 'POST', details);
    await page.goto(`${office}customers/${id}`);
    const download = page.waitForEvent('download');
    await hand.press(page, page.getByRole('link', { name: 'Data as a file' }));
    assert.ok(readFileSync(await (await download).path(), 'utf8').includes(email));
    await hand.press(page, page.getByRole('link', { name: 'Erase' }));
    await hand.press(page, dialog(page).getByRole('button', { name: 'Erase the customer' }));
    await heading(page, 'Customers');
    assert.equal((await api(`/customers?email=${email}`)).items.length, 0);
  },
  '15 a file out': async (page, hand) => {
    await page.goto(`${office}products`);
    const download = page.waitForEvent('download');
    await hand.press(page, page.getByRole('link', { name: 'Download them all as a file' }));
    const lines = readFileSync(await (await download).path(), 'utf8').trim().split('\n');
    assert.match(lines[0], /sku/);
    assert.ok(lines.length > 60, `${lines.length} lines`);
  },
  '16 take a key away': async (page, hand) => {
    const name = `ERP of ${hand.name}`;
    await api('/keys', 'POST', { name, scopes: ['stock:read'] });
    await page.goto(`${office}settings/keys`);
    const row = page.getByRole('row', { name: new RegExp(name) });
    await hand.press(page, row.getByRole('link', { name: 'Delete' }));
    await hand.press(page, dialog(page).getByRole('button', { name: 'Delete the key' }));
    await said(page, 'deleted');
    assert.ok(!(await api('/keys')).items.some((key) => key.name === name && key.status === 'active'));
  },
};

for (const hand of [mouse, keyboard]) {
  const { page, complaints, context } = await enter();
  for (const [name, job] of Object.entries(jobs)) {
    await page.goto(office);
    await job(page, hand);
    assert.deepEqual(complaints, [], `${name} (${hand.name})`);
  }
  console.log(`office: ${Object.keys(jobs).length} jobs by ${hand.name}`);
  await context.close();
}

// Somebody clicks twice, and once while the server is away.
{
  const { page, context } = await enter();
  const [{ id }] = (await api('/products?limit=1')).items;
  await page.goto(`${office}stock/${id}`);
  await page.getByRole('link', { name: 'Adjust' }).dblclick();
  await dialog(page).getByLabel('Reason').waitFor();
  assert.equal(await page.locator('dialog:has([data-dialog])').count(), 1);
  await page.keyboard.press('Escape');
  await page.route('**/adjust', (route) => route.abort());
  await page.getByRole('link', { name: 'Adjust' }).click();
  await said(page, 'The server does not answer');
  await context.close();
}

// A session that ends while somebody searches: the page to log in on is a page of its own.
{
  const { page, context } = await enter();
  await page.goto(`${office}customers`);
  await context.clearCookies();
  await page.getByRole('searchbox', { name: 'Find customers' }).pressSequentially('customer');
  await page.waitForURL(/office\/login\?to=customers/);
  assert.equal(await page.locator('nav.side').count(), 0);
  await context.close();
}

// Pictures that are uploaded save what was typed of the others, and Enter in a text saves.
{
  const { page, complaints, context } = await enter();
  const [, { id }] = (await api('/products?limit=2')).items;
  await page.goto(`${office}products/${id}/media`);
  const png = await page.evaluate(() => {
    const drawn = [1, 2, 3, 4].map((shade) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 16, height: 16 });
      canvas.getContext('2d').fillStyle = `rgb(${shade * 60} 90 160)`;
      canvas.getContext('2d').fillRect(0, 0, 16, 16);
      return canvas.toDataURL('image/png').split(',')[1];
    });
    return drawn;
  });
  const files = png.map((data, place) => ({ name: `${place}.png`, mimeType: 'image/png', buffer: Buffer.from(data, 'base64') }));
  // Only a shop with a place for pictures takes any.
  const headers = { authorization: `Bearer ${login.access_token}`, 'content-type': 'image/png' };
  const { ok: takesPictures } = await fetch(`${url}/api/v1/media`, { method: 'POST', headers, body: files.pop().buffer });
  if (takesPictures) await uploadPictures(page, files);
  assert.deepEqual(complaints, []);
  await context.close();
  console.log(takesPictures ? 'office: an upload loses nothing that was typed' : 'office: no pictures, since media.store is not set');
}

/** Uploads one picture, describes it, and uploads two more. */
async function uploadPictures(page, files) {
  const before = await page.locator('ol.sorted li').count();
  await page.getByLabel('Add pictures').setInputFiles(files.slice(0, 1));
  await page.getByRole('button', { name: 'Upload' }).click();
  await said(page, 'Saved');
  const text = page.getByLabel(`What picture ${before + 1} shows`);
  await text.fill('Typed before the upload');
  // While they are sent, nothing of the page is pressed.
  const isHeld = () => page.locator('main').evaluate((main) => main.inert);
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  await page.route('**/media/upload', async (route) => {
    await held;
    await route.continue();
  });
  await page.getByLabel('Add pictures').setInputFiles(files.slice(1));
  await page.getByRole('button', { name: 'Upload' }).click();
  await page.waitForFunction(() => document.querySelector('main').inert);
  letGo();
  await page.locator('ol.sorted li').nth(before + 2).waitFor();
  await said(page, 'Saved');
  assert.equal(await isHeld(), false);
  await page.unroute('**/media/upload');
  // After a refusal, one goes on.
  const refusal = { status: 422, contentType: 'text/html', body: '<p class="fault">Not today.</p>' };
  await page.route('**/media/upload', (route) => route.fulfill(refusal));
  await page.getByLabel('Add pictures').setInputFiles(files.slice(0, 1));
  await page.getByRole('button', { name: 'Upload' }).click();
  await page.getByText('0.png: Not today.').waitFor();
  assert.equal(await isHeld(), false);
  await page.unroute('**/media/upload');
  await page.reload();
  assert.equal(await text.inputValue(), 'Typed before the upload');
  await text.fill('Saved by Enter');
  await Promise.all([page.waitForEvent('load'), text.press('Enter')]);
  await said(page, 'Saved');
  assert.equal(await text.inputValue(), 'Saved by Enter');
  assert.equal(await page.locator('ol.sorted li').count(), before + 3);
  // Dragged to the end, it is saved there, and it is not uploaded again.
  const picture = (place) => page.locator('ol.sorted li').nth(place);
  const end = await picture(before + 2).boundingBox();
  const saved = page.waitForEvent('load');
  await picture(before).locator('img').dragTo(picture(before + 2), { targetPosition: { x: 40, y: end.height - 4 } });
  await saved;
  await said(page, 'Saved');
  assert.equal(await page.getByLabel(`What picture ${before + 3} shows`).inputValue(), 'Saved by Enter');
  assert.equal(await page.locator('ol.sorted li').count(), before + 3);
}

// A session that ends while somebody types: they log in in a dialog, and what was typed is sent.
{
  const { page, context } = await enter();
  const logInAgain = async () => {
    const login = page.getByRole('dialog', { name: 'Log in' });
    await login.getByLabel('User name').fill('admin');
    await login.getByLabel('Password').fill('wrong');
    await login.getByRole('button', { name: 'Log in' }).click();
    await login.getByText('The user name or the password is wrong').waitFor();
    await login.getByLabel('Password').fill(password);
    await login.getByRole('button', { name: 'Log in' }).click();
  };
  const [{ id }] = (await api('/products?limit=1')).items;
  // A dialog.
  await page.goto(`${office}stock/${id}`);
  await page.getByRole('link', { name: 'Adjust' }).click();
  await dialog(page).getByLabel('Change', { exact: true }).fill('1');
  await dialog(page).getByLabel('Reason').fill('Typed before the login');
  await context.clearCookies();
  await dialog(page).getByRole('button', { name: 'Adjust' }).click();
  await logInAgain();
  await said(page, 'stock is changed');
  // A page.
  await page.goto(`${office}products/new`);
  await page.getByLabel('Name (required)').fill('Typed before the login');
  await page.getByLabel('Price (required)').fill('5');
  await context.clearCookies();
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('dialog', { name: 'Log in' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('alert').getByText('Nothing was changed. Log in').waitFor();
  await page.getByRole('button', { name: 'Create' }).click();
  await logInAgain();
  await heading(page, 'Typed before the login');
  // A file.
  await page.goto(`${office}imports/new`);
  const file = { name: 'late.csv', mimeType: 'text/csv', buffer: Buffer.from('sku,name,price\nLATE,Late,5.00\n') };
  await page.getByLabel('File (required)').setInputFiles(file);
  await page.getByLabel('Prices are written as').selectOption('point');
  await context.clearCookies();
  await page.getByRole('button', { name: 'Upload' }).click();
  await logInAgain();
  await page.waitForURL(/imports\/[0-9a-f-]{36}/);
  await context.close();
  console.log('office: what was typed is sent after a login');
}

// Without a session and without scripts, too.
{
  const { page, context } = await enter({ javaScriptEnabled: false });
  await page.goto(`${office}customers/new`);
  await page.getByLabel('Name (required)').fill('Typed Before');
  await page.getByLabel('Email (required)').fill('typed-before@example.com');
  await page.getByLabel('Phone (required)').fill('+14155550123');
  await context.clearCookies();
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Send it', exact: true }).click();
  await heading(page, 'Typed Before');
  await context.close();
}

// Files that are dropped.
{
  const { page, complaints, context } = await enter();
  const drop = (files) =>
    page.locator('main').evaluate((main, dropped) => {
      const dataTransfer = new DataTransfer();
      for (const { name, type, size } of dropped) dataTransfer.items.add(new File([new Uint8Array(size)], name, { type }));
      main.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    }, files);
  const csv = { name: 'products.csv', type: 'text/csv', size: 10 };
  await page.goto(`${office}orders`);
  await drop([csv]);
  await said(page, 'No file is taken here');
  await page.goto(`${office}imports/new`);
  await drop([{ name: 'mug.png', type: 'image/png', size: 10 }]);
  await said(page, 'mug.png is not taken here');
  await drop([csv]);
  await said(page, 'products.csv is chosen');
  assert.equal(await page.locator('#field-file').evaluate((input) => input.files[0].name), 'products.csv');
  const [{ id }] = (await api('/products?limit=1')).items;
  await page.goto(`${office}products/${id}/media`);
  await drop([{ name: 'large.png', type: 'image/png', size: 15_000_001 }]);
  await page.getByRole('alert').getByText('A file has at most 15.0 MB').waitFor();
  assert.deepEqual(complaints, []);
  // Each is sent on its own, and the first that is refused is named.
  await drop(['one.png', 'two.png'].map((name) => ({ name, type: 'image/png', size: 10 })));
  await page.getByRole('alert').getByText('one.png: ').waitFor();
  await context.close();
  console.log('office: files are dropped where they are taken');
}

// While the server cannot answer: a form stays, and a page is opened again by itself.
{
  const { page, context } = await enter();
  const away = (link) => ({
    status: 503,
    contentType: 'text/html',
    body: `<main><div class="notice"><h1>Not available</h1><p>The database is away.</p>${link}<code>r-7</code></div></main>`,
  });
  await page.route('**/office/products/new', (route) => (route.request().method() === 'POST' ? route.fulfill(away('')) : route.continue()));
  await page.goto(`${office}products/new`);
  await page.getByLabel('Name (required)').fill('Typed while away');
  await page.getByLabel('Price (required)').fill('5');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('alert').getByText('The database is away. (Request r-7)').waitFor();
  assert.equal(await page.getByLabel('Name (required)').inputValue(), 'Typed while away');
  // A page that only says what is wrong does not take the place of the form either.
  for (const status of [403, 413, 429, 500]) {
    const refusal = { status, contentType: 'text/html', body: away('').body.replace('The database is away.', `Refused with ${status}.`) };
    await page.route('**/office/products/new', (route) => (route.request().method() === 'POST' ? route.fulfill(refusal) : route.continue()));
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('alert').getByText(`Refused with ${status}. (Request r-7)`).waitFor();
    assert.equal(await page.getByLabel('Name (required)').inputValue(), 'Typed while away');
  }
  const retry = '<p hidden data-retried>Again</p><a data-retries href="./stock">Try again</a>';
  await page.route('**/office/stock', (route) => route.fulfill(away(retry)), { times: 1 });
  await page.locator('nav.side').getByRole('link', { name: 'Stock' }).click();
  await page.getByText('The database is away.').waitFor();
  await heading(page, 'Stock');
  await context.close();
  console.log('office: a server that is away for a moment loses nothing');
}

// Without scripts.
{
  const { page, context } = await enter({ javaScriptEnabled: false });
  const [order] = await orders('processing');
  await page.goto(`${office}orders/${order.id}`);
  await page.getByRole('link', { name: 'Ship', exact: true }).click();
  await page.getByLabel('Tracking number').fill('NO-SCRIPT');
  await page.getByRole('button', { name: 'Ship' }).click();
  await page.getByText('NO-SCRIPT').first().waitFor();
  const [other] = await orders('placed');
  await page.goto(`${office}orders/${other.id}`);
  await page.getByRole('link', { name: 'Edit address' }).click();
  await page.getByLabel("The customer's note").fill('Written without a script');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Written without a script').first().waitFor();
  await context.close();
  console.log('office: works without scripts');
}

// A description is shown as the shop shows it, in a frame of its own.
{
  const { page, complaints, context } = await enter();
  const [{ id }] = (await api('/products?limit=1')).items;
  await api(`/products/${id}`, 'PATCH', { description_html: '<p>Thrown by <em>hand</em>.</p>' });
  await page.goto(`${office}products/${id}`);
  await page.getByText('How the shop shows it').click();
  await page.frameLocator('iframe').getByText('Thrown by hand.').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
  console.log('office: a description is shown as the shop shows it');
}

// Every page, in both themes and narrow.
const [someOrder] = await orders('placed');
const [product] = (await api('/products?limit=1')).items;
const [customer] = (await api('/customers?limit=1')).items;
const [zone] = (await api('/zones?limit=1')).items.concat(
  (await api('/zones?limit=1')).items.length ? [] : await api('/zones', 'POST', { name: 'Everywhere', members: [{ country: '*' }] }),
);
const first = async (path) => (await api(`${path}${path.includes('?') ? '&' : '?'}limit=1`)).items[0];
const [taxClass, taxRate, method, group] = await Promise.all(
  ['/tax-classes', '/tax-rates', '/shipping-methods', '/product-groups'].map(first),
);
const [promotion, restock, account, importing] = await Promise.all(
  ['/promotions', '/restocks', '/accounts?staff=true', '/imports'].map(first),
);
const role = await api('/roles', 'POST', { name: 'packing', scopes: ['orders:read'] });
const key = await api('/keys', 'POST', { name: 'ERP', scopes: ['stock:read'] });
const hook = await api('/webhook-endpoints', 'POST', { url: 'https://erp.example.com/hooks', types: 'order.*' });
await api(`/webhook-endpoints/${hook.id}/test`, 'POST');
const [parcel] = await orders('shipped');
const member = (await api(`/product-groups/${group.id}`)).products[0];
const transfer = await api(`/orders/${someOrder.id}/payments`, 'POST', { provider: 'manual' });
const { operations } = await api(`/payments/${transfer.id}`);
const asked = operations[0];
await api(`/payments/${transfer.id}/receive`, 'POST', { amount: someOrder.total, reference: 'line of the pages', received_on: '2026-01-31' });
const back = { amount: { ...someOrder.total, amount: 100 }, reason: 'damaged' };
const refund = await api(`/orders/${someOrder.id}/refunds`, 'POST', back);
const pages = [
  '',
  'orders',
  `orders/${someOrder.id}`,
  `orders/${someOrder.id}/ship`,
  `orders/${someOrder.id}/cancel`,
  `orders/${someOrder.id}/edit`,
  'products',
  'products/new',
  `products/${product.id}`,
  `products/edit?id=${product.id}`,
  `products/change?id=${product.id}`,
  'stock',
  'stock?low=true',
  `stock/${product.id}`,
  `stock/${product.id}/adjust`,
  `stock/${product.id}/policy`,
  'restocks',
  'restocks?status=received',
  'payments',
  'orders/ship',
  `orders/slips?id=${someOrder.id}`,
  `orders/${someOrder.id}/notes`,
  `products/${product.id}/media`,
  `products/new?from=${product.id}`,
  'groups',
  'groups/new',
  'products/bulk?status=active',
  'products?choose=page',
  'products?min_price=0&facet=tag',
  `products?collapse=group&open=${group.id}`,
  'orders?choose=page',
  'mails',
  `groups/${group.id}`,
  `groups/${group.id}/join`,
  'promotions',
  'promotions/new',
  'imports',
  'imports/new',
  `imports/${importing.id}`,
  'customers',
  'customers/new',
  `customers/${customer.id}`,
  `customers/${customer.id}/edit`,
  `customers/${customer.id}/erase`,
  'reports',
  'reports?by=product',
  'reports/stock',
  'search?q=customer',
  'login',
  `orders/${someOrder.id}/advance`,
  `orders/${someOrder.id}/refund`,
  `orders/${someOrder.id}/slip`,
  `orders/${parcel.id}/tracking`,
  `payments/${transfer.id}/capture`,
  `payments/${transfer.id}/receive`,
  `payments/${transfer.id}/void`,
  `payments/${transfer.id}/operations/${asked.id}/resolve`,
  `refunds/${refund.id}/paid`,
  'payments?refund_to_pay=true',
  `restocks/${restock.id}/cancel`,
  `groups/${group.id}/add`,
  `groups/${group.id}/delete`,
  `groups/${group.id}/remove?product=${member.id}`,
  `imports/${importing.id}/cancel`,
  `restocks/${restock.id}/receive`,
  `customers/${customer.id}/notes`,
  `promotions/${promotion.id}`,
  `promotions/${promotion.id}/archive`,
  `promotions/${promotion.id}/codes`,
  'settings',
  'settings/accounts',
  'settings/accounts/new',
  'settings/roles',
  'settings/roles/new',
  'settings/keys',
  'settings/keys/new',
  'settings/audit',
  'settings/password',
  'settings/sessions',
  'settings/shipping',
  'settings/zones/new',
  `settings/zones/${zone.id}/edit`,
  `settings/zones/${zone.id}/delete`,
  'settings/shipping-methods/new',
  'settings/tax-rates/new',
  'settings/taxes',
  'settings/tax-classes/new',
  `settings/tax-classes/${taxClass.id}/edit`,
  `settings/tax-classes/${taxClass.id}/delete`,
  `settings/tax-rates/${taxRate.id}/end`,
  `settings/tax-rates/${taxRate.id}/delete`,
  `settings/shipping-methods/${method.id}/edit`,
  `settings/shipping-methods/${method.id}/delete`,
  `settings/accounts/${account.id}/edit`,
  `settings/accounts/${account.id}/password`,
  `settings/accounts/${account.id}/delete`,
  `settings/roles/${role.name}/edit`,
  `settings/roles/${role.name}/delete`,
  `settings/keys/${key.id}/rename`,
  `settings/keys/${key.id}/rotate`,
  `settings/keys/${key.id}/delete`,
  'settings/webhooks',
  'settings/webhooks/new',
  `settings/webhooks/${hook.id}`,
  `settings/webhooks/${hook.id}/edit`,
  `settings/webhooks/${hook.id}/replay`,
  `settings/webhooks/${hook.id}/rotate`,
  `settings/webhooks/${hook.id}/delete`,
  'settings/system',
];
const expectAccessible = async (page, where) => {
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
  assert.deepEqual(found, [], where);
};
for (const colorScheme of ['light', 'dark']) {
  const { page, complaints, context } = await enter({ colorScheme });
  for (const path of pages) {
    await page.setViewportSize({ width: 1280, height: 860 });
    const shown = await page.goto(office + path);
    assert.ok(shown.ok(), `${path} is answered with ${shown.status()}`);
    // By the debugger: the policy of the page lets no other script in.
    await page.evaluate(axe);
    await expectAccessible(page, `${path} in ${colorScheme}`);
    for (const width of [400, 320]) {
      await page.setViewportSize({ width, height: 800 });
      if (width === 400) await expectAccessible(page, `${path} in ${colorScheme} at ${width}`);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(beyond <= 0, `${path} is ${beyond} pixels too wide at ${width}`);
    }
  }
  assert.deepEqual(complaints, [], colorScheme);
  await context.close();
}
console.log(`office: ${pages.length} pages are accessible in both themes and fit 320 pixels`);
await browser.close();
