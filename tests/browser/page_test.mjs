// The program, its page in a browser, and a Modbus client, all three of one meter at one instant.
// node page_test.mjs PROGRAM [FOLDER]: with a folder the pictures of the README go there.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { chromium } = createRequire(fileURLToPath(new URL('../../ui/package.json', import.meta.url)))('playwright-core');
const [program, pictures] = process.argv.slice(2);
const browser_path = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(browser_path)) {
  console.error(`SKIPPED: there is no browser at ${browser_path}`);
  process.exit(77);
}
const patience_ms = 60_000;

/** Starts the meter on ports that are probably free; resolves when it has said where it is. */
async function start_meter(data) {
  const offset = 20_000 + (process.pid % 20_000);
  const meter = spawn(program, ['run', '--data', data, '--port-offset', String(offset)]);
  let said = '';
  meter.stderr.on('data', (text) => { said += text; });
  const ended = new Promise((resolve) => meter.on('exit', (code) => resolve(code)));
  const url = await new Promise((resolve, reject) => {
    meter.stdout.on('data', (text) => {
      const found = /https:\S+/.exec(String(text));
      if (found) resolve(found[0]);
    });
    ended.then(() => reject(new Error(`it ended: ${said}`)));
  });
  return { url, modbus_port: 502 + offset, stop: () => { meter.kill('SIGTERM'); return ended; } };
}

/** Floats of consecutive registers, numbered from 1; one request on a connection of its own. */
function read_floats(port, first, count) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('connect', () => {
      const request = Buffer.from([0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 0]);
      request.writeUInt16BE(first - 1, 8);
      request.writeUInt16BE(2 * count, 10);
      socket.write(request);
    });
    socket.on('data', (bytes) => {
      answer = Buffer.concat([answer, bytes]);
      if (answer.length < 9 + 4 * count) return;
      socket.destroy();
      resolve(Array.from({ length: count }, (_, i) => answer.readFloatBE(9 + 4 * i)));
    });
  });
}

const row_texts = (page, row) => page.evaluate((r) => {
  const cells = document.querySelectorAll('.readings tbody tr')[r];
  return [...cells.querySelectorAll('td .number')].map((cell) => cell.textContent.trim());
}, row);

/** Row of the table as the page shows it, and the registers, of one and the same second. */
async function of_one_second(meter, page, row, first, count) {
  for (const end = Date.now() + patience_ms; Date.now() < end;) {
    const before = await read_floats(meter.modbus_port, first, count);
    const texts = await row_texts(page, row);
    const after = await read_floats(meter.modbus_port, first, count);
    const shown = texts.slice(0, count).map((text) => Number(text.replace('\u2212', '-')));
    const close = shown.every((value, i) => Math.abs(value - after[i]) <= tolerance(texts[i]));
    // The page may be a second behind: it is asked again until both are of one.
    if (JSON.stringify(before) === JSON.stringify(after) && close) return;
  }
  assert.fail(`row ${row}: the page and Modbus never agreed: ${await row_texts(page, row)} and ${await read_floats(meter.modbus_port, first, count)}`);
}

/** Half of the last digit shown, and what a float holds. */
function tolerance(text) {
  const decimals = (/[.,](\d+)/.exec(text)?.[1] ?? '').length;
  return 0.5001 * 10 ** -decimals + 1e-4;
}

async function open(browser, url, options) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB', ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (m) => { if (m.type() === 'error' && !/401/.test(m.text())) complaints.push(m.text()); });
  page.on('pageerror', (e) => complaints.push(String(e)));
  await page.goto(url);
  await page.getByLabel('User', { exact: true }).fill('USER1');
  await page.getByLabel('Password', { exact: true }).fill('0');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('dialog').getByText('loopback').waitFor();
  await page.getByRole('button', { name: 'Later' }).click();
  await page.waitForFunction(() => /\d/.test(document.querySelector('.readings tbody td .number')?.textContent ?? ''));
  return { context, page, complaints };
}

const data = await mkdtemp(join(tmpdir(), 'polyphase-page-'));
const meter = await start_meter(data);
const browser = await chromium.launch({
  executablePath: browser_path,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const desktop = await open(browser, meter.url, { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
  await of_one_second(meter, desktop.page, 0, 3028, 3);  // Vln a, b, c
  await of_one_second(meter, desktop.page, 2, 3000, 3);  // I a, b, c
  await of_one_second(meter, desktop.page, 3, 3054, 4);  // kW a, b, c, tot
  // The feeder that is built in has something happen within its first minute.
  await desktop.page.locator('.card-events').getByText(/sag|swell/).first().waitFor({ timeout: patience_ms });
  if (pictures) await desktop.page.screenshot({ path: join(pictures, 'page-dark.png'), fullPage: true });
  const phone = await open(browser, meter.url, { viewport: { width: 375, height: 812 }, colorScheme: 'light' });
  const sideways = await phone.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(sideways <= 0, `the page is ${sideways} px too wide for a phone`);
  if (pictures) await phone.page.screenshot({ path: join(pictures, 'page-phone.png') });
  assert.deepEqual([...desktop.complaints, ...phone.complaints], []);
} finally {
  await browser.close();
  assert.equal(await meter.stop(), 0);
  await rm(data, { recursive: true, force: true });
}
console.log('the page shows what Modbus reads');
