// Takes the README's picture of the office of a demo.
//   node office-picture.mjs URL PICTURE.png
import { chromium } from 'playwright-core';

const [url, picture] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
await page.goto(`${url}/office/`);
await page.getByLabel('User name').fill('demo');
await page.getByLabel('Password').fill('demo-demo-demo');
await page.getByRole('button', { name: 'Log in' }).click();
await page.getByText('To do').waitFor();
await page.screenshot({ path: picture });
await browser.close();
