// The built page in a real browser against the mock meter. Screenshots go to ui/shots.

import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { start_mock } from '../dev/mock.mjs';

const shots = fileURLToPath(new URL('../shots', import.meta.url));
const widths = { desktop: { width: 1440, height: 900 }, phone: { width: 375, height: 812 } };
const results = { passed: 0, failed: 0 };

async function with_page({ view = 'desktop', theme = 'dark', mock: mock_options = {}, calm = false, locale = 'en-GB' }, call) {
  const mock = await start_mock(mock_options);
  const profile = await mkdtemp(join(tmpdir(), 'polyphase-ui-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    viewport: widths[view], colorScheme: theme, locale, timezoneId: 'Europe/Berlin', reducedMotion: calm ? 'reduce' : 'no-preference',
  });
  const page = context.pages()[0] ?? await context.newPage();
  const complaints = [];
  // A 401 and a lost connection are parts of the plot; anything else on the console is not.
  page.on('console', (m) => { if (m.type() === 'error' && !/401|403|400|WebSocket|ERR_CONNECTION/.test(m.text())) complaints.push(m.text()); });
  page.on('pageerror', (e) => complaints.push(String(e)));
  try {
    await page.goto(mock.url);
    await call(page, mock);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
    await mock.stop();
    await rm(profile, { recursive: true, force: true });
  }
}

async function enter(page, password = '0') {
  await page.getByLabel('User', { exact: true }).fill('USER1');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('.readings').waitFor();
}

/** The page with live values, past the hint about the password. */
async function see_values(page) {
  await page.waitForFunction(() => /\d/.test(document.querySelector('.readings tbody td .number')?.textContent ?? ''));
  await page.waitForFunction(() => document.querySelectorAll('.card-scope canvas, .card-trend canvas').length === 2);
}
/** The next values are there, and drawn. */
async function next_values(page, times = 1) {
  for (let i = 0; i < times; ++i) {
    const was = await page.locator('.meter-time .chip-value').innerText();
    await page.waitForFunction((text) => document.querySelector('.meter-time .chip-value').textContent !== text, was);
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  }
}
const changed = { password: 'Kilowatt7', default_password: false };

const boxes = (page) => page.evaluate(() => [...document.querySelectorAll('.card, .readings tr, .readings td, .strip dd, .lines dd, .chips > *, .small-table td, .legend .key')]
  .map((e) => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.width, b.height].map((n) => Math.round(n * 10) / 10).join(' '); }));

const tests = {
  async 'refuses a wrong password and says so'() {
    await with_page({}, async (page) => {
      await page.getByLabel('User', { exact: true }).fill('USER1');
      await page.getByLabel('Password', { exact: true }).fill('nonsense');
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByText('User or password is wrong.').waitFor();
      await page.screenshot({ path: join(shots, 'login-dark.png') });
    });
  },

  async 'asks for a better password than the default one, twice, and says what listens'() {
    await with_page({ theme: 'light' }, async (page, mock) => {
      await enter(page);
      const dialog = page.getByRole('dialog');
      await dialog.getByText('loopback').waitFor();
      await see_values(page);
      await dialog.getByLabel('Current password').fill('0');
      await dialog.getByLabel('New password', { exact: true }).fill('Kilowatt7');
      await dialog.getByLabel('New password, again').fill('Kilowatt8');
      await dialog.getByText(/Strength: (fair|strong)/).waitFor();
      await page.screenshot({ path: join(shots, 'password-light.png') });
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByText('The two entries differ.').waitFor();
      await dialog.getByLabel('New password', { exact: true }).fill('abc');
      await dialog.getByLabel('New password, again').fill('abc');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByText('at least 4 characters').waitFor();
      await dialog.getByLabel('New password', { exact: true }).fill('Kilowatt7');
      await dialog.getByLabel('New password, again').fill('Kilowatt7');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByText('The password is changed.').waitFor();
      assert.equal(mock.meter.password, 'Kilowatt7');
    });
  },

  async 'values move and nothing else does'() {
    for (const view of ['desktop', 'phone'])
      await with_page({ view, mock: changed }, async (page, mock) => {
        await enter(page, changed.password);
        await see_values(page);
        await next_values(page, 2);
        await page.evaluate(() => {
          window.shifts = [];
          new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((e) => `${e.value} ${e.sources.map((s) => `${s.node?.nodeName}.${s.node?.className ?? s.node?.parentElement?.className} ${JSON.stringify(s.previousRect)} ${JSON.stringify(s.currentRect)}`)}`))).observe({ type: 'layout-shift' });
        });
        const before = await boxes(page);
        const text = await page.locator('.readings tbody').innerText();
        mock.meter.quality['Vln b'] = 1;
        mock.meter.missing.add('I c');
        await page.locator('.doubt:visible').first().waitFor();
        await page.waitForFunction((was) => document.querySelector('.readings tbody').innerText !== was, text);
        await next_values(page, 2);
        assert.deepEqual(await boxes(page), before, view);
        assert.deepEqual(await page.evaluate(() => window.shifts), [], `${view}: the browser saw something shift`);
        assert.match(await page.getByRole('row', { name: /^Current/ }).innerText(), /N\/A/);
        await page.locator('.doubt:visible').first().focus();
        assert.match(await page.getByRole('tooltip').innerText(), /samples were lost/);
      });
  },

  async 'a fainter prefix does not flicker and large systems read in MW and kV'() {
    await with_page({ mock: { ...changed, voltage: 11_547, current: 410 } }, async (page) => {
      await enter(page, changed.password);
      await see_values(page);
      const units = await page.locator('.readings tbody td.unit').allInnerTexts();
      assert.deepEqual(units.slice(0, 6), ['kV', 'kV', 'A', 'MW', 'Mvar', 'MVA']);
      await page.screenshot({ path: join(shots, 'large-desktop-dark.png') });
    });
  },

  async 'both widths and both themes'() {
    for (const view of ['desktop', 'phone'])
      for (const theme of ['dark', 'light'])
        await with_page({ view, theme, mock: changed }, async (page, mock) => {
          await enter(page, changed.password);
          await see_values(page);
          mock.meter.quality['Vln b'] = 33;
          mock.tell_event();
          await next_values(page, 2);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.equal(wide, 0, `${view} scrolls sideways`);
          await page.screenshot({ path: join(shots, `page-${view}-${theme}.png`), fullPage: true });
          if (view === 'desktop') await page.screenshot({ path: join(shots, `fold-${view}-${theme}.png`) });
        });
  },

  async 'everything has a name, contrast and a place in the tab order'() {
    for (const theme of ['dark', 'light'])
      await with_page({ theme, mock: changed }, async (page) => {
        await enter(page, changed.password);
        await see_values(page);
        assert.deepEqual(await page.evaluate(unnamed), []);
        assert.deepEqual(await page.evaluate(faint), [], theme);
        await page.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); });
        await page.keyboard.press('Tab');
        assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
        const seen = [];
        for (let i = 0; i < 45; ++i) {
          await page.keyboard.press('Tab');
          seen.push(await page.evaluate(() => {
            const e = document.activeElement;
            const style = getComputedStyle(e.matches('.segments input') ? e.nextElementSibling : e);
            return { place: e.closest('.card, .frame')?.id || 'frame', outline: style.outlineStyle, tag: e.tagName };
          }));
        }
        const places = [...new Set(seen.map((s) => s.place))];
        assert.deepEqual(places.slice(0, 6), ['frame', 'phasors', 'scope', 'energy', 'harmonics', 'trend']);
        assert.deepEqual(seen.filter((s) => s.outline === 'none' && s.tag !== 'BODY'), []);
      });
  },

  async 'harmonics by keyboard, by channel and as a table'() {
    await with_page({ mock: changed }, async (page) => {
      await enter(page, changed.password);
      await see_values(page);
      const slider = page.getByRole('slider', { name: 'Harmonic order' });
      await slider.focus();
      await page.keyboard.press('End');
      await page.keyboard.press('ArrowLeft');
      await page.getByText(/^Order 49, 2\d{3}\.\d Hz: 0\.\d\d %$/).waitFor();
      await page.locator('.card-harmonics input[value=I]').check();
      await page.keyboard.press('Tab');
      await page.waitForFunction(() => Number(document.querySelector('.harmonic-head strong').textContent) > 15);
      await page.getByText('As a table').click();
      await page.waitForFunction(() => /^\d/.test(document.querySelector('.card-harmonics td').textContent));
      await page.locator('.card-harmonics').screenshot({ path: join(shots, 'harmonics-current.png') });
    });
  },

  async 'the waveform pauses, channels go and come'() {
    await with_page({ mock: changed }, async (page, mock) => {
      await enter(page, changed.password);
      await see_values(page);
      await page.getByRole('button', { name: 'I2' }).click();
      await page.getByRole('button', { name: 'Pause' }).click();
      await next_values(page);
      assert.equal([...mock.meter.clients][0].wish.scope, false);
      const still = () => page.locator('.card-scope canvas').evaluate((c) => c.toDataURL());
      const before = await still();
      await next_values(page);
      assert.equal(await still(), before);
      await page.getByRole('button', { name: 'Resume' }).click();
      await page.waitForFunction((was) => document.querySelector('.card-scope canvas').toDataURL() !== was, before);
    });
  },

  async 'events arrive, are told, filtered, and older ones come'() {
    await with_page({ mock: { ...changed, event_ms: 1e6 } }, async (page, mock) => {
      await enter(page, changed.password);
      await see_values(page);
      await page.getByText('100 shown of 100').waitFor();
      mock.tell_event();
      await page.getByText('101 shown of 101').waitFor();
      await page.locator('.card-events [aria-live]').getByText('New event').waitFor({ state: 'attached' });
      await page.getByRole('button', { name: 'Older events' }).click();
      await page.getByText('201 shown of 201').waitFor();
      await page.getByRole('button', { name: 'Older events' }).click();
      await page.getByText('261 shown of 261').waitFor();
      await page.getByLabel('Priority').selectOption('high');
      const left = await page.locator('.event-table tbody tr:visible .badge').allInnerTexts();
      assert.ok(left.length > 5 && left.every((text) => text.includes('high')));
    });
  },

  async 'a lost connection comes back, an ended session asks to log in'() {
    await with_page({ mock: changed }, async (page, mock) => {
      await enter(page, changed.password);
      await see_values(page);
      mock.drop();
      await page.getByText(/again in/).waitFor();
      await page.locator('.status-chip').getByText('live').waitFor();
      mock.end('not used for 5 minutes');
      await page.getByText('not used for 5 minutes').waitFor();
      await page.screenshot({ path: join(shots, 'ended-dark.png') });
      await page.getByRole('button', { name: 'Log in again' }).click();
      await enter(page, changed.password);
      await see_values(page);
    });
  },

  async 'the drawer tells services and store; theme and language are remembered'() {
    await with_page({ theme: 'light', mock: changed }, async (page) => {
      await page.getByLabel('Language').selectOption('de');
      await page.getByRole('button', { name: 'Anmelden' }).waitFor();
      await page.screenshot({ path: join(shots, 'login-light-de.png') });
      await page.getByLabel('Benutzer').fill('USER1');
      await page.getByLabel('Passwort').fill(changed.password);
      await page.getByRole('button', { name: 'Anmelden' }).click();
      await see_values(page);
      assert.match(await page.locator('.readings tbody td .number').first().innerText(), /^\d{3},\d\d$/);
      await page.getByRole('button', { name: 'Zustand' }).click();
      await page.getByText('Port 10102 is in use').waitFor();
      await page.screenshot({ path: join(shots, 'drawer-light-de.png') });
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /^Farben/ }).click();
      await page.getByRole('button', { name: /^Farben/ }).click();
      await page.reload();
      await see_values(page);
      assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
    });
  },
};

/** In the page: what can be operated and has no name. */
function unnamed() {
  const named = (e) => e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.labels?.length || e.textContent.trim();
  return [...document.querySelectorAll('button, a, input, select, [tabindex="0"], [role=img], [role=meter]')].filter((e) => !e.closest('[hidden]') && !named(e)).map((e) => e.outerHTML.slice(0, 120));
}

/** In the page: text whose contrast to what is behind it is below 4.5 (large: 3). */
function faint() {
  const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (css) => {
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = css;
    paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data];
  };
  const light = (c) => { const [r, g, b] = c.map((v) => { const x = v / 255; return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (e) => { for (let at = e; at; at = at.parentElement) { const c = rgba(getComputedStyle(at).backgroundColor); if (c[3] > 200) return c; } return [255, 255, 255, 255]; };
  const bad = [];
  for (const e of document.querySelectorAll('body *')) {
    if (e.closest('svg, [hidden], .hidden-text, :disabled, canvas') || ![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
    const style = getComputedStyle(e);
    if (style.visibility === 'hidden' || !e.getClientRects().length) continue;
    const [a, b] = [light(rgba(style.color)), light(behind(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const large = parseFloat(style.fontSize) >= 24;
    if (ratio < (large ? 3 : 4.5)) bad.push(`${ratio.toFixed(2)} ${e.className} ${e.textContent.slice(0, 30)}`);
  }
  return bad;
}

await mkdir(shots, { recursive: true });
const only = process.argv[2];
for (const [name, test] of Object.entries(tests)) {
  if (only && !name.includes(only)) continue;
  const from = Date.now();
  try {
    await test();
    ++results.passed;
    console.log(`ok      ${name} (${((Date.now() - from) / 1000).toFixed(1)} s)`);
  } catch (error) {
    ++results.failed;
    console.log(`FAILED  ${name}\n${error.stack}`);
  }
}
console.log(`${results.passed} passed, ${results.failed} failed`);
process.exit(results.failed ? 1 : 0);
